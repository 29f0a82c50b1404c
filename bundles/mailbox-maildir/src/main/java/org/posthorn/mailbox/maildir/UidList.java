package org.posthorn.mailbox.maildir;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.posthorn.api.mailbox.Filed;
import org.posthorn.api.mailbox.UidCount;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * UIDs where Dovecot keeps them: {@code dovecot-uidlist}, version 3. The first line is {@code 3 V<uidvalidity> N<next uid> [extensions]}, the others
 * {@code <uid> [extensions] :<name>}, with rising UIDs; what others have noted in extensions stays. Written only under {@code dovecot-uidlist.lock}. Safe
 * for several threads.
 */
final class UidList {

    /**
     * What the file says.
     *
     * @param more the extensions of the first line
     * @param uids by the key of the message
     * @param extensions those of messages that have any, by UID
     */
    record Content(long uidValidity, long uidNext, String more, Map<String, Long> uids, Map<Long, String> extensions) {
        static final Content NONE = new Content(0, 1, "", Map.of(), Map.of());

        /** The same for files that have new keys now. */
        Content renamed(Map<String, Path> files) {
            if (files.isEmpty()) return this;
            Map<String, Long> all = new HashMap<>(uids);
            files.forEach((key, old) -> {
                // Of several files that had one key, in both folders or with octets that no text can say, one keeps the
                // UID.
                Long uid =
                        all.remove(MaildirName.of(old.getFileName().toString()).key());
                if (uid != null) all.put(key, uid);
            });
            return new Content(uidValidity, uidNext, more, all, extensions);
        }

        /** The same with these in the place of those with their keys, under that UIDVALIDITY: of another one nothing is left. */
        Content with(long validity, Map<Long, String> keys) {
            Content before = validity == uidValidity ? this : NONE;
            Map<String, Long> all = new HashMap<>(before.uids);
            if (!keys.isEmpty()) all.values().removeAll(keys.keySet());
            long next = before.uidNext;
            for (Map.Entry<Long, String> each : keys.entrySet()) {
                all.put(each.getValue(), each.getKey());
                next = Math.max(next, each.getKey() + 1);
            }
            return new Content(validity, next, before.more, all, before.extensions);
        }

        /** The same, counted on. */
        Content upTo(long next) {
            return new Content(uidValidity, Math.max(uidNext, next), more, uids, extensions);
        }

        String text() {
            List<Map.Entry<String, Long>> all = new ArrayList<>(uids.entrySet());
            all.sort(Map.Entry.comparingByValue());
            StringBuilder text = new StringBuilder("3 V" + uidValidity + " N" + uidNext + more + "\n");
            all.forEach(
                    each -> line(text, each.getValue(), extensions.getOrDefault(each.getValue(), ""), each.getKey()));
            return text.toString();
        }
    }

    /** How a file looks from outside; another program that writes it changes that. */
    private record Look(long size, long modified, Object file) {
        static final Look AT_NOTHING = new Look(0, 0, "");

        static Look at(Path file) throws IOException {
            try {
                BasicFileAttributes seen = Files.readAttributes(file, BasicFileAttributes.class);
                return new Look(
                        seen.size(),
                        seen.lastModifiedTime().to(TimeUnit.NANOSECONDS),
                        Objects.requireNonNullElse(seen.fileKey(), ""));
            } catch (NoSuchFileException e) {
                return AT_NOTHING;
            }
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(UidList.class);
    private static final Duration BRIEFLY = Duration.ofMillis(100);
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);
    /** Longer than a line: a UID, extensions that are numbers and names, and the name of a file. */
    private static final int LINE = 4096;

    private final Path file;
    private final TreeMap<Long, String> waiting = new TreeMap<>();
    private long waitingValidity;
    // What the file was when we read all of it or wrote it last, and what it counted then.
    private Optional<Look> known = Optional.empty();
    private UidCount count = new UidCount(0, 1);
    private boolean troubled;
    private long written = System.nanoTime() - PAUSE;

    UidList(Path directory) {
        this.file = directory.resolve("dovecot-uidlist");
    }

    /** What the list says, and what waits to be written; one that cannot be understood says nothing. */
    synchronized Content read() throws IOException {
        Content there = written();
        return waiting.isEmpty() || waitingValidity != there.uidValidity()
                ? there
                : there.with(waitingValidity, waiting);
    }

    /** The same if another program has written the list since we did; otherwise only what it counts. */
    synchronized Content news() throws IOException {
        boolean ours = known.isPresent() && known.get().equals(Look.at(file));
        return ours ? Content.NONE.with(count.uidValidity(), Map.of()).upTo(count.uidNext()) : read();
    }

    /** To open a pipe would wait for whoever writes to it. */
    private boolean there() {
        return Files.isRegularFile(file);
    }

    private Content written() throws IOException {
        int[] damaged = new int[1];
        Look before = Look.at(file);
        Content content = read(damaged);
        known = damaged[0] == 0 ? Optional.of(before) : Optional.empty();
        count = new UidCount(content.uidValidity(), content.uidNext());
        return content;
    }

    /** The number of the line from which on it cannot be understood; 0 if it can, or if there is none. */
    int damaged() throws IOException {
        int[] line = new int[1];
        read(line);
        return line[0];
    }

    private Content read(int[] damaged) throws IOException {
        if (!there()) return Content.NONE;
        // What is no UTF-8 is no name that anybody asks for.
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
            String head = in.readLine();
            damaged[0] = 1;
            long validity = validity(head);
            if (validity == 0) return Content.NONE;
            long next = Math.max(1, number(head, " N"));
            Map<String, Long> uids = new HashMap<>();
            Map<Long, String> extensions = new HashMap<>();
            long last = 0;
            for (String line; (line = in.readLine()) != null; ) {
                damaged[0]++;
                long uid = uid(line);
                int colon = line.indexOf(" :");
                // A line that breaks the order was torn; nothing behind it can be trusted.
                if (colon < 0 || uid <= last)
                    return new Content(validity, Math.max(next, last + 1), more(head), uids, extensions);
                uids.put(MaildirName.of(line.substring(colon + 2)).key(), uid);
                String between = line.substring(Math.min(colon, line.indexOf(' ')), colon);
                if (!between.isEmpty()) extensions.put(uid, between);
                last = uid;
            }
            damaged[0] = 0;
            return new Content(validity, Math.max(next, last + 1), more(head), uids, extensions);
        } catch (NoSuchFileException e) {
            return Content.NONE;
        }
    }

    /** What it counts, by its first line and its last; empty when there is none that can be understood. */
    Optional<UidCount> count() throws IOException {
        if (!there()) return Optional.empty();
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            String head = text(in, 0);
            int end = head.indexOf('\n');
            long validity = end < 0 ? 0 : validity(head.substring(0, end));
            if (validity == 0) return Optional.empty();
            String tail = text(in, Math.max(end + 1L, in.size() - LINE));
            String last = tail.substring(tail.lastIndexOf('\n', tail.length() - 2) + 1);
            return Optional.of(
                    new UidCount(validity, Math.max(Math.max(1, number(head.substring(0, end), " N")), uid(last) + 1)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private static String text(FileChannel in, long position) throws IOException {
        ByteBuffer octets = ByteBuffer.allocate(LINE);
        for (int n = 0; n >= 0 && octets.hasRemaining(); ) n = in.read(octets, position + octets.position());
        return new String(octets.array(), 0, octets.position(), StandardCharsets.ISO_8859_1);
    }

    /** Writes that it has come so far, unless it says so already. */
    void count(UidCount now) throws IOException {
        boolean said = count().filter(
                        there -> there.uidValidity() == now.uidValidity() && there.uidNext() >= now.uidNext())
                .isPresent();
        if (said) return;
        try (DotLock lock = DotLock.take(file)) {
            lock.replace(read(new int[1])
                    .with(now.uidValidity(), Map.of())
                    .upTo(now.uidNext())
                    .text());
        }
        ValidityCounter.atLeast(file.getParent(), now.uidValidity());
    }

    /** Keeps of it what can be understood; what it was like is {@code dovecot-uidlist.damaged}. */
    void mend() throws IOException {
        try (DotLock lock = DotLock.take(file)) {
            Content there = read(new int[1]);
            Files.copy(file, file.resolveSibling(file.getFileName() + ".damaged"), StandardCopyOption.REPLACE_EXISTING);
            if (there.uidValidity() == 0) Files.delete(file);
            else lock.replace(there.text());
        }
    }

    private static long validity(String head) {
        return head == null || !head.startsWith("3 ") ? 0 : number(head, " V");
    }

    /** The first line without what we say in it ourselves. */
    private static String more(String head) {
        StringBuilder more = new StringBuilder();
        for (String word : head.substring(1).split(" +"))
            if (!word.isEmpty() && "VN".indexOf(word.charAt(0)) < 0)
                more.append(' ').append(word);
        return more.toString();
    }

    private static long uid(String line) {
        return number(" " + line, " ");
    }

    private static long number(String line, String mark) {
        int from = line.indexOf(mark);
        if (from < 0) return 0;
        int end = from += mark.length();
        while (end < line.length() && end < from + 10 && line.charAt(end) >= '0' && line.charAt(end) <= '9') end++;
        long number = end == from ? 0 : Long.parseLong(line, from, end, 10);
        return number > 0xFFFFFFFFL ? 0 : number;
    }

    /**
     * Notes UIDs; writes them at once or, when many come, in a second's time with the next. The list is there for other programs, and for the day that our
     * index is lost: what cannot be written now waits for the next time, and no message fails over it.
     */
    synchronized void note(long uidValidity, Collection<Filed> filed) {
        if (uidValidity != waitingValidity) waiting.clear();
        waitingValidity = uidValidity;
        filed.forEach(f -> waiting.put(f.uid(), f.key()));
        if (System.nanoTime() - written < PAUSE) return;
        try {
            flush(BRIEFLY);
            troubled = false;
        } catch (IOException e) {
            written = System.nanoTime();
            if (!troubled) LOG.warn("{} cannot be written now ({}); that is tried again.", file, e.getMessage());
            troubled = true;
        }
    }

    /** Writes what waits. */
    void flush() throws IOException {
        flush(DotLock.PATIENCE);
    }

    private synchronized void flush(Duration patience) throws IOException {
        if (waiting.isEmpty()) return;
        try (DotLock lock = DotLock.take(file, patience)) {
            boolean further = count.uidValidity() == waitingValidity && waiting.firstKey() >= count.uidNext();
            if (further && known.isPresent() && known.get().equals(Look.at(file))) append(lines(waiting));
            else {
                lock.replace(joined(written()));
                ValidityCounter.atLeast(file.getParent(), waitingValidity);
            }
            long before = count.uidValidity() == waitingValidity ? count.uidNext() : 1;
            count = new UidCount(waitingValidity, Math.max(before, waiting.lastKey() + 1));
            known = Optional.of(Look.at(file));
        }
        waiting.clear();
        written = System.nanoTime();
    }

    private String joined(Content there) {
        // With its index lost a large mailbox has all of its lines here, in their order.
        return there.uids().isEmpty()
                ? there.with(waitingValidity, Map.of())
                                .upTo(waiting.lastKey() + 1)
                                .text()
                        + lines(waiting)
                : there.with(waitingValidity, waiting).text();
    }

    private void append(String lines) throws IOException {
        Files.writeString(file, lines, StandardOpenOption.APPEND);
    }

    private static String lines(Map<Long, String> keys) {
        StringBuilder lines = new StringBuilder();
        keys.forEach((uid, key) -> line(lines, uid, "", key));
        return lines.toString();
    }

    private static void line(StringBuilder to, long uid, String extensions, String key) {
        to.append(uid).append(extensions).append(" :").append(key).append('\n');
    }
}
