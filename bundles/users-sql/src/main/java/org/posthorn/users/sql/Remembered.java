package org.posthorn.users.sql;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** What was read lately, for a second at most, since others may write as well; own writes are seen at once. Safe for several threads. */
final class Remembered<K, V> {

    /** Reads what is not remembered. */
    interface Reader<K, V> {
        V read(K key) throws IOException;
    }

    private record Known<V>(V value, long since) {}

    private static final int MOST = 10_000;
    private static final long LONGEST = Duration.ofSeconds(1).toNanos();

    private final Map<K, Known<V>> known = new LinkedHashMap<>();
    private final LongSupplier nanoTime;
    private final Reader<K, V> reader;
    private long writes;

    Remembered(LongSupplier nanoTime, Reader<K, V> reader) {
        this.nanoTime = nanoTime;
        this.reader = reader;
    }

    V get(K key) throws IOException {
        long before;
        synchronized (this) {
            before = writes;
            Known<V> last = known.get(key);
            if (last != null && nanoTime.getAsLong() - last.since < LONGEST) return last.value;
        }
        V value = reader.read(key);
        keep(key, value, before);
        return value;
    }

    /** What was read while somebody wrote may be what there was before. */
    private synchronized void keep(K key, V value, long before) {
        if (before != writes) return;
        known.remove(key);
        known.put(key, new Known<>(value, nanoTime.getAsLong()));
        if (known.size() > MOST) known.remove(known.keySet().iterator().next());
    }

    synchronized void forget() {
        writes++;
        known.clear();
    }
}
