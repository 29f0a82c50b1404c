package org.posthorn.itests.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A folder for one input, in memory where the system has a place for that: forces cost nothing there. Closing removes it. */
public record Scratch(Path folder) implements AutoCloseable {

    private static final Path MEMORY = Path.of("/dev/shm");

    public static Scratch make() throws IOException {
        boolean memory = Files.isWritable(MEMORY);
        String name = "posthorn-fuzz-";
        return new Scratch(memory ? Files.createTempDirectory(MEMORY, name) : Files.createTempDirectory(name));
    }

    @Override
    public void close() throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : all) Files.delete(path);
    }
}
