package org.posthorn.autoconfig;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The document in which a mail program finds the servers of a domain, draft-ietf-mailmaint-pacc. It names hosts and no ports, so only what is at the usual port of TLS from the first octet can be told.
 * The domain's zone has its digest and programs refuse any other: it is octet for octet the same for as long as the same is offered.
 *
 * @param document JSON
 */
record Pacc(String document) {

    /** Where the document is, at the host {@link #HOST} of the domain. */
    static final String PATH = "/.well-known/user-agent-configuration.json";

    /** The host of a domain at which programs ask, and with an underscore in front the name of the digest. */
    static final String HOST = "ua-auto-config";

    /** @param key what stands in the document for it */
    private record Place(String key, Service service, int port) {
        Server server() {
            return new Server(service, port);
        }
    }

    /** Submission is {@code smtp} in -02 and {@code submit} in -03: each is read by its own programs, and passed over by the others as any protocol that they do not know. */
    private static final List<Place> PLACES = List.of(
            new Place("imap", Service.IMAPS, 993),
            new Place("pop3", Service.POP3S, 995),
            new Place("submit", Service.SUBMISSIONS, 465),
            new Place("smtp", Service.SUBMISSIONS, 465));

    /**
     * @param domain in lower case, in its own letters or in those of the DNS, which makes no difference
     * @return empty when mail cannot be both read and sent by what can be told
     */
    static Optional<Pacc> of(Offer offer, String domain) {
        List<Place> told = PLACES.stream()
                .filter(place -> offer.servers().contains(place.server()))
                .toList();
        // It is at port 443, as the others are at theirs.
        Optional<String> jmap = offer.jmap()
                .filter(url -> url.getPort() < 0 || url.getPort() == 443)
                .map(url -> member("jmap", "url", url.toString()));
        boolean reads = told.stream().anyMatch(place -> !place.service.sends());
        boolean sends = told.stream().anyMatch(place -> place.service.sends());
        if (jmap.isEmpty() && !(reads && sends)) return Optional.empty();
        List<String> protocols = new ArrayList<>();
        jmap.ifPresent(protocols::add);
        told.forEach(place -> protocols.add(member(place.key, "host", offer.host())));
        String name = offer.name(domain, Offer.LONGEST_NAME);
        return Optional.of(new Pacc("{\"protocols\":{" + String.join(",", protocols)
                + "},\"authentication\":{\"password\":true},\"info\":{" + member("provider", "name", name) + "}}"));
    }

    private static String member(String key, String property, String value) {
        return quoted(key) + ":{" + quoted(property) + ":" + quoted(value) + "}";
    }

    /** A string of JSON, RFC 8259 7. */
    private static String quoted(String text) {
        StringBuilder json = new StringBuilder("\"");
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') json.append('\\').append(c);
            else if (c < ' ') json.append(String.format("\\u%04x", (int) c));
            else json.append(c);
        }
        return json.append('"').toString();
    }

    /** What the TXT record at {@code _ua-auto-config} of the domain says. */
    String digest() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(document.getBytes(StandardCharsets.UTF_8));
            return "v=UAAC1; a=sha256; d=" + Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("each JDK has SHA-256", e);
        }
    }
}
