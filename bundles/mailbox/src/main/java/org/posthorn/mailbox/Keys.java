package org.posthorn.mailbox;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The keys of a table's rows, as octets behind one another in one array: objects would take twice the room, and a collector has to look at each. A key has
 * its length in front of it, and at most 65,535 octets.
 */
final class Keys {

    private static final int LONGEST = 0xFFFF;
    private static final int LENGTH = 2;
    private static final int SMALL = 64 * 1024;

    private byte[] octets = new byte[0];
    private int end;
    // Where that of each row begins.
    private int[] at = new int[8];
    // Octets that belong to no row any more.
    private int idle;

    String get(int row) {
        return new String(octets, at[row] + LENGTH, length(at[row]), StandardCharsets.UTF_8);
    }

    /** Gives a new row its key. */
    void add(int row, String key) {
        byte[] letters = key.getBytes(StandardCharsets.UTF_8);
        if (letters.length > LONGEST)
            throw new IllegalArgumentException("a key of " + letters.length + " octets; there may be " + LONGEST);
        int behind = Math.addExact(end, LENGTH + letters.length);
        if (behind > octets.length) octets = Arrays.copyOf(octets, Math.addExact(behind, behind >> 3));
        at[row] = end;
        octets[end] = (byte) (letters.length >> 8);
        octets[end + 1] = (byte) letters.length;
        System.arraycopy(letters, 0, octets, end + LENGTH, letters.length);
        end = behind;
    }

    /** That row has none any more, until it is added again or moved. */
    void drop(int row) {
        idle += LENGTH + length(at[row]);
    }

    private int length(int from) {
        return (octets[from] & 0xFF) << 8 | octets[from + 1] & 0xFF;
    }

    /** There is room for so many rows. */
    void grow(int rows) {
        at = Arrays.copyOf(at, rows);
    }

    /** Moves so many rows. */
    void move(int from, int to, int rows) {
        System.arraycopy(at, from, at, to, rows);
    }

    /** Gives back what is idle, when it is much. @param rows how many there are */
    void tidy(int rows) {
        if (idle < SMALL || idle < end / 2) return;
        byte[] left = new byte[end - idle];
        int to = 0;
        for (int row = 0; row < rows; row++) {
            int size = LENGTH + length(at[row]);
            System.arraycopy(octets, at[row], left, to, size);
            at[row] = to;
            to += size;
        }
        octets = left;
        end = to;
        idle = 0;
    }
}
