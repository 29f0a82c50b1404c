package org.posthorn.mailbox.maildir;

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

    /**
     * How messages lie here; those that are alike share one.
     *
     * @param info what stands behind the key
     * @param usual whether the name of the file follows from key and flags
     * @param known whether they are known, and nothing more is asked of them
     */
    private record Place(String info, Flags flags, boolean usual, boolean known) {
        Newcomer of(String key, BasicFileAttributes file) {
            // Names are not believed when they say that there is something to convert: what is served must be as long
            // as it is said to be.
            boolean noted = MaildirName.size(key).equals(OptionalLong.of(file.size()));
            long size = noted ? file.size() : -1;
            Instant date = file.lastModifiedTime().toInstant();
            return Newcomer.of(new Found(key, 0, flags, size, date));
        }
    }

    /** A message to get its UID in turn: oldest first as far as the name tells, names that do not begin with a time by their letters. */
    private record Newcomer(long seconds, long micros, Found found) implements Comparable<Newcomer> {

        static Newcomer of(Found found) {
            return new Newcomer(UniqueName.seconds(found.key()), UniqueName.micros(found.key()), found);
        }

        @Override
        public int compareTo(Newcomer other) {
            int second = Long.compare(seconds, other.seconds);
            int micro = second != 0 ? second : Long.compare(micros, other.micros);
            return micro != 0 ? micro : found.key().compareTo(other.found.key());
        }
    }

    private final Path directory;
    private final Letters letters;
    private final Predicate<String> known;
    private final Map<String, Place> fresh = new HashMap<>();
    private final Map<String, Place> current = new HashMap<>();
    // With its index lost, a mailbox has nobody else.
    private final List<Newcomer> newcomers = new ArrayList<>();
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
        // In this order a file that goes from new to cur meanwhile is seen at least once.
        listing.list("new", listing.fresh);
        int inNew = listing.newcomers.size();
        listing.list("cur", listing.current);
        listing.newcomers.subList(0, inNew).removeIf(one -> listing.current.containsKey(one.found.key()));
        listing.fresh.keySet().removeAll(listing.current.keySet());
        listing.odd.keySet().removeIf(key -> !listing.current.containsKey(key) && !listing.fresh.containsKey(key));
        return listing;
    }

    private void list(String sub, Map<String, Place> into) throws IOException {
        Map<String, Place> alike = new HashMap<>();
        Map<String, Place> strange = new HashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.resolve(sub))) {
            for (Path file : files) {
                String text = file.getFileName().toString();
                if (text.startsWith(".")) continue;
                MaildirName name = MaildirName.of(text);
                if (!name.roomy() || !sayable(file, text)) {
                    look(files, file).ifPresent(seen -> unfit.put(file, seen));
                    continue;
                }
                if (into.containsKey(name.key())) continue;
                boolean is = known.test(name.key());
                Map<String, Place> places = is ? alike : strange;
                Place place = places.get(name.info());
                if (place == null) places.put(name.info(), place = place(sub, name.info(), is));
                if (!is && !meet(name.key(), place, files, file)) continue;
                into.put(name.key(), place);
                if (!place.usual) odd.put(name.key(), file);
            }
        }
    }

    /** @return whether it is a message */
    private boolean meet(String key, Place place, DirectoryStream<Path> among, Path file) throws IOException {
        Optional<BasicFileAttributes> looked = look(among, file);
        if (looked.isEmpty()) return false;
        newcomers.add(place.of(key, looked.get()));
        return true;
    }

    private Place place(String sub, String info, boolean isKnown) {
        Flags flags = letters.flags(MaildirName.letters(info));
        String usual = sub.equals("new") ? "" : MaildirName.NO_FLAGS + letters.now(flags);
        return new Place(info, flags, info.equals(usual), isKnown);
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
            String sub = file.getParent().getFileName().toString();
            Place before =
                    place(sub, MaildirName.of(file.getFileName().toString()).info(), false);
            Place place = place(sub, sub.equals("cur") ? MaildirName.NO_FLAGS + letters.now(before.flags) : "", false);
            String key = names.next();
            try {
                Files.move(file, file.resolveSibling(key + place.info), StandardCopyOption.ATOMIC_MOVE);
            } catch (NoSuchFileException e) {
                // Another program was first; the next look finds what it made of it.
                continue;
            }
            (sub.equals("cur") ? current : fresh).put(key, place);
            newcomers.add(place.of(key, each.getValue()));
            renamed.put(key, file);
        }
        if (!renamed.isEmpty()) force();
        return renamed;
    }

    private void force() throws IOException {
        MaildirShelf.force(directory.resolve("new"));
        MaildirShelf.force(directory.resolve("cur"));
    }

    /** What was seen and is no message. */
    List<Path> skipped() {
        return skipped;
    }

    /** Files whose name does not follow from key and flags. */
    Map<String, Path> odd() {
        return odd;
    }

    /** Where that message lies; null when it does not. */
    Path path(String key) {
        Place place = current.get(key);
        if (place != null) return directory.resolve("cur").resolve(key + place.info);
        place = fresh.get(key);
        return place == null ? null : directory.resolve("new").resolve(key + place.info);
    }

    boolean anyUnknown() {
        return !newcomers.isEmpty();
    }

    /** All messages, unknown ones oldest first. What is not a plain file, and what vanished meanwhile, is left out. */
    List<Found> found(Map<String, Long> uids) {
        List<Found> found = new ArrayList<>(fresh.size() + current.size());
        for (Map<String, Place> places : List.of(current, fresh))
            places.forEach((key, place) -> {
                if (place.known) found.add(new Found(key, uids.getOrDefault(key, 0L), place.flags, -1, Instant.EPOCH));
            });
        newcomers.sort(null);
        for (Newcomer one : newcomers) found.add(noted(one.found, uids));
        return found;
    }

    private static Found noted(Found found, Map<String, Long> uids) {
        long uid = uids.isEmpty() ? 0 : uids.getOrDefault(found.key(), 0L);
        return uid == 0 ? found : new Found(found.key(), uid, found.flags(), found.size(), found.internalDate());
    }

    /** From its directory, where the file system can do so: the way along the whole path costs more than the look. */
    private Optional<BasicFileAttributes> look(DirectoryStream<Path> among, Path file) throws IOException {
        try {
            BasicFileAttributes seen = among instanceof SecureDirectoryStream<Path> here
                    ? here.getFileAttributeView(
                                    file.getFileName(), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                            .readAttributes()
                    : Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (seen.isRegularFile()) return Optional.of(seen);
            skipped.add(file);
            return Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
