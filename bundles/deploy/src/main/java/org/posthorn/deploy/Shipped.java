package org.posthorn.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The jars of the server's own parts as they came with it: {@code repository/org/posthorn/NAME/VERSION/NAME-VERSION.jar}.
 *
 * @param repository laid out as Maven does it
 */
record Shipped(Path repository) {

    private static final String GROUP = "org.posthorn";

    /**
     * @param jar the file
     * @param location as the launcher installs it
     */
    record Part(Path jar, String location) {}

    /** The part of that symbolic name; empty when none came with the server. @throws UncheckedIOException when that cannot be told */
    Optional<Part> part(String symbolicName) {
        Path folder = repository.resolve(GROUP.replace('.', '/')).resolve(symbolicName);
        if (!symbolicName.startsWith(GROUP) || !Files.isDirectory(folder)) return Optional.empty();
        try (DirectoryStream<Path> versions = Files.newDirectoryStream(folder)) {
            for (Path version : versions) {
                Path jar = version.resolve(symbolicName + "-" + version.getFileName() + ".jar");
                String location = "feature:" + GROUP + ":" + symbolicName + ":" + version.getFileName();
                if (Files.exists(jar)) return Optional.of(new Part(jar, location));
            }
            return Optional.empty();
        } catch (IOException e) {
            // To say that there is none would have a part of the server taken for a library of others.
            throw new UncheckedIOException(folder + " cannot be read", e);
        }
    }
}
