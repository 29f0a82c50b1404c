package org.posthorn.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.ZipException;
import org.junit.jupiter.api.Test;

class DeflationTest {

    private static final byte[] EMPTY_BLOCK = {0, 0, 0, -1, -1};
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    private final Deque<ByteBuffer> wire = new ArrayDeque<>();
    private final Inflation inflation = new Inflation(this::next);
    private final Deflation deflation = new Deflation();

    private ByteBuffer next() {
        while (!wire.isEmpty() && !wire.peek().hasRemaining()) wire.remove();
        return wire.isEmpty() ? NOTHING : wire.peek();
    }

    private static ByteBuffer octets(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private String inflated() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuffer in = inflation.next(); in.hasRemaining(); in = inflation.next()) {
            assertThat(in.remaining()).isLessThanOrEqualTo(4096);
            while (in.hasRemaining()) all.write(in.get());
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }

    @Test
    void what_is_flushed_is_all_there() throws IOException {
        String noise = noise(300_000);
        for (String text : new String[] {"a", noise, "x".repeat(1_000_000), "", "b"}) {
            wire.add(deflation.flush(octets(text)));
            assertThat(inflated()).isEqualTo(text);
        }
    }

    private static String noise(int length) {
        byte[] octets = new byte[length];
        new Random(3).nextBytes(octets);
        return new String(octets, StandardCharsets.ISO_8859_1);
    }

    @Test
    void what_more_follows_goes_with_it() throws IOException {
        for (int i = 0; i < 1000; i++)
            assertThat(deflation.add(octets("piece\r\n")).remaining()).isZero();
        wire.add(deflation.flush(octets("end")));
        assertThat(wire.peek().remaining()).isLessThan(100);
        assertThat(inflated()).isEqualTo("piece\r\n".repeat(1000) + "end");
    }

    @Test
    void who_rests_goes_on_where_he_was() throws IOException {
        assertThat(deflation.awake()).isFalse();
        for (int i = 0; i < 3; i++) {
            wire.add(deflation.flush(octets("the same words again")));
            assertThat(deflation.awake()).isTrue();
            deflation.rest();
            assertThat(deflation.awake()).isFalse();
        }
        assertThat(inflated()).isEqualTo("the same words again".repeat(3));
        wire.add(deflation.add(octets("held ")));
        deflation.rest();
        wire.add(deflation.flush(octets("back")));
        assertThat(inflated()).isEqualTo("held back");
    }

    @Test
    void what_stands_behind_the_end_is_left_alone() throws IOException {
        ByteBuffer last = deflation.flush(octets("UNAUTHENTICATE\r\n"));
        wire.add(ByteBuffer.allocate(100).put(last).put(octets("a LOGIN")).flip());
        ByteBuffer in = inflation.next();
        assertThat(StandardCharsets.US_ASCII.decode(in).toString()).isEqualTo("UNAUTHENTICATE\r\n");
        assertThat(StandardCharsets.US_ASCII.decode(next()).toString()).isEqualTo("a LOGIN");
    }

    @Test
    void finished_stream_has_an_end_and_nothing_behind_it() throws IOException {
        wire.add(deflation.flush(octets("a")));
        wire.add(deflation.finish());
        assertThat(inflated()).isEqualTo("a");
        assertThat(deflation.awake()).isFalse();
        wire.add(octets("more"));
        assertThatThrownBy(this::inflated).isInstanceOf(ZipException.class).hasMessage("more behind the end");
    }

    @Test
    void octets_that_become_many_come_in_small_pieces() throws IOException {
        int many = 64 << 20;
        Deflater best = new Deflater(Deflater.BEST_COMPRESSION, true);
        best.setInput(new byte[many]);
        byte[] bomb = new byte[many / 500];
        wire.add(ByteBuffer.wrap(bomb, 0, best.deflate(bomb, 0, bomb.length, Deflater.SYNC_FLUSH)));
        best.end();
        // The first piece leaves the rest where it is.
        assertThat(inflation.next().remaining()).isLessThanOrEqualTo(4096);
        assertThat(next().remaining()).isGreaterThan(60_000);
        long all = 0;
        for (ByteBuffer in = inflation.next(); in.hasRemaining(); in = inflation.next()) {
            assertThat(in.remaining()).isLessThanOrEqualTo(4096);
            all += in.remaining();
            in.position(in.limit());
        }
        assertThat(all).isEqualTo(many);
    }

    @Test
    void a_stream_may_come_octet_by_octet() throws IOException {
        String text = "a NOOP\r\n" + noise(5000);
        ByteBuffer all = deflation.flush(octets(text));
        StringBuilder came = new StringBuilder();
        while (all.hasRemaining()) {
            wire.add(ByteBuffer.wrap(new byte[] {all.get()}));
            came.append(inflated());
        }
        assertThat(came).hasToString(text);
    }

    @Test
    void blocks_without_content_have_an_end() throws IOException {
        ByteBuffer some = ByteBuffer.allocate(60_000);
        while (some.remaining() >= EMPTY_BLOCK.length) some.put(EMPTY_BLOCK);
        wire.add(some.flip());
        assertThat(inflated()).isEmpty();
        wire.add(some.duplicate().flip());
        assertThatThrownBy(this::inflated).isInstanceOf(ZipException.class).hasMessageContaining("without content");
    }

    @Test
    void noise_is_told_from_what_is_compressed() {
        Random random = new Random(5);
        int wrong = 0;
        for (int i = 0; i < 500; i++) {
            byte[] noise = new byte[2000];
            random.nextBytes(noise);
            Inflation one = new Inflation(this::next);
            wire.clear();
            wire.add(ByteBuffer.wrap(noise));
            try {
                for (ByteBuffer in = one.next(); in.hasRemaining(); in = one.next()) in.position(in.limit());
            } catch (IOException e) {
                wrong++;
            } finally {
                one.end();
            }
        }
        assertThat(wrong).isGreaterThan(450);
    }
}
