package org.posthorn.database.derby;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A database that cannot be opened, or not be read in full. */
record Wreck(Path folder) {

    private static final Logger LOG = LoggerFactory.getLogger(Wreck.class);

    /** Stands there while nobody has seen to it that a database was lost. */
    static Path note(Path folder) {
        return folder.resolve("lost");
    }

    /** Whether this process may read and write each of its files, so that what it finds in them is their fault. */
    boolean reachable() {
        if (!writable(folder)) return false;
        Path posthorn = folder.resolve("posthorn");
        if (Files.notExists(posthorn)) return true;
        try (Stream<Path> all = Files.walk(posthorn)) {
            return all.allMatch(p -> Files.isReadable(p) && Files.isWritable(p));
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("The database {} cannot be looked through: {}", folder, e.toString());
            return false;
        }
    }

    /** Whether a file can be written there, with room for some pages. */
    static boolean writable(Path folder) {
        Path probe = folder.resolve("probe");
        try {
            Files.write(probe, new byte[64 * 1024], StandardOpenOption.CREATE, StandardOpenOption.DELETE_ON_CLOSE);
            return true;
        } catch (IOException full) {
            return false;
        }
    }

    /** Moves it away, so that another can be begun, and says so. @param why in a line */
    void setAside(String why) throws IOException {
        Path posthorn = folder.resolve("posthorn");
        Path format = folder.resolve("format");
        boolean there = Files.exists(posthorn);
        // Of one that was never whole nobody has had anything.
        boolean whole = Files.exists(format);
        Path aside = free(whole ? "damaged-" : "unfinished-");
        if (there) Files.move(posthorn, aside);
        if (whole) tell(why + (there ? "; it is set aside as " + aside : "; nothing is left of it"));
        else LOG.warn("{}; it was not finished, and is set aside as {}", why, aside);
        Files.deleteIfExists(format);
        Files.deleteIfExists(folder.resolve("open"));
    }

    private void tell(String what) throws IOException {
        LOG.error(
                "{}. The server goes on with an empty one: users and aliases, the greylist, the stories of mails and what"
                        + " filters in the shadow said are lost with it; mail that waits is put to the queue again from the"
                        + " spool. While there is no domain in it, and {} is there, mail is put off and not refused",
                what,
                note(folder));
        Files.writeString(note(folder), Instant.now() + " " + what + "\n");
    }

    private Path free(String name) {
        int number = 1;
        while (Files.exists(folder.resolve(name + number))) number++;
        return folder.resolve(name + number);
    }
}
