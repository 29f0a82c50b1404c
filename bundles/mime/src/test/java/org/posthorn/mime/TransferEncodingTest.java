package org.posthorn.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 2045 6.7 and 6.8 */
class TransferEncodingTest {

    private static String quoted(byte[] octets) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (OutputStream encoded = TransferEncoding.quotedPrintable(out)) {
            encoded.write(octets);
        }
        return out.toString(StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "a=b~a=3Db",
                "\u00e4~=E4",
                "a |b~a=20|b",
                "`a\t`~a=09",
                "a b~a b",
                "a\rb~a=0Db",
                "`a \r|b`~a =0D|b",
                "`a\r`~a=0D",
                "||~||"
            })
    void text_is_quoted_where_it_must_be(String text, String quoted) throws IOException {
        byte[] octets = text.replace("|", "\r\n").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(quoted(octets)).isEqualTo(quoted.replace("|", "\r\n"));
    }

    @Test
    void octets_come_back_and_lines_are_short() throws IOException {
        Random random = new Random(2045);
        for (int round = 0; round < 2000; round++) {
            byte[] octets = new byte[random.nextInt(300)];
            for (int i = 0; i < octets.length; i++)
                octets[i] = (byte) (random.nextBoolean() ? 'a' : " \r\n\t=.\u00e4".charAt(random.nextInt(7)));
            String quoted = quoted(octets);
            assertThat(quoted.lines()).allMatch(line -> line.length() <= 76);
            assertThat(decoded(quoted, "quoted-printable")).isEqualTo(octets);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (OutputStream encoded = TransferEncoding.base64(out)) {
                encoded.write(octets);
            }
            assertThat(out.toString(StandardCharsets.US_ASCII).lines()).allMatch(line -> line.length() <= 76);
            assertThat(decoded(out.toString(StandardCharsets.US_ASCII), "base64"))
                    .isEqualTo(octets);
        }
    }

    private static byte[] decoded(String text, String encoding) throws IOException {
        return TransferDecoding.of(new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII)), encoding)
                .readAllBytes();
    }
}
