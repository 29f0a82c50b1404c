package org.posthorn.mailbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Which thread each email of an account belongs to, as far as anybody has asked. Read with the first question. Safe for several threads; no call waits for a message. */
final class Threads {

    private static final Logger LOG = LoggerFactory.getLogger(Threads.class);
    static final String NAME = "threads";
    /** Of so many emails that are gone it keeps the threads at least: somebody may ask what became of them. */
    private static final int SPARE = 1000;

    private final ThreadFile file;
    private LongMap known = new LongMap();
    private boolean loaded;
    // What stands behind a record that was half written would not be found.
    private boolean torn;
    // From then on the file is another's.
    private boolean closed;

    Threads(Path path) {
        this.file = new ThreadFile(path);
    }

    /** Those of these emails; 0 for what is not known. */
    synchronized long[] of(long[] emails) {
        load();
        long[] threads = new long[emails.length];
        for (int i = 0; i < emails.length; i++) threads[i] = known.get(emails[i]);
        return threads;
    }

    /** Remembers them. @param threads 0 for those of which nothing is known */
    synchronized void add(long[] emails, long[] threads) {
        if (Arrays.stream(threads).allMatch(thread -> thread == 0)) return;
        load();
        for (int i = 0; i < emails.length; i++) if (threads[i] != 0) known.put(emails[i], threads[i]);
        if (closed) return;
        if (torn) {
            save();
            return;
        }
        try {
            file.append(emails, threads);
        } catch (IOException e) {
            torn = true;
            LOG.warn("{} cannot be written; it is written anew the next time: {}", file, e.toString());
        }
    }

    /** It writes nothing from now on: another may have the file. */
    synchronized void close() {
        closed = true;
    }

    private void load() {
        if (loaded) return;
        loaded = true;
        try {
            // What stands behind damage would not be found there.
            if (!file.load(known)) save();
        } catch (IOException e) {
            LOG.warn("{} cannot be read; threads are worked out again: {}", file, e.toString());
        }
    }

    /** Whether it has become large for an account with so many emails. */
    synchronized boolean wasteful(long emails) {
        return known.size() > 2 * emails + SPARE;
    }

    /** Forgets all but these. */
    synchronized void keep(LongMap emails) {
        LongMap kept = new LongMap();
        emails.each((email, there) -> {
            if (known.get(email) != 0) kept.put(email, known.get(email));
        });
        known = kept;
        save();
    }

    /** Writes down anew what is known. */
    synchronized void save() {
        load();
        if (closed) return;
        try {
            file.save(known);
            torn = false;
        } catch (IOException e) {
            LOG.warn("{} cannot be written anew: {}", file, e.toString());
        }
    }
}
