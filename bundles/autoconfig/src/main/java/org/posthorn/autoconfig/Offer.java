package org.posthorn.autoconfig;

import java.net.IDN;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What this server has for mail programs, the same for all users of all its domains.
 *
 * @param host the name of the servers
 * @param servers in the order in which they are to be tried
 * @param website the URL of this server in the web, where the settings of HTTP name one that begins with https
 * @param jmap the URL of the session, where there is JMAP over TLS
 * @param displayName what people call this server; empty where they call it by their domain
 */
record Offer(String host, List<Server> servers, Optional<URI> website, Optional<URI> jmap, String displayName) {
    /** Characters of a name at most, as mail programs take it. */
    static final int LONGEST_NAME = 60;

    Offer {
        servers = List.copyOf(servers);
    }

    /** What people call this server, else their domain in its own letters. @param most characters, from 1 */
    String name(String domain, int most) {
        String name = displayName.isEmpty() ? IDN.toUnicode(Asked.ascii(domain)) : displayName;
        if (name.length() <= most) return name;
        return name.substring(0, Character.isHighSurrogate(name.charAt(most - 1)) ? most - 1 : most);
    }

    /** The best server of a protocol, see {@link Service#protocol}. */
    Optional<Server> best(String protocol) {
        return servers.stream()
                .filter(s -> s.service().protocol().equals(protocol))
                .findFirst();
    }

    /** The best server to read mail at. */
    Optional<Server> reading() {
        return servers.stream().filter(s -> !s.service().sends()).findFirst();
    }

    /** The best server to send mail by. */
    Optional<Server> sending() {
        return best("submission");
    }

    /** Whether a program can do with it: what cannot be read at or sent by must not be told. */
    boolean whole() {
        return reading().isPresent() && sending().isPresent();
    }
}
