package org.posthorn.mime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** A channel that takes little at a time. */
final class SlowChannel implements WritableByteChannel {

    private final int most;
    private final ByteBuffer got;

    private SlowChannel(int most, int size) {
        this.most = most;
        this.got = ByteBuffer.allocate(size);
    }

    /** All of it, by a channel that takes so many octets at once. */
    static byte[] all(Octets octets, int most) throws IOException {
        SlowChannel slow = new SlowChannel(most, (int) octets.size());
        while (slow.got.hasRemaining())
            if (octets.transferTo(slow.got.position(), slow.got.remaining(), slow) <= 0)
                throw new AssertionError("too short");
        return slow.got.array();
    }

    @Override
    public int write(ByteBuffer from) {
        int n = Math.min(from.remaining(), most);
        got.put(from.slice().limit(n));
        from.position(from.position() + n);
        return n;
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public void close() {}
}
