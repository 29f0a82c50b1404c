package org.posthorn.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.posthorn.api.mailbox.IdChanges;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The objects of one data type in an account, and what became of them when: a file of JSON texts, a line for each change, which is appended and forced. A line that a crash has torn is
 * cut off; one that makes no sense is told of and left out. When most lines or octets say what is no longer so, the file is written anew beside it and put in its place. Nobody else may have the
 * file. Safe for several threads.
 *
 * <p>A line has the state {@code n} to which it leads, the {@code number} of the object, and the {@code object}, unless that is gone. The first line has the state {@code floor} before which
 * changes cannot be told, and the last {@code number}.
 */
public final class ObjectLog {

    private static final Logger LOG = LoggerFactory.getLogger(ObjectLog.class);

    private static final int LONGEST = 64 << 20;
    /** Of a line: an envelope may have 100,000 recipients. */
    private static final int VALUES = 2_000_000;

    private static final int SPARE_LINES = 500;
    private static final int SPARE_OCTETS = 1 << 20;

    /** Of all that there is: far below what is read at a start, and what memory holds. */
    public static final int MOST_OCTETS = 16 << 20;

    /** One that there is. @param created the state with which it came, {@code changed} that with which it changed last */
    public record Entry(long number, long created, long changed, ObjectNode object) {}

    private final Path file;
    private final long start;
    private final TreeMap<Long, Entry> entries = new TreeMap<>();
    /** Those that went, and the states with which they came and went. */
    private final TreeMap<Long, Entry> gone = new TreeMap<>();

    private long floor;
    private long state;
    private long last;
    private int lines;
    private long length;
    /** Of the file when it held nothing that is no longer so. */
    private long neat;

    private ObjectLog(Path file, long start) {
        this.file = file;
        this.start = start;
    }

    /** @param start the state with which a new file begins: above all that one which was lost may have had */
    public static ObjectLog open(Path file, long start) throws IOException {
        ObjectLog log = new ObjectLog(file, start);
        if (Files.exists(file)) log.read();
        return log;
    }

    private void read() throws IOException {
        if (Files.size(file) > LONGEST) throw new IOException(file + " is too long");
        byte[] octets = Files.readAllBytes(file);
        length = octets.length;
        int from = 0;
        for (int i = 0; i < octets.length; i++) {
            if (octets[i] != '\n') continue;
            line(octets, from, i - from);
            from = i + 1;
        }
        if (from == octets.length) return;
        LOG.warn("The end of {} was torn by a crash: its last line is left out", file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(from);
            channel.force(true);
        }
    }

    private void line(byte[] octets, int from, int length) {
        lines++;
        try {
            if (Json.read(octets, from, length, VALUES) instanceof ObjectNode line) take(line);
            else throw new IOException("no object");
        } catch (IOException e) {
            LOG.warn("Line {} of {} is damaged and left out: {}", lines, file, e.getMessage());
        }
    }

    private void take(ObjectNode line) {
        if (line.has("floor")) {
            floor = line.path("floor").asLong();
            state = Math.max(state, floor);
            last = Math.max(last, line.path("number").asLong());
            return;
        }
        long n = line.path("n").asLong();
        take(n, line.path("created").asLong(n), line.path("number").asLong(), line.get("object"));
    }

    private void take(long n, long first, long number, JsonNode object) {
        state = Math.max(state, n);
        last = Math.max(last, number);
        Entry before = entries.get(number);
        long created = before == null ? first : before.created;
        if (object instanceof ObjectNode it) entries.put(number, new Entry(number, created, n, it));
        else {
            entries.remove(number);
            gone.put(number, new Entry(number, created, n, Json.NODES.objectNode()));
        }
    }

    /** Grows with each change; 0 when nothing was ever there. */
    public synchronized long state() {
        return state;
    }

    /** All, the oldest first. The objects are not to be changed. */
    public synchronized List<Entry> all() {
        return List.copyOf(entries.values());
    }

    public synchronized Optional<Entry> get(long number) {
        return Optional.ofNullable(entries.get(number));
    }

    public synchronized int size() {
        return entries.size();
    }

    /** Whether all that there is takes more room than {@value #MOST_OCTETS} octets: nothing more is to be added then. */
    public synchronized boolean full() throws IOException {
        if (length > MOST_OCTETS && length > neat) writeAnew();
        return length > MOST_OCTETS;
    }

    /** Adds one, forced. @return its number */
    public synchronized long add(ObjectNode object) throws IOException {
        write(last + 1, object);
        return last;
    }

    /** Changes one that is there, forced. */
    public synchronized void put(long number, ObjectNode object) throws IOException {
        if (entries.containsKey(number)) write(number, object);
    }

    /** Takes one away, forced. */
    public synchronized void remove(long number) throws IOException {
        if (entries.containsKey(number)) write(number, null);
    }

    /** Takes one away, forced, and with it all that the file says of it. */
    public synchronized void erase(long number) throws IOException {
        if (!entries.containsKey(number)) return;
        remove(number);
        writeAnew();
    }

    private void write(long number, ObjectNode object) throws IOException {
        boolean fresh = Files.notExists(file);
        if (fresh) floor = Math.max(floor, start);
        boolean littered = lines > 2 * entries.size() + SPARE_LINES || length > 2 * neat + SPARE_OCTETS;
        if (fresh || littered) writeAnew();
        long n = Math.max(state, start) + 1;
        append(line(n, n, number, object));
        take(n, n, number, object);
    }

    private static ObjectNode line(long n, long created, long number, ObjectNode object) {
        ObjectNode line = Json.NODES.objectNode().put("n", n);
        if (created != n) line.put("created", created);
        line.put("number", number);
        if (object != null) line.set("object", object);
        return line;
    }

    private void append(ObjectNode line) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long end = channel.size();
            try {
                byte[] octets = octets(List.of(line));
                write(channel, end, octets);
                channel.force(false);
                length = end + octets.length;
            } catch (IOException e) {
                channel.truncate(end);
                throw e;
            }
        }
        lines++;
    }

    private void writeAnew() throws IOException {
        long above = gone.values().stream().mapToLong(Entry::changed).max().orElse(floor);
        above = Math.max(above, floor);
        List<ObjectNode> all = new ArrayList<>();
        all.add(Json.NODES.objectNode().put("floor", above).put("number", last));
        entries.values().stream()
                .sorted(Comparator.comparingLong(Entry::changed))
                .forEach(e -> all.add(line(e.changed, e.created, e.number, e.object)));
        Files.createDirectories(file.getParent());
        long written;
        Path beside = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel channel = FileChannel.open(
                beside, StandardOpenOption.WRITE, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING)) {
            write(channel, 0, octets(all));
            channel.force(true);
            written = channel.size();
        }
        Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
        force(file.getParent());
        floor = above;
        gone.clear();
        lines = all.size();
        length = written;
        neat = written;
    }

    private static void force(Path folder) throws IOException {
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static byte[] octets(List<ObjectNode> lines) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (ObjectNode line : lines) {
            out.write(Json.octets(line));
            out.write('\n');
        }
        return out.toByteArray();
    }

    private static void write(FileChannel channel, long at, byte[] octets) throws IOException {
        ByteBuffer left = ByteBuffer.wrap(octets);
        for (long to = at; left.hasRemaining(); ) to += channel.write(left, to);
    }

    /** What has changed since that state; empty when that cannot be told. */
    public synchronized Optional<IdChanges> changes(long since) {
        // 0 is told of what was never there: all that is was made since.
        if (since > state || since != 0 && since < floor) return Optional.empty();
        List<IdChanges.Change> created = new ArrayList<>();
        List<IdChanges.Change> updated = new ArrayList<>();
        for (Entry e : sorted(entries))
            if (e.created > since) created.add(new IdChanges.Change(e.number, e.created));
            else if (e.changed > since) updated.add(new IdChanges.Change(e.number, e.changed));
        List<IdChanges.Change> destroyed = sorted(gone).stream()
                .filter(e -> e.created <= since && e.changed > since)
                .map(e -> new IdChanges.Change(e.number, e.changed))
                .toList();
        created.sort(Comparator.comparingLong(IdChanges.Change::modSeq));
        return Optional.of(new IdChanges(created, updated, destroyed, state));
    }

    private static List<Entry> sorted(Map<Long, Entry> some) {
        return some.values().stream()
                .sorted(Comparator.comparingLong(Entry::changed))
                .toList();
    }
}
