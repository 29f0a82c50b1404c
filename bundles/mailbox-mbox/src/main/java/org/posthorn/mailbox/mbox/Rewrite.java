package org.posthorn.mailbox.mbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.Map;
import java.util.zip.CRC32C;
import org.posthorn.api.mailbox.Flags;

/**
 * Writes the end of an mbox anew, without some messages or with other flags. The file stays the same file, since others lock it. What shall stand
 * there is written to a file beside it first, and forced: a crash in the middle is finished by whoever opens the mbox next.
 */
final class Rewrite {

    private static final long MAGIC = 0x504F53544D425831L;
    private static final int HEAD = 5 * Long.BYTES;
    private static final int BLOCK = 256 * 1024;
    private static final String LF = "\n";

    private final Mbox mbox;
    private final BitSet gone;
    private final Map<Integer, Flags> flags;
    private final CRC32C crc = new CRC32C();
    private FileChannel out;
    private long length;

    Rewrite(Mbox mbox, BitSet gone, Map<Integer, Flags> flags) {
        this.mbox = mbox;
        this.gone = gone;
        this.flags = flags;
    }

    static Path beside(Path path) {
        return path.resolveSibling("." + path.getFileName() + ".rewrite");
    }

    /** To be called with the file locked for writing. */
    void run() throws IOException {
        if (endsEarlier()) return;
        try {
            plan();
        } catch (IOException e) {
            Files.deleteIfExists(beside(mbox.path()));
            throw e;
        }
        finish(mbox.path(), mbox.channel());
    }

    /** When only the last messages go the file ends earlier, which needs no plan, nor any room on a full disk. */
    private boolean endsEarlier() throws IOException {
        int first = gone.nextSetBit(0);
        if (first < 0 || gone.nextClearBit(first) < mbox.parts().size()) return false;
        mbox.channel().truncate(mbox.parts().get(first).start());
        mbox.channel().force(true);
        return true;
    }

    /** Has the file begin with that line, and go on with all that it holds from there on. To be called as {@link #run}. */
    void behind(String line, long from) throws IOException {
        boolean base = mbox.uidValidity() != 0;
        String head = line + (base ? Fields.base(mbox.uidValidity(), mbox.lastUid()) : "");
        try {
            plan(0, () -> {
                put(head);
                copy(from, mbox.channel().size());
            });
        } catch (IOException e) {
            Files.deleteIfExists(beside(mbox.path()));
            throw e;
        }
        finish(mbox.path(), mbox.channel());
    }

    /** What is put into a plan. */
    private interface Content {
        void put() throws IOException;
    }

    /** Writes down what shall be, forced. */
    void plan() throws IOException {
        int first =
                gone.isEmpty() ? flags.keySet().stream().min(Integer::compare).orElseThrow() : gone.nextSetBit(0);
        plan(mbox.parts().get(first).start(), () -> messages(first));
    }

    private void plan(long start, Content content) throws IOException {
        Path beside = beside(mbox.path());
        try (FileChannel plan = FileChannel.open(
                beside, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            out = plan.position(HEAD);
            content.put();
            ByteBuffer head = ByteBuffer.allocate(HEAD).putLong(MAGIC);
            head.putLong(start).putLong(mbox.channel().size());
            plan.write(head.putLong(length).putLong(crc.getValue()).flip(), 0);
            plan.force(true);
        }
        MboxShelf.force(beside.getParent());
    }

    private void messages(int first) throws IOException {
        boolean begins = first == 0;
        for (int i = first; i < mbox.parts().size(); i++) {
            if (gone.get(i)) continue;
            Part part = mbox.parts().get(i);
            message(part, flags.getOrDefault(i, part.flags()), begins);
            begins = false;
        }
    }

    private void message(Part part, Flags now, boolean first) throws IOException {
        copy(part.start(), part.content());
        if (mbox.bytes(part.content() - 1, 1)[0] != '\n') put(LF);
        long at = part.content();
        for (int i = 0; i < part.holes().length; i += 2) {
            copy(at, part.holes()[i]);
            at = part.holes()[i + 1];
        }
        copy(at, part.headerEnd());
        if (part.cutInHeader() && part.missing() > 1) put(LF);
        put(fields(part, now, first));
        copy(part.headerEnd(), part.contentEnd());
        if (part.missing() > 0) put(LF);
        put(LF);
    }

    private String fields(Part part, Flags now, boolean first) {
        boolean base = first && mbox.uidValidity() != 0 && !mbox.internal();
        String head = base ? Fields.base(mbox.uidValidity(), mbox.lastUid()) : "";
        return head + Fields.uid(part.uid()) + Fields.flags(now);
    }

    private void put(String text) throws IOException {
        put(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
    }

    private void copy(long from, long behind) throws IOException {
        for (long at = from; at < behind; ) {
            byte[] block = mbox.bytes(at, (int) Math.min(BLOCK, behind - at));
            if (block.length == 0) throw new IOException("The mbox is shorter than it was");
            put(ByteBuffer.wrap(block));
            at += block.length;
        }
    }

    private void put(ByteBuffer bytes) throws IOException {
        crc.update(bytes.duplicate());
        length += bytes.remaining();
        while (bytes.hasRemaining()) out.write(bytes);
    }

    /** Whether a plan was left behind, by a crash. */
    static boolean interrupted(Path path) {
        return Files.exists(beside(path));
    }

    /** Carries a plan out, if it is whole; doing so twice is once. What others have appended since is kept. */
    static void finish(Path path, FileChannel mbox) throws IOException {
        Path beside = beside(path);
        try (FileChannel plan = FileChannel.open(beside, StandardOpenOption.READ)) {
            ByteBuffer head = ByteBuffer.allocate(HEAD);
            while (head.hasRemaining() && plan.read(head) >= 0) continue;
            head.flip();
            if (head.limit() == HEAD && head.getLong() == MAGIC) apply(plan, head, mbox);
        }
        mbox.force(true);
        Files.deleteIfExists(beside);
        // A plan that came back after a power failure would be carried out on what has been appended since.
        MboxShelf.force(beside.getParent());
    }

    private static void apply(FileChannel plan, ByteBuffer head, FileChannel mbox) throws IOException {
        long offset = head.getLong();
        long before = head.getLong();
        long length = head.getLong();
        long sum = head.getLong();
        if (plan.size() != HEAD + length || crc(plan, HEAD, length) != sum || mbox.size() < offset) return;
        boolean done = mbox.size() >= offset + length && crc(mbox, offset, length) == sum;
        ByteBuffer tail = appended(mbox, before, offset + length, done);
        // The file gets its new length at once: so, after a crash, what others append can be told from what is ours.
        if (mbox.size() < offset + length) mbox.write(ByteBuffer.allocate(1), offset + length - 1);
        plan.position(HEAD);
        for (long at = 0; at < length && !done; ) at += mbox.transferFrom(plan, offset + at, length - at);
        long end = offset + length;
        while (tail.hasRemaining()) end += mbox.write(tail, end);
        mbox.truncate(end);
    }

    /** What another program has appended between a crash and now. It begins where the file ended then: before the work, or after it. */
    private static ByteBuffer appended(FileChannel mbox, long before, long after, boolean done) throws IOException {
        long size = mbox.size();
        long from = size;
        if (size > before && from(mbox, before) && !(done && after > before)) from = before;
        else if (after > before ? size > after : done && size != before) from = after;
        ByteBuffer tail = ByteBuffer.allocate((int) Math.min(Integer.MAX_VALUE - 8, Math.max(0, size - from)));
        while (tail.hasRemaining() && mbox.read(tail, from + tail.position()) > 0) continue;
        return tail.flip();
    }

    private static boolean from(FileChannel mbox, long at) throws IOException {
        ByteBuffer begin = ByteBuffer.allocate(5);
        int n = mbox.read(begin, at);
        return FromLine.begins(begin.array(), 0, n);
    }

    private static long crc(FileChannel file, long from, long length) throws IOException {
        CRC32C crc = new CRC32C();
        for (long at = from; at < from + length; ) {
            ByteBuffer block = ByteBuffer.allocate((int) Math.min(BLOCK, from + length - at));
            int n = file.read(block, at);
            if (n <= 0) return -1;
            crc.update(block.flip());
            at += n;
        }
        return crc.getValue();
    }
}
