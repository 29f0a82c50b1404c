package org.posthorn.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.xbill.DNS.ResolverConfig;
import org.xbill.DNS.SimpleResolver;

/** The name servers that are asked, in order. */
final class Servers {

    private static final int PORT = 53;
    /** What passes most networks whole, as the DNS Flag Day of 2020 found. */
    private static final int UDP_OCTETS = 1232;

    private static final String OCTET = "(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)";
    /** In full: with fewer numbers Java takes the last for several octets. */
    private static final String IPV4 = OCTET + "(?:\\." + OCTET + "){3}";

    private static final Pattern ADDRESS =
            Pattern.compile("(?:\\[(.+)]|(" + IPV4 + ")|([0-9a-fA-F:]+:[0-9a-fA-F:]*))(?::(\\d{1,5}))?");

    private Servers() {}

    /** @throws IllegalArgumentException when it is not an address with or without a port */
    static InetSocketAddress parse(String text) {
        Matcher m = ADDRESS.matcher(text.strip());
        boolean good = m.matches();
        String host = !good ? "" : m.group(1) != null ? m.group(1) : m.group(2) != null ? m.group(2) : m.group(3);
        int port = good && m.group(4) != null ? Integer.parseInt(m.group(4)) : PORT;
        if (!host.matches(IPV4 + "|[0-9a-fA-F:.%a-z]*:[0-9a-fA-F:.%a-z]*") || port < 1 || port > 65535)
            throw new IllegalArgumentException(text + " is not ADDRESS:PORT");
        InetSocketAddress address = new InetSocketAddress(host, port);
        if (address.isUnresolved()) throw new IllegalArgumentException(text + " is not ADDRESS:PORT");
        return address;
    }

    /** Those of the settings, or the system's when there are none. */
    static List<SimpleResolver> of(String[] settings, Duration timeout) {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (String text : settings) if (!text.isBlank()) addresses.add(parse(text));
        if (addresses.isEmpty()) {
            ResolverConfig.refresh();
            addresses.addAll(ResolverConfig.getCurrentConfig().servers());
        }
        return addresses.stream().map(a -> resolver(a, timeout)).toList();
    }

    private static SimpleResolver resolver(InetSocketAddress address, Duration timeout) {
        SimpleResolver resolver = new SimpleResolver(address);
        resolver.setTimeout(timeout);
        resolver.setEDNS(0, UDP_OCTETS, 0, List.of());
        return resolver;
    }
}
