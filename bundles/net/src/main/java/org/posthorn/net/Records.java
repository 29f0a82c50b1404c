package org.posthorn.net;

import java.nio.ByteBuffer;
import javax.net.ssl.SSLException;

/** Cuts what came into whole TLS records (RFC 8446 5.1). Holds no buffer but for a record of which a part is still on its way. */
final class Records {

    private static final int HEADER = 5;
    private static final int LOWEST_TYPE = 20;
    private static final int HIGHEST_TYPE = 23;
    /** What RFC 5246 6.2.3 allows; TLS 1.3 has less. */
    private static final int LONGEST = (1 << 14) + 2048;

    private ByteBuffer held;

    /** A buffer that begins with a whole record and is consumed by the caller; null as long as there is none. */
    ByteBuffer next(Inbox inbox) throws SSLException {
        for (ByteBuffer in = inbox.next(); in.hasRemaining(); in = inbox.next()) {
            if (held == null) {
                if (in.remaining() >= HEADER && in.remaining() >= length(in)) return in;
                held = ByteBuffer.allocate(HEADER);
            }
            fill(in);
            if (held.position() == HEADER && held.capacity() == HEADER) widen();
            if (!held.hasRemaining()) return whole();
        }
        return null;
    }

    private void fill(ByteBuffer in) {
        int n = Math.min(held.remaining(), in.remaining());
        held.put(in.array(), in.arrayOffset() + in.position(), n);
        in.position(in.position() + n);
    }

    private void widen() throws SSLException {
        held.flip();
        held = ByteBuffer.allocate(length(held)).put(held);
    }

    private ByteBuffer whole() {
        ByteBuffer record = held.flip();
        held = null;
        return record;
    }

    /** Of the record that the buffer begins with, header and all. */
    static int length(ByteBuffer record) throws SSLException {
        int at = record.position();
        int length = record.getShort(at + 3) & 0xffff;
        if (record.get(at) < LOWEST_TYPE || record.get(at) > HIGHEST_TYPE || length > LONGEST)
            throw new SSLException("what came is not TLS");
        return HEADER + length;
    }
}
