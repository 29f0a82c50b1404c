package org.posthorn.jmap;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** What a client posts, whole in memory: as long as a request may be, and all requests together. Closed when it is not needed any more. For one thread. */
final class Body implements AutoCloseable {

    static final Problem NO_ROOM = Problem.plain(503, "Too many large requests are being carried out; try again");

    private static final int FIRST = 1 << 13;

    private final Room.Held room;
    private int held;
    private byte[] octets = {};
    private int length;

    private Body(Room.Held room) {
        this.room = room;
    }

    /**
     * Reads to the end.
     *
     * @param most octets
     * @param room where it has its place
     */
    static Body read(InputStream in, int most, Room.Held room) throws IOException, Refused {
        Body body = new Body(room);
        try {
            body.readAll(in, most);
            return body;
        } catch (IOException | Refused | RuntimeException | Error e) {
            body.close();
            throw e;
        }
    }

    /** One whose octets come by {@link #add}. */
    static Body empty(Room.Held room) {
        return new Body(room);
    }

    /** @param most octets that it may have in all */
    void add(ByteBuffer part, int most) throws Refused {
        while (part.hasRemaining()) {
            if (length == octets.length) grow(most);
            int n = Math.min(part.remaining(), octets.length - length);
            part.get(octets, length, n);
            length += n;
        }
        if (length > most) throw new Refused(Problem.limit("maxSizeRequest"));
    }

    private void readAll(InputStream in, int most) throws IOException, Refused {
        while (true) {
            if (length == octets.length) grow(most);
            int n = in.read(octets, length, octets.length - length);
            if (n < 0) return;
            length += n;
        }
    }

    private void grow(int most) throws Refused {
        if (length > most) throw new Refused(Problem.limit("maxSizeRequest"));
        // One octet more than may come, so that it is seen that too much does.
        int larger = (int) Math.min(Math.max(FIRST, 2L * length), most + 1L);
        if (!room.take(larger - held)) throw new Refused(NO_ROOM);
        held = larger;
        octets = Arrays.copyOf(octets, larger);
    }

    byte[] octets() {
        return octets;
    }

    int length() {
        return length;
    }

    @Override
    public void close() {
        room.give(held);
        held = 0;
        octets = new byte[0];
    }
}
