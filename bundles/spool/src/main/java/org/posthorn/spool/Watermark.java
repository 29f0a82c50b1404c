package org.posthorn.spool;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Whether there is room on the disk; looked at once a second at most. */
final class Watermark {

    private final Path folder;
    private final long octets;
    private final int percent;
    private final LongSupplier nanoTime;
    private volatile long looked;
    private volatile boolean room;

    Watermark(Path folder, long octets, int percent, LongSupplier nanoTime) {
        this.folder = folder;
        this.octets = octets;
        this.percent = percent;
        this.nanoTime = nanoTime;
        this.looked = nanoTime.getAsLong() - TimeUnit.SECONDS.toNanos(1);
    }

    boolean room() throws IOException {
        long now = nanoTime.getAsLong();
        if (now - looked < TimeUnit.SECONDS.toNanos(1)) return room;
        FileStore store = Files.getFileStore(folder);
        long free = store.getUsableSpace();
        room = free >= octets && free >= store.getTotalSpace() / 100 * percent;
        looked = now;
        return room;
    }
}
