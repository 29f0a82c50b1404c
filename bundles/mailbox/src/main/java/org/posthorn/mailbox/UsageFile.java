package org.posthorn.mailbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.posthorn.api.mailbox.Amount;
import org.posthorn.mime.ModifiedUtf7;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the mailboxes of an account held when it was closed, so that not all their indexes need be read to know it: a small text, not forced. A line is messages, octets, size and
 * time of the index, and the name in modified UTF-7; it counts as long as the index has that size and time.
 */
final class UsageFile {

    private static final Logger LOG = LoggerFactory.getLogger(UsageFile.class);
    static final String NAME = "usage";
    private static final String FORMAT = "posthorn usage 1";

    private final Path path;
    private final Function<String, Path> indexes;
    private String content = "";
    private final Map<String, Line> lines = new HashMap<>();

    private record Line(Amount held, String index) {}

    /** @param indexes where the index of a mailbox lies */
    UsageFile(Path path, Function<String, Path> indexes) {
        this.path = path;
        this.indexes = indexes;
    }

    /** Reads it; what makes no sense, and one that cannot be read, is as if it were not there. */
    void load() {
        if (!Files.exists(path)) return;
        try {
            content = Files.readString(path, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            LOG.warn("{} cannot be read, and what it tells is counted anew: {}", path, e.toString());
            return;
        }
        // The last line tells that the others are all there.
        if (!content.startsWith(FORMAT + "\n") || !content.endsWith("\nend\n")) return;
        content.lines().forEach(this::take);
    }

    private void take(String line) {
        String[] words = line.split(" ", 5);
        if (words.length < 5) return;
        try {
            Amount held = new Amount(Long.parseLong(words[1]), Long.parseLong(words[0]));
            ModifiedUtf7.decode(words[4]).ifPresent(name -> lines.put(name, new Line(held, words[2] + " " + words[3])));
        } catch (NumberFormatException damaged) {
            LOG.debug("{} is damaged: {}", path, line);
        }
    }

    /** What a mailbox held, if its index is as it was. */
    Optional<Amount> held(String name) throws IOException {
        Line line = lines.get(name);
        return line != null && line.index.equals(index(name)) ? Optional.of(line.held) : Optional.empty();
    }

    private String index(String name) throws IOException {
        try {
            BasicFileAttributes index = Files.readAttributes(indexes.apply(name), BasicFileAttributes.class);
            return index.size() + " " + index.lastModifiedTime().to(TimeUnit.NANOSECONDS);
        } catch (NoSuchFileException e) {
            return "0 0";
        }
    }

    /** Writes it, unless it says that already. */
    void save(Map<String, Amount> held) throws IOException {
        StringBuilder text = new StringBuilder(FORMAT + "\n");
        for (Map.Entry<String, Amount> one : held.entrySet())
            text.append(one.getValue().messages())
                    .append(' ')
                    .append(one.getValue().octets())
                    .append(' ')
                    .append(index(one.getKey()))
                    .append(' ')
                    .append(ModifiedUtf7.encode(one.getKey()))
                    .append('\n');
        String now = text.append("end\n").toString();
        if (now.equals(content)) return;
        Path fresh = path.resolveSibling(path.getFileName() + ".new");
        Files.writeString(fresh, now, StandardCharsets.ISO_8859_1);
        Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
    }
}
