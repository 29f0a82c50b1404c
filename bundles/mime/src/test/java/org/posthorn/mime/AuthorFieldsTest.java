package org.posthorn.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AuthorFieldsTest {

    /** Seeded: whatever comes, it passes unchanged, and ends. */
    @Test
    void hostile_headers_pass_unchanged() throws IOException {
        Random random = new Random(7);
        String[] words = {
            "From", ":", " ", "\r\n", "Sender", "a@b", "<", ">", "(", ")", "\"", "\\", ",", ";", "\t", "\0"
        };
        for (int round = 0; round < 2000; round++) {
            StringBuilder text = new StringBuilder();
            for (int n = random.nextInt(30); n > 0; n--) text.append(words[random.nextInt(words.length)]);
            StringBuilder through = new StringBuilder();
            AuthorFields fields = new AuthorFields(b -> {
                through.append(StandardCharsets.ISO_8859_1.decode(b));
            });
            byte[] octets = text.toString().getBytes(StandardCharsets.ISO_8859_1);
            int cut = octets.length == 0 ? 0 : random.nextInt(octets.length);
            fields.write(ByteBuffer.wrap(octets, 0, cut));
            fields.write(ByteBuffer.wrap(octets, cut, octets.length - cut));
            assertThat(through).hasToString(text.toString());
            assertThat(fields.values()).isPresent();
        }
    }
}
