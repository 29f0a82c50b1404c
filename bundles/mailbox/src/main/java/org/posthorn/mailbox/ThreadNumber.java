package org.posthorn.mailbox;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.mime.EncodedWords;
import org.posthorn.mime.MessageIds;
import org.posthorn.mime.PlainSubject;

/**
 * To which thread a message belongs, RFC 8621 3: made of the first message that its header names, and of its subject without what replies put around it, so that a
 * reply with another subject begins a thread. Nothing else counts, so it is the same whatever comes first, and after all indexes are lost.
 */
final class ThreadNumber {

    private static final Pattern WHITE = Pattern.compile("\\s+");
    /** What comes behind so many characters of a subject is not looked at; encoded words make several of one. */
    private static final int LONGEST_SUBJECT = 10_000;

    private ThreadNumber() {}

    /** @param emailId what a message that names none, not even itself, is known by */
    static long of(List<HeaderField> header, long emailId) {
        String root = id(header, "References")
                .or(() -> id(header, "In-Reply-To"))
                .or(() -> id(header, "Message-ID"))
                // No Message-ID has a space.
                .orElse(" " + emailId);
        String subject = field(header, "Subject").orElse("");
        String read = EncodedWords.decode(subject.substring(0, Math.min(subject.length(), LONGEST_SUBJECT)));
        String base = WHITE.matcher(PlainSubject.of(read).text()).replaceAll("").toLowerCase(Locale.ROOT);
        long hash = hash(root + "\n" + base) & Long.MAX_VALUE;
        return Math.max(1, hash);
    }

    private static Optional<String> id(List<HeaderField> header, String name) {
        return field(header, name).flatMap(MessageIds::first);
    }

    private static Optional<String> field(List<HeaderField> header, String name) {
        return header.stream().filter(f -> f.is(name)).findFirst().map(HeaderField::unfolded);
    }

    private static long hash(String text) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
