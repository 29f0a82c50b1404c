package org.posthorn.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrlfOctetsTest {

    @Test
    void bare_line_feeds_get_their_carriage_return_and_others_stay() throws IOException {
        assertThat(read("a\nb\r\n\r\r\n\n", false)).isEqualTo("a\r\nb\r\n\r\r\n\r\n");
    }

    @Test
    void one_quote_is_taken_off_in_front_of_from_and_nowhere_else() throws IOException {
        assertThat(read(">From a\n>>From b\n>Fro\nx>From\n>\n>From", true))
                .isEqualTo("From a\r\n>From b\r\n>Fro\r\nx>From\r\n>\r\n>From");
    }

    @Test
    void octets_that_need_no_change_are_handed_on() throws IOException {
        Octets raw = octets("a\r\n");
        assertThat(CrlfOctets.of(raw, CrlfOctets.sizeOf(raw))).isSameAs(raw);
    }

    @Test
    void every_slice_is_the_slice_of_the_whole() throws IOException {
        Random random = new Random(3);
        for (int round = 0; round < 300; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 200; i++)
                text.append(new String[] {"\n", "\r", ">", "From ", "F", "x"}[random.nextInt(6)]);
            String raw = text.toString();
            // What a regular expression makes of it is the model.
            String whole = raw.replaceAll("(?m)(?<![^\\n])>(>*From )", "$1").replaceAll("(?<!\\r)\\n", "\r\n");
            Octets octets = CrlfOctets.ofMboxrd(octets(raw), whole.length());
            assertThat(new String(octets.open().readAllBytes(), StandardCharsets.ISO_8859_1))
                    .isEqualTo(whole);
            for (int i = 0; i < 50; i++) {
                int from = random.nextInt(whole.length());
                int count = 1 + random.nextInt(whole.length() - from);
                assertThat(slice(octets, from, count)).isEqualTo(whole.substring(from, from + count));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", ">", "> From\n"})
    void all_is_read_once_however_little_is_taken(String text) throws IOException {
        Watched raw =
                new Watched(("\n" + text.repeat(1_000_000 / text.length())).getBytes(StandardCharsets.ISO_8859_1));
        Octets octets = CrlfOctets.ofMboxrd(raw, CrlfOctets.sizeOf(raw));
        byte[] whole = octets.open().readAllBytes();
        raw.read = 0;
        assertThat(SlowChannel.all(octets, 1000)).isEqualTo(whole);
        assertThat(raw.read).isLessThan(2 * raw.size());
    }

    private static String read(String raw, boolean mboxrd) throws IOException {
        Octets octets = octets(raw);
        Octets read = mboxrd ? CrlfOctets.ofMboxrd(octets, 99) : CrlfOctets.of(octets, CrlfOctets.sizeOf(octets));
        return new String(read.open().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    private static Octets octets(String text) {
        return Octets.of(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String slice(Octets octets, int from, int count) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        octets.transferTo(from, count, Channels.newChannel(out));
        return out.toString(StandardCharsets.ISO_8859_1);
    }
}
