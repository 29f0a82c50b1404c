package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.posthorn.api.mailbox.Filed;

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
    private final Letters letters;
    private volatile Map<String, Path> odd = new ConcurrentHashMap<>();
    private long listed;

    Places(Path directory, Letters letters) {
        this.directory = directory;
        this.letters = letters;
    }

    /** Remembers what a listing found at other places than one would think. */
    synchronized void learn(Listing listing) throws IOException {
        odd = new ConcurrentHashMap<>(listing.odd());
        listed = changed();
    }

    void forget(String key) {
        odd.remove(key);
    }

    /** Does it with the message's file; empty when there is none. */
    <T> Optional<T> with(Filed filed, Deed<T> deed) throws IOException {
        for (Path candidate : candidates(filed)) {
            try {
                return Optional.of(deed.on(candidate));
            } catch (NoSuchFileException e) {
                // The next one, then.
                continue;
            }
        }
        return relisted(filed, deed);
    }

    private <T> Optional<T> relisted(Filed filed, Deed<T> deed) throws IOException {
        Path found;
        synchronized (this) {
            if (listed != changed()) learn(Listing.of(directory, letters));
            found = odd.get(filed.key());
        }
        try {
            return found == null ? Optional.empty() : Optional.of(deed.on(found));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private long changed() throws IOException {
        return 31 * Files.getLastModifiedTime(directory.resolve("new")).toMillis()
                + Files.getLastModifiedTime(directory.resolve("cur")).toMillis();
    }

    private List<Path> candidates(Filed filed) throws IOException {
        Path fresh = directory.resolve("new").resolve(filed.key());
        Path current = directory.resolve("cur").resolve(filed.key() + MaildirName.NO_FLAGS + letters.of(filed.flags()));
        Path remembered = odd.get(filed.key());
        if (remembered != null) return List.of(remembered, current, fresh);
        return filed.flags().names().isEmpty() ? List.of(fresh, current) : List.of(current, fresh);
    }

    /** Renames the message's file. False when there is none. */
    boolean move(Filed filed, Path target) throws IOException {
        boolean moved = with(filed, path -> Files.move(path, target, StandardCopyOption.ATOMIC_MOVE))
                .isPresent();
        odd.remove(filed.key());
        return moved;
    }
}
