package org.posthorn.sasl;

import java.util.Base64;
import java.util.Optional;

/** The last message of a SCRAM client, RFC 5802 7: {@code c=binding,r=nonce[,extensions],p=proof}. */
record ClientFinal(String binding, String nonce, String withoutProof, byte[] proof) {

    static Optional<ClientFinal> parse(String text) {
        int at = text.lastIndexOf(",p=");
        if (at < 0 || !text.startsWith("c=")) return Optional.empty();
        String without = text.substring(0, at);
        String[] parts = without.split(",", 3);
        if (parts.length < 2 || !parts[1].startsWith("r=")) return Optional.empty();
        try {
            byte[] proof = Base64.getDecoder().decode(text.substring(at + 3));
            return Optional.of(new ClientFinal(parts[0].substring(2), parts[1].substring(2), without, proof));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
