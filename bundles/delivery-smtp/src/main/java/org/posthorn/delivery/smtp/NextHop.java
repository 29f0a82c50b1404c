package org.posthorn.delivery.smtp;

import java.net.IDN;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where mail is to go: {@code example.test}, whose MX is asked for, or {@code [host]:port}; either with {@code ;tls=never|may|must} behind.
 *
 * @param host a domain, a host, or an address, in ASCII
 * @param exact whether it is the host itself, and no MX is asked for
 * @param port where the hop names one
 */
record NextHop(String host, boolean exact, OptionalInt port, TlsPolicy tls) {

    /** Whether mail goes encrypted. */
    enum TlsPolicy {
        NEVER,
        /** If the other server can; who it is is not asked: it is better than in clear (RFC 7435). */
        MAY,
        /** Or not at all, and only to the one who has that name. */
        MUST
    }

    private static final Pattern FORM = Pattern.compile(
            "(?:\\[(?:IPv6:)?([^\\]\\s]+)](?::(\\d{1,5}))?|([^\\[\\];:\\s]+))(?:;tls=(never|may|must))?");

    /** @param otherwise where it says nothing of TLS @throws IllegalArgumentException when it is none */
    static NextHop parse(String text, TlsPolicy otherwise) {
        Matcher m = FORM.matcher(text);
        if (!m.matches()) throw new IllegalArgumentException("no next hop: " + text);
        TlsPolicy tls =
                m.group(4) == null ? otherwise : TlsPolicy.valueOf(m.group(4).toUpperCase(java.util.Locale.ROOT));
        OptionalInt port = m.group(2) == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(m.group(2)));
        boolean exact = m.group(1) != null;
        String host = exact ? m.group(1) : m.group(3);
        return new NextHop(host.contains(":") ? host : IDN.toASCII(host), exact, port, tls);
    }

    /** Whether the host is an address and no name. */
    boolean address() {
        return host.contains(":") || host.matches("\\d{1,3}(\\.\\d{1,3}){3}");
    }
}
