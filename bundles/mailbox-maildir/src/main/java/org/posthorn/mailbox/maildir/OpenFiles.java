package org.posthorn.mailbox.maildir;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Files that are being sent piece by piece, open between two pieces: who expunges a message does not cut off those who are in the middle of it. So many at
 * most; beyond that, the one that has rested longest is closed, and found again by its name if it still has one. So is one whose reader has not come back for
 * minutes: nobody says when a reader is gone.
 */
final class OpenFiles implements Closeable {

    private static final long LONGEST = TimeUnit.MINUTES.toNanos(5);

    private record Resting(FileChannel channel, long since) {}

    private final int most;
    private final LongSupplier nanoTime;
    private final Map<MaildirFile, Resting> resting = new LinkedHashMap<>();
    private boolean closed;

    OpenFiles(int most, LongSupplier nanoTime) {
        this.most = most;
        this.nanoTime = nanoTime;
    }

    /** For one at a time; to be closed or given back. Empty for one that was closed meanwhile, as an interrupt does. */
    synchronized Optional<FileChannel> take(MaildirFile file) {
        return Optional.ofNullable(resting.remove(file)).map(Resting::channel).filter(FileChannel::isOpen);
    }

    void give(MaildirFile file, FileChannel channel) throws IOException {
        for (FileChannel each : swap(file, channel)) each.close();
    }

    /** @return what is to be closed for it */
    private synchronized List<FileChannel> swap(MaildirFile file, FileChannel channel) {
        if (closed) return List.of(channel);
        List<FileChannel> over = new ArrayList<>();
        long now = nanoTime.getAsLong();
        Resting before = resting.remove(file);
        resting.put(file, new Resting(channel, now));
        if (before != null) over.add(before.channel);
        // Those that have rested longest stand first.
        Iterator<Resting> eldest = resting.values().iterator();
        while (eldest.hasNext()) {
            Resting one = eldest.next();
            if (resting.size() <= most && now - one.since <= LONGEST) break;
            eldest.remove();
            over.add(one.channel);
        }
        return over;
    }

    /** All that rests; and what is given back from now on. */
    @Override
    public void close() throws IOException {
        List<Resting> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(resting.values());
            resting.clear();
        }
        for (Resting each : all) each.channel.close();
    }
}
