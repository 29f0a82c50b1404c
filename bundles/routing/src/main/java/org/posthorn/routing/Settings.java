package org.posthorn.routing;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.Address;

/** The settings as they are used. */
record Settings(
        String defaultDomain,
        Optional<String> smarthost,
        Map<String, String> relays,
        String separator,
        Optional<Address> postmaster,
        List<String> directories) {

    static Settings of(Routing.Config config) {
        Optional<String> smarthost = Optional.of(config.smarthost())
                .filter(s -> !s.isBlank())
                .map(s -> hop(s.strip()) + ";tls=" + config.smarthostTls());
        Map<String, String> relays = new HashMap<>();
        for (String relay : config.relays()) {
            String[] parts = relay.split("=", 2);
            relays.put(parts[0].strip().toLowerCase(Locale.ROOT), parts[1].strip());
        }
        return new Settings(
                config.defaultDomain().strip().toLowerCase(Locale.ROOT),
                smarthost,
                Map.copyOf(relays),
                config.detailSeparator(),
                Address.parse(config.postmaster().strip()).map(Address::folded),
                List.of(config.directories()));
    }

    /** {@code host:port} in the grammar of the transport smtp, where brackets mean that no MX is asked for. */
    static String hop(String hostAndPort) {
        int colon = hostAndPort.lastIndexOf(':');
        String host = hostAndPort.substring(0, colon);
        return (host.startsWith("[") ? host : "[" + host + "]") + hostAndPort.substring(colon);
    }

    /** Where the relay map sends a domain, or the domains below one. */
    Optional<String> relay(String domain) {
        if (relays.containsKey(domain)) return Optional.of(relays.get(domain));
        for (int dot = domain.indexOf('.'); dot >= 0; dot = domain.indexOf('.', dot + 1))
            if (relays.containsKey(domain.substring(dot))) return Optional.of(relays.get(domain.substring(dot)));
        return Optional.empty();
    }
}
