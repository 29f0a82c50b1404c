package org.posthorn.launcher;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/** The log before the settings are in force, and the terminal while the server comes up. */
final class Logging {
    private static final String PREFIX = "log4j2.";

    private Logging() {}

    /**
     * Pax Logging reads its settings from the configuration admin, which starts after it, but can begin with a file. That is made of the
     * administrator's, in which Log4j's keys have a prefix, so nothing is lost of what the first bundles have to say.
     */
    static Path firstSettings(Site site) throws IOException {
        Path own = site.config().resolve("org.ops4j.pax.logging.cfg");
        Path source = Files.exists(own) ? own : site.home().resolve("config/org.ops4j.pax.logging.cfg");
        Properties first = new Properties();
        read(source).forEach((key, value) -> {
            if (key.toString().startsWith(PREFIX)) {
                first.put(key.toString().substring(PREFIX.length()), value);
            }
        });
        Path file = site.cache().resolve("logging.properties");
        try (Writer writer = Files.newBufferedWriter(file)) {
            first.store(writer, null);
        }
        return file;
    }

    private static Properties read(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        } catch (IllegalArgumentException | java.nio.charset.CharacterCodingException e) {
            // The bundle config will say what is wrong with it.
            return new Properties();
        }
        return properties;
    }

    /** Sends what anybody else prints to a file: a start that fails is one clear line on the terminal. */
    static PrintStream divertErrors(Site site) throws IOException {
        PrintStream terminal = System.err;
        System.setErr(
                new PrintStream(new FileOutputStream(site.console().toFile(), true), true, StandardCharsets.UTF_8));
        return terminal;
    }
}
