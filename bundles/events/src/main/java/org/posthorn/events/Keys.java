package org.posthorn.events;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.posthorn.api.mail.Address;

/** What stories are looked up by: 64 bits of a hash, since an address or a Message-ID may be longer than an index takes. Never zero. */
final class Keys {

    private Keys() {}

    static long of(Address address) {
        return hash("a " + address.folded());
    }

    /** With or without its brackets. */
    static long ofMessageId(String id) {
        String bare = id.strip();
        int from = bare.startsWith("<") ? 1 : 0;
        int to = bare.endsWith(">") ? bare.length() - 1 : bare.length();
        return hash("m " + bare.substring(from, Math.max(from, to)));
    }

    /** One that nobody can aim at: else a stranger could hide a mail behind many of the same key. */
    private static long hash(String text) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            long hash = ByteBuffer.wrap(digest.digest(text.getBytes(StandardCharsets.UTF_8)))
                    .getLong();
            return hash == 0 ? 1 : hash;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
