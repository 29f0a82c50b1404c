package org.posthorn.mailbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.SentMail;
import org.posthorn.mime.EncodedWords;
import org.posthorn.mime.SentDate;

/**
 * By what a mail that was sent and its client's own copy are known as one: by Message-ID, which no two messages share (RFC 5322 3.6.4), From and Subject. Where the
 * client gave no Message-ID, by its Date, To, Cc and the body as well. A copy may have Bcc and fields of its own, other folds and other encoded words; and
 * another Date, as mutt writes the time of writing into each.
 */
final class SentPrint {

    private static final Pattern WHITE = Pattern.compile("\\s+");
    /** What has come from somewhere is no client's own copy of what it sends. */
    private static final List<String> TRACES = List.of("Received", "Return-Path", "Delivered-To");
    /** What comes behind so many characters of a field is not looked at. */
    private static final int LONGEST = 10_000;

    private SentPrint() {}

    /** Of a mail on its way. */
    static String of(SentMail sent) throws IOException {
        return of(sent.mail().message(), sent.dated(), sent.identified());
    }

    /** Of what a client puts into a mailbox; empty for what has come from somewhere. */
    static Optional<String> of(Message copy) throws IOException {
        boolean came = copy.header().stream().anyMatch(f -> TRACES.stream().anyMatch(f::is));
        return came ? Optional.empty() : Optional.of(of(copy, true, true));
    }

    private static String of(Message message, boolean dated, boolean identified) throws IOException {
        List<HeaderField> header = message.header();
        String id = identified ? text(header, "Message-ID") : "";
        MessageDigest digest = digest();
        add(digest, id);
        for (String name : List.of("From", "Subject")) add(digest, text(header, name));
        if (id.isEmpty()) {
            add(digest, dated ? date(header) : "");
            for (String name : List.of("To", "Cc")) add(digest, text(header, name));
            addBody(digest, message);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** Of its body, line ends apart. */
    static String body(Message message) throws IOException {
        MessageDigest digest = digest();
        addBody(digest, message);
        return HexFormat.of().formatHex(digest.digest());
    }

    private static void addBody(MessageDigest digest, Message message) throws IOException {
        byte[] block = new byte[16 * 1024];
        boolean body = false;
        boolean lineEmpty = true;
        try (InputStream in = message.open()) {
            for (int n; (n = in.read(block)) > 0; ) {
                int kept = 0;
                for (int i = 0; i < n; i++) {
                    byte octet = block[i];
                    if (octet == '\r') continue;
                    body |= octet == '\n' && lineEmpty;
                    lineEmpty = octet == '\n';
                    if (body && octet != '\n') block[kept++] = octet;
                }
                digest.update(block, 0, kept);
            }
        }
    }

    private static String date(List<HeaderField> header) {
        String written = text(header, "Date");
        return SentDate.time(written).map(Instant::toString).orElse(written);
    }

    private static String text(List<HeaderField> header, String name) {
        String all = header.stream()
                .filter(f -> f.is(name))
                .map(HeaderField::unfolded)
                .collect(Collectors.joining(","));
        String read = EncodedWords.decode(all.substring(0, Math.min(all.length(), LONGEST)));
        return WHITE.matcher(read).replaceAll(" ").strip();
    }

    private static void add(MessageDigest digest, String text) {
        // No field has a line end.
        digest.update((text + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
