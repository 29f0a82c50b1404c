package org.posthorn.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecodingTest {

    private static String taken(String encoding, String body) throws IOException {
        byte[] octets = body.getBytes(StandardCharsets.ISO_8859_1);
        return new String(
                TransferDecoding.of(new ByteArrayInputStream(octets), encoding).readAllBytes(),
                StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                // RFC 2047 8
                "=?US-ASCII?Q?Keith_Moore?= <x> ~ Keith Moore <x>",
                "=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?= ~ ab",
                "(=?ISO-8859-1?Q?a?= b) ~ (a b)",
                "=?ISO-8859-1?B?SWYgeW91IGNhbiByZWFkIHRoaXMgeW8=?= ~ If you can read this yo",
                "=?utf-8*de?q?gr=C3=BCn?= ~ grün",
                "=?ISO-2022-JP?B?GyRCJCIbKEI=?= ~ あ",
                "=?nix?q?a?= ~ a",
                "=?utf-8?x?a?= ~ =?utf-8?x?a?=",
                "=?utf-8?q?open ~ =?utf-8?q?open",
                "2 =? 3 ?= 4 ~ 2 =? 3 ?= 4"
            })
    void encoded_words_are_decoded(String header, String text) {
        assertThat(EncodedWords.decode(header)).isEqualTo(text);
    }

    @Test
    void plain_utf_8_in_a_header_is_read_and_other_octets_are_latin() {
        assertThat(EncodedWords.decode("gr\u00c3\u00bcn")).isEqualTo("grün");
        assertThat(EncodedWords.decode("gr\u00fcn")).isEqualTo("grün");
    }

    @Test
    void encoded_words_are_short_and_end_between_characters() {
        assertThat(EncodedWords.encode("grün")).isEqualTo("=?utf-8?b?Z3LDvG4=?=");
        assertThat(EncodedWords.encode("")).isEmpty();
        String text = "x" + "台北 \ud83d\ude00".repeat(50);
        String encoded = EncodedWords.encode(text);
        assertThat(EncodedWords.decode(encoded)).isEqualTo(text);
        for (String word : encoded.split(" ")) {
            assertThat(word).hasSizeLessThanOrEqualTo(75);
            assertThat(EncodedWords.decode(word)).doesNotContain("\ufffd");
        }
    }

    @Test
    void quoted_printable_and_what_only_looks_like_it() throws IOException {
        assertThat(taken("Quoted-Printable", "a=3D=\r\nb =FC=\nc")).isEqualTo("a=b \u00fcc");
        assertThat(taken("quoted-printable", "x=ZZ=4=")).isEqualTo("x=ZZ=4=");
    }

    @Test
    void base64_of_any_length_in_any_lines() throws IOException {
        Random random = new Random(7);
        for (int n = 0; n < 200; n++) {
            byte[] bytes = new byte[n];
            random.nextBytes(bytes);
            String encoded = Base64.getMimeEncoder(20, new byte[] {'\n'}).encodeToString(bytes);
            assertThat(taken("BASE64", encoded).getBytes(StandardCharsets.ISO_8859_1))
                    .isEqualTo(bytes);
        }
    }

    @Test
    void base64_in_pieces_and_with_rubbish_gives_what_can_be_had() throws IOException {
        assertThat(taken("base64", "YQ==\r\nYg==")).isEqualTo("ab");
        assertThat(taken("base64", "Y!!W*Jj\u00ff")).isEqualTo("abc");
        assertThat(taken("base64", "Y")).isEmpty();
    }

    @Test
    void unknown_encoding_changes_nothing() throws IOException {
        assertThat(taken("x-uuencode", "=41")).isEqualTo("=41");
    }

    @Test
    void hostile_header_is_decoded_in_time_that_grows_with_its_length() {
        char[] much = new char[1 << 20];
        Arrays.fill(much, 'x');
        String hostile = "=?a?b?x".repeat(150_000) + "?=" + new String(much);
        long begin = System.nanoTime();
        EncodedWords.decode(hostile);
        assertThat(System.nanoTime() - begin).isLessThan(10_000_000_000L);
    }
}
