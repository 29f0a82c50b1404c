package org.posthorn.mailbox.maildir;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the log what is odd among the files of Maildirs: each thing once, and where there is no end of them only the first. */
final class OddFiles {

    private static final Logger LOG = LoggerFactory.getLogger(OddFiles.class);
    private static final int MOST_DIRECTORIES = 1000;
    private static final int MOST_FILES = 100;

    private final Map<Path, Set<Integer>> told = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Set<Integer>> eldest) {
            return size() > MOST_DIRECTORIES;
        }
    };

    /** These are left where they lie: no messages. */
    synchronized void skipped(Path directory, List<Path> files) {
        if (files.isEmpty()) return;
        Set<Integer> known = told.computeIfAbsent(directory, d -> new HashSet<>());
        List<Path> news = new ArrayList<>();
        for (Path file : files) if (known.size() < MOST_FILES && known.add(file.hashCode())) news.add(file);
        if (!news.isEmpty())
            LOG.warn(
                    "{} entries in {} are no plain files and so no messages; the first new one is {}",
                    files.size(),
                    directory,
                    printable(news.get(0)));
    }

    /** These have other names now, and so will not be seen again. */
    void renamed(Path directory, List<Path> files) {
        if (!files.isEmpty())
            LOG.warn(
                    "{} messages in {} had names that are too long for flags or cannot be read, and have new ones;"
                            + " the first was {}",
                    files.size(),
                    directory,
                    printable(files.get(0)));
    }

    private static String printable(Path file) {
        return file.subpath(file.getNameCount() - 2, file.getNameCount())
                .toString()
                .replaceAll("[^ -~]", "?");
    }
}
