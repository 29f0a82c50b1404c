package org.posthorn.mailbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.posthorn.api.mailbox.Annotations;
import org.posthorn.api.mailbox.Annotations.Change;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.mime.ModifiedUtf7;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Entries kept of an account's mailboxes, annotations, rights or keys: a text, written anew and forced with each change. It lies in the home and not among the indexes: nothing else
 * knows what it says. A line is a checksum, a mod-sequence, a mailbox in modified UTF-7, an entry and a value in Base64, with tabs between; what was
 * removed has no value. One thread may change it while others read.
 */
final class AnnotationFile {

    private static final Logger LOG = LoggerFactory.getLogger(AnnotationFile.class);
    private static final String END = "end";

    /** So many octets all of them may have together, each with this much for what goes with it. */
    private static final int MOST_OCTETS = 1 << 20;

    private static final int OVERHEAD = 64;
    private static final int REMOVED = 100;

    private record Key(String mailbox, String entry) implements Comparable<Key> {

        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::mailbox).thenComparing(Key::entry);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }

        private Key of(String other) {
            return new Key(other, entry);
        }

        private Change changed(long modSeq) {
            return new Change(mailbox, entry, modSeq);
        }
    }

    /** Stands for all that were removed and are remembered no longer; its mod-sequence is the highest of theirs. */
    private static final Key FORGOTTEN = new Key("", "");

    private record Noted(long modSeq, Optional<String> value) {

        private int octets() {
            return value.map(String::length).orElse(0);
        }
    }

    private final Path path;
    /** What it holds: its name up to the dot. */
    private final String kind;
    /** Replaced as a whole. */
    private volatile NavigableMap<Key, Noted> all = new TreeMap<>();

    private volatile long highest;
    private volatile Inverted inverted = new Inverted(all, Map.of());

    /** Mailboxes by the names of their entries, at a state of this. */
    private record Inverted(NavigableMap<Key, Noted> of, Map<String, SortedSet<String>> mailboxes) {

        static Inverted of(NavigableMap<Key, Noted> all) {
            Map<String, SortedSet<String>> mailboxes = new HashMap<>();
            all.forEach((key, noted) -> {
                if (noted.value.isPresent())
                    mailboxes.computeIfAbsent(key.entry, e -> new TreeSet<>()).add(key.mailbox);
            });
            return new Inverted(all, mailboxes);
        }
    }

    private AnnotationFile(Path path) {
        this.path = path;
        this.kind = kind(path);
    }

    static String kind(Path path) {
        String name = path.getFileName().toString();
        return name.substring(0, name.indexOf('.'));
    }

    private static String format(Path path) {
        return "posthorn " + kind(path) + " 1";
    }

    /** Reads it. A damaged one is set aside, and what of it is sound goes on. */
    static AnnotationFile load(Path path) throws IOException {
        AnnotationFile file = new AnnotationFile(path);
        boolean sound = read(path, file.all);
        file.highest = highest(file.all);
        file.inverted = Inverted.of(file.all);
        if (!sound) file.mend();
        return file;
    }

    private void mend() throws IOException {
        String text = WholeFile.read(path);
        // Named by what is in it: however often this fails, one is set aside.
        Path aside = path.resolveSibling(path.getFileName() + ".damaged-" + checksum(text));
        if (!Files.exists(aside)) WholeFile.write(aside, text);
        LOG.error("{} is damaged; it is set aside as {}, {} entries can still be read", path, aside, all.size());
        try {
            save();
        } catch (IOException e) {
            LOG.error("{} could not be written; the next change does it: {}", path, e.toString());
        }
    }

    /** Whether there is none, or one that is sound. */
    static boolean sound(Path path) throws IOException {
        return read(path, new TreeMap<>());
    }

    /** The names of all entries in one, as far as it is sound. */
    static Set<String> entries(Path path) throws IOException {
        AnnotationFile file = new AnnotationFile(path);
        read(path, file.all);
        return file.entries();
    }

    private static boolean read(Path path, Map<Key, Noted> into) throws IOException {
        if (!Files.exists(path)) return true;
        String text = WholeFile.read(path);
        String format = format(path);
        boolean sound = text.startsWith(format + "\n") && text.endsWith("\n" + END + "\n");
        for (String line : text.split("\n")) if (!line.equals(format) && !line.equals(END)) sound &= take(line, into);
        return sound;
    }

    private static boolean take(String line, Map<Key, Noted> into) {
        String[] words = line.split("\t", -1);
        if (words.length < 4 || words.length > 5) return false;
        if (!words[0].equals(checksum(line.substring(words[0].length() + 1)))) return false;
        String mailbox = ModifiedUtf7.decode(words[2]).orElse(words[2]);
        Optional<String> value = words.length == 4 ? Optional.empty() : Optional.of(octets(words[4]));
        into.put(new Key(mailbox, words[3]), new Noted(Long.parseLong(words[1]), value));
        return true;
    }

    private static String octets(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.ISO_8859_1);
    }

    private static String checksum(String text) {
        CRC32C sum = new CRC32C();
        sum.update(text.getBytes(StandardCharsets.ISO_8859_1));
        return Long.toHexString(sum.getValue());
    }

    /** Writes it, forced. */
    void save() throws IOException {
        write(all);
    }

    private void write(Map<Key, Noted> entries) throws IOException {
        StringBuilder text = new StringBuilder(format(path) + "\n");
        entries.forEach((key, noted) -> {
            String line = noted.modSeq + "\t" + ModifiedUtf7.encode(key.mailbox) + "\t" + key.entry
                    + noted.value.map(v -> "\t" + base64(v)).orElse("");
            text.append(checksum(line)).append('\t').append(line).append('\n');
        });
        WholeFile.write(path, text.append(END + "\n").toString());
    }

    private static String base64(String octets) {
        return Base64.getEncoder().encodeToString(octets.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Those of a mailbox. */
    SortedMap<String, String> of(String mailbox) {
        SortedMap<String, String> found = new TreeMap<>();
        own(all, mailbox).forEach((key, noted) -> noted.value.ifPresent(v -> found.put(key.entry, v)));
        return found;
    }

    /** The names of all entries, of whatever mailbox. */
    Set<String> entries() {
        return all.entrySet().stream()
                .filter(e -> e.getValue().value.isPresent())
                .map(e -> e.getKey().entry)
                .collect(Collectors.toSet());
    }

    /** The mailboxes that have an entry of that name. Costs as much as all entries once after each change, and nothing else. */
    SortedSet<String> mailboxes(String entry) {
        NavigableMap<Key, Noted> now = all;
        Inverted known = inverted;
        if (known.of != now) inverted = known = Inverted.of(now);
        return Collections.unmodifiableSortedSet(known.mailboxes.getOrDefault(entry, Collections.emptySortedSet()));
    }

    private static NavigableMap<Key, Noted> own(NavigableMap<Key, Noted> of, String mailbox) {
        // Behind a name comes first what has one more character.
        return of.subMap(new Key(mailbox, ""), true, new Key(mailbox + "\0", ""), false);
    }

    /** The highest mod-sequence in it; 0 when there is none. */
    long highest() {
        return highest;
    }

    private static long highest(NavigableMap<Key, Noted> entries) {
        return entries.values().stream().mapToLong(Noted::modSeq).max().orElse(0);
    }

    /** As {@link Annotations#since}. */
    List<Change> since(long modSeq) {
        if (modSeq >= highest) return List.of();
        NavigableMap<Key, Noted> now = all;
        long forgotten = now.containsKey(FORGOTTEN) ? now.get(FORGOTTEN).modSeq : 0;
        long from = modSeq < forgotten ? 0 : modSeq;
        return now.entrySet().stream()
                .filter(e -> e.getValue().modSeq > from && !e.getKey().equals(FORGOTTEN))
                .map(e -> e.getKey().changed(Math.max(e.getValue().modSeq, forgotten)))
                .toList();
    }

    /** Sets and removes, forced: all of it, or nothing. */
    void set(String mailbox, Map<String, Optional<String>> values, long modSeq) throws IOException {
        NavigableMap<Key, Noted> next = new TreeMap<>(all);
        values.forEach((entry, value) -> {
            Key key = new Key(mailbox, entry);
            boolean change = value.isPresent() || next.containsKey(key) || entry.equals(Annotations.SPECIAL_USE);
            if (change) next.put(key, new Noted(modSeq, value));
        });
        long many = own(next, mailbox).values().stream()
                .filter(n -> n.value.isPresent())
                .count();
        if (many > Annotations.MOST)
            throw new MailboxFault(
                    MailboxFault.Kind.LIMIT,
                    "A mailbox may have " + Annotations.MOST + " " + kind + " entries at most");
        if (tooLarge(next))
            throw new MailboxFault(
                    MailboxFault.Kind.OVERQUOTA,
                    "All " + kind + " together may have " + MOST_OCTETS + " octets at most");
        become(next);
    }

    /** What is noted of a mailbox is noted of that one as well, if there is room for it, and nothing else. */
    void copy(String from, String to) throws IOException {
        change(next -> {
            spread(next, from, to);
            if (tooLarge(next)) own(next, to).clear();
        });
    }

    /**
     * The same for what lies below, room or not: it is about to be renamed, and must be there whatever comes in between.
     *
     * @return those of which something is noted then
     */
    Set<String> copyAll(String from, String to) throws IOException {
        Map<String, String> names = new HashMap<>();
        for (Key key : all.keySet())
            if (within(key.mailbox, from)) names.put(key.mailbox, to + key.mailbox.substring(from.length()));
        change(next -> names.forEach((name, target) -> spread(next, name, target)));
        return Set.copyOf(names.values());
    }

    private void spread(NavigableMap<Key, Noted> next, String from, String to) {
        own(next, to).clear();
        own(all, from).forEach((key, noted) -> {
            if (noted.value.isPresent()) next.put(key.of(to), noted);
        });
    }

    /** Whether a name is that one, or lies below it. */
    static boolean within(String name, String above) {
        return name.equals(above) || name.startsWith(above + ".");
    }

    /** Nothing is noted of these any more. */
    void remove(Predicate<String> mailboxes) throws IOException {
        change(next -> next.keySet().removeIf(key -> mailboxes.test(key.mailbox)));
    }

    private void change(Consumer<NavigableMap<Key, Noted>> change) throws IOException {
        NavigableMap<Key, Noted> next = new TreeMap<>(all);
        change.accept(next);
        if (!next.equals(all)) become(next);
    }

    private void become(NavigableMap<Key, Noted> next) throws IOException {
        forget(next);
        write(next);
        all = next;
        // Behind the entries: who reads it finds them. Those of a mailbox that is gone may have had the highest.
        highest = Math.max(highest, highest(next));
    }

    /** Of those that were removed the oldest, where they are too many to be remembered. */
    private static void forget(NavigableMap<Key, Noted> entries) {
        List<Key> removed = entries.entrySet().stream()
                .filter(e -> e.getValue().value.isEmpty() && !e.getKey().equals(FORGOTTEN))
                .sorted(Comparator.comparingLong(e -> e.getValue().modSeq))
                .map(Map.Entry::getKey)
                .toList();
        for (Key key : removed.subList(0, Math.max(0, removed.size() - REMOVED)))
            entries.put(FORGOTTEN, entries.remove(key));
    }

    /** What is too large already may become smaller. */
    private boolean tooLarge(NavigableMap<Key, Noted> next) {
        long octets = octets(next);
        return octets > MOST_OCTETS && octets > octets(all);
    }

    /** What was removed takes none: only so many are remembered. */
    private static long octets(NavigableMap<Key, Noted> entries) {
        return entries.entrySet().stream()
                .filter(e -> e.getValue().value.isPresent())
                .mapToLong(e -> OVERHEAD
                        + e.getKey().mailbox.length()
                        + e.getKey().entry.length()
                        + e.getValue().octets())
                .sum();
    }
}
