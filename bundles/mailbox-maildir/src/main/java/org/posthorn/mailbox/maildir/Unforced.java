package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What of a Maildir is still to be forced: to force once more what is forced keeps the disk as busy as the first time. Safe for several threads; who has
 * nothing left to force has waited for those who did it.
 */
final class Unforced {

    /** A directory of messages. Other programs move them as well, from new to cur: its time tells. */
    private static final class Names {

        private final Path directory;
        // What a process before this one has left is not known.
        private final AtomicBoolean changed = new AtomicBoolean(true);
        /** When it had been changed last, as it was forced; with {@link Unforced}'s lock. */
        private FileTime forced;

        Names(Path directory) {
            this.directory = directory;
        }

        void force() throws IOException {
            boolean ours = changed.getAndSet(false);
            boolean done = false;
            try {
                // Before the force: what comes while that goes on waits for the next.
                FileTime modified = Files.getLastModifiedTime(directory);
                if (ours || !modified.equals(forced)) MaildirShelf.force(directory);
                forced = modified;
                done = true;
            } finally {
                if (!done) changed.set(true);
            }
        }
    }

    private final Names fresh;
    private final Names current;
    private final Set<String> forced = ConcurrentHashMap.newKeySet();

    Unforced(Path maildir) {
        fresh = new Names(maildir.resolve("new"));
        current = new Names(maildir.resolve("cur"));
    }

    /** The message with that key is forced before it gets its place. */
    void forced(String key) {
        forced.add(key);
    }

    /** Whether it was; said once. */
    boolean takeForced(String key) {
        return forced.remove(key);
    }

    /** A file has come to that place, or gone from there. To be called behind that, and before it is to be forced. */
    void changed(Path file) {
        (file.getParent().endsWith("cur") ? current : fresh).changed.set(true);
    }

    /** A file has got another name, wherever it was before. */
    void renamed() {
        for (Names each : List.of(fresh, current)) each.changed.set(true);
    }

    /** Forces names: once for all who have changed them meanwhile. */
    synchronized void forceNames() throws IOException {
        fresh.force();
        current.force();
    }
}
