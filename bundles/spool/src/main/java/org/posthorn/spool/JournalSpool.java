package org.posthorn.spool;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Message;
import org.posthorn.api.spool.Incoming;
import org.posthorn.api.spool.Pending;
import org.posthorn.api.spool.ShelfNote;
import org.posthorn.api.spool.Spool;
import org.posthorn.api.store.Inspection;
import org.posthorn.mime.HeaderBlock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The spool in a folder: small mail in the journal, large mail in files that the journal names, mail that waits in files of its own. */
final class JournalSpool implements Spool, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(JournalSpool.class);

    /** Mail up to this size is gathered in memory and lies in the journal. */
    static final int SMALL = 64 * 1024;

    static final String UNFINISHED = ".part";

    private final Directories folders;
    private final Ledger ledger;
    private final Journal journal;
    private final KeptFiles keptFiles;
    private final AtomicLong unfinished = new AtomicLong();
    private final String unfinishedNames;
    private final AtomicReference<List<Pending>> left = new AtomicReference<>(List.of());
    private volatile BufferPool pool;
    private volatile Watermark watermark;
    private volatile boolean looked = true;

    /**
     * Opens it, with what the last process left.
     *
     * @param boot tells one boot of the machine from another
     * @param lots random numbers
     * @param before how many had it before in this process: messages that they gave out are still read, and some are still on their way in
     */
    JournalSpool(Path root, Limits limits, UUID boot, LongSupplier lots, int before) throws IOException {
        folders = Directories.in(root);
        Replay replay = new Replay(folders);
        ledger = new Ledger(replay, boot);
        keptFiles = new KeptFiles(folders.deferred());
        unfinishedNames = before + "-%d" + UNFINISHED;
        if (before > 0) ledger.pin();
        else {
            new StrayFiles(folders, replay).clear(ledger.pending());
            left.set(Stream.concat(replay.settledLast(boot).stream(), ledger.pending().stream())
                    .toList());
        }
        ledger.takeEmpty(null).forEach(Journal::delete);
        journal = new Journal(folders, ledger, limits.segment(), lots);
        limit(limits);
    }

    /** @param memory octets gathered in memory at the same time @param segment octets of a segment @param free octets of disk to stay free */
    record Limits(long memory, long segment, long free, int freePercent) {}

    /** Other limits from now on. */
    void limit(Limits limits) {
        pool = new BufferPool(SMALL, (int) Math.max(1, limits.memory() / SMALL));
        watermark = new Watermark(folders.root(), limits.free(), limits.freePercent(), System::nanoTime);
        journal.segmentSize(limits.segment());
    }

    @Override
    public Incoming begin() throws IOException {
        if (!room()) throw new IOException("there is too little free space on the disk of " + folders.root());
        return new Gathering(
                pool, () -> folders.large().resolve(unfinishedNames.formatted(unfinished.incrementAndGet())));
    }

    @Override
    public Mail commit(Incoming incoming, Mail draft) throws IOException {
        Gathering gathering = (Gathering) incoming;
        ByteBuffer octets = gathering.gathered();
        Committed mail = octets == null ? large(gathering, draft) : small(octets, draft);
        gathering.close();
        return mail.mail();
    }

    private Committed small(ByteBuffer octets, Mail draft) throws IOException {
        byte[] front = front(draft.message(), octets.remaining());
        Committed mail = Committed.small(draft, ledger.boot(), front.length + octets.remaining());
        journal.commit(Waiting.of(mail, described(draft, 0, front), octets));
        return mail;
    }

    private Committed large(Gathering gathering, Mail draft) throws IOException {
        byte[] front = front(draft.message(), gathering.message().size());
        Path path = folders.large().resolve(draft.id().text());
        Slice octets = gathering.finishFile(path);
        var trace = HeaderBlock.read(new java.io.ByteArrayInputStream(front));
        Committed mail = Committed.large(draft, ledger.boot(), path, octets.size(), trace);
        try {
            journal.commit(Waiting.of(mail, described(draft, octets.size(), front)));
        } catch (IOException e) {
            Files.deleteIfExists(path);
            throw e;
        }
        return mail;
    }

    /** What stands in front of the octets that came in. */
    private static byte[] front(Message message, long behind) throws IOException {
        long length = message.size() - behind;
        if (length == 0) return new byte[0];
        ByteArrayOutputStream front = new ByteArrayOutputStream((int) length);
        WritableByteChannel channel = Channels.newChannel(front);
        while (front.size() < length) message.transferTo(front.size(), length - front.size(), channel);
        return front.toByteArray();
    }

    private ByteBuffer described(Mail draft, long largeSize, byte[] front) throws IOException {
        byte[] form = MailForm.write(draft, ledger.boot(), largeSize);
        ByteBuffer record = ByteBuffer.allocate(5 + form.length + front.length);
        return record.put(RecordForm.MAIL)
                .putInt(form.length)
                .put(form)
                .put(front)
                .flip();
    }

    @Override
    public void note(MailId id, ShelfNote note) throws IOException {
        Optional<Committed.Noted> noted = ledger.note(id, note);
        boolean lazy = note instanceof ShelfNote.Shelved;
        if (noted.isEmpty() && lazy) return;
        // A reader was told, or will be, that it is moved or gone: nobody may bring it back. Of a settled mail, too: it
        // may come back until its settlement is forced, and that is what this record's force does.
        ByteBuffer record = RecordForm.note(id, noted.orElse(new Committed.Noted(ledger.boot(), note)));
        if (lazy) journal.append(Waiting.lazy(null, record));
        else journal.commit(Waiting.of(record));
    }

    @Override
    public void settle(MailId id, Collection<Integer> recipients) throws IOException {
        Optional<Ledger.Settlement> settlement = ledger.settle(id, recipients);
        if (settlement.isEmpty()) return;
        // The file goes behind the record that settles the last: without it it would be a mail whose file is missing.
        Runnable after = settlement.get().last()
                ? () -> settlement.get().mail().large().ifPresent(JournalSpool::deleteLarge)
                : null;
        journal.append(Waiting.lazy(after, RecordForm.settled(id, recipients)));
    }

    private static void deleteLarge(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            log.warn(
                    "{} is no longer needed; it could not be deleted and goes at the next start: {}",
                    path,
                    e.toString());
        }
    }

    @Override
    public List<Pending> replay() {
        return ledger.pending();
    }

    @Override
    public List<Pending> left() {
        return left.getAndSet(List.of());
    }

    /** Mail that waits. */
    KeptFiles kept() {
        return keptFiles;
    }

    /** Looks through what lies on disk. */
    void inspect(Inspection inspection) throws IOException {
        new SpoolCheck(this, folders, ledger).inspect(inspection);
    }

    @Override
    public boolean room() {
        try {
            return watermark.room();
        } catch (IOException e) {
            if (looked) log.error("The free space of {} cannot be told: {}", folders.root(), e.toString());
            looked = false;
            return true;
        }
    }

    /** What there is to see. */
    SpoolStatus status() {
        return new SpoolStatus(ledger.mails(), ledger.segments(), journal.forces(), room());
    }

    /** @param mails not settled @param forces how many times the disk was made to write, since the start */
    record SpoolStatus(int mails, int segments, long forces, boolean room) {}

    @Override
    public void close() {
        journal.close();
    }
}
