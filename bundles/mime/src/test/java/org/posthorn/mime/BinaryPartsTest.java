package org.posthorn.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mail.Message;

class BinaryPartsTest {

    private static final String HEAD = "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n"
            + "Content-Transfer-Encoding: binary\r\n\r\n--b\r\n\r\ntext\r\n--b\r\nContent-Type: image/png\r\n"
            + "Content-Transfer-Encoding : (so\r\n it) BINARY\r\n (is)\r\nContent-ID: <x>\r\n\r\n";

    private static String text(Message message) throws IOException {
        return new String(message.open().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private static Optional<Message> encoded(String message) throws IOException {
        return BinaryParts.encoded(StoredMessage.of(message));
    }

    @Test
    void binary_part_becomes_base64_and_says_so() throws IOException {
        Message message = encoded(HEAD + "\0\1\n\2\r\n--b--\r\n").orElseThrow();
        assertThat(text(message))
                .isEqualTo(HEAD.replace(
                                "Content-Transfer-Encoding : (so\r\n it) BINARY\r\n (is)\r\n",
                                "Content-Transfer-Encoding: base64\r\n")
                        + "AAEKAg==\r\n\r\n--b--\r\n");
        assertThat(message.size()).isEqualTo(text(message).length());
    }

    @Test
    void part_that_is_in_lines_stays_though_it_says_binary() throws IOException {
        Message message = StoredMessage.of(HEAD + "a\r\nb\r\n--b--\r\n");
        assertThat(BinaryParts.encoded(message)).containsSame(message);
        for (String odd : new String[] {"a\nb", "a\rb", "a\r"})
            assertThat(text(encoded(HEAD + odd + "\r\n--b--\r\n").orElseThrow()))
                    .contains(": base64\r\n");
    }

    @Test
    void nul_elsewhere_is_not_to_be_kept() throws IOException {
        assertThat(encoded("A: b\r\n\r\na\0b\r\n")).isEmpty();
        assertThat(encoded("A: \0\r\nContent-Transfer-Encoding: binary\r\n\r\n\0"))
                .isEmpty();
        assertThat(encoded(HEAD + "\0\r\n--b--\r\n\0")).isEmpty();
        assertThat(encoded("Content-Transfer-Encoding: binary\r\nContent-Type: multipart/mixed\r\n\r\n\0"))
                .isEmpty();
        assertThat(encoded("Content-Transfer-Encoding: base64\r\n\r\n\0")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rfc822", "global"})
    void message_in_the_message_is_looked_into(String type) throws IOException {
        String inner = "Content-Type: message/" + type + "\r\nContent-Transfer-Encoding: binary\r\n\r\n"
                + "Content-Type: image/png\r\nContent-Transfer-Encoding: binary\r\n\r\n";
        assertThat(text(encoded(inner + "\0").orElseThrow()))
                .endsWith("\r\n\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\nAA==\r\n");
    }

    @Test
    void field_whose_name_is_lost_in_blanks_is_none_here_as_in_the_structure() throws IOException {
        String message = "Content-Transfer-Encoding" + " ".repeat(50) + ": 7bit\r\n"
                + "Content-Transfer-Encoding: binary\r\n\r\n\0";
        Message encoded = encoded(message).orElseThrow();
        assertThat(MimeParser.parse(encoded).encoding()).isEqualTo("base64");
    }

    @Test
    void octets_of_any_number_come_back_from_any_place() throws IOException {
        Random random = new Random(2);
        for (int size : new int[] {1, 2, 3, 56, 57, 58, 114, 14_592, 14_593, 100_000}) {
            byte[] bytes = new byte[size];
            random.nextBytes(bytes);
            bytes[random.nextInt(size)] = 0;
            String body = new String(bytes, StandardCharsets.ISO_8859_1);
            Message message = encoded(HEAD + body + "\r\n--b--\r\n").orElseThrow();
            Part part = MimeParser.parse(message).children().get(1);
            Octets raw = Octets.of(message, part.body(), part.octets());
            DecodedOctets decoded = DecodedOctets.of(raw, "base64", DecodedOctets.measure(raw, "base64"));
            assertThat(decoded.open().readAllBytes()).isEqualTo(bytes);
            String whole = text(message);
            for (int i = 0; i < 50; i++) {
                int from = random.nextInt(whole.length());
                int count = 1 + random.nextInt(whole.length() - from);
                OctetStream in = new OctetStream(Octets.of(message, from, count));
                assertThat(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1))
                        .isEqualTo(whole.substring(from, from + count));
            }
        }
    }
}
