package org.posthorn.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HeaderSinkTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final HeaderSink sink = sink(false);

    private HeaderSink sink(boolean ours) {
        return new HeaderSink(
                bytes -> {
                    while (bytes.hasRemaining()) out.write(bytes.get());
                },
                "MX.here.test",
                ours);
    }

    private String through(String octets, int piece) throws IOException {
        return through(octets, piece, sink);
    }

    private String through(String octets, int piece, HeaderSink sink) throws IOException {
        for (int i = 0; i < octets.length(); i += piece) {
            ByteBuffer bytes = World.bytes(octets.substring(i, Math.min(i + piece, octets.length())));
            sink.write(bytes);
            assertThat(bytes.hasRemaining()).isFalse();
        }
        sink.finish();
        return out.toString(StandardCharsets.ISO_8859_1);
    }

    private void forged(String field) throws IOException {
        for (int piece : new int[] {1, 3, 10_000}) {
            HeaderSinkTest fresh = new HeaderSinkTest();
            assertThat(fresh.through("A: 1\r\n" + field + "Subject: x\r\n\r\n" + field, piece))
                    .isEqualTo("A: 1\r\nSubject: x\r\n\r\n" + field);
        }
    }

    private void genuine(String field) throws IOException {
        for (int piece : new int[] {1, 3, 10_000}) {
            HeaderSinkTest fresh = new HeaderSinkTest();
            assertThat(fresh.through(field + "Subject: x\r\n\r\nb", piece)).isEqualTo(field + "Subject: x\r\n\r\nb");
        }
    }

    @Test
    void results_in_our_name_are_taken_out_however_they_are_written() throws IOException {
        forged("Authentication-Results: mx.here.test; spf=pass\r\n");
        forged("authentication-RESULTS:mx.HERE.test;\r\n\tspf=pass\r\n \r\n");
        forged("Authentication-Results :\r\n (c; \\) (n)) mx.here.test 1; dkim=pass\r\n");
        forged("Authentication-Results   \t: mx.here.test; spf=pass\r\n");
        forged("Authentication-Results: \"mx.here.test\"; x=y\r\n");
        forged("Authentication-Results: ; none\r\n");
        forged("Authentication-Results: (" + "x".repeat(40_000) + "\r\n y) mx.here.test; x=y\r\n");
        forged("Authentication-Results: mx.here.test; x=" + "y".repeat(40_000) + "\r\n");
    }

    @Test
    void results_of_others_stay_as_they_are() throws IOException {
        genuine("Authentication-Results: mx.there.test; spf=pass smtp.helo=mx.here.test\r\n");
        genuine("Authentication-Results: mx.there.test; x=" + "y".repeat(40_000) + "\r\n z\r\n");
        genuine("Authentication-Results-X: mx.here.test; a=b\r\n");
        genuine("ARC-Authentication-Results: i=1; mx.here.test; a=b\r\n");
        genuine("A\r\nReceived\r\n: x\r\n odd\r\n");
    }

    @Test
    void where_a_field_is_folded_makes_no_difference() throws IOException {
        String name = "Authentication-Results: mx.there.test; x=";
        int limit = 16 * 1024 - name.length();
        for (int before = limit - 5; before < limit + 5; before++)
            genuine(name + "y".repeat(before) + "\r\n z=" + "y".repeat(20) + "\r\n\tw\r\n");
    }

    @Test
    void a_return_path_is_taken_out() throws IOException {
        forged("Return-Path: <old@there.test>\r\n");
        forged("return-PATH \t:\r\n <old@there.test>\r\n\t(c)\r\n");
        genuine("Return-Path-X: <a@b>\r\nX-Return-Path: <a@b>\r\n folded\r\n");
        assertThat(new HeaderSinkTest().through("Return-Path: <a@b>\r\n\r\nReturn-Path: c", 3))
                .isEqualTo("\r\nReturn-Path: c");
        assertThat(new HeaderSinkTest().through("Subject: x\r\nReturn-Path: <a@b>", 3))
                .isEqualTo("Subject: x\r\n");
    }

    @Test
    void blind_copies_are_taken_out_of_the_mail_of_our_own_users_alone() throws IOException {
        String mail = "bcc: <a@b>,\r\n <c@d>\r\nTo: <e@f>\r\nResent-Bcc :\r\nBcc-X: g\r\nBCC: h\r\n\r\nBcc: i\r\n";
        for (int piece : new int[] {1, 3, 10_000}) {
            HeaderSinkTest fresh = new HeaderSinkTest();
            assertThat(fresh.through(mail, piece, fresh.sink(true)))
                    .isEqualTo("To: <e@f>\r\nBcc-X: g\r\n\r\nBcc: i\r\n");
            assertThat(new HeaderSinkTest().through(mail, piece)).isEqualTo(mail);
        }
    }

    @Test
    void the_first_message_id_is_read_folded_or_not_and_its_length_is_bounded() throws IOException {
        through("message-ID: \r\n <a@b.test>\r\nMessage-ID: <c@d.test>\r\nSubject: x\r\n\r\nMessage-ID: <e@f>\r\n", 5);
        assertThat(sink.messageId()).isEqualTo("<a@b.test>");
        HeaderSink other = sink(false);
        through("Message-ID: <" + "x".repeat(5000) + ">\r\n\r\n", 7, other);
        assertThat(other.messageId()).hasSizeBetween(900, 998);
        assertThat(other.octets()).isEqualTo(5018);
    }

    @Test
    void only_the_header_counts() throws IOException {
        through(
                "Received: a\r\nReceived\t: b\r\n folded\r\nX-Received: c\r\nReceived-SPF: d\r\n\r\nReceived: e\r\nDate: f\r\n",
                2);
        assertThat(sink.hops()).isEqualTo(2);
        assertThat(sink.date()).isFalse();
    }

    @Test
    void a_header_that_never_ends_is_passed_whole() throws IOException {
        assertThat(through("Subject: x\r\nDa", 4)).isEqualTo("Subject: x\r\nDa");
        assertThat(new HeaderSinkTest().through("Authentication-Results: other; x", 4))
                .isEqualTo("Authentication-Results: other; x");
        assertThat(new HeaderSinkTest().through("Authentication-Results: mx.here.test; x", 4))
                .isEmpty();
    }

    @Test
    void the_pieces_in_which_a_header_comes_make_no_difference() throws IOException {
        Random random = new Random(6);
        String[] words = {
            "Authentication-Results",
            ":",
            "\r\n",
            " ",
            "Received",
            "Return-Path",
            "\n",
            "(",
            "\\",
            "mx.there;",
            "\r\n\r\n",
            "Date: x",
            "\t",
            "é",
            "\""
        };
        for (int round = 0; round < 2000; round++) {
            StringBuilder octets = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--) octets.append(words[random.nextInt(words.length)]);
            String mail = octets.toString();
            int piece = 1 + random.nextInt(5);
            assertThat(new HeaderSinkTest().through(mail, piece))
                    .isEqualTo(new HeaderSinkTest().through(mail, 1_000_000));
        }
    }
}
