package org.posthorn.lab;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The browser of the desktop that somebody sits at, if there is one: nobody misses it where there is none. */
final class Browser {

    private final Map<String, String> environment;
    private final boolean mac;

    /** That of whoever runs this. */
    Browser() {
        this(System.getenv(), System.getProperty("os.name"));
    }

    /** @param system its name, as Java has it */
    Browser(Map<String, String> environment, String system) {
        this.environment = environment;
        mac = system.startsWith("Mac");
    }

    /** Opens a page, or does not; comes back at once. @return whether somebody has taken the address */
    boolean open(String url) {
        Optional<Path> opener = opener();
        if (opener.isEmpty()) return false;
        try {
            new ProcessBuilder(List.of(opener.get().toString(), url))
                    .redirectInput(ProcessBuilder.Redirect.PIPE)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .getOutputStream()
                    .close();
            return true;
        } catch (IOException e) {
            System.getLogger("posthorn.lab").log(System.Logger.Level.DEBUG, "no browser", e);
            return false;
        }
    }

    /** What opens pages; empty where there is no desktop. */
    Optional<Path> opener() {
        if (mac) return has("SSH_CONNECTION") ? Optional.empty() : program("open");
        return has("DISPLAY") || has("WAYLAND_DISPLAY") ? program("xdg-open") : Optional.empty();
    }

    private boolean has(String name) {
        return !environment.getOrDefault(name, "").isEmpty();
    }

    private Optional<Path> program(String name) {
        return Stream.of(environment.getOrDefault("PATH", "").split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
