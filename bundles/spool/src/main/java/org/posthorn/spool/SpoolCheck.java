package org.posthorn.spool;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.stream.Collectors;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.store.Damage;
import org.posthorn.api.store.Inspection;

/** Looks through the spool's files while the spool is in use. */
record SpoolCheck(JournalSpool spool, Directories folders, Ledger ledger) {

    void inspect(Inspection inspection) throws IOException {
        for (Path segment : Directories.list(folders.journal(), ".seg")) segment(inspection, segment);
        large(inspection);
        for (Path file : Directories.list(folders.damaged(), Remains.ENDING)) remains(inspection, file);
        for (Path file : Directories.list(folders.damaged(), StrayFiles.ENDING))
            inspection.found(
                    new Damage(
                            name(file),
                            "is the octets of a large mail; for whom it was could not be read in the journal",
                            "goes to damaged/old: nobody but its header may tell where it was to go"),
                    () -> old(file, file.getFileName().toString()));
        for (Path copy : Directories.list(folders.damaged(), ".seg"))
            inspection.found(
                    new Damage(
                            name(copy),
                            "is the copy of a journal segment with damage, set aside at a start",
                            "goes to damaged/old: what could be read was used, or is told of above"),
                    () -> old(copy, Copies.name(copy)));
    }

    private String name(Path file) {
        return "spool/" + folders.root().relativize(file);
    }

    private void segment(Inspection inspection, Path path) throws IOException {
        inspection.at(name(path));
        // What is being written may look torn for a moment.
        int places = damaged(path);
        if (places > 0) places = Math.min(places, damaged(path));
        if (places <= known(path)) return;
        inspection.found(new Damage(
                name(path),
                "is damaged in " + places + (places == 1 ? " place" : " places"),
                "is set aside at the next start, which uses what can be read"));
    }

    /** Damage that a start has seen to: a segment stands for as long as mail in it is open. */
    private int known(Path segment) throws IOException {
        Optional<Path> copy = new Copies(folders.damaged()).of(segment);
        return copy.isPresent() ? damaged(copy.get()) : 0;
    }

    private static int damaged(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            SegmentReader reader = new SegmentReader(channel);
            while (reader.next()) continue;
            return reader.damaged();
        } catch (NoSuchFileException settled) {
            return 0;
        }
    }

    private void large(Inspection inspection) throws IOException {
        for (Committed mail : ledger.large())
            if (!mail.whole() && ledger.isOpen(mail))
                inspection.found(new Damage(
                        name(mail.large().orElseThrow()),
                        "is missing or cut; it holds mail " + mail.mail().id(),
                        "is set aside at the next start"));
    }

    private void remains(Inspection inspection, Path file) throws IOException {
        Remains remains;
        try {
            remains = Remains.read(file);
        } catch (IOException e) {
            inspection.found(
                    new Damage(name(file), "was set aside, and " + e.getMessage(), "goes to damaged/old"),
                    () -> old(file, file.getFileName().toString()));
            return;
        }
        inspection.found(
                new Damage(
                        name(file),
                        "is what is left of a mail " + people(remains.mail().envelope()),
                        "is delivered, with the field X-Posthorn-Damaged; the file goes to damaged/old"),
                () -> {
                    remains.commit(spool);
                    old(file, file.getFileName().toString());
                });
    }

    private static String people(Envelope envelope) {
        String open = envelope.recipients().stream()
                .map(r -> "<" + r.address() + ">")
                .limit(5)
                .collect(Collectors.joining(", "));
        String more = envelope.recipients().size() > 5 ? " and others" : "";
        return "from " + envelope.reversePath() + " for " + open + more + ", not delivered yet";
    }

    /** Nobody needs to look at it again. */
    private static void old(Path file, String name) throws IOException {
        Path old = Files.createDirectories(file.resolveSibling(Remains.OLD));
        Files.move(file, old.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        Directories.force(old);
        Directories.force(file.getParent());
    }
}
