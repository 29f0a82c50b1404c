package org.posthorn.jmap;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.posthorn.api.mail.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What clients have uploaded, RFC 8620 6.1: {@code jmap/uploads/ACCOUNT/ID} in the server's data folder, one file each, with the account of the user who did: nobody else finds it, and he
 * does in whatever account he uses it. It is gone when its time is over, and before that the
 * oldest go when there is no room for another, but none within its first hour. Nothing is forced: who has uploaded something uses it soon, or uploads it again. Safe for
 * several threads.
 */
final class Uploads implements BlobSource {

    private static final Duration SAFE = Duration.ofHours(1);
    /** Mail that comes in needs the disk more. */
    private static final long FREE_OCTETS = 64L << 20;

    private static final String ID = "U[0-9a-f]{32}";
    private static final String UNFINISHED = ".part";

    private static final Logger LOG = LoggerFactory.getLogger(Uploads.class);

    private final Path folder;
    private final Supplier<Limits> limits;
    private final SecureRandom random;
    private final Clock clock;

    Uploads(Path data, Supplier<Limits> limits, SecureRandom random, Clock clock) {
        this.folder = data.resolve("jmap/uploads");
        this.limits = limits;
        this.random = random;
        this.clock = clock;
    }

    /** One that is there. */
    record Stored(String id, long size) {}

    /** There is no room for another one now. */
    static final class Full extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** It is longer than one may be. */
    static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1;
    }

    /** Takes one in to the end of the stream. @throws Full @throws TooLarge then nothing of it is left */
    Stored store(Address user, InputStream in) throws IOException {
        Path mine = folder.resolve(Id.account(user));
        Files.createDirectories(mine);
        if (Files.getFileStore(mine).getUsableSpace() < FREE_OCTETS) throw new Full();
        String id = "U" + HexFormat.of().formatHex(octets());
        Path part = mine.resolve(id + UNFINISHED);
        try {
            long size = write(in, part);
            synchronized (this) {
                makeRoom(mine, size);
                Files.move(part, mine.resolve(id));
            }
            return new Stored(id, size);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private byte[] octets() {
        byte[] octets = new byte[16];
        random.nextBytes(octets);
        return octets;
    }

    private long write(InputStream in, Path to) throws IOException {
        long most = limits.get().uploadSize();
        long size = 0;
        byte[] buffer = new byte[1 << 14];
        try (OutputStream out = Files.newOutputStream(to)) {
            for (int n; (n = in.read(buffer)) >= 0; ) {
                size += n;
                if (size > most) throw new TooLarge();
                out.write(buffer, 0, n);
            }
        }
        return size;
    }

    private record Kept(Path file, long size, Instant since) {}

    /** Only when enough of them may go does any. */
    private void makeRoom(Path mine, long more) throws IOException {
        List<Kept> kept = kept(mine, ID);
        long used = kept.stream().mapToLong(Kept::size).sum() + more;
        int gone = 0;
        while (used > limits.get().kept() || kept.size() - gone >= Limits.KEPT_UPLOADS) {
            if (gone == kept.size() || kept.get(gone).since.plus(SAFE).isAfter(clock.instant())) throw new Full();
            used -= kept.get(gone++).size;
        }
        for (Kept oldest : kept.subList(0, gone)) Files.deleteIfExists(oldest.file);
    }

    /** Oldest first. */
    private static List<Kept> kept(Path mine, String names) throws IOException {
        List<Kept> kept = new ArrayList<>();
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(mine, f -> f.getFileName().toString().matches(names))) {
            for (Path file : files) look(file).ifPresent(kept::add);
        }
        kept.sort(Comparator.comparing(Kept::since));
        return kept;
    }

    private static Optional<Kept> look(Path file) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return Optional.of(new Kept(
                    file, attributes.size(), attributes.lastModifiedTime().toInstant()));
        } catch (NoSuchFileException gone) {
            return Optional.empty();
        }
    }

    /** Removes those whose time is over, and what an upload that broke off has left. */
    void sweep() throws IOException {
        Instant expired = clock.instant().minus(limits.get().keptFor());
        try (DirectoryStream<Path> accounts = Files.newDirectoryStream(folder)) {
            for (Path mine : accounts) sweep(mine, expired);
        } catch (NoSuchFileException nobody) {
            return;
        }
    }

    private static void sweep(Path mine, Instant expired) throws IOException {
        try {
            for (Kept upload : kept(mine, ID + "(" + UNFINISHED + ")?"))
                if (upload.since.isBefore(expired)) Files.deleteIfExists(upload.file);
        } catch (NotDirectoryException notOurs) {
            LOG.debug("{} is no folder of uploads", mine);
        }
    }

    @Override
    public Optional<Blob> find(Context context, Address account, String id) throws IOException {
        if (!id.matches(ID)) return Optional.empty();
        return look(folder.resolve(Id.account(context.user())).resolve(id)).map(Uploads::blob);
    }

    private static Blob blob(Kept kept) {
        return new Blob() {
            @Override
            public OptionalLong size() {
                return OptionalLong.of(kept.size);
            }

            @Override
            public InputStream open() throws IOException {
                return Files.newInputStream(kept.file);
            }
        };
    }
}
