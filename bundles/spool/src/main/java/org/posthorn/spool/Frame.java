package org.posthorn.spool;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** What stands around a record: the segment's mark, the length and the CRC32C of what follows. */
final class Frame {

    static final int HEAD = 16;
    /** No record is longer: 64 KiB of message, and an envelope. */
    static final int LONGEST = 16 << 20;

    private Frame() {}

    static int crc(byte[] bytes, int from, int count) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, count);
        return (int) crc.getValue();
    }

    /** Whether this is a record of that mark with its head, as it was written. */
    static boolean whole(ByteBuffer framed, long mark) {
        int length = framed.limit() - HEAD;
        return framed.getLong(0) == mark
                && framed.getInt(8) == length
                && framed.getInt(12) == crc(framed.array(), HEAD, length);
    }

    /** The record that these buffers are one after the other, with its head; the mark is still open. */
    static ByteBuffer[] around(ByteBuffer... parts) {
        CRC32C crc = new CRC32C();
        int length = 0;
        ByteBuffer[] framed = new ByteBuffer[parts.length + 1];
        for (int i = 0; i < parts.length; i++) {
            framed[i + 1] = parts[i];
            length += parts[i].remaining();
            crc.update(parts[i].duplicate());
        }
        if (length > LONGEST) throw new IllegalArgumentException("an envelope of " + length + " octets");
        framed[0] = ByteBuffer.allocate(HEAD)
                .putLong(0)
                .putInt(length)
                .putInt((int) crc.getValue())
                .rewind();
        return framed;
    }
}
