package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.posthorn.api.mailbox.Flags;

/**
 * Letters for flags. The capitals are those of the Maildir specification; a to z stand for keywords, by the list that Dovecot keeps in {@code
 * dovecot-keywords}. A keyword that finds no letter is not written into names, but for {@code $Forwarded}, which is also what others mean by P.
 */
final class Letters {

    static final int MOST = 26;
    private static final String FORWARDED = "$Forwarded";

    private final Path file;
    private volatile List<String> keywords = List.of();
    private volatile long read = -1;
    /** A bit for each letter that stands in names without a keyword: one that got it would be on messages that nobody gave it. */
    private final AtomicInteger orphans = new AtomicInteger();

    private boolean met;

    private final Map<String, Flags> cache = new ConcurrentHashMap<>();

    Letters(Path directory) {
        this.file = directory.resolve("dovecot-keywords");
    }

    /** Looks whether another program has changed the list. */
    synchronized void refresh() throws IOException {
        try {
            long modified = Files.getLastModifiedTime(file).toMillis();
            if (modified == read) return;
            // To open a pipe would wait for whoever writes to it.
            if (!Files.isRegularFile(file)) throw new NoSuchFileException(file.toString());
            keywords = parse(Files.readAllBytes(file));
            read = modified;
        } catch (NoSuchFileException e) {
            keywords = List.of();
        }
        cache.clear();
    }

    /** Whether the list has lines that make no sense. */
    boolean damaged() throws IOException {
        if (!Files.isRegularFile(file)) return false;
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        return !text.lines()
                .allMatch(line -> line.matches("\\d{1,2} .*") && Flags.keyword(line.substring(line.indexOf(' ') + 1)));
    }

    /** The keyword of a letter; empty when it has none. */
    String keyword(char letter) {
        int place = letter - 'a';
        return place >= 0 && place < keywords.size() ? keywords.get(place) : "";
    }

    /** Writes the list with these as well, by letter, and without what makes no sense. */
    void mend(Map<Character, String> found) throws IOException {
        try (DotLock lock = DotLock.take(file)) {
            refresh();
            List<String> all = new ArrayList<>(keywords);
            found.forEach((letter, keyword) -> {
                while (all.size() <= letter - 'a') all.add("");
                if (all.get(letter - 'a').isEmpty()) all.set(letter - 'a', keyword);
            });
            lock.replace(text(all));
            MaildirShelf.force(file.getParent());
        }
        read = -1;
        refresh();
    }

    private static String text(List<String> names) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < names.size(); i++)
            if (!names.get(i).isEmpty())
                text.append(i).append(' ').append(names.get(i)).append('\n');
        return text.toString();
    }

    private static List<String> parse(byte[] text) {
        List<String> names = new ArrayList<>();
        for (String line : new String(text, StandardCharsets.US_ASCII).split("\n")) {
            int space = line.indexOf(' ');
            if (space < 1 || space > 2 || !line.substring(0, space).chars().allMatch(Character::isDigit)) continue;
            int place = Integer.parseInt(line.substring(0, space));
            if (place >= MOST) continue;
            while (names.size() <= place) names.add("");
            if (Flags.keyword(line.substring(space + 1))) names.set(place, line.substring(space + 1));
        }
        return names;
    }

    boolean keeps(String keyword) {
        return keyword.equalsIgnoreCase(FORWARDED) || place(keyword) >= 0 || free() < MOST;
    }

    /** The place of the next new keyword; {@link #MOST} when there is none. */
    private int free() {
        int place = keywords.size();
        while (place < MOST && (orphans.get() & 1 << place) != 0) place++;
        return place;
    }

    private int place(String keyword) {
        List<String> now = keywords;
        for (int i = 0; i < now.size(); i++) if (now.get(i).equalsIgnoreCase(keyword)) return i;
        return -1;
    }

    /** The flags of a message with those letters. */
    Flags flags(String letters) {
        return letters.isEmpty() ? Flags.NONE : cache.computeIfAbsent(letters, this::parse);
    }

    private Flags parse(String letters) {
        int system = 0;
        List<String> names = new ArrayList<>();
        for (char c : letters.toCharArray()) {
            system |= bit(c);
            int place = c - 'a';
            if (c == 'P') names.add(FORWARDED);
            else if (!keyword(c).isEmpty()) names.add(keyword(c));
            else if (place >= 0 && place < MOST) orphans.accumulateAndGet(1 << place, (all, one) -> all | one);
        }
        return new Flags(system, names);
    }

    private static int bit(char letter) {
        return switch (letter) {
            case 'D' -> Flags.DRAFT;
            case 'F' -> Flags.FLAGGED;
            case 'R' -> Flags.ANSWERED;
            case 'S' -> Flags.SEEN;
            case 'T' -> Flags.DELETED;
            default -> 0;
        };
    }

    /** The letters for those flags, in the order of ASCII; takes new letters for new keywords while there are any. */
    String of(Flags flags) throws IOException {
        for (String name : flags.keywords()) if (place(name) < 0 && free() < MOST) add(name);
        return now(flags);
    }

    private static StringBuilder capitals(Flags flags) {
        StringBuilder letters = new StringBuilder();
        if (flags.has(Flags.DRAFT)) letters.append('D');
        if (flags.has(Flags.FLAGGED)) letters.append('F');
        if (flags.has(Flags.ANSWERED)) letters.append('R');
        if (flags.has(Flags.SEEN)) letters.append('S');
        if (flags.has(Flags.DELETED)) letters.append('T');
        return letters;
    }

    /** The letters that a name with those flags has now; takes no new ones. */
    String now(Flags flags) {
        return flags.keywords().isEmpty() ? capitals(flags).toString() : with(capitals(flags), flags.keywords());
    }

    /** Dovecot, which leaves P as it finds it, has a small letter for $Forwarded as for any other keyword. */
    private String with(StringBuilder letters, List<String> names) {
        for (String name : names) {
            int place = place(name);
            if (place >= 0) letters.append((char) ('a' + place));
            else if (name.equalsIgnoreCase(FORWARDED)) letters.append('P');
        }
        return letters.chars()
                .sorted()
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** Nobody may have listed the names yet since the mailbox was opened. */
    private void meetNames() throws IOException {
        if (met) return;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(file.resolveSibling("cur"))) {
            for (Path one : files)
                flags(MaildirName.letters(
                        MaildirName.of(one.getFileName().toString()).info()));
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
        met = true;
    }

    private synchronized void add(String keyword) throws IOException {
        refresh();
        meetNames();
        int free = free();
        if (place(keyword) >= 0 || free >= MOST) return;
        try (DotLock lock = DotLock.take(file)) {
            List<String> more = new ArrayList<>(keywords);
            while (more.size() < free) more.add("");
            more.add(keyword);
            lock.replace(text(more));
            // Forced before the first name has the letter, which would mean another keyword otherwise.
            MaildirShelf.force(file.getParent());
            keywords = List.copyOf(more);
            read = Files.getLastModifiedTime(file).toMillis();
        }
    }
}
