package org.posthorn.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Message;

/** Real and broken mails, cut and changed at random (seeded): no parser throws, and the places that are found make sense. */
class HostileMailTest {

    private static List<byte[]> mails() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/mail"))) {
            return files.filter(f -> f.toString().endsWith(".eml"))
                    .sorted()
                    .map(HostileMailTest::bytes)
                    .toList();
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    static void read(byte[] bytes) throws IOException {
        Message message = StoredMessage.of(Octets.of(bytes));
        Part root = MimeParser.parse(message);
        assertThat(root.start()).isZero();
        assertThat(root.end()).isEqualTo(bytes.length);
        check(root, bytes);
        for (HeaderField field : message.header()) {
            MailAddress.list(field.value());
            EncodedWords.decode(field.unfolded());
            FieldValue.parse(field.value());
        }
    }

    private static void check(Part part, byte[] bytes) throws IOException {
        assertThat(part.start()).isLessThanOrEqualTo(part.body());
        assertThat(part.body()).isLessThanOrEqualTo(part.end());
        String body = new String(bytes, (int) part.body(), (int) part.octets(), StandardCharsets.ISO_8859_1);
        assertThat(part.lines()).isEqualTo(body.chars().filter(c -> c == '\n').count());
        try (InputStream in = TransferDecoding.of(StoredMessage.of(body).open(), part.encoding())) {
            in.readAllBytes();
        }
        long before = part.body();
        for (Part child : part.children()) {
            assertThat(child.start()).isGreaterThanOrEqualTo(before);
            assertThat(child.end()).isLessThanOrEqualTo(part.end());
            before = child.end();
            check(child, bytes);
        }
    }

    @Test
    void corpus_is_read() throws IOException {
        for (byte[] mail : mails()) read(mail);
    }

    @Test
    void mail_cut_anywhere_is_read() throws IOException {
        for (byte[] mail : mails())
            for (int end = 0; end < mail.length; end += 1 + mail.length / 300) read(java.util.Arrays.copyOf(mail, end));
    }

    @Test
    void mail_changed_at_random_is_read() throws IOException {
        Random random = new Random(20261122);
        String telling = "\r\n\r\n--;:\"()<>@,= \t\0\u00ff";
        for (byte[] mail : mails())
            for (int round = 0; round < 150; round++) {
                byte[] changed = mail.clone();
                for (int i = random.nextInt(40); i >= 0; i--)
                    changed[random.nextInt(changed.length)] = (byte) telling.charAt(random.nextInt(telling.length()));
                read(changed);
            }
    }
}
