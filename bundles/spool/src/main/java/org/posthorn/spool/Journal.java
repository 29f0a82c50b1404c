package org.posthorn.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes records to the segments, on a thread of its own: what waits when the disk is ready for more goes out in one write, and one force
 * makes all of it safe. Records that nobody waits for are written at once too, and forced within half a second or with the next commit.
 *
 * <p>Segments are deleted oldest first, when no mail in them is open; so what a later segment says of a mail never goes before the mail.
 * One stuck mail does not keep them all: when there are many, the few that are open in the oldest are carried to the newest.
 *
 * <p>When the disk is full, mail is refused; what became of mail that is here goes into room that was taken before.
 */
final class Journal implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Journal.class);
    private static final long LAZY = TimeUnit.MILLISECONDS.toNanos(500);
    /** So many segments may stand before the oldest is emptied by carrying. */
    static final int MANY = 4;

    private final Ledger ledger;
    private final Directories folders;
    private final LongSupplier lots;
    private final Thread thread = new Thread(this::run, "spool-journal");

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private List<Waiting> waiting = new ArrayList<>();
    private volatile boolean closing;

    // The rest belongs to the thread.
    private final List<Waiting> unforced = new ArrayList<>();
    private long unforcedSince;
    private SegmentWriter writer;
    private long number;
    private boolean rotated;
    private boolean cramped;
    private volatile long segmentSize;
    private volatile long forces;

    /** @param lots draws the marks of segments */
    Journal(Directories folders, Ledger ledger, long segmentSize, LongSupplier lots) {
        this.folders = folders;
        this.ledger = ledger;
        this.segmentSize = segmentSize;
        this.lots = lots;
        this.number = ledger.lastSegment();
        thread.setDaemon(true);
        thread.start();
    }

    void segmentSize(long octets) {
        segmentSize = octets;
    }

    /** How many times the disk was made to write. */
    long forces() {
        return forces;
    }

    /** Writes a mail, or something that must be as safe; forced when this returns. */
    void commit(Waiting record) throws IOException {
        append(record);
        try {
            // Not interruptible: the thread is writing from the caller's buffers.
            record.safe().join();
        } catch (CompletionException e) {
            throw new IOException(
                    "the journal could not be written: " + e.getCause().getMessage(), e.getCause());
        }
    }

    /** Writes something soon. */
    void append(Waiting record) throws IOException {
        lock.lock();
        try {
            if (closing) throw new IOException("the spool is closed");
            waiting.add(record);
            work.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Writes and forces what waits, then ends the thread. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
            work.signal();
        } finally {
            lock.unlock();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            boolean going = true;
            while (going) {
                going = take();
                step();
                carry();
            }
            if (writer != null) writer.close();
        } catch (IOException e) {
            log.warn("The last journal segment could not be closed: {}", e.toString());
        } finally {
            over();
        }
    }

    /** Nobody waits for a thread that has ended, whatever ended it. */
    private void over() {
        lock.lock();
        try {
            if (!closing) log.error("The journal's thread has ended; no mail is taken until the spool starts again");
            closing = true;
            unforced.addAll(waiting);
        } finally {
            lock.unlock();
        }
        unforced.forEach(w -> w.broke(new IOException("the journal's thread has ended")));
    }

    /** Waits for work. @return whether there may be more */
    private boolean take() {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closing) {
                long left = unforcedSince + LAZY - System.nanoTime();
                if (unforced.isEmpty()) work.awaitUninterruptibly();
                else if (left <= 0 || work.awaitNanos(left) <= 0) break;
            }
            if (unforced.isEmpty()) unforcedSince = System.nanoTime();
            unforced.addAll(waiting);
            waiting = new ArrayList<>();
            return !closing;
        } catch (InterruptedException e) {
            // Nobody does this to the thread; an interrupt must not be there when the channel is used.
            log.warn("The journal's thread was interrupted");
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void step() {
        try {
            write();
            if (!unforced.isEmpty() && forceNow()) force();
        } catch (IOException | RuntimeException | Error e) {
            // Whatever it was, those who wait must hear of it.
            broke(e);
        }
    }

    private boolean forceNow() {
        if (closing || System.nanoTime() - unforcedSince >= LAZY) return true;
        for (Waiting w : unforced) if (w.safe() != null) return true;
        return false;
    }

    private void write() throws IOException {
        for (int i = 0; i < unforced.size(); i++) {
            Waiting w = unforced.get(i);
            if (w.segment() != null) continue;
            Optional<IOException> trouble = Optional.empty();
            if (full(w)) {
                trouble = next(i);
                i = unforced.indexOf(w);
            }
            if (trouble.isEmpty() || w.mail() == null) trouble = noRoom(w);
            if (trouble.isEmpty()) w.written(writer.segment(), writer.add(w.record()));
            else if (w.mail() == null) throw trouble.get();
            else unforced.remove(i--).broke(trouble.get());
            if (w.mail() != null) tell(trouble);
        }
        if (writer != null) writer.flush();
    }

    private boolean full(Waiting w) {
        return writer == null || writer.end() > Segment.HEAD && writer.end() + w.length() > segmentSize;
    }

    private Optional<IOException> noRoom(Waiting w) throws IOException {
        return writer.room(w.length() + (w.mail() == null ? 0 : SegmentWriter.SPARE))
                ? Optional.empty()
                : Optional.of(writer.full());
    }

    private void tell(Optional<IOException> trouble) {
        if (!cramped && trouble.isPresent())
            log.error(
                    "The journal has no room for mail, which is put off until it has: {}",
                    trouble.get().toString());
        cramped = trouble.isPresent();
    }

    /**
     * Begins another segment behind those that were written to this one.
     *
     * @return why there is no other; then what is not mail goes on in this one
     * @throws IOException when there is not even this one
     */
    private Optional<IOException> next(int written) throws IOException {
        SegmentWriter next;
        try {
            long mark = lots.getAsLong();
            next = new SegmentWriter(new Segment(folders.journal(), ++number, mark == 0 ? 1 : mark));
        } catch (IOException e) {
            if (writer == null) throw e;
            return Optional.of(e);
        }
        try {
            if (writer != null) finish(unforced.subList(0, written));
        } catch (IOException | RuntimeException e) {
            next.discard();
            throw e;
        }
        writer = next;
        ledger.begin(next.segment());
        rotated = true;
        return Optional.empty();
    }

    /** The segment is full. What was written to it is safe, whatever becomes of the next one. */
    private void finish(List<Waiting> written) throws IOException {
        SegmentWriter full = writer;
        full.flush();
        full.force();
        writer = null;
        safe(written);
        full.close();
    }

    private void force() throws IOException {
        writer.force();
        forces++;
        safe(unforced);
        for (Segment segment : ledger.takeEmpty(writer.segment())) delete(segment);
    }

    private void safe(List<Waiting> forced) {
        ledger.written(forced);
        forced.forEach(Waiting::done);
        forced.clear();
    }

    static void delete(Segment segment) {
        try {
            Files.deleteIfExists(segment.path());
        } catch (IOException e) {
            log.warn(
                    "Journal segment {} is no longer needed, but cannot be deleted: {}",
                    segment.number(),
                    e.toString());
        }
    }

    /** Those who wait are told; what nobody waits for is written again, into a new segment, when half a second has passed. */
    private void broke(Throwable why) {
        log.error("The journal could not be written; mail is put off until it can be: {}", why.toString());
        unforced.removeIf(w -> w.broke(why));
        unforcedSince = System.nanoTime();
        if (writer == null) return;
        try {
            writer.abandon();
        } catch (IOException e) {
            log.error(
                    "What was not forced could not be taken off journal segment {}; it may come back at the next"
                            + " start: {}",
                    writer.segment().number(),
                    e.toString());
        }
        writer = null;
    }

    private void carry() {
        while (rotated && writer != null && !closing) {
            try {
                List<Waiting> few = ledger.stuck(MANY, segmentSize / 2);
                rotated = !few.isEmpty();
                unforced.addAll(few);
                step();
                // Without room for them, the next segment is time enough.
                if (few.stream().anyMatch(w -> w.segment() == null)) rotated = false;
            } catch (IOException | RuntimeException | Error e) {
                // That can wait for the next segment; those who wait for the thread cannot.
                rotated = false;
                log.error("Mail in the oldest journal segment could not be carried on", e);
            }
        }
    }
}
