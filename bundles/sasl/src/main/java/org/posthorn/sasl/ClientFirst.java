package org.posthorn.sasl;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * The first message of a SCRAM client, RFC 5802 7.
 *
 * @param header the gs2-header, commas included
 * @param wanted whom it wants to act as; empty for itself
 * @param bare what goes into the AuthMessage
 */
record ClientFirst(String header, String wanted, String name, String nonce, String bare) {

    static Optional<ClientFirst> parse(String text) {
        String[] parts = text.split(",", 4);
        // "y" is a client that would bind to the channel and thinks we cannot: right, RFC 5802 6. "p=" wants what we do
        // not offer.
        if (parts.length != 4 || !(parts[0].equals("n") || parts[0].equals("y"))) return Optional.empty();
        if (!parts[1].isEmpty() && !parts[1].startsWith("a=")) return Optional.empty();
        String header = parts[0] + "," + parts[1] + ",";
        String bare = parts[2] + "," + parts[3];
        // "m=" are extensions that must be understood, RFC 5802 5.1: they stand before the name, which is thus not
        // found.
        if (!parts[2].startsWith("n=") || !parts[3].startsWith("r=")) return Optional.empty();
        String nonce = parts[3].substring(2).split(",", 2)[0];
        Optional<String> name = name(parts[2].substring(2)).flatMap(SaslPrep::prepare);
        Optional<String> wanted = parts[1].isEmpty() ? Optional.of("") : name(parts[1].substring(2));
        if (!printable(nonce) || name.orElse("").isEmpty() || wanted.isEmpty()) return Optional.empty();
        return Optional.of(new ClientFirst(header, wanted.get(), name.get(), nonce, bare));
    }

    /** What {@code c=} of the final message must be: there is no channel data behind the header. */
    String binding() {
        return Base64.getEncoder().encodeToString(header.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean printable(String nonce) {
        return !nonce.isEmpty() && nonce.chars().allMatch(c -> c > ' ' && c < 127);
    }

    /** A saslname: comma and equals sign stand as =2C and =3D, and no other equals sign may be there. */
    private static Optional<String> name(String encoded) {
        String rest = encoded.replace("=2C", "").replace("=3D", "");
        if (rest.indexOf('=') >= 0 || rest.indexOf('\0') >= 0) return Optional.empty();
        return Optional.of(encoded.replace("=2C", ",").replace("=3D", "="));
    }
}
