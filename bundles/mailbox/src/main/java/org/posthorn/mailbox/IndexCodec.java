package org.posthorn.mailbox;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Stamp;
import org.posthorn.api.mailbox.UidSet;

/**
 * Records as bytes: length, CRC-32C of what follows, type, content. Numbers inside are of variable length, seven bits a byte. What a later version
 * adds to a record stands at its end, where an earlier one passes it over.
 */
final class IndexCodec {

    static final int LONGEST = 1 << 20;
    /** An expunge of more ranges is several records. */
    static final int MOST_RANGES = 10_000;

    private static final int FRAME = 8;
    /** RFC 3501 2.3.1.1. */
    private static final long LAST_UID = 0xFFFFFFFFL;

    private ByteBuffer out = ByteBuffer.allocate(512);

    /** Puts a record behind those written since the last {@link #take}. */
    void write(IndexRecord record) {
        int start = out.position();
        room(FRAME);
        out.position(start + FRAME);
        content(record);
        CRC32C crc = new CRC32C();
        crc.update(out.array(), start + FRAME, out.position() - start - FRAME);
        out.putInt(start, out.position() - start - FRAME).putInt(start + 4, (int) crc.getValue());
    }

    /** What was written, to be used before the next record is. */
    ByteBuffer take() {
        ByteBuffer written = out.flip();
        out = ByteBuffer.wrap(out.array());
        if (out.capacity() > LONGEST) out = ByteBuffer.allocate(512);
        return written;
    }

    int waiting() {
        return out.position();
    }

    private void content(IndexRecord record) {
        if (record instanceof IndexRecord.Head r)
            type(1).number(r.uidValidity())
                    .number(r.modSeq())
                    .number(r.mailboxId())
                    .number(r.savedBy());
        else if (record instanceof IndexRecord.Added r) type(2).added(r.entry(), r.key());
        else if (record instanceof IndexRecord.Flagged r)
            type(3).number(r.uid()).number(r.modSeq()).flags(r.flags());
        else if (record instanceof IndexRecord.Expunged r)
            type(4).number(r.modSeq()).uids(r.uids()).traces(r.traces());
        else if (record instanceof IndexRecord.Keyed r) type(5).number(r.uid()).text(r.key());
        else if (record instanceof IndexRecord.Reserved r) type(6).number(r.uidNext());
        else if (record instanceof IndexRecord.Claimed r) type(7).number(r.uid());
        else if (record instanceof IndexRecord.Floor r) type(8).number(r.modSeq());
        else if (record instanceof IndexRecord.Opened r) type(9).text(r.boot());
        else if (record instanceof IndexRecord.Synced r) type(10).number(r.modSeq());
        else if (record instanceof IndexRecord.Closed r)
            type(11).number(r.uidNext()).stamp(r.stamp());
        else if (record instanceof IndexRecord.Forced r) type(12).stamp(r.stamp());
    }

    /** Reads the record that begins at the buffer's position, and moves on behind it. Null when no whole one does. */
    static IndexRecord read(ByteBuffer in) {
        if (in.remaining() < FRAME) return null;
        int length = in.getInt(in.position());
        if (length < 1 || length > LONGEST || in.remaining() < FRAME + length) return null;
        ByteBuffer content = in.slice(in.position() + FRAME, length);
        CRC32C crc = new CRC32C();
        crc.update(content.duplicate());
        if ((int) crc.getValue() != in.getInt(in.position() + 4)) return null;
        try {
            IndexRecord record = content(content);
            in.position(in.position() + FRAME + length);
            return record;
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return null;
        }
    }

    private static IndexRecord content(ByteBuffer in) {
        return switch (in.get()) {
            case 1 -> new IndexRecord.Head(number(in), number(in), later(in), later(in));
            case 2 -> added(in);
            case 3 -> new IndexRecord.Flagged(number(in), number(in), flags(in));
            case 4 -> expunged(in);
            case 5 -> new IndexRecord.Keyed(number(in), text(in));
            case 6 -> new IndexRecord.Reserved(uidNext(in));
            case 7 -> new IndexRecord.Claimed(number(in));
            case 8 -> new IndexRecord.Floor(number(in));
            case 9 -> new IndexRecord.Opened(text(in));
            case 10 -> new IndexRecord.Synced(number(in));
            case 11 -> new IndexRecord.Closed(uidNext(in), stamp(in));
            case 12 -> new IndexRecord.Forced(stamp(in));
            default -> throw new IllegalArgumentException("a record of a later version");
        };
    }

    private void room(int bytes) {
        if (out.remaining() >= bytes) return;
        ByteBuffer wider = ByteBuffer.allocate(2 * out.capacity() + bytes);
        out = wider.put(out.flip());
    }

    private IndexCodec type(int type) {
        room(1);
        out.put((byte) type);
        return this;
    }

    private IndexCodec number(long n) {
        room(10);
        for (; (n & ~0x7FL) != 0; n >>>= 7) out.put((byte) (n | 0x80));
        out.put((byte) n);
        return this;
    }

    private IndexCodec text(String s) {
        byte[] bytes = s.getBytes(StandardCharsets.UTF_8);
        number(bytes.length);
        room(bytes.length);
        out.put(bytes);
        return this;
    }

    private IndexCodec flags(Flags flags) {
        number(flags.system()).number(flags.keywords().size());
        flags.keywords().forEach(this::text);
        return this;
    }

    private void added(Entry e, String key) {
        long date = e.internalDate().getEpochSecond();
        number(e.uid()).number(e.modSeq()).number(e.size()).number(date).flags(e.flags());
        text(key).number(e.saved().getEpochSecond()).number(e.emailId());
        // Most have not changed since they came.
        if (e.born() != e.modSeq()) number(e.born());
    }

    private IndexCodec uids(UidSet uids) {
        number(uids.ranges().size());
        uids.ranges().forEach(r -> number(r.first()).number(r.size()));
        return this;
    }

    private void traces(Traces traces) {
        if (!traces.known()) return;
        pairs(traces.counts(), traces.born());
        pairs(traces.copies(), traces.emailIds());
    }

    private void pairs(long[] one, long[] other) {
        number(one.length);
        for (int i = 0; i < one.length; i++) number(one[i]).number(other[i]);
    }

    private void stamp(Stamp stamp) {
        number(stamp.first()).number(stamp.second()).number(stamp.changed());
    }

    private static Stamp stamp(ByteBuffer in) {
        return new Stamp(number(in), number(in), number(in));
    }

    private static long number(ByteBuffer in) {
        long n = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            byte b = in.get();
            n |= (b & 0x7FL) << shift;
            if (b >= 0) return n;
        }
        throw new IllegalArgumentException("a number without end");
    }

    /** What is reserved may lie beyond the last UID, by no more than there can be. */
    private static long uidNext(ByteBuffer in) {
        long next = number(in);
        if (next < 0 || next > 2 * LAST_UID) throw new IllegalArgumentException("no next UID");
        return next;
    }

    /** A number that earlier versions did not write: 0. */
    private static long later(ByteBuffer in) {
        return in.hasRemaining() ? number(in) : 0;
    }

    private static int count(ByteBuffer in) {
        long n = number(in);
        if (n < 0 || n > in.remaining()) throw new IllegalArgumentException("more than there is");
        return (int) n;
    }

    private static String text(ByteBuffer in) {
        byte[] bytes = new byte[count(in)];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static Flags flags(ByteBuffer in) {
        int system = (int) number(in);
        int n = count(in);
        if (n == 0) return Flags.of(system);
        List<String> keywords = new ArrayList<>(n);
        for (int i = 0; i < n; i++) keywords.add(text(in));
        return new Flags(system, keywords);
    }

    private static IndexRecord added(ByteBuffer in) {
        long uid = number(in);
        if (uid < 1 || uid > LAST_UID) throw new IllegalArgumentException("no UID");
        long modSeq = number(in);
        long size = number(in);
        Instant date = Dates.of(number(in));
        Flags flags = flags(in);
        String key = text(in);
        Instant saved = saved(later(in));
        long emailId = later(in);
        long born = in.hasRemaining() ? number(in) : modSeq;
        return new IndexRecord.Added(new Entry(uid, flags, modSeq, size, date, saved, emailId, born), key);
    }

    private static IndexRecord expunged(ByteBuffer in) {
        long modSeq = number(in);
        UidSet uids = uids(in);
        if (!in.hasRemaining()) return new IndexRecord.Expunged(modSeq, uids);
        long[][] runs = pairs(in);
        long[][] copies = pairs(in);
        return new IndexRecord.Expunged(modSeq, uids, new Traces(runs[0], runs[1], copies[0], copies[1]));
    }

    private static long[][] pairs(ByteBuffer in) {
        int n = count(in);
        long[][] pairs = new long[2][n];
        for (int i = 0; i < n; i++) {
            pairs[0][i] = number(in);
            pairs[1][i] = number(in);
        }
        return pairs;
    }

    /** One that was saved at 0 is one of which that is not known. */
    private static Instant saved(long seconds) {
        return Instant.ofEpochSecond(seconds & 0xFFFFFFFFL);
    }

    private static UidSet uids(ByteBuffer in) {
        int n = count(in);
        List<UidSet.Range> ranges = new ArrayList<>(n);
        long before = 0;
        for (int i = 0; i < n; i++) {
            long first = number(in);
            UidSet.Range range = new UidSet.Range(first, first + number(in) - 1);
            boolean rising = before < first && first <= range.last() && range.last() <= LAST_UID;
            if (!rising) throw new IllegalArgumentException("no set of UIDs");
            ranges.add(range);
            before = range.last();
        }
        return new UidSet(ranges);
    }
}
