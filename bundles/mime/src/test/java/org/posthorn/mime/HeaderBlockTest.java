package org.posthorn.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.api.mail.HeaderField;

class HeaderBlockTest {

    private static InputStream stream(String octets) {
        return new ByteArrayInputStream(octets.getBytes(StandardCharsets.ISO_8859_1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "'A: 1|B: 2||C: 3' ~ A= 1;B= 2",
                "'A: 1| 2|\t3||' ~ A= 1| 2|\t3",
                "'||A: 1' ~ ''",
                "' A: 1|B: 2' ~ B= 2",
                "'A: 1' ~ A= 1",
                "'A: 1| ' ~ 'A= 1| '",
                "'A : 1|nonsense|ä: 2|: 3|B:' ~ A= 1;B="
            })
    void fields_are_read_up_to_the_empty_line(String header, String fields) throws IOException {
        for (String lineEnd : List.of("\r\n", "\n")) {
            String read = HeaderBlock.read(stream(header.replace("|", lineEnd))).stream()
                    .map(f -> f.name() + "=" + f.value())
                    .collect(Collectors.joining(";"));
            assertThat(read).isEqualTo(fields.replace("|", lineEnd));
        }
    }

    @Test
    void header_that_comes_octet_by_octet_is_the_same() throws IOException {
        String header = "Subject: " + "x".repeat(9000) + "\r\n folded\r\nTo: y\r\n\r\nCc: body\r\n";
        InputStream slow = new FilterInputStream(stream(header)) {
            @Override
            public int read(byte[] into, int from, int most) throws IOException {
                return super.read(into, from, Math.min(most, 1));
            }
        };
        assertThat(HeaderBlock.read(slow))
                .isEqualTo(HeaderBlock.read(stream(header)))
                .hasSize(2);
    }

    @Test
    void no_more_than_the_longest_header_is_looked_at() throws IOException {
        String header = "A: 1\r\n".repeat(200_000);
        List<HeaderField> fields = HeaderBlock.read(stream(header));
        assertThat(fields).hasSizeBetween(HeaderBlock.LONGEST / 6, HeaderBlock.LONGEST / 6 + 1);
    }
}
