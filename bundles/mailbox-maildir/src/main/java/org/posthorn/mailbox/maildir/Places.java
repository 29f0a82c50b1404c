package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.posthorn.api.mailbox.Filed;
import org.posthorn.api.mailbox.Flags;

/**
 * Where a message's file is. Names follow from key and flags, so only those that do not are remembered; when another program has renamed a file
 * since, the directories are listed once more.
 */
final class Places {

    /** Something done with a file. */
    @FunctionalInterface
    interface Deed<T> {
        /** @throws NoSuchFileException when the file is not there: it will be looked for elsewhere */
        T on(Path file) throws IOException;
    }

    private final Path directory;
    private final Path fresh;
    private final Path current;
    private final Letters letters;
    private volatile Map<String, Path> odd = new ConcurrentHashMap<>();
    private final ReentrantReadWriteLock renaming = new ReentrantReadWriteLock();
    private final Set<String> gone = new HashSet<>();
    private long listed;

    Places(Path directory, Letters letters) {
        this.directory = directory;
        this.fresh = directory.resolve("new");
        this.current = directory.resolve("cur");
        this.letters = letters;
    }

    /** Remembers what a listing found at other places than one would think. */
    synchronized void learn(Listing listing) throws IOException {
        odd = new ConcurrentHashMap<>(listing.odd());
        if (listed != changed()) gone.clear();
        listed = changed();
    }

    void forget(String key) {
        odd.remove(key);
    }

    /** Does it with the message's file; empty when there is none. We rename nothing meanwhile. */
    <T> Optional<T> with(Filed filed, Deed<T> deed) throws IOException {
        renaming.readLock().lock();
        try {
            Optional<T> done = first(candidates(filed), deed);
            // Other programs may rename it while we look.
            for (int look = 0; done.isEmpty() && look < 3; look++) {
                Path found = listed(filed.key());
                if (found == null) break;
                done = first(List.of(found), deed);
            }
            return done;
        } finally {
            renaming.readLock().unlock();
        }
    }

    private static <T> Optional<T> first(List<Path> candidates, Deed<T> deed) throws IOException {
        for (Path candidate : candidates) {
            try {
                return Optional.of(deed.on(candidate));
            } catch (NoSuchFileException e) {
                // It may have the next name.
                continue;
            }
        }
        return Optional.empty();
    }

    /** Looks everywhere; null when it is nowhere. Looking for what is gone does not read the directories each time. */
    private synchronized Path listed(String key) throws IOException {
        if (listed == changed() && gone.contains(key)) return null;
        Listing listing = Listing.of(directory, letters, any -> true);
        learn(listing);
        Path found = listing.path(key);
        if (found == null) gone.add(key);
        return found;
    }

    private long changed() throws IOException {
        return 31 * Files.getLastModifiedTime(fresh).toMillis()
                + Files.getLastModifiedTime(current).toMillis();
    }

    private List<Path> candidates(Filed filed) {
        Path unflagged = fresh.resolve(filed.key());
        Path flagged = current.resolve(filed.key() + MaildirName.NO_FLAGS + letters.now(filed.flags()));
        Path remembered = odd.get(filed.key());
        if (remembered != null) return List.of(remembered, flagged, unflagged);
        return filed.flags().equals(Flags.NONE) ? List.of(unflagged, flagged) : List.of(flagged, unflagged);
    }

    /** Renames the message's file. False when there is none. */
    boolean move(Filed filed, Path target) throws IOException {
        renaming.writeLock().lock();
        try {
            boolean moved = with(filed, path -> Files.move(path, target, StandardCopyOption.ATOMIC_MOVE))
                    .isPresent();
            odd.remove(filed.key());
            outdate();
            return moved;
        } finally {
            renaming.writeLock().unlock();
        }
    }

    /** The last listing counts no more: the time of a directory may not tell. */
    private synchronized void outdate() {
        listed = -1;
    }
}
