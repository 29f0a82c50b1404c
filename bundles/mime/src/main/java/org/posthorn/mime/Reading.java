package org.posthorn.mime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Octets that come of a stream, asked for by their place. Going on where the last reader stopped, or further on, does not begin anew, however little a
 * channel takes; going back does. Between two calls one stream is held, and up to 32 KiB that came of it. Safe for several threads.
 */
final class Reading {

    /** Begins a stream, which holds nothing that would have to be closed. */
    @FunctionalInterface
    interface Opening {
        InputStream at(long position) throws IOException;
    }

    private static final int BLOCK = 32 * 1024;
    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** A stream and what came of it but was not taken, of which the next octet has that place. */
    private record Standing(long position, ByteBuffer left, InputStream in) {}

    private final Opening opening;
    private final AtomicReference<Optional<Standing>> last = new AtomicReference<>(Optional.empty());

    Reading(Opening opening) {
        this.opening = opening;
    }

    /** As {@link Octets#transferTo}, where there is something at that place. */
    long transferTo(long position, long count, WritableByteChannel to) throws IOException {
        Standing from = at(position);
        ByteBuffer octets = from.left.hasRemaining()
                ? from.left
                : ByteBuffer.wrap(from.in.readNBytes((int) Math.min(BLOCK, count)));
        int taken = to.write(octets.slice(octets.position(), (int) Math.min(count, octets.remaining())));
        octets.position(octets.position() + taken);
        last.set(Optional.of(new Standing(position + taken, octets.hasRemaining() ? octets : NOTHING, from.in)));
        return taken;
    }

    private Standing at(long position) throws IOException {
        // Two threads must not have the same one.
        Optional<Standing> known = last.getAndSet(Optional.empty()).filter(s -> s.position <= position);
        if (known.isEmpty()) return new Standing(position, NOTHING, opening.at(position));
        ByteBuffer left = known.get().left;
        long further = position - known.get().position;
        int held = (int) Math.min(further, left.remaining());
        known.get().in.skipNBytes(further - held);
        return new Standing(position, left.position(left.position() + held), known.get().in);
    }
}
