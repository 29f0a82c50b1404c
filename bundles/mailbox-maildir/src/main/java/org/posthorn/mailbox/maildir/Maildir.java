package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Filed;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Folder;
import org.posthorn.api.mailbox.Found;
import org.posthorn.api.mailbox.Scan;
import org.posthorn.api.mailbox.Staged;
import org.posthorn.api.mailbox.Stamp;
import org.posthorn.mime.CrlfOctets;
import org.posthorn.mime.StoredMessage;

/** One Maildir: a message is a file, new ones in {@code new}, those with flags in {@code cur}, the flags in the name. */
final class Maildir implements Folder {

    private final Path directory;
    private final Path fresh;
    private final Path current;
    private final UniqueName names;
    private final Letters letters;
    private final UidList uids;
    private final Places places;
    private final Unforced unforced;
    private final OddFiles oddFiles;
    private final OpenFiles openFiles;

    Maildir(Path directory, UniqueName names, OddFiles oddFiles, OpenFiles openFiles) throws IOException {
        this.directory = directory;
        this.fresh = directory.resolve("new");
        this.current = directory.resolve("cur");
        this.names = names;
        this.oddFiles = oddFiles;
        this.openFiles = openFiles;
        this.letters = new Letters(directory);
        this.uids = new UidList(directory);
        this.places = new Places(directory, letters);
        this.unforced = new Unforced(directory);
        Files.createDirectories(fresh);
        letters.refresh();
        TmpFile.sweep(directory.resolve("tmp"), names.now());
    }

    @Override
    public Stamp stamp() throws IOException {
        long first = modified(fresh);
        long second = modified(current);
        return new Stamp(first, second, TimeUnit.NANOSECONDS.toMillis(Math.max(first, second)));
    }

    private static long modified(Path sub) throws IOException {
        return Files.getLastModifiedTime(sub).to(TimeUnit.NANOSECONDS);
    }

    @Override
    public Scan scan(Predicate<String> known) throws IOException {
        letters.refresh();
        for (int round = 0; ; round++) {
            Stamp before = stamp();
            Listing listing = Listing.of(directory, letters, known);
            boolean settled = before.equals(stamp());
            if (!settled && round < 3) continue;
            Map<String, Path> renamed = listing.rename(names);
            oddFiles.renamed(directory, List.copyOf(renamed.values()));
            places.learn(listing);
            UidList.Content noted = (listing.anyUnknown() ? uids.read() : uids.news()).renamed(renamed);
            List<Found> found = listing.found(noted.uids());
            oddFiles.skipped(directory, listing.skipped());
            if (!renamed.isEmpty()) follow(noted, found, renamed.keySet());
            return new Scan(before, noted.uidValidity(), noted.uidNext(), found, settled, letters::keeps);
        }
    }

    /** Those that have other names now keep their UIDs. */
    private void follow(UidList.Content noted, List<Found> found, Set<String> keys) throws IOException {
        List<Filed> filed = found.stream()
                .filter(f -> f.uid() > 0 && keys.contains(f.key()))
                .map(f -> new Filed(f.uid(), f.key(), f.flags()))
                .toList();
        if (!filed.isEmpty()) uids.note(noted.uidValidity(), filed);
    }

    @Override
    public Staged stage(Message message, Instant internalDate) throws IOException {
        return TmpFile.write(directory, message, internalDate, names, letters, unforced);
    }

    @Override
    public Optional<Message> read(Filed filed) throws IOException {
        Optional<MaildirFile> there = MaildirFile.of(places, openFiles, filed);
        if (there.isEmpty()) return Optional.empty();
        MaildirFile file = there.get();
        boolean noted = MaildirName.size(filed.key()).equals(OptionalLong.of(file.size()));
        long size = noted ? file.size() : CrlfOctets.sizeOf(file);
        return Optional.of(StoredMessage.of(CrlfOctets.of(file, size)));
    }

    @Override
    public boolean flag(Filed filed, Flags flags) throws IOException {
        String info = letters.of(flags);
        if (info.equals(letters.of(filed.flags())))
            return places.with(filed, Files::size).isPresent();
        Path target = current.resolve(filed.key() + MaildirName.NO_FLAGS + info);
        try {
            return places.move(filed, target);
        } finally {
            unforced.renamed();
        }
    }

    @Override
    public void remove(Collection<Filed> filed) throws IOException {
        for (Filed one : filed) {
            places.with(one, path -> {
                Files.delete(path);
                unforced.changed(path);
                return path;
            });
            places.forget(one.key());
            unforced.takeForced(one.key());
        }
    }

    @Override
    public void force(long uidValidity, Collection<Filed> filed) throws IOException {
        for (Filed one : filed) if (!unforced.takeForced(one.key())) force(one);
        unforced.forceNames();
        if (!filed.isEmpty()) uids.note(uidValidity, filed);
    }

    private void force(Filed one) throws IOException {
        Optional<FileChannel> file = places.with(one, path -> FileChannel.open(path, StandardOpenOption.READ));
        if (file.isEmpty()) return;
        try (FileChannel open = file.get()) {
            open.force(true);
        }
    }

    @Override
    public boolean unplaced(String key) throws IOException {
        return Files.deleteIfExists(directory.resolve("tmp").resolve(key));
    }

    @Override
    public void close() throws IOException {
        uids.flush();
    }
}
