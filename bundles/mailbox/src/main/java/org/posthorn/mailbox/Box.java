package org.posthorn.mailbox;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Filed;
import org.posthorn.api.mailbox.Folder;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.Stamp;
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

    /** Something done under the lock. */
    @FunctionalInterface
    interface Call<T> {
        T on(Box box) throws IOException;
    }

    private final AccountShelf account;
    private final String name;
    final ReentrantLock lock = new ReentrantLock();
    private Folder folder;
    private Index index;
    private Stamp known;
    private boolean dirty = true;
    private boolean touched;
    private boolean news;
    // When to look again whether a change hid in the same tick as one of our own; 0 for no need.
    private long verifyAt;
    private long scanCost;
    private boolean gone;
    private int users;
    private long lastUsed = System.nanoTime();
    private long mark;
    private volatile boolean unsynced;
    // What a process that died without closing may have left unforced.
    private List<Filed> unsure = List.of();
    private final Map<Long, Unsettled> unsettled = new LinkedHashMap<>();

    Box(AccountShelf account, String name) {
        this.account = account;
        this.name = name;
    }

    String name() {
        return name;
    }

    AccountShelf account() {
        return account;
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
            if (gone) throw new IOException("Mailbox " + name + " is being opened anew, try again");
            if (index == null) load();
            T result = call.on(this);
            tell = news;
            news = false;
            return result;
        } catch (MailboxFault e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            abandon();
            throw e;
        } finally {
            lock.unlock();
            if (tell) account.tell(name);
        }
    }

    private void load() throws IOException {
        folder = account.shelf().open(name);
        index = Index.open(account.indexPath(name));
        if (!index.whole()) mend();
        known = folder.stamp();
        dirty = !index.closed().map(known::equals).orElse(false);
        verifyAt = soon();
        if (index.closed().isPresent()) return;
        unsure = filed(UidSet.range(
                index.sureBelow(), Math.max(index.sureBelow(), index.table().lastUid())));
        if (!unsure.isEmpty()) account.checkpoint().due(this);
    }

    private void mend() throws IOException {
        long validity = index.uidValidity() != 0
                ? index.uidValidity()
                : folder.scan(key -> false).uidValidity();
        LOG.info("The index of {} of {} is read from the shelf", name, account.address());
        index.mend(validity != 0 ? validity : account.nextUidValidity(), account.nextModSeq());
    }

    Folder folder() {
        return folder;
    }

    Index index() {
        return index;
    }

    /** Looks whether other programs have changed something, and takes it over. */
    void refresh() throws IOException {
        boolean due = verifyAt != 0 && System.nanoTime() - verifyAt >= 0;
        if (!dirty && !due && known.equals(folder.stamp())) return;
        long begin = System.nanoTime();
        Reconciliation found = new Reconciliation(index, folder);
        boolean powerLost =
                index.closed().isEmpty() && !touched && !index.boot().equals(account.boot());
        List<IndexRecord> records = found.run(new Reconciliation.ModSeqs(account), powerLost);
        if (!records.isEmpty()) commit(records);
        known = found.scan().stamp();
        dirty = !found.scan().settled();
        scanCost = System.nanoTime() - begin;
        verifyAt = young() ? soon() : 0;
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
            lock.lock();
            try {
                abandon();
            } finally {
                lock.unlock();
            }
            throw e;
        }
    }

    /** Nothing in memory can be trusted any more. */
    private void abandon() {
        // Who still holds a box that is gone must not close what its successor uses.
        if (gone) return;
        gone = true;
        account.forget(this);
        try {
            if (index != null) index.close();
            if (folder != null) folder.close();
        } catch (IOException e) {
            LOG.warn("Mailbox {} of {} could not be closed: {}", name, account.address(), e.toString());
        }
    }

    /** A delivered message waits to be forced and settled. */
    void unsettled(Unsettled one) {
        unsettled.put(one.filed().uid(), one);
    }

    boolean anyUnsettled(UidSet uids) {
        return unsettled.keySet().stream().anyMatch(uids::contains);
    }

    /** Whether the checkpoint has something to do here. */
    boolean due() {
        return unsynced || !unsure.isEmpty() || !unsettled.isEmpty();
    }

    /** Forces what was delivered, and what was flagged, then settles it with the spool. Without the lock. */
    void settle() throws IOException {
        List<Unsettled> batch = new ArrayList<>();
        List<Filed> filed = new ArrayList<>();
        long modSeq = with(box -> {
            batch.addAll(unsettled.values());
            filed.addAll(unsure);
            batch.forEach(one -> filed.add(one.filed()));
            unsynced = false;
            return index.highestModSeq();
        });
        forceShelf(filed);
        force(with(box -> {
            write(List.of(new IndexRecord.Synced(modSeq)));
            unsure = List.of();
            return mark;
        }));
        Collection<Unsettled> settled = account.checkpoint().settled(batch);
        with(box -> {
            settled.forEach(one -> unsettled.remove(one.filed().uid(), one));
            return null;
        });
    }

    private void forceShelf(List<Filed> filed) throws IOException {
        try {
            account.checkpoint().force(folder, index.uidValidity(), filed);
        } catch (IOException e) {
            unsynced = true;
            throw e;
        }
    }

    /** Unloads it if nobody has used it for so long. @return whether it is gone */
    boolean closeIfIdle(long nanos) throws IOException {
        if (!lock.tryLock()) return false;
        try {
            if (gone) return true;
            if (users > 0 || !unsettled.isEmpty() || System.nanoTime() - lastUsed < nanos) return false;
            close();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Unloads it. What was delivered and not settled stays in the journal. */
    void close() throws IOException {
        lock.lock();
        try {
            if (gone) return;
            if (index != null && (unsynced || !unsure.isEmpty())) settle();
            gone = true;
            account.forget(this);
            if (index == null) return;
            if (touched) index.finish(dirty ? new Stamp(0, 0, 0) : known);
            else index.close();
            folder.close();
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
