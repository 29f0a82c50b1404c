package org.posthorn.mailbox;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.Address;

/**
 * Who has shared something with whom, so that nobody need look through all accounts: for each identifier a folder, in it an empty file for each account
 * whose lists give it rights. A file is there before the right is, and goes after it: one too many costs a look at lists that say nothing.
 */
final class Grants {

    /** In front of the homes; no domain's folder begins with a dot. */
    private static final String FOLDER = ".shared";

    /** So many accounts that have shared something with one user, or with anyone, are looked at. */
    static final int MOST = 1000;

    /** So many identifiers are remembered with who has shared something. */
    private static final int REMEMBERED = 1000;

    /** A folder that is changed twice within so long may have one time of change. */
    private static final Duration TICK = Duration.ofSeconds(2);

    private final Path root;
    private final Map<String, Held> known = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Held> eldest) {
            return size() > REMEMBERED;
        }
    });

    /** What is in a folder since it was changed last. */
    private record Held(FileTime changed, List<Address> owners) {}

    Grants(Path root) {
        this.root = root;
    }

    private Path folder(String identifier) {
        return root.resolve(FOLDER).resolve(Homes.name(identifier));
    }

    private Path file(String identifier, Address owner) {
        return folder(identifier).resolve(Homes.name(owner.folded().toString()));
    }

    boolean has(String identifier, Address owner) {
        return Files.exists(file(identifier, owner));
    }

    /** Notes it, forced. */
    void add(String identifier, Address owner) throws IOException {
        Path file = file(identifier, owner);
        if (Files.exists(file)) return;
        if (owner(file).isEmpty()) throw Names.cannot("The name of this account is too long for that");
        try {
            write(file);
        } catch (NoSuchFileException swept) {
            // Another account has just taken the last one out of that folder.
            write(file);
        }
    }

    private static void write(Path file) throws IOException {
        Homes.privately(file.getParent());
        Files.write(file, new byte[0]);
        IndexFile.forceDirectory(file.getParent());
    }

    /** That account gives these nothing any more. */
    void remove(Collection<String> identifiers, Address owner) throws IOException {
        for (String identifier : identifiers) {
            Files.deleteIfExists(file(identifier, owner));
            sweep(folder(identifier));
        }
    }

    /** Whoever makes up identifiers leaves nothing behind. */
    private static void sweep(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException others) {
            // Who give it something.
            return;
        }
    }

    /** The accounts that may give it something, in order. Costs a look at a folder's time unless that has changed. */
    List<Address> owners(String identifier) throws IOException {
        try {
            Path folder = folder(identifier);
            FileTime changed = Files.getLastModifiedTime(folder);
            Held held = known.get(identifier);
            if (held != null && held.changed.equals(changed)) return held.owners;
            List<Address> owners = owners(folder);
            if (changed.toInstant().plus(TICK).isBefore(Instant.now()))
                known.put(identifier, new Held(changed, owners));
            return owners;
        } catch (NoSuchFileException nobody) {
            return List.of();
        }
    }

    private static List<Address> owners(Path folder) throws IOException {
        List<Address> owners = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            files.forEach(file -> owner(file).ifPresent(owners::add));
        }
        owners.sort(Comparator.comparing(Address::toString));
        return Collections.unmodifiableList(owners.subList(0, Math.min(MOST, owners.size())));
    }

    /** What was too long has a hash for a name, and is nobody's. */
    private static Optional<Address> owner(Path file) {
        String name = file.getFileName().toString();
        return Optional.of(name)
                .filter(n -> n.indexOf("%%") < 0)
                .flatMap(n -> Address.parse(Homes.word(n)))
                .filter(a -> Homes.name(a.toString()).equals(name));
    }
}
