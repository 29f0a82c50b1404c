package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Found;

/** The messages of a Maildir at one moment. Of two files with one key the first counts. */
final class Listing {

    private final Path directory;
    private final Letters letters;
    private final Map<String, String> fresh = new HashMap<>();
    private final Map<String, String> current = new LinkedHashMap<>();
    private final Map<String, Path> odd = new HashMap<>();
    private final List<Path> unfit = new ArrayList<>();
    private final List<Path> skipped = new ArrayList<>();

    private Listing(Path directory, Letters letters) {
        this.directory = directory;
        this.letters = letters;
    }

    static Listing of(Path directory, Letters letters) throws IOException {
        Listing listing = new Listing(directory, letters);
        // In this order a file that goes from new to cur meanwhile is seen at least once.
        listing.list("new", listing.fresh);
        listing.list("cur", listing.current);
        listing.fresh.keySet().removeAll(listing.current.keySet());
        listing.odd.keySet().removeIf(key -> !listing.current.containsKey(key) && !listing.fresh.containsKey(key));
        return listing;
    }

    private void list(String sub, Map<String, String> into) throws IOException {
        Map<String, String> infos = new HashMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.resolve(sub))) {
            for (Path file : files) {
                String text = file.getFileName().toString();
                if (text.startsWith(".")) continue;
                MaildirName name = MaildirName.of(text);
                if (!name.roomy() || !sayable(file, text)) {
                    unfit.add(file);
                    continue;
                }
                String info = infos.computeIfAbsent(name.info(), i -> i);
                if (into.putIfAbsent(name.key(), info) == null && !usual(sub, info)) odd.put(name.key(), file);
            }
        }
    }

    /** Octets that the JVM's encoding does not know are lost when a name becomes text. */
    private static boolean sayable(Path file, String text) {
        for (int i = 0; i < text.length(); i++) if (text.charAt(i) > 127) return same(file, text);
        return true;
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
        for (Path file : unfit) {
            if (look(file).isEmpty()) continue;
            boolean isCurrent = file.getParent().endsWith("cur");
            String info = MaildirName.of(file.getFileName().toString()).info();
            String ours = isCurrent ? MaildirName.NO_FLAGS + letters.of(flags(info)) : "";
            String key = names.next();
            try {
                Files.move(file, file.resolveSibling(key + ours), StandardCopyOption.ATOMIC_MOVE);
            } catch (NoSuchFileException e) {
                // Another program was first; the next look finds what it made of it.
                continue;
            }
            (isCurrent ? current : fresh).put(key, ours);
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

    private boolean usual(String sub, String info) throws IOException {
        if (sub.equals("new")) return info.isEmpty();
        return info.equals(MaildirName.NO_FLAGS + letters.of(flags(info)));
    }

    private Flags flags(String info) {
        return letters.flags(MaildirName.letters(info));
    }

    /** Files whose name does not follow from key and flags. */
    Map<String, Path> odd() {
        return odd;
    }

    /** Where that message lies; null when it does not. */
    Path path(String key) {
        String info = current.get(key);
        if (info != null) return directory.resolve("cur").resolve(key + info);
        info = fresh.get(key);
        return info == null ? null : directory.resolve("new").resolve(key + info);
    }

    boolean anyUnknown(Predicate<String> known) {
        return fresh.keySet().stream().anyMatch(known.negate())
                || current.keySet().stream().anyMatch(known.negate());
    }

    /** All messages, unknown ones oldest first. What is not a plain file, and what vanished meanwhile, is left out. */
    List<Found> found(Predicate<String> known, Map<String, Long> uids) throws IOException {
        List<Found> found = new ArrayList<>(fresh.size() + current.size());
        Map<UniqueName.Age, Found> unknown = new TreeMap<>();
        for (Map<String, String> names : List.of(current, fresh)) {
            for (Map.Entry<String, String> name : names.entrySet()) {
                String key = name.getKey();
                Flags flags = flags(name.getValue());
                if (known.test(key)) found.add(new Found(key, 0, flags, -1, Instant.EPOCH));
                else
                    look(directory.resolve(names == fresh ? "new" : "cur").resolve(key + name.getValue()))
                            .ifPresent(file -> unknown.put(
                                    UniqueName.Age.of(key), found(key, uids.getOrDefault(key, 0L), flags, file)));
            }
        }
        found.addAll(unknown.values());
        return found;
    }

    private static Found found(String key, long uid, Flags flags, BasicFileAttributes file) {
        // Names are not believed when they say that there is something to convert: what is served must be as long as it
        // is said to be.
        boolean noted = MaildirName.size(key).equals(OptionalLong.of(file.size()));
        long size = noted ? file.size() : -1;
        return new Found(key, uid, flags, size, file.lastModifiedTime().toInstant());
    }

    private Optional<BasicFileAttributes> look(Path file) throws IOException {
        try {
            BasicFileAttributes found =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            if (found.isRegularFile()) return Optional.of(found);
            skipped.add(file);
            return Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }
}
