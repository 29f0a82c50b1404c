package org.posthorn.mailbox;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.posthorn.api.mailbox.Amount;
import org.posthorn.api.mailbox.Changes;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Stamp;
import org.posthorn.api.mailbox.UidSet;

/** What is known of one mailbox, in memory and in its file. For one thread at a time, {@link #force} excepted. */
final class Index implements Closeable {

    /** So many UIDs, or more, are reserved with one force. */
    private static final int RESERVE = 4096;
    /** After damage, UIDs may have been given that nobody remembers. */
    private static final int LEAP = 1 << 16;

    private static final long SMALL = 256 * 1024;
    /** A file is written anew when it has so many times the records that it needs: one for each message and expunge, and some besides. */
    private static final int WASTEFUL = 3;

    private static final int BESIDES = 9;

    private final IndexFile file;
    private final MessageTable table = new MessageTable();
    private final ChangeLog changes = new ChangeLog();
    private final ExpungeLog expunged = new ExpungeLog();
    private long uidValidity;
    private long uidNext = 1;
    private long reserved = 1;
    private long recentFrom = 1;
    private long highest;
    private long synced;
    private long sureBelow = 1;
    private Stamp forced = new Stamp(0, 0, 0);
    private String boot = "";
    private Optional<Stamp> closed = Optional.empty();
    // How many records the file has.
    private long records;
    private final boolean whole;
    /** How far it reached when it was opened, and where it went on: what lies between was never given out by what could be read. */
    private long reached;

    private long resumed = Long.MAX_VALUE;

    /** A way to read the file. */
    private interface Opener {
        IndexFile.Opened open(Path path, Consumer<IndexRecord> records) throws IOException;
    }

    private Index(Path path, Opener opener) throws IOException {
        IndexFile.Opened opened = opener.open(path, this::apply);
        file = opened.file();
        whole = opened.whole() && uidValidity != 0;
        if (closed.isEmpty()) uidNext = Math.max(uidNext, reserved);
        if (!whole) uidNext += uidNext > 1 ? LEAP : 0;
        changes.sort();
        reached = highest;
    }

    /** Reads it; one that is not there is empty and not {@link #whole}. */
    static Index open(Path path) throws IOException {
        return new Index(path, IndexFile::open);
    }

    /** What stands there, to be looked at alone: the file stays as it is. */
    static Index look(Path path) throws IOException {
        return new Index(path, IndexFile::look);
    }

    /** What the mailbox held when it was written last; empty when it cannot tell. */
    static Optional<Amount> held(Path path) throws IOException {
        if (!Files.exists(path)) return Optional.empty();
        try (Index index = look(path)) {
            return index.whole() ? Optional.of(index.table.held()) : Optional.empty();
        }
    }

    /** Makes one for a mailbox that is new. */
    static Index create(Path path, IndexRecord.Head head) throws IOException {
        Index index = new Index(path, IndexFile::open);
        index.file.replace(Stream.of(head));
        index.apply(head);
        index.reached = head.modSeq();
        return index;
    }

    /** Whether nothing of it was missing. If something was, a new mod-sequence has to tell those who knew it. */
    boolean whole() {
        return whole;
    }

    /** Begins again with what could be read, under that head; a MAILBOXID that could be read stays. */
    void mend(IndexRecord.Head head) throws IOException {
        uidValidity = head.uidValidity();
        highest = head.modSeq();
        resumed = head.modSeq();
        if (table.mailboxId() == 0) table.identify(head.mailboxId(), head.savedBy());
        closed = Optional.empty();
        expunged.floor(head.modSeq());
        rewrite();
    }

    private void apply(IndexRecord record) {
        records++;
        if (!(record instanceof IndexRecord.Closed)) closed = Optional.empty();
        if (record instanceof IndexRecord.Added r) added(r);
        else if (record instanceof IndexRecord.Flagged r) flagged(r);
        else if (record instanceof IndexRecord.Expunged r) expunged(r);
        else if (record instanceof IndexRecord.Head r) {
            uidValidity = r.uidValidity();
            highest = r.modSeq();
            table.identify(r.mailboxId(), r.savedBy());
        } else if (record instanceof IndexRecord.Keyed r) {
            if (table.row(r.uid()) >= 0) table.key(table.row(r.uid()), r.key());
        } else if (record instanceof IndexRecord.Reserved r) reserved = r.uidNext();
        else if (record instanceof IndexRecord.Claimed r) recentFrom = r.uid();
        else if (record instanceof IndexRecord.Floor r) expunged.floor(r.modSeq());
        else if (record instanceof IndexRecord.Opened r) boot = r.boot();
        else if (record instanceof IndexRecord.Synced r) synced = r.modSeq();
        else if (record instanceof IndexRecord.Forced r) forced = r.stamp();
        else if (record instanceof IndexRecord.Closed r) {
            if (r.stamp().changed() != 0) forced = r.stamp();
            uidNext = Math.max(uidNext, r.uidNext());
            reserved = uidNext;
            sureBelow = r.uidNext();
            closed = Optional.of(r.stamp());
        }
    }

    private void added(IndexRecord.Added r) {
        if (r.entry().uid() <= table.lastUid()) return;
        table.add(r.entry(), r.key());
        changes.add(r.entry().modSeq(), r.entry().uid());
        uidNext = Math.max(uidNext, r.entry().uid() + 1);
        highest = Math.max(highest, r.entry().modSeq());
    }

    private void flagged(IndexRecord.Flagged r) {
        int row = table.row(r.uid());
        if (row < 0) return;
        table.flag(row, r.flags(), r.modSeq());
        changes.add(r.modSeq(), r.uid());
        highest = Math.max(highest, r.modSeq());
    }

    private void expunged(IndexRecord.Expunged r) {
        table.remove(r.uids());
        expunged.add(r);
        highest = Math.max(highest, r.modSeq());
    }

    /** Writes records, unforced, and does what they say. @return the mark to force up to */
    long commit(List<? extends IndexRecord> records) throws IOException {
        List<? extends IndexRecord> traced = traced(records);
        long mark = file.append(traced);
        for (IndexRecord record : traced) {
            apply(record);
            if (resumed == Long.MAX_VALUE && highest > reached) resumed = highest;
        }
        if (wasteful()) rewrite();
        changes.tidy(table);
        return mark;
    }

    /** With what is to be known of messages once they are gone. */
    private List<? extends IndexRecord> traced(List<? extends IndexRecord> records) {
        if (records.stream().noneMatch(r -> r instanceof IndexRecord.Expunged)) return records;
        return records.stream()
                .map(r -> r instanceof IndexRecord.Expunged e
                        ? new IndexRecord.Expunged(e.modSeq(), e.uids(), Traces.of(table, e.uids()))
                        : r)
                .toList();
    }

    void force(long mark) throws IOException {
        file.force(mark);
    }

    /** Whether that is forced already. */
    boolean forced(long mark) {
        return file.forced(mark);
    }

    /** Writes all of it anew, forced. */
    void rewrite() throws IOException {
        file.replace(Stream.of(
                        Stream.of(
                                head(),
                                new IndexRecord.Closed(sureBelow, new Stamp(0, 0, 0)),
                                new IndexRecord.Reserved(Math.max(reserved, uidNext)),
                                new IndexRecord.Claimed(recentFrom),
                                new IndexRecord.Floor(expunged.floor()),
                                new IndexRecord.Opened(boot),
                                new IndexRecord.Synced(synced),
                                new IndexRecord.Forced(forced)),
                        // First, so that they take nothing away that is there.
                        expunged.lines().stream().map(ExpungeLog.Line::record),
                        IntStream.range(0, table.rows())
                                .mapToObj(row -> new IndexRecord.Added(table.entry(row), table.key(row))),
                        Stream.of(head()))
                .flatMap(s -> s));
        reserved = Math.max(reserved, uidNext);
        records = needed();
    }

    private IndexRecord.Head head() {
        return new IndexRecord.Head(uidValidity, highest, table.mailboxId(), table.savedBy());
    }

    private boolean wasteful() {
        return file.length() > SMALL && records > WASTEFUL * needed();
    }

    private long needed() {
        return BESIDES + table.rows() + expunged.lines().size();
    }

    MessageTable table() {
        return table;
    }

    long uidValidity() {
        return uidValidity;
    }

    long uidNext() {
        return uidNext;
    }

    /** A UID that none has had. */
    long takeUid() throws IOException {
        reserve(1);
        return uidNext++;
    }

    /** Has so many UIDs ready to be taken, with one force for all of them. */
    void reserve(long uids) throws IOException {
        if (uids > 0 && uidNext + uids > reserved)
            force(commit(List.of(new IndexRecord.Reserved(uidNext + Math.max(RESERVE, uids)))));
    }

    /** No UID below that one is given from now on. */
    void skipTo(long uid) {
        uidNext = Math.max(uidNext, uid);
    }

    long recentFrom() {
        return recentFrom;
    }

    long highestModSeq() {
        return highest;
    }

    long synced() {
        return synced;
    }

    /** How the shelf looked before it was forced the last time. */
    Stamp forced() {
        return forced;
    }

    /** In whose life of the kernel it was last in use. */
    String boot() {
        return boot;
    }

    /** How the shelf looked when nobody used it any more; empty if it was not closed. */
    Optional<Stamp> closed() {
        return closed;
    }

    /** Messages below that UID were forced, and their UIDs noted on the shelf, when it was last closed. */
    long sureBelow() {
        return sureBelow;
    }

    /**
     * Who knows of a mod-sequence that this never gave has it from records that are gone, or from the program that had the mailbox before: one that was cut
     * off just behind the end of an earlier use looks whole.
     */
    private boolean gave(long modSeq) {
        return modSeq <= reached || modSeq >= resumed && modSeq <= highest;
    }

    /** UIDs of messages that it knew and that are gone, as far as the log reaches back. */
    UidSet expunged() {
        return expunged.all();
    }

    /** Whether it knew a message of that UID that is gone, as far as the log reaches back. */
    boolean expunged(long uid) {
        return expunged.lines().stream().anyMatch(line -> line.uids().contains(uid));
    }

    /** Of a mod-sequence that this never gave: everything. */
    Changes since(long modSeq) {
        boolean gave = gave(modSeq);
        List<Entry> entries = new ArrayList<>();
        for (int row : changes.since(gave ? modSeq : 0, table)) entries.add(table.entry(row));
        return expunged.since(modSeq)
                .filter(gone -> gave)
                .map(gone -> new Changes(entries, gone, true, highest))
                .orElseGet(() -> new Changes(entries, UidSet.EMPTY, false, highest));
    }

    /** Rows that changed after that mod-sequence, rising. */
    int[] changed(long modSeq) {
        return changes.since(modSeq, table);
    }

    /** Since when it knows which emails left. */
    long leftFrom() {
        return expunged.tracedFrom();
    }

    /** What left: as {@link ExpungeLog#tell}. */
    boolean left(long since, ExpungeLog.Hearer hearer) {
        return expunged.tell(since, table, hearer);
    }

    /** Writes down that nobody uses it any more, forced. */
    void finish(Stamp stamp) throws IOException {
        commit(List.of(new IndexRecord.Closed(uidNext, stamp)));
        file.finish();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
