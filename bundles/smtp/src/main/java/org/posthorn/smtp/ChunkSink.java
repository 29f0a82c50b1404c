package org.posthorn.smtp;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.posthorn.api.net.Sink;

/** A message that comes in chunks, of which none needs to end where a line does: watches its line ends and its size. */
final class ChunkSink implements Sink {

    private final Sink sink;
    private final long limit;
    private long octets;
    private byte last;
    private boolean bare;

    ChunkSink(Sink sink, long limit) {
        this.sink = sink;
        this.limit = limit;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
        octets += bytes.remaining();
        for (int i = bytes.position(); i < bytes.limit(); i++) {
            byte next = bytes.get(i);
            // Wrong is a CR without LF behind it, and a LF without CR before it.
            bare |= last == '\r' ^ next == '\n';
            last = next;
        }
        if (octets <= limit) sink.write(bytes);
        else bytes.position(bytes.limit());
    }

    long octets() {
        return octets;
    }

    /** How many more may come. */
    long left() {
        return Math.max(0, limit - octets);
    }

    boolean tooLarge() {
        return octets > limit;
    }

    boolean bareLineEnd() {
        return bare;
    }

    /** The last chunk has come: a last line without an end is given one, as DATA could not have brought it without. */
    void end() throws IOException {
        if (last == '\r') bare = true;
        else if (last != '\n' && !tooLarge()) sink.write(ByteBuffer.wrap(new byte[] {'\r', '\n'}));
    }
}
