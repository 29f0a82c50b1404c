package org.posthorn.itests.laws;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The source tree that these tests stand in. */
final class Tree {

    static final Path ROOT = root();

    private Tree() {}

    private static Path root() {
        Path here = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(here.resolve("bundles"))) here = here.getParent();
        return here;
    }

    /** The folders below bundles/. */
    static List<Path> bundles() throws IOException {
        try (Stream<Path> all = Files.list(ROOT.resolve("bundles"))) {
            return all.filter(p -> Files.exists(p.resolve("pom.xml"))).sorted().toList();
        }
    }

    /** Files below a folder whose names end so; none when the folder is not there. */
    static List<Path> files(Path folder, String ending) throws IOException {
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(p -> p.toString().endsWith(ending))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        }
    }

    /** All Java files of the bundles that ship. */
    static List<Path> mainJava() throws IOException {
        Stream.Builder<Path> all = Stream.builder();
        for (Path bundle : bundles())
            files(bundle.resolve("src/main/java"), ".java").forEach(all);
        files(ROOT.resolve("distribution/src/main/java"), ".java").forEach(all);
        return all.build().toList();
    }

    /** The name behind {@code org.posthorn.} of a folder. */
    static String name(Path bundle) {
        return "org.posthorn." + bundle.getFileName().toString().replace('-', '.');
    }

    static String relative(Path file) {
        return ROOT.relativize(file).toString();
    }
}
