package org.posthorn.spool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.posthorn.api.spool.Pending;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of large mail that no open mail has, as a start finds them. Mostly the mail was settled, or nobody got a reply for it. But where the journal
 * is damaged, such a file may be all that is left of a mail: what no record names is kept then.
 */
record StrayFiles(Directories folders, Replay replay) {

    private static final Logger log = LoggerFactory.getLogger(StrayFiles.class);
    /** Of the name in {@code damaged}. */
    static final String ENDING = ".large";

    void clear(List<Pending> open) throws IOException {
        Set<String> needed = open.stream().map(p -> p.mail().id().text()).collect(Collectors.toSet());
        boolean damaged = damaged();
        for (Path file : Directories.list(folders.large(), "")) {
            if (needed.contains(file.getFileName().toString()) || replay.owes(file)) continue;
            if (damaged && !known(file)) setAside(file);
            else Files.delete(file);
        }
    }

    /** A version before this one may have met the damage in the same process, and left the files to those who used them. */
    private boolean damaged() throws IOException {
        return replay.damaged() || !Directories.list(folders.damaged(), ".seg").isEmpty();
    }

    private boolean known(Path file) {
        String name = file.getFileName().toString();
        return replay.names(file) || name.endsWith(JournalSpool.UNFINISHED) || Remains.written(folders.damaged(), name);
    }

    private void setAside(Path file) throws IOException {
        Path aside = folders.damaged().resolve(file.getFileName() + ENDING);
        Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
        Directories.force(folders.damaged());
        Directories.force(folders.large());
        log.error(
                "The octets of large mail {} are named by no record that can be read, so it is not known for whom they"
                        + " were: set aside as {}",
                file.getFileName(),
                aside);
    }
}
