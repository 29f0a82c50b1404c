package org.posthorn.net;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.posthorn.api.net.Received;
import org.posthorn.api.net.Sink;

/** Gives a sink what it takes, and counts all that came. */
final class Pour {

    private final long limit;
    private final Sink sink;
    private long octets;
    private boolean bare;
    private IOException broken;

    Pour(long limit, Sink sink) {
        this.limit = limit;
        this.sink = sink;
    }

    void give(byte[] from, int begin, int end) {
        if (end <= begin) return;
        long room = limit - octets;
        octets += end - begin;
        if (broken != null || room <= 0) return;
        try {
            sink.write(ByteBuffer.wrap(from, begin, (int) Math.min(room, end - begin)));
        } catch (IOException e) {
            broken = e;
        }
    }

    void bareLineEnd() {
        bare = true;
    }

    long octets() {
        return octets;
    }

    Received received() {
        return new Received(octets, octets > limit, bare, Optional.ofNullable(broken));
    }
}
