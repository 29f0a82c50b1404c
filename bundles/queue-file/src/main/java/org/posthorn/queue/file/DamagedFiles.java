package org.posthorn.queue.file;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.posthorn.api.store.Damage;
import org.posthorn.api.store.Inspection;

/** Envelopes that could not be read and were set aside. Whether their mail waits again is the queue's matter. */
record DamagedFiles(Path folder) {

    void inspect(Inspection inspection) throws IOException {
        if (!Files.isDirectory(folder)) return;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, Files::isRegularFile)) {
            for (Path file : files)
                inspection.found(
                        new Damage(
                                "queue/damaged/" + file.getFileName(),
                                "is an envelope that could not be read",
                                "goes to damaged/old; what the queue says of the mail stands above"),
                        () -> old(file));
        }
    }

    private static void old(Path file) throws IOException {
        Path old = Files.createDirectories(file.resolveSibling("old"));
        Files.move(file, old.resolve(file.getFileName()), StandardCopyOption.REPLACE_EXISTING);
        QueueFolder.force(old);
        QueueFolder.force(file.getParent());
    }
}
