package org.posthorn.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecodedOctetsTest {

    private static final int LARGE = 5 << 20;

    private static Octets octets(String text) {
        return Octets.of(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static DecodedOctets decoded(Octets encoded, String encoding) throws IOException {
        return DecodedOctets.of(encoded, encoding, DecodedOctets.measure(encoded, encoding));
    }

    private static byte[] slice(Octets octets, long from, long count) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        WritableByteChannel to = Channels.newChannel(out);
        while (out.size() < count) {
            long n = octets.transferTo(from + out.size(), count - out.size(), to);
            if (n <= 0) throw new AssertionError("too short");
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "quoted-printable ~ a  |b ~ a|b",
                "quoted-printable ~ a =  |b ~ a b",
                "Quoted-Printable ~ a=20|=|=|b= c ~ a |b= c",
                "quoted-printable ~ =0=G=3d= ~ =0=G==",
                "base64 ~ Y W|JjZ?A== ~ abcd",
                "BASE64 ~ YWJ ~ ab",
            })
    void broken_text_gives_what_can_be_had_of_it(String encoding, String body, String text) throws IOException {
        DecodedOctets decoded = decoded(octets(body.replace("|", "\r\n")), encoding);
        String wanted = text.replace("|", "\r\n");
        assertThat(new String(decoded.open().readAllBytes(), StandardCharsets.ISO_8859_1))
                .isEqualTo(wanted);
        assertThat(decoded.size()).isEqualTo(wanted.length());
        assertThat(decoded.nul()).isFalse();
    }

    @Test
    void a_nul_is_noticed() throws IOException {
        assertThat(decoded(octets("a=00"), "quoted-printable").nul()).isTrue();
        assertThat(decoded(octets("AAAA"), "base64").nul()).isTrue();
    }

    @Test
    void every_slice_is_the_slice_of_the_whole() throws IOException {
        Random random = new Random(5);
        String[] tokens = {"=", " ", "\t", "\r\n", "\n", "\r", "=41", "=\r\n", "Y", "x9/+", "\u00ff", " ".repeat(1500)};
        for (int round = 0; round < 200; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < 300; i++) text.append(tokens[random.nextInt(tokens.length)]);
            Octets raw = octets(text.toString());
            String encoding = round % 2 == 0 ? "base64" : "quoted-printable";
            byte[] whole = TransferDecoding.of(raw.open(), encoding).readAllBytes();
            DecodedOctets decoded = decoded(raw, encoding);
            assertThat(decoded.size()).isEqualTo(whole.length);
            for (int i = 0; i < 30 && whole.length > 0; i++) {
                int from = random.nextInt(whole.length);
                int count = 1 + random.nextInt(whole.length - from);
                assertThat(slice(decoded, from, count)).isEqualTo(Arrays.copyOfRange(whole, from, from + count));
            }
        }
    }

    @Test
    void large_body_is_decoded_once_for_a_reader_that_takes_little_at_a_time() throws IOException {
        byte[] bytes = new byte[LARGE];
        new Random(9).nextBytes(bytes);
        Watched raw = new Watched(Base64.getMimeEncoder().encode(bytes));
        DecodedOctets decoded = decoded(raw, "base64");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        WritableByteChannel all = Channels.newChannel(out);
        while (out.size() < LARGE) decoded.transferTo(out.size(), 10_001, all);
        assertThat(out.toByteArray()).isEqualTo(bytes);
        assertThat(raw.read).isLessThan(4L * raw.size());
        // One who comes anew begins near to what he wants.
        raw.read = 0;
        DecodedOctets anew = DecodedOctets.of(raw, "base64", DecodedOctets.measure(raw, "base64"));
        assertThat(slice(anew, LARGE - 10, 10)).isEqualTo(Arrays.copyOfRange(bytes, LARGE - 10, LARGE));
        assertThat(raw.read).isLessThan(2 << 20);
    }

    @Test
    void channel_that_takes_little_loses_nothing() throws IOException {
        byte[] bytes = new byte[100_000];
        new Random(4).nextBytes(bytes);
        DecodedOctets decoded = decoded(Octets.of(Base64.getMimeEncoder().encode(bytes)), "base64");
        assertThat(SlowChannel.all(decoded, 997)).isEqualTo(bytes);
    }

    @Test
    void body_in_lines_that_need_change_is_read_once_however_little_is_taken() throws IOException {
        byte[] bytes = new byte[1 << 20];
        new Random(6).nextBytes(bytes);
        Watched raw = new Watched(Base64.getMimeEncoder(76, new byte[] {'\n'}).encode(bytes));
        DecodedOctets decoded = decoded(CrlfOctets.of(raw, CrlfOctets.sizeOf(raw)), "base64");
        raw.read = 0;
        assertThat(SlowChannel.all(decoded, 1000)).isEqualTo(bytes);
        assertThat(raw.read).isLessThan(2 * raw.size());
    }

    @Test
    void text_encoded_in_pieces_has_places_to_begin_at_too() throws IOException {
        Watched raw = new Watched("QQ==".repeat(3 << 20).getBytes(StandardCharsets.US_ASCII));
        DecodedOctets decoded = decoded(raw, "base64");
        raw.read = 0;
        assertThat(slice(decoded, decoded.size() - 10, 10)).asString().isEqualTo("A".repeat(10));
        assertThat(raw.read).isLessThan(5 << 20);
    }
}
