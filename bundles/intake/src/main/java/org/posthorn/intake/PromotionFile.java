package org.posthorn.intake;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps promotions over a restart: a line each, name, share and why, with tabs between. */
record PromotionFile(Path file) {

    private static final Logger log = LoggerFactory.getLogger(PromotionFile.class);

    /** What stands there; what cannot be read is left out, and told. */
    List<Promotion> read() {
        List<Promotion> all = new ArrayList<>();
        try {
            if (Files.exists(file))
                for (String line : Files.readAllLines(file)) {
                    String[] parts = line.split("\t", 3);
                    all.add(new Promotion(parts[0], Integer.parseInt(parts[1]), parts[2]));
                }
        } catch (IOException | RuntimeException e) {
            log.error("{} cannot be read; filters it promotes are in the shadow again: {}", file, e.toString());
            return List.of();
        }
        return all;
    }

    /** Is on disk when this returns. */
    void write(Collection<Promotion> all) throws IOException {
        StringBuilder text = new StringBuilder();
        for (Promotion one : all)
            text.append(one.filter())
                    .append('\t')
                    .append(one.share())
                    .append('\t')
                    .append(one.why().replaceAll("\\s+", " "))
                    .append('\n');
        Files.createDirectories(file.getParent());
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        try (FileChannel out = FileChannel.open(
                fresh, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = StandardCharsets.UTF_8.encode(text.toString());
            while (bytes.hasRemaining()) out.write(bytes);
            out.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel folder = FileChannel.open(file.getParent())) {
            folder.force(true);
        }
    }
}
