package org.posthorn.mailbox;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.posthorn.api.mail.Address;

/** Where an account lives: {@code <root>/<domain>/<local part>}. */
record Homes(Path root) {

    private static final int LONGEST = 200;
    private static final String PLAIN = "abcdefghijklmnopqrstuvwxyz0123456789._+=-~!#$^{}";

    Path of(Address account) {
        Address folded = account.folded();
        return root.resolve(name(folded.domain())).resolve(name(folded.localPart()));
    }

    /**
     * A name for a file that no two words share and that leads nowhere else: letters, digits and harmless signs stand for themselves, other
     * octets are %XX; a dot in front is one of those. What would be too long ends in a hash behind {@code %%}.
     */
    static String name(String word) {
        StringBuilder name = new StringBuilder();
        for (byte b : word.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean plain = PLAIN.indexOf(c) >= 0 && !(c == '.' && name.isEmpty());
            if (plain) name.append(c);
            else name.append(String.format("%%%02X", (int) c));
        }
        if (name.isEmpty()) return "%";
        return name.length() <= LONGEST ? name.toString() : name.substring(0, 100) + "%%" + hash(word);
    }

    private static String hash(String word) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(word.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, 20);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
