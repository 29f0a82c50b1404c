package org.posthorn.spool;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicInteger;

/** Buffers for mail on its way in: all of one size, bounded in number, and some kept for the next mail. */
final class BufferPool {

    private static final int KEPT = 64;

    private final int size;
    private final int most;
    private final AtomicInteger out = new AtomicInteger();
    private final AtomicInteger kept = new AtomicInteger();
    private final ConcurrentLinkedDeque<ByteBuffer> idle = new ConcurrentLinkedDeque<>();

    BufferPool(int size, int most) {
        this.size = size;
        this.most = most;
    }

    /** An empty buffer; none when the bound is reached. */
    Optional<ByteBuffer> take() {
        if (out.incrementAndGet() > most) {
            out.decrementAndGet();
            return Optional.empty();
        }
        ByteBuffer buffer = idle.pollFirst();
        if (buffer == null) return Optional.of(ByteBuffer.allocateDirect(size));
        kept.decrementAndGet();
        return Optional.of(buffer.clear());
    }

    void give(ByteBuffer buffer) {
        out.decrementAndGet();
        if (kept.incrementAndGet() <= KEPT) idle.addFirst(buffer);
        else kept.decrementAndGet();
    }
}
