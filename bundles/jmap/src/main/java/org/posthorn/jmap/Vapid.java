package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How this server tells push services who it is, RFC 8292. Safe for several threads. */
final class Vapid {

    private static final Logger LOG = LoggerFactory.getLogger(Vapid.class);

    private static final String FORM = "posthorn-vapid 1";

    /** Half of what RFC 8292 2 allows: the services' clocks may be wrong. */
    private static final Duration GOOD_FOR = Duration.ofHours(12);

    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final KeyPair keys;
    private final Supplier<String> contact;

    /** @param contact a URI of whoever keeps this server, RFC 8292 2.1 */
    Vapid(KeyPair keys, Supplier<String> contact) {
        this.keys = keys;
        this.contact = contact;
    }

    /**
     * Takes the key from a file, or makes it there, forced, for its owner alone. In the place of one that is damaged comes another: clients subscribe anew then, as with each new
     * key (RFC 9749 5).
     *
     * @throws IOException when it cannot be read or written
     */
    static Vapid in(Path file, SecureRandom random, Supplier<String> contact) throws IOException {
        Optional<KeyPair> there = Files.exists(file) ? read(file) : Optional.empty();
        if (there.isPresent()) return new Vapid(there.get(), contact);
        KeyPair made = P256.generate(random);
        String text = FORM + " " + BASE64.encodeToString(made.getPrivate().getEncoded()) + " "
                + BASE64.encodeToString(P256.octets((ECPublicKey) made.getPublic())) + "\n";
        ForcedFile.writeForOwner(file, text.getBytes(StandardCharsets.US_ASCII));
        return new Vapid(made, contact);
    }

    private static Optional<KeyPair> read(Path file) throws IOException {
        String[] words =
                Files.readString(file, StandardCharsets.ISO_8859_1).strip().split(" ");
        try {
            if (words.length != 4 || !(words[0] + " " + words[1]).equals(FORM))
                throw new IllegalArgumentException("another version");
            byte[] secret = Base64.getUrlDecoder().decode(words[2]);
            return Optional.of(new KeyPair(
                    P256.publicKey(Base64.getUrlDecoder().decode(words[3])),
                    KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(secret))));
        } catch (IllegalArgumentException | GeneralSecurityException e) {
            LOG.error("{} is damaged; another key is made, and clients have to subscribe anew: {}", file, e.toString());
            return Optional.empty();
        }
    }

    /** The public key as clients are told of it, RFC 9749 3. */
    String applicationServerKey() {
        return BASE64.encodeToString(P256.octets((ECPublicKey) keys.getPublic()));
    }

    /** What stands in the field Authorization of a push, RFC 8292 3. */
    String authorization(URI resource, Instant now) throws IOException {
        ObjectNode head = Json.NODES.objectNode().put("typ", "JWT").put("alg", "ES256");
        ObjectNode claims = Json.NODES.objectNode().put("aud", origin(resource));
        claims.put("exp", now.plus(GOOD_FOR).getEpochSecond()).put("sub", contact.get());
        String signed = BASE64.encodeToString(Json.octets(head)) + "." + BASE64.encodeToString(Json.octets(claims));
        return "vapid t=" + signed + "." + signature(signed) + ", k=" + applicationServerKey();
    }

    /** RFC 6454 4 and 6.1: in lower case, and without the port that there is anyway. */
    private static String origin(URI resource) {
        int port = resource.getPort();
        return "https://" + resource.getHost().toLowerCase(Locale.ROOT) + (port < 0 || port == 443 ? "" : ":" + port);
    }

    private String signature(String signed) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
            signature.initSign(keys.getPrivate());
            signature.update(signed.getBytes(StandardCharsets.US_ASCII));
            return BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("each JVM has ECDSA", e);
        }
    }
}
