package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What of a Maildir is still to be forced: to force once more what is forced keeps the disk as busy as the first time. Safe for several threads; who has
 * nothing left to force has waited for those who did it.
 */
final class Unforced {

    /** A directory of messages. @param changed whether names in it are to be forced */
    private record Names(Path directory, AtomicBoolean changed) {
        Names(Path directory) {
            // What a process before this one has left is not known.
            this(directory, new AtomicBoolean(true));
        }

        void force() throws IOException {
            if (!changed.getAndSet(false)) return;
            boolean done = false;
            try {
                MaildirShelf.force(directory);
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
