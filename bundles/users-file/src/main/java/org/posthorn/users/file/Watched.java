package org.posthorn.users.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a file says, read again when the file has changed; it is looked at once a second at most, when somebody asks. */
final class Watched<T> {

    private static final Logger LOG = LoggerFactory.getLogger(Watched.class);
    private static final long EVERY = Duration.ofSeconds(1).toNanos();
    private static final long LONGEST = 64 << 20;

    private record Stamp(long size, FileTime changed, Object key) {}

    private final Path file;
    private final LongSupplier nanoTime;
    private final Function<List<String>, T> reader;
    private Stamp stamp;
    private T content;
    private long looked;
    private IOException trouble;

    Watched(Path file, LongSupplier nanoTime, Function<List<String>, T> reader) {
        this.file = file;
        this.nanoTime = nanoTime;
        this.reader = reader;
    }

    /** What it says, or said last if it cannot be read now. @throws IOException when it could not be read yet */
    synchronized T content() throws IOException {
        if (content == null && trouble == null || nanoTime.getAsLong() - looked >= EVERY) look();
        if (content == null) throw trouble;
        return content;
    }

    private void look() {
        looked = nanoTime.getAsLong();
        try {
            Stamp now = stamp();
            // An editor that writes in place makes the file empty first: the next look sees it whole.
            boolean read = !now.equals(stamp) && (content == null || now.size > 0);
            if (read) content = reader.apply(lines());
            if (read) stamp = now;
            trouble = null;
        } catch (IOException | UncheckedIOException e) {
            report(new IOException(file + " cannot be read: " + e.getMessage(), e));
        }
    }

    private void report(IOException e) {
        if (trouble == null)
            LOG.error(
                    "{}; {}",
                    e.getMessage(),
                    content == null ? "its users are not known" : "its old content stays in force");
        trouble = e;
    }

    private Stamp stamp() throws IOException {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        if (now.size() > LONGEST) throw new IOException("it is larger than " + LONGEST + " octets");
        return new Stamp(now.size(), now.lastModifiedTime(), now.fileKey());
    }

    /** Octets that are no UTF-8 spoil their line and no other. */
    private List<String> lines() throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                .lines()
                .toList();
    }
}
