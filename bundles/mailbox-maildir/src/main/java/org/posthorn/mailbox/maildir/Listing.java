package org.posthorn.mailbox.maildir;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Found;

/** The messages of a Maildir at one moment. Of two files with one key the first counts. */
final class Listing {

    /** {@code new} or {@code cur}, open as long as its files are looked at. */
    private record Sub(Path path, DirectoryStream<Path> files, Map<String, Place> places) implements Closeable {

        static Sub open(Path path, Map<String, Place> places) throws IOException {
            return new Sub(path, Files.newDirectoryStream(path), places);
        }

        /** From the directory, where the file system can do so: the way along the whole path costs more than the look. */
        BasicFileAttributes look(Path name) throws IOException {
            return files instanceof SecureDirectoryStream<Path> here
                    ? here.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                            .readAttributes()
                    : Files.readAttributes(path.resolve(name), BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        }

        Path name(String text) {
            return path.getFileSystem().getPath(text);
        }

        @Override
        public void close() throws IOException {
            files.close();
        }
    }

    /**
     * How messages lie here; those that are alike share one.
     *
     * @param info what stands behind the key
     * @param usual whether the name of the file follows from key and flags
     * @param known whether they are known, and nothing more is asked of them
     */
    private record Place(Path sub, String info, Flags flags, boolean usual, boolean known) {
        Path path(String key) {
            return sub.resolve(key + info);
        }

        Found of(String key, BasicFileAttributes file) {
            // Names are not believed when they say that there is something to convert: what is served must be as long
            // as it is said to be.
            boolean noted = MaildirName.size(key).equals(OptionalLong.of(file.size()));
            long size = noted ? file.size() : -1;
            Instant date = file.lastModifiedTime().toInstant();
            return new Found(key, 0, flags, size, date);
        }
    }

    /** A message to get its UID in turn: oldest first as far as the name tells, names that do not begin with a time by their letters. */
    private record Newcomer(long seconds, long micros, String key, Place place, Sub sub)
            implements Comparable<Newcomer> {

        static Newcomer of(String key, Place place, Sub sub) {
            return new Newcomer(UniqueName.seconds(key), UniqueName.micros(key), key, place, sub);
        }

        @Override
        public int compareTo(Newcomer other) {
            int second = Long.compare(seconds, other.seconds);
            int micro = second != 0 ? second : Long.compare(micros, other.micros);
            return micro != 0 ? micro : key.compareTo(other.key);
        }
    }

    private final Path directory;
    private final Letters letters;
    private final Predicate<String> known;
    private final Map<String, Place> fresh = new HashMap<>();
    private final Map<String, Place> current = new HashMap<>();
    // With its index lost, a mailbox has nobody else.
    private final List<Found> strangers = new ArrayList<>();
    private final Map<String, Path> odd = new HashMap<>();
    private final Map<Path, BasicFileAttributes> unfit = new LinkedHashMap<>();
    private final List<Path> skipped = new ArrayList<>();

    private Listing(Path directory, Letters letters, Predicate<String> known) {
        this.directory = directory;
        this.letters = letters;
        this.known = known;
    }

    /** Lists all names, and looks at the files of those that are not known. */
    static Listing of(Path directory, Letters letters, Predicate<String> known) throws IOException {
        Listing listing = new Listing(directory, letters, known);
        try (Sub fresh = Sub.open(directory.resolve("new"), listing.fresh)) {
            List<Newcomer> inNew = listing.list(fresh);
            // Only now: a file that goes from new to cur meanwhile is seen at least once, also where a listing is that
            // of the moment in which it was opened.
            try (Sub current = Sub.open(directory.resolve("cur"), listing.current)) {
                List<Newcomer> newcomers = listing.list(current);
                newcomers.addAll(inNew);
                listing.meet(newcomers);
            }
        }
        listing.fresh.keySet().removeAll(listing.current.keySet());
        listing.odd.keySet().removeIf(key -> !listing.current.containsKey(key) && !listing.fresh.containsKey(key));
        return listing;
    }

    /** @return those that are not known */
    private List<Newcomer> list(Sub sub) throws IOException {
        List<Newcomer> newcomers = new ArrayList<>();
        Map<String, Place> alike = new HashMap<>();
        Map<String, Place> strange = new HashMap<>();
        for (Path file : sub.files) {
            Path last = file.getFileName();
            String text = last.toString();
            if (text.startsWith(".")) continue;
            MaildirName name = MaildirName.of(text);
            if (!name.roomy() || !sayable(file, text)) {
                look(sub, last).ifPresent(seen -> unfit.put(file, seen));
                continue;
            }
            boolean is = known.test(name.key());
            Map<String, Place> places = is ? alike : strange;
            Place place = places.get(name.info());
            if (place == null) places.put(name.info(), place = place(sub.path, name.info(), is));
            if (is) put(sub.places, name.key(), place);
            else newcomers.add(Newcomer.of(name.key(), place, sub));
        }
        return newcomers;
    }

    private void put(Map<String, Place> places, String key, Place place) {
        if (places.putIfAbsent(key, place) == null && !place.usual) odd.put(key, place.path(key));
    }

    /**
     * Looks at them in the order of their UIDs, which is that in which most of them were made: what the kernel knows of files lies in that order as well, and
     * in the order of a directory it is looked for all over the memory.
     */
    private void meet(List<Newcomer> newcomers) throws IOException {
        newcomers.sort(null);
        for (Newcomer one : newcomers) {
            if (current.containsKey(one.key) || fresh.containsKey(one.key)) continue;
            Optional<BasicFileAttributes> looked = look(one.sub, one.sub.name(one.key + one.place.info));
            if (looked.isEmpty()) continue;
            put(one.sub.places, one.key, one.place);
            strangers.add(one.place.of(one.key, looked.get()));
        }
    }

    private Place place(Path sub, String info, boolean isKnown) {
        Flags flags = letters.flags(MaildirName.letters(info));
        String usual = sub.endsWith("new") ? "" : MaildirName.NO_FLAGS + letters.now(flags);
        return new Place(sub, info, flags, info.equals(usual), isKnown);
    }

    /** Octets that the JVM's encoding does not know are lost when a name becomes text, and the lists beside have a line for each name. */
    private static boolean sayable(Path file, String text) {
        boolean plain = true;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < ' ') return false;
            plain &= text.charAt(i) <= 127;
        }
        return plain || same(file, text);
    }

    private static boolean same(Path file, String text) {
        try {
            return file.resolveSibling(text).equals(file);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /**
     * Gives messages names of ours that cannot keep theirs: no flag could be added, or nobody could say which one is meant.
     *
     * @return the files as they were, by their new keys
     */
    Map<String, Path> rename(UniqueName names) throws IOException {
        Map<String, Path> renamed = new LinkedHashMap<>();
        for (Map.Entry<Path, BasicFileAttributes> each : unfit.entrySet()) {
            Path file = each.getKey();
            Path sub = file.getParent();
            Place before =
                    place(sub, MaildirName.of(file.getFileName().toString()).info(), false);
            boolean isCurrent = sub.endsWith("cur");
            Place place = place(sub, isCurrent ? MaildirName.NO_FLAGS + letters.now(before.flags) : "", false);
            String key = names.next();
            try {
                Files.move(file, place.path(key), StandardCopyOption.ATOMIC_MOVE);
            } catch (NoSuchFileException e) {
                // Another program was first; the next look finds what it made of it.
                continue;
            }
            (isCurrent ? current : fresh).put(key, place);
            strangers.add(place.of(key, each.getValue()));
            renamed.put(key, file);
        }
        if (!renamed.isEmpty()) force();
        return renamed;
    }

    private void force() throws IOException {
        MaildirShelf.force(directory.resolve("new"));
        MaildirShelf.force(directory.resolve("cur"));
    }

    /** What was seen and is no message; that of new first. */
    List<Path> skipped() {
        return skipped.stream().sorted(Comparator.reverseOrder()).toList();
    }

    /** Files whose name does not follow from key and flags. */
    Map<String, Path> odd() {
        return odd;
    }

    /** Where that message lies; null when it does not. */
    Path path(String key) {
        Place place = current.getOrDefault(key, fresh.get(key));
        return place == null ? null : place.path(key);
    }

    boolean anyUnknown() {
        return !strangers.isEmpty();
    }

    /** All messages, unknown ones oldest first. What is not a plain file, and what vanished meanwhile, is left out. */
    List<Found> found(Map<String, Long> uids) {
        List<Found> found = new ArrayList<>(fresh.size() + current.size());
        for (Map<String, Place> places : List.of(current, fresh))
            places.forEach((key, place) -> {
                if (place.known) found.add(new Found(key, uids.getOrDefault(key, 0L), place.flags, -1, Instant.EPOCH));
            });
        for (Found one : strangers) found.add(noted(one, uids));
        return found;
    }

    private static Found noted(Found found, Map<String, Long> uids) {
        long uid = uids.isEmpty() ? 0 : uids.getOrDefault(found.key(), 0L);
        return uid == 0 ? found : new Found(found.key(), uid, found.flags(), found.size(), found.internalDate());
    }

    private Optional<BasicFileAttributes> look(Sub sub, Path name) throws IOException {
        try {
            BasicFileAttributes seen = sub.look(name);
            if (seen.isRegularFile()) return Optional.of(seen);
            skipped.add(sub.path.resolve(name));
            return Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
