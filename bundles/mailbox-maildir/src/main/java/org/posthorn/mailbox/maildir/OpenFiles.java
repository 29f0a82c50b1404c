package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Files that are being sent piece by piece, open between two pieces: who expunges a message does not cut off those who are in the middle of it. So many at
 * most; beyond that, the one that has rested longest is closed, and found again by its name if it still has one.
 */
final class OpenFiles {

    private final int most;
    private final Map<MaildirFile, FileChannel> resting = new LinkedHashMap<>();

    OpenFiles(int most) {
        this.most = most;
    }

    /** For one at a time; to be closed or given back. Empty for one that was closed meanwhile, as an interrupt does. */
    synchronized Optional<FileChannel> take(MaildirFile file) {
        return Optional.ofNullable(resting.remove(file)).filter(FileChannel::isOpen);
    }

    void give(MaildirFile file, FileChannel channel) throws IOException {
        FileChannel other = swap(file, channel);
        if (other != null) other.close();
    }

    /** @return what is to be closed for it; null for nothing */
    private synchronized FileChannel swap(MaildirFile file, FileChannel channel) {
        FileChannel before = resting.put(file, channel);
        if (before != null || resting.size() <= most) return before;
        Iterator<FileChannel> eldest = resting.values().iterator();
        FileChannel closed = eldest.next();
        eldest.remove();
        return closed;
    }
}
