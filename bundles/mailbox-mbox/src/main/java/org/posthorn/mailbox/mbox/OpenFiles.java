package org.posthorn.mailbox.mbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The files that this process has open, each once: closing a second channel of the same file would silently drop the locks on the first, as
 * POSIX has it.
 */
final class OpenFiles {

    private final Map<Path, Mbox> open = new HashMap<>();

    /** Opens it or takes part in it. To be followed by {@link #release}. */
    synchronized Mbox take(Path path) throws IOException {
        Mbox there = open.get(path);
        if (there == null) {
            there = new Mbox(path);
            open.put(path, there);
        }
        there.users++;
        return there;
    }

    synchronized void release(Mbox mbox) throws IOException {
        if (--mbox.users > 0) return;
        open.remove(mbox.path(), mbox);
        mbox.close();
    }
}
