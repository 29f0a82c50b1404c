package org.posthorn.mailbox;

import java.util.Collection;
import java.util.function.LongPredicate;

/** Numbers by number, sixteen bytes for each that there is room for; room for half as many again, or three times. For one thread at a time. */
final class LongMap {

    /** An odd number whose multiples are far from each other: 2^64 by the golden ratio. */
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private long[] keys = new long[16];
    // 0 where there is none.
    private long[] values = new long[16];
    private int size;

    /** Whether a number is one of these; cheap to ask of many. */
    static LongPredicate among(Collection<Long> numbers) {
        LongMap all = new LongMap();
        numbers.forEach(number -> all.put(number, 1));
        return number -> all.get(number) != 0;
    }

    int size() {
        return size;
    }

    /** 0 for none. */
    long get(long key) {
        return values[slot(key)];
    }

    /** @param value not 0 */
    void put(long key, long value) {
        int slot = slot(key);
        if (values[slot] == 0 && 3L * ++size > 2L * keys.length) {
            grow();
            slot = slot(key);
        }
        keys[slot] = key;
        values[slot] = value;
    }

    /** Where it stands, or where there is room for it. */
    private int slot(long key) {
        int mask = keys.length - 1;
        int slot = (int) (key * SPREAD >>> 32) & mask;
        while (values[slot] != 0 && keys[slot] != key) slot = slot + 1 & mask;
        return slot;
    }

    private void grow() {
        long[] oldKeys = keys;
        long[] oldValues = values;
        keys = new long[2 * oldKeys.length];
        values = new long[2 * oldKeys.length];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] == 0) continue;
            int slot = slot(oldKeys[i]);
            keys[slot] = oldKeys[i];
            values[slot] = oldValues[i];
        }
    }

    /** Something done with each. */
    @FunctionalInterface
    interface Each {
        void with(long key, long value);
    }

    void each(Each use) {
        for (int i = 0; i < keys.length; i++) if (values[i] != 0) use.with(keys[i], values[i]);
    }
}
