package org.posthorn.mailbox.mbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Stamp;

/** One mbox file: its channel, its locks, and where its messages lie. Everything that reads or writes it in this process goes through here. */
final class Mbox {

    /** Something done while other processes are kept away, and while the messages' places are right. */
    @FunctionalInterface
    interface Work<T> {
        T on(Mbox mbox) throws IOException;
    }

    private static final byte[] INTERNAL = "From MAILER-DAEMON ".getBytes(StandardCharsets.US_ASCII);

    private final Path path;
    private final ReentrantLock mutex = new ReentrantLock();
    private FileChannel channel;
    private Object inode;
    private Stamp parsed = new Stamp(-1, 0, 0);
    private List<Part> parts = new ArrayList<>();
    private final Map<String, Integer> places = new HashMap<>();
    private final Map<String, Integer> same = new HashMap<>();
    /** What c-client begins a file with: a message that is none, but tells of the file. It stays where it is, and readers do not see it. */
    private Optional<Part> internal = Optional.empty();

    private Optional<Part.Value> base = Optional.empty();
    private long uidValidity;
    private long lastUid;
    /** How many hold it open; changes under the lock of {@link OpenFiles} only. */
    int users;

    Mbox(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    Stamp stamp() throws IOException {
        BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
        return new Stamp(
                now.size(),
                now.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                now.lastModifiedTime().toMillis());
    }

    <T> T reading(Work<T> work) throws IOException {
        return locked(MboxLock.Work.READ, work);
    }

    /** What the work changed must be told by {@link #reparse}. */
    <T> T writing(Work<T> work) throws IOException {
        return locked(MboxLock.Work.WRITE, work);
    }

    /** The same for what is written behind all that is there. */
    <T> T appending(Work<T> work) throws IOException {
        return locked(MboxLock.Work.APPEND, work);
    }

    private <T> T locked(MboxLock.Work kind, Work<T> work) throws IOException {
        mutex.lock();
        try {
            boolean first = channel == null;
            open();
            boolean cut = Rewrite.interrupted(path);
            boolean torn = first && MboxLock.left(path);
            boolean mends = cut || torn && kind == MboxLock.Work.READ;
            MboxLock lock = MboxLock.take(channel, path, mends ? MboxLock.Work.WRITE : kind);
            try {
                if (cut) Rewrite.finish(path, channel);
                catchUp();
                return work.on(this);
            } finally {
                lock.close();
            }
        } finally {
            mutex.unlock();
        }
    }

    /** Opens it anew when another program has put another file in its place. */
    private void open() throws IOException {
        Object now = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        if (channel != null && channel.isOpen() && Objects.equals(now, inode)) return;
        if (channel != null) channel.close();
        channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        inode = now;
        parsed = new Stamp(-1, 0, 0);
    }

    /** Finds the messages again if somebody has changed the file. */
    private void catchUp() throws IOException {
        Stamp now = stamp();
        if (now.equals(parsed)) return;
        boolean grown = parsed.first() > 0 && now.first() > parsed.first() && endsAsBefore();
        reparse(grown ? parts.size() : 0);
    }

    /** Whether the last message we know still stands where it stood, and another one follows it. */
    private boolean endsAsBefore() throws IOException {
        if (parts.isEmpty()) return false;
        Part last = parts.get(parts.size() - 1);
        return last.end() == parsed.first()
                && FromLine.begins(bytes(last.start(), 5), 0, 5)
                && FromLine.begins(bytes(last.end(), 5), 0, 5)
                && last.contentEnd() < last.end();
    }

    /** Finds the messages from that one on again; those before it are where they were. */
    void reparse(int from) throws IOException {
        Stamp now = stamp();
        long start = from == 0 ? 0 : parts.get(from - 1).end();
        if (from < parts.size() || from == 0) {
            parts = new ArrayList<>(parts.subList(0, from));
            places.clear();
            same.clear();
            for (Part part : parts) count(part);
        }
        Parser parser = new Parser(java.time.Instant.ofEpochMilli(now.changed()), same);
        parts.addAll(parser.parse(Lines.of(channel, start), start));
        if (from == 0) begin();
        for (int i = from; i < parts.size(); i++) places.put(parts.get(i).key(), i);
        parsed = now;
    }

    /** The flags of that message were overwritten; nothing has moved. */
    void flagged(int place, Flags flags) throws IOException {
        parts.set(place, parts.get(place).with(flags));
        parsed = stamp();
    }

    private void count(Part part) {
        places.put(part.key(), places.size());
        Parser.count(same, part.key());
    }

    /** How the file looked when its messages were found. */
    Stamp parsed() {
        return parsed;
    }

    List<Part> parts() {
        return parts;
    }

    /** Where in the list the message of that name is; negative when it is not there. */
    int place(String key) {
        return places.getOrDefault(key, -1);
    }

    FileChannel channel() {
        return channel;
    }

    /** The UIDVALIDITY noted in the first message; 0 when there is none. */
    long uidValidity() {
        return uidValidity;
    }

    /** The last UID noted there. */
    long lastUid() {
        return lastUid;
    }

    /** Whether the file begins with a message of c-client's, which has the base of UIDs. */
    boolean internal() {
        return internal.isPresent();
    }

    /** Where the first message begins, be it one that is none; the end of the file when there is none at all. */
    long front() throws IOException {
        Part first = internal.orElse(parts.isEmpty() ? null : parts.get(0));
        return first == null ? channel.size() : first.start();
    }

    private void begin() throws IOException {
        internal = Optional.empty();
        if (!parts.isEmpty() && isInternal(parts.get(0))) internal = Optional.of(parts.remove(0));
        Map<String, Part.Value> fields = internal.isEmpty() && parts.isEmpty()
                ? Map.of()
                : internal.orElseGet(() -> parts.get(0)).fields();
        base = Optional.ofNullable(fields.get(internal() ? Fields.INTERNAL : Fields.BASE));
        uidValidity = base.map(b -> Fields.number(b.text(), 0)).orElse(0L);
        lastUid = base.map(b -> Fields.number(b.text(), 1)).orElse(0L);
    }

    /** A mail that somebody has sent with such a field is one nevertheless. */
    private boolean isInternal(Part part) throws IOException {
        Part.Value value = part.fields().get(Fields.INTERNAL);
        return value != null
                && Fields.number(value.text(), 0) > 0
                && Arrays.equals(bytes(part.start(), INTERNAL.length), INTERNAL);
    }

    /** Notes there that a UID was given. */
    void given(long uid) throws IOException {
        if (base.isEmpty() || uid <= lastUid) return;
        int digits = base.get().text().indexOf(' ') + 1;
        boolean room = digits > 0 && base.get().length() >= digits + Fields.UID_DIGITS;
        if (!room) return;
        overwrite(new Part.Value(base.get().at() + digits, Fields.UID_DIGITS, ""), Fields.digits(uid));
        lastUid = uid;
    }

    /** Overwrites a value with one that is no longer. */
    void overwrite(Part.Value value, String text) throws IOException {
        write(value.at(), ByteBuffer.wrap(Fields.padded(text, value.length()).getBytes(StandardCharsets.UTF_8)));
    }

    void write(long at, ByteBuffer bytes) throws IOException {
        for (long to = at; bytes.hasRemaining(); ) to += channel.write(bytes, to);
    }

    byte[] bytes(long at, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        for (int n; bytes.hasRemaining() && (n = channel.read(bytes, at + bytes.position())) > 0; ) continue;
        return Arrays.copyOf(bytes.array(), bytes.position());
    }

    void force() throws IOException {
        FileChannel open = channel;
        if (open != null) open.force(true);
    }

    void close() throws IOException {
        mutex.lock();
        try {
            if (channel != null) channel.close();
        } finally {
            mutex.unlock();
        }
    }
}
