package org.posthorn.mailbox.maildir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.posthorn.api.mailbox.Filed;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * UIDs where Dovecot keeps them: {@code dovecot-uidlist}, version 3. The first line is {@code 3 V<uidvalidity> N<next uid>}, the others {@code <uid>
 * [extensions] :<name>}, with rising UIDs. Written only under {@code dovecot-uidlist.lock}.
 */
final class UidList {

    /** What the file says. */
    record Content(long uidValidity, long uidNext, Map<String, Long> uids) {
        static final Content NONE = new Content(0, 1, Map.of());

        /** The same for files that have new keys now. */
        Content renamed(Map<String, Path> files) {
            Map<String, Long> all = new HashMap<>(uids);
            files.forEach((key, old) -> {
                Long uid = uids.get(MaildirName.of(old.getFileName().toString()).key());
                if (uid != null) all.put(key, uid);
            });
            return new Content(uidValidity, uidNext, all);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(UidList.class);
    private static final Duration BRIEFLY = Duration.ofMillis(100);
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

    private final Path file;
    private final TreeMap<Long, String> waiting = new TreeMap<>();
    private long waitingValidity;
    // What we left the file as: while its length is that, nobody else has written it. Zero before we have.
    private long uidNext;
    private long length;
    private boolean troubled;
    private long written = System.nanoTime() - PAUSE;

    UidList(Path directory) {
        this.file = directory.resolve("dovecot-uidlist");
    }

    /** The whole list; one that cannot be understood says nothing. */
    Content read() throws IOException {
        return read(new int[1]);
    }

    /** The number of the line from which on it cannot be understood; 0 if it can, or if there is none. */
    int damaged() throws IOException {
        int[] line = new int[1];
        read(line);
        return line[0];
    }

    private Content read(int[] damaged) throws IOException {
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            String head = in.readLine();
            damaged[0] = 1;
            if (head == null || !head.startsWith("3 ") || number(head, " V") == 0) return Content.NONE;
            long next = Math.max(1, number(head, " N"));
            Map<String, Long> uids = new HashMap<>();
            long last = 0;
            for (String line; (line = in.readLine()) != null; ) {
                damaged[0]++;
                long uid = uid(line);
                int colon = line.indexOf(" :");
                // A line that breaks the order was torn; nothing behind it can be trusted.
                if (colon < 0 || uid <= last) return content(head, next, last, uids);
                uids.put(MaildirName.of(line.substring(colon + 2)).key(), uid);
                last = uid;
            }
            damaged[0] = 0;
            return content(head, next, last, uids);
        } catch (NoSuchFileException e) {
            return Content.NONE;
        }
    }

    private static Content content(String head, long next, long last, Map<String, Long> uids) {
        return new Content(number(head, " V"), Math.max(next, last + 1), uids);
    }

    /** Keeps of it what can be understood; what it was like is {@code dovecot-uidlist.damaged}. */
    void mend() throws IOException {
        try (DotLock lock = DotLock.take(file)) {
            Content there = read();
            Files.copy(file, file.resolveSibling(file.getFileName() + ".damaged"), StandardCopyOption.REPLACE_EXISTING);
            if (there.uidValidity() == 0) {
                Files.delete(file);
                return;
            }
            TreeMap<Long, String> all = new TreeMap<>();
            there.uids().forEach((key, uid) -> all.put(uid, key));
            lock.replace("3 V" + there.uidValidity() + " N" + there.uidNext() + "\n" + lines(all));
        }
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
        if (uidValidity != waitingValidity) {
            waiting.clear();
            uidNext = 0;
        }
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
            if (uidNext > 0 && waiting.firstKey() >= uidNext && length() == length) append(lines(waiting));
            else merge(lock);
            uidNext = Math.max(uidNext, waiting.lastKey() + 1);
            length = length();
        }
        waiting.clear();
        written = System.nanoTime();
    }

    /** Reads what is there, which others may have written, and puts what waits in its place. */
    private void merge(DotLock lock) throws IOException {
        Content there = read();
        boolean ours = there.uidValidity() == waitingValidity;
        uidNext = Math.max(waiting.lastKey() + 1, ours ? there.uidNext() : 0);
        lock.replace("3 V" + waitingValidity + " N" + uidNext + "\n" + lines(ours ? merged(there) : waiting));
    }

    private long length() throws IOException {
        return Files.exists(file) ? Files.size(file) : 0;
    }

    private TreeMap<Long, String> merged(Content there) {
        TreeMap<Long, String> all = new TreeMap<>();
        there.uids().forEach((key, uid) -> all.put(uid, key));
        waiting.values().forEach(key -> all.remove(there.uids().getOrDefault(key, 0L)));
        all.putAll(waiting);
        return all;
    }

    private void append(String lines) throws IOException {
        Files.writeString(file, lines, StandardCharsets.ISO_8859_1, StandardOpenOption.APPEND);
    }

    private static String lines(Map<Long, String> uids) {
        List<String> lines = new ArrayList<>(uids.size());
        uids.forEach((uid, key) -> lines.add(uid + " :" + key + "\n"));
        return String.join("", lines);
    }
}
