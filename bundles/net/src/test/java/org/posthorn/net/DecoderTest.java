package org.posthorn.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DecoderTest {

    private static final String ALPHABET = "\r\n\r\n.\r\nab.";

    /** All that comes of a stream, cut where the random numbers say. */
    private static List<String> events(String stream, Random cuts, int most) {
        Decoder decoder = new Decoder();
        decoder.lineLimit(12);
        StringBuilder taken = new StringBuilder();
        List<String> events = new ArrayList<>();
        byte[] octets = stream.getBytes(StandardCharsets.ISO_8859_1);
        for (int at = 0; at < octets.length; ) {
            int n = Math.min(octets.length - at, 1 + cuts.nextInt(most));
            ByteBuffer in = ByteBuffer.wrap(octets, at, n).slice();
            at += n;
            Decoder.Event event;
            while ((event = decoder.next(in)) != Decoder.Event.MORE) {
                switch (event) {
                    case LINE -> {
                        events.add("line " + decoder.line());
                        if (decoder.line().startsWith("a"))
                            decoder.receiveDotted(10, b -> taken.append(StandardCharsets.ISO_8859_1.decode(b)));
                        if (decoder.line().startsWith("b"))
                            decoder.receive(7, b -> taken.append(StandardCharsets.ISO_8859_1.decode(b)));
                    }
                    case BROKEN -> events.add("broken " + decoder.broken() + " " + decoder.ends());
                    case RECEIVED -> events.add("received " + decoder.received() + taken);
                    default -> events.add(event.toString());
                }
                if (event == Decoder.Event.RECEIVED) taken.setLength(0);
            }
        }
        return events;
    }

    @Test
    void what_comes_does_not_depend_on_how_it_was_cut() {
        Random random = new Random(3);
        for (int round = 0; round < 3000; round++) {
            StringBuilder stream = new StringBuilder();
            int length = random.nextInt(120);
            for (int i = 0; i < length; i++) stream.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
            String text = stream.toString();
            List<String> whole = events(text, random, 100_000);
            assertThat(events(text, random, 1)).as(text).isEqualTo(whole);
            assertThat(events(text, random, 7)).as(text).isEqualTo(whole);
        }
    }

    @Test
    void of_a_line_that_is_dropped_both_ends_are_known() {
        Random random = new Random(5);
        for (int length : new int[] {13, 14, 15, 127, 128, 129, 159, 160, 161, 1000}) {
            String line = "c".repeat(length - 9) + "ABCDEFGHI";
            String ends = length > 160 ? line.substring(0, 128) + line.substring(length - 32) : line;
            for (int round = 0; round < 20; round++)
                assertThat(events(line + "\r\nc\r\n", random, 1 + random.nextInt(200)))
                        .containsExactly("broken TOO_LONG " + ends, "line c");
        }
        assertThat(events("c\nd\r\n", random, 2)).containsExactly("broken BARE_LINE_END c\nd");
    }

    @Test
    void dotted_data_are_what_the_rfc_says_they_are() {
        Random random = new Random(4);
        for (int round = 0; round < 3000; round++) {
            StringBuilder body = new StringBuilder();
            int lines = random.nextInt(8);
            for (int i = 0; i < lines; i++)
                body.append(".".repeat(random.nextInt(3)))
                        .append("ab".repeat(random.nextInt(3)))
                        .append("\r\n");
            String stuffed = body.toString().replaceAll("(?m)^\\.", "..") + ".\r\n";
            Decoder decoder = new Decoder();
            StringBuilder taken = new StringBuilder();
            decoder.receiveDotted(1000, b -> taken.append(StandardCharsets.ISO_8859_1.decode(b)));
            ByteBuffer in = ByteBuffer.wrap((stuffed + "next").getBytes(StandardCharsets.ISO_8859_1));
            assertThat(decoder.next(in)).isEqualTo(Decoder.Event.RECEIVED);
            assertThat(taken.toString()).isEqualTo(body.toString());
            assertThat(decoder.received().octets()).isEqualTo(body.length());
            assertThat(decoder.received().bareLineEnd()).isFalse();
            assertThat(in.remaining()).isEqualTo(4);
        }
    }

    @Test
    void a_broken_sink_is_given_nothing_more_and_told_of_at_the_end() {
        Decoder decoder = new Decoder();
        int[] calls = {0};
        decoder.receive(10, b -> {
            calls[0]++;
            throw new java.io.IOException("full");
        });
        assertThat(decoder.next(ByteBuffer.wrap(new byte[6]))).isEqualTo(Decoder.Event.MORE);
        assertThat(decoder.next(ByteBuffer.wrap(new byte[6]))).isEqualTo(Decoder.Event.RECEIVED);
        assertThat(calls[0]).isEqualTo(1);
        assertThat(decoder.received().broken()).isPresent();
        assertThat(decoder.received().octets()).isEqualTo(10);
    }

    @Test
    void an_endless_line_is_not_kept() {
        Decoder decoder = new Decoder();
        ByteBuffer much = ByteBuffer.wrap("x".repeat(64 * 1024).getBytes(StandardCharsets.ISO_8859_1));
        Decoder.Event event = Decoder.Event.MORE;
        int rounds = 0;
        while (event == Decoder.Event.MORE && rounds++ < 100) event = decoder.next(much.rewind());
        assertThat(event).isEqualTo(Decoder.Event.ENDLESS);
        assertThat(rounds).isBetween(16, 18);
    }
}
