package org.posthorn.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import org.junit.jupiter.api.Test;

class Char8OctetsTest {

    private static final byte[] RAW = {0, 'a', 0, 0, 'b', (byte) 0x80, 'c', 0};
    private static final byte[] TOLD = {(byte) 0x80, 'a', (byte) 0x80, (byte) 0x80, 'b', (byte) 0x80, 'c', (byte) 0x80};

    private final Octets octets = new Char8Octets(Octets.of(RAW.clone()));

    @Test
    void each_nul_is_another_octet() throws IOException {
        assertThat(octets.size()).isEqualTo(RAW.length);
        try (InputStream in = octets.open()) {
            assertThat(in.read()).isEqualTo(0x80);
            assertThat(in.readAllBytes()).isEqualTo(java.util.Arrays.copyOfRange(TOLD, 1, TOLD.length));
            assertThat(in.read()).isEqualTo(-1);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        assertThat(octets.transferTo(1, 100, Channels.newChannel(out))).isEqualTo(7);
        assertThat(out.toByteArray()).isEqualTo(java.util.Arrays.copyOfRange(TOLD, 1, TOLD.length));
    }

    /** A channel that takes little has the rest offered once more, and nobody's octets are changed. */
    @Test
    void little_is_taken_at_a_time() throws IOException {
        byte[] raw = RAW.clone();
        Octets same = new Char8Octets(Octets.of(raw));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (long at = 0; at < raw.length; ) at += same.transferTo(at, raw.length, new Narrow(out));
        assertThat(out.toByteArray()).isEqualTo(TOLD);
        assertThat(raw).isEqualTo(RAW);
    }

    /** Takes three octets at most. */
    private record Narrow(ByteArrayOutputStream out) implements WritableByteChannel {

        @Override
        public int write(ByteBuffer from) {
            int n = Math.min(3, from.remaining());
            for (int i = 0; i < n; i++) out.write(from.get());
            return n;
        }

        @Override
        public boolean isOpen() {
            return true;
        }

        @Override
        public void close() {}
    }
}
