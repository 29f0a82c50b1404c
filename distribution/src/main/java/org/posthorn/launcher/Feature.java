package org.posthorn.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The bundles of one feature file, in the form of the OSGi Feature Service (Compendium 159), of which id and start level are used. */
record Feature(String id, List<Entry> bundles) {

    /** A bundle by its Maven coordinates {@code g:a:v}. */
    record Entry(String id, int startLevel) {

        String location() {
            return "feature:" + id;
        }

        Path in(Path repository) {
            String[] part = id.split(":");
            return repository
                    .resolve(part[0].replace('.', '/'))
                    .resolve(part[1])
                    .resolve(part[2])
                    .resolve(part[1] + "-" + part[2] + ".jar");
        }
    }

    /** All features of a directory, one file each. */
    static List<Feature> readAll(Path directory) throws Failure {
        try (Stream<Path> files = Files.list(directory)) {
            List<Feature> features = new ArrayList<>();
            for (Path file :
                    files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
                features.add(read(file));
            }
            return features;
        } catch (IOException e) {
            throw new Failure(ExitCode.SOFTWARE, directory + " cannot be read: " + e.getMessage(), e);
        }
    }

    static Feature read(Path file) throws IOException, Failure {
        try {
            Map<?, ?> feature = (Map<?, ?>) Json.read(Files.readString(file));
            List<Entry> entries = new ArrayList<>();
            for (Object bundle : (List<?>) feature.get("bundles")) {
                entries.add(entry((Map<?, ?>) bundle));
            }
            return new Feature((String) feature.get("id"), List.copyOf(entries));
        } catch (IllegalArgumentException | ClassCastException | NullPointerException e) {
            throw new Failure(ExitCode.SOFTWARE, file + " is no feature: " + e.getMessage(), e);
        }
    }

    private static Entry entry(Map<?, ?> bundle) {
        String id = (String) bundle.get("id");
        // The id becomes a path below repository/, so it may not climb out of it.
        if (!id.matches("[\\w.-]+(:\\w[\\w.-]*){2}") || id.contains("..")) {
            throw new IllegalArgumentException("'" + id + "' is not group:artifact:version");
        }
        return new Entry(id, ((Double) bundle.get("bundleStartLevel")).intValue());
    }
}
