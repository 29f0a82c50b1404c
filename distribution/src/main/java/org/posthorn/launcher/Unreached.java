package org.posthorn.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The bundles that are to start again and that a start has not come to yet, by their locations: they have lost the framework's mark for the time of the start, and
 * a process that ends in the middle of it leaves them here. A file that is there while any are left.
 */
final class Unreached {
    private final Path file;
    private final Set<String> locations = new LinkedHashSet<>();

    /** With what the last start left. */
    Unreached(Path file) throws IOException {
        this.file = file;
        if (Files.exists(file)) locations.addAll(Files.readAllLines(file));
    }

    boolean has(String location) {
        return locations.contains(location);
    }

    void set(Collection<String> all) throws IOException {
        locations.clear();
        locations.addAll(all);
        write();
    }

    void remove(String location) throws IOException {
        if (locations.remove(location)) write();
    }

    private void write() throws IOException {
        if (locations.isEmpty()) Files.deleteIfExists(file);
        else Folders.writePrivately(file, String.join("\n", locations) + "\n");
    }
}
