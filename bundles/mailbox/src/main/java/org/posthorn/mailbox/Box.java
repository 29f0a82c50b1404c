package org.posthorn.mailbox;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Filed;
import org.posthorn.api.mailbox.Folder;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.Stamp;
import org.posthorn.api.mailbox.UidCount;
import org.posthorn.api.mailbox.UidSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One mailbox in use: its folder on the shelf and its index, shared by all sessions. Whoever looks at it or changes it holds the lock, which
 * {@link #with} takes. When a disk fails in the middle it is thrown away, and the next call reads it again.
 */
final class Box {

    private static final Logger LOG = LoggerFactory.getLogger(Box.class);
    /** More than the tick of any file system's clock. */
    private static final long TICK_MILLIS = 50;

    private static final long VERIFY_AFTER = TimeUnit.SECONDS.toNanos(2);
    /** Verifications at a time: behind a swap all mailboxes are due in the same moment, and calls wait behind each. */
    private static final Semaphore VERIFYING = new Semaphore(2);

    /** Something done under the lock. */
    @FunctionalInterface
    interface Call<T> {
        T on(Box box) throws IOException;
    }

    private final AccountShelf account;
    private final String name;
    private final Owed.Where where;
    final ReentrantLock lock = new ReentrantLock();
    // Who forces the folder does so without the lock, and keeps it from being closed meanwhile.
    private final ReadWriteLock forcing = new ReentrantReadWriteLock();
    private Folder folder;
    private Index index;
    private Stamp known;
    private boolean dirty = true;
    private boolean touched;
    // Until the shelf was looked at for the first time, whoever comes first.
    private boolean powerLost;
    private boolean news;
    // When to look again whether a change hid in the same tick as one of our own; 0 for no need.
    private long verifyAt;
    private long scanCost;
    private volatile boolean gone;
    private int users;
    private long lastUsed = System.nanoTime();
    private long mark;
    private volatile boolean unsynced;
    private final AtomicInteger failures = new AtomicInteger();
    // What another program brought, or a process that died without closing, may be unforced, and its UIDs not noted.
    private List<Filed> unsure = List.of();

    Box(AccountShelf account, String name) {
        this.account = account;
        this.name = name;
        this.where = new Owed.Where(account.address(), name);
    }

    /** It was closed while somebody held on to it; what it had to settle was settled then, or is owed. */
    static final class Gone extends IOException {
        private static final long serialVersionUID = 1;

        Gone(String name) {
            super("Mailbox " + name + " is being opened anew, try again");
        }
    }

    String name() {
        return name;
    }

    Owed.Where where() {
        return where;
    }

    AccountShelf account() {
        return account;
    }

    private Owed owed() {
        return account.checkpoint().owed();
    }

    /** Keeps it from being unloaded. False when it is too late. */
    boolean retain() {
        lock.lock();
        try {
            if (gone) return false;
            users++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    void release() {
        lock.lock();
        users--;
        lastUsed = System.nanoTime();
        lock.unlock();
    }

    /** Calls under the lock; watchers hear of news afterwards. */
    <T> T with(Call<T> call) throws IOException {
        boolean tell = false;
        lock.lock();
        try {
            if (gone) throw new Gone(name);
            if (index == null) begin();
            T result = call.on(this);
            tell = news;
            news = false;
            return result;
        } catch (MailboxFault e) {
            throw e;
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            abandon();
            throw e;
        } finally {
            lock.unlock();
            if (tell) account.tell(name);
        }
    }

    private void begin() throws IOException {
        load();
        if (index.table().mailboxId() == 0) identify();
    }

    /** An earlier version knew nothing of that. Forced: a crash must not make another one of what was told. */
    private void identify() throws IOException {
        write(List.of(account.head(name, index.uidValidity(), index.highestModSeq())));
        index.force(mark);
    }

    private void load() throws IOException {
        folder = account.shelf().open(name);
        NotedUids uids = new NotedUids(account, name);
        Optional<UidCount> noted = uids.read();
        index = uids.believed(Index.open(account.indexPath(name)), noted);
        account.had(index.highestModSeq());
        account.hadValidity(index.uidValidity());
        powerLost = index.closed().isEmpty() && !index.boot().equals(account.boot());
        if (powerLost) {
            folder.powerFailed(index.forced());
            // One that is new has not told anybody anything.
            if (!index.boot().isEmpty()) account.registrar().powerFailed();
        }
        Optional<Reconciliation> found = index.whole() ? Optional.empty() : Optional.of(mend());
        if (found.isEmpty() && owed().torn(where)) index.rewrite();
        owed().whole(where);
        known = folder.stamp();
        boolean counted = noted.filter(n -> n.uidNext() > index.uidNext()).isPresent();
        dirty = counted || !index.closed().map(known::equals).orElse(false);
        verifyAt = soon();
        account.usage().holds(name, index.table().held());
        if (index.closed().isEmpty()) doubt();
        if (found.isPresent()) take(found.get());
        else if (counted) catchUp();
    }

    /** Whoever had it last has given UIDs that we do not know of, and nobody else may get them: not the first mail either that comes before any client. */
    private void catchUp() throws IOException {
        look();
        write(List.of(new IndexRecord.Reserved(index.uidNext())));
    }

    /** The process before this one may have left messages unforced. */
    private void doubt() {
        unsure = filed(UidSet.range(
                index.sureBelow(), Math.max(index.sureBelow(), index.table().lastUid())));
        if (due()) account.checkpoint().due(this);
    }

    /** Has the index begin again with what is left of it. @return the look at the shelf that told its UIDVALIDITY */
    private Reconciliation mend() throws IOException {
        LOG.info("The index of {} of {} is read from the shelf", name, account.address());
        Reconciliation found = new Reconciliation(index, folder);
        long validity =
                index.uidValidity() != 0 ? index.uidValidity() : found.scan().uidValidity();
        if (index.uidValidity() == 0 && validity != 0) account.passClock();
        validity = validity != 0 ? validity : account.nextUidValidity();
        index.mend(account.head(name, validity, account.nextModSeq()));
        return found;
    }

    Folder folder() {
        return folder;
    }

    Index index() {
        return index;
    }

    /** The same, whatever the times of the folder tell. */
    void refreshSurely() throws IOException {
        dirty = true;
        refresh();
    }

    /** Looks whether other programs have changed something, and takes it over. */
    void refresh() throws IOException {
        if (dirty || !known.equals(folder.stamp())) {
            look();
            return;
        }
        boolean due = verifyAt != 0 && System.nanoTime() - verifyAt >= 0;
        // Else with a later call.
        if (!due || !VERIFYING.tryAcquire()) return;
        try {
            look();
        } finally {
            VERIFYING.release();
        }
    }

    private void look() throws IOException {
        long begin = System.nanoTime();
        take(new Reconciliation(index, folder));
        scanCost = System.nanoTime() - begin;
        verifyAt = young() ? soon() : 0;
    }

    private void take(Reconciliation found) throws IOException {
        found.run(new Reconciliation.ModSeqs(account), powerLost, this::commit);
        // Else the next opening would meet the same failure.
        if (powerLost && !index.boot().isEmpty() && !touched) write(List.of());
        powerLost = false;
        known = found.scan().stamp();
        dirty = !found.scan().settled();
        if (found.unnoted().isEmpty()) return;
        List<Filed> more = new ArrayList<>(unsure);
        more.addAll(found.unnoted());
        unsure = more;
        account.checkpoint().due(this);
    }

    private boolean young() {
        return account.millis() - known.changed() < TICK_MILLIS;
    }

    private long soon() {
        return System.nanoTime() + Math.max(VERIFY_AFTER, 50 * scanCost) | 1;
    }

    /** To be called before we change the folder: a change of others that nobody has seen yet must not be taken for ours. */
    void changing() throws IOException {
        if (!dirty && !known.equals(folder.stamp())) dirty = true;
    }

    /** To be called after we have changed the folder. */
    void changed() throws IOException {
        unsynced = true;
        account.checkpoint().due(this);
        if (dirty) return;
        known = folder.stamp();
        if (verifyAt == 0 && young()) verifyAt = soon();
    }

    /** Writes records, unforced, of which watchers shall hear. */
    void commit(List<? extends IndexRecord> records) throws IOException {
        write(records);
        news = true;
    }

    private void write(List<? extends IndexRecord> records) throws IOException {
        List<IndexRecord> all = new ArrayList<>(records.size() + 1);
        if (!touched) all.add(new IndexRecord.Opened(account.boot()));
        all.addAll(records);
        mark = index.commit(all);
        touched = true;
        account.usage().holds(name, index.table().held());
    }

    /** How far the index must be forced to hold what was committed. */
    long mark() {
        return mark;
    }

    /** Forces the index; without the lock. */
    void force(long upTo) throws IOException {
        try {
            index.force(upTo);
        } catch (IOException e) {
            rewrite(upTo, e);
        }
    }

    /** What a force could not write, the next one passes over: so all of the index is written anew, by the first of those who hear of it. */
    private void rewrite(long upTo, IOException why) throws IOException {
        lock.lock();
        try {
            if (gone) throw why;
            if (!index.forced(upTo)) index.rewrite();
        } catch (IOException e) {
            abandon();
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** Nothing in memory can be trusted any more. */
    private void abandon() {
        // Who still holds a box that is gone must not close what its successor uses.
        if (gone) return;
        if (index != null) owed().tear(where);
        end();
        if (owed().any(where)) account.checkpoint().later(where);
    }

    private void end() {
        gone = true;
        forcing.writeLock().lock();
        try {
            if (index != null) index.close();
            if (folder != null) folder.close();
        } catch (IOException e) {
            LOG.warn("Mailbox {} of {} could not be closed: {}", name, account.address(), e.toString());
        } finally {
            forcing.writeLock().unlock();
            account.forget(this);
        }
    }

    /** A delivered message waits to be forced and settled. */
    void unsettled(Unsettled one) {
        owed().add(where, one);
    }

    boolean anyUnsettled(UidSet uids) {
        return owed().open(where).stream().anyMatch(one -> uids.contains(one.uid()))
                || !owed().doubtful(where).isEmpty();
    }

    /** Whether the checkpoint has something to do here. */
    boolean due() {
        return unsynced || !unsure.isEmpty() || owed().any(where);
    }

    /** Forces what was delivered, and what was flagged, then settles it with the spool. Without the lock. */
    void settle() throws IOException {
        for (Unsettled one : owed().doubtful(where)) new Arrival(this).again(one);
        List<Unsettled> batch = new ArrayList<>();
        List<Filed> filed = new ArrayList<>();
        Set<Filed> doubtful = new HashSet<>();
        long modSeq = with(box -> {
            batch.addAll(owed().open(where));
            doubtful.addAll(unsure);
            filed.addAll(unsure);
            batch.forEach(one -> filed.add(one.filed()));
            unsynced = false;
            return index.highestModSeq();
        });
        forceShelf(filed);
        force(with(box -> {
            if (!owed().failed(where)) write(List.of(new IndexRecord.Synced(modSeq)));
            // Another thread may have settled some of them, and more may have come.
            unsure = unsure.stream().filter(one -> !doubtful.contains(one)).toList();
            return mark;
        }));
        owed().settled(where, account.checkpoint().settled(batch));
    }

    /** How often a force of the shelf has failed. */
    int failures() {
        return failures.get();
    }

    /** Forces these on the shelf, and whatever was renamed and removed before; without the lock. */
    void forceShelf(List<Filed> filed) throws IOException {
        try {
            Stamp before = with(box -> folder.stamp());
            forceFolder(filed);
            with(box -> {
                write(List.of(new IndexRecord.Forced(before)));
                return box;
            });
        } catch (Gone closed) {
            // That is no failure of the disk.
            throw closed;
        } catch (IOException e) {
            failures.incrementAndGet();
            unsynced = true;
            owed().doubt(where);
            account.checkpoint().later(where);
            throw e;
        }
    }

    private void forceFolder(List<Filed> filed) throws IOException {
        forcing.readLock().lock();
        try {
            if (gone) throw new Gone(name);
            account.checkpoint().force(folder, index.uidValidity(), filed);
        } finally {
            forcing.readLock().unlock();
        }
    }

    /** Unloads it if nobody has used it for so long. @return whether it is gone */
    boolean closeIfIdle(long nanos) throws IOException {
        if (!lock.tryLock()) return false;
        try {
            if (gone) return true;
            if (users > 0 || owed().any(where) || System.nanoTime() - lastUsed < nanos) return false;
            close();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Unloads it. What was delivered and cannot be settled stays in the journal, and owed. */
    void close() throws IOException {
        lock.lock();
        try {
            if (gone) return;
            if (due()) settle();
            if (touched && !owed().failed(where)) index.finish(dirty ? new Stamp(0, 0, 0) : known);
            // Before another one of that name can be in its place.
            if (index != null) new NotedUids(account, name).write(index);
            end();
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            abandon();
            throw e;
        } finally {
            lock.unlock();
        }
    }

    /** The messages as the folder knows them. */
    List<Filed> filed(UidSet uids) {
        List<Filed> filed = new ArrayList<>();
        index.table().each(uids, row -> filed.add(index.table().filed(row)));
        return filed;
    }

    /** The message of that UID, which is there. */
    Entry entry(long uid) {
        return index.table().entry(index.table().row(uid));
    }
}
