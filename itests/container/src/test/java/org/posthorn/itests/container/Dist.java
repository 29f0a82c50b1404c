package org.posthorn.itests.container;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.frameworkStartLevel;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.systemProperty;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.ops4j.pax.exam.Option;

/** The distribution, unpacked as a user does it, and its features as options of a container: what is tested is what ships. */
final class Dist {

    private static final Pattern ENTRY = Pattern.compile(
            "\"id\"\\s*:\\s*\"([^:\"]+):([^:\"]+):([^:\"]+)\"\\s*,\\s*\"bundleStartLevel\"\\s*:\\s*(\\d+)");
    private static final int[] PORTS = {2525, 2587, 2465, 2424, 2143, 2993, 2110, 2995, 8080, 8443};

    /** The level at which the door has opened; what lies above is installed and not started. */
    static final int START_LEVEL = 100;

    private Dist() {}

    /** A container with all features, for that test; its own data, its own ports. */
    static Option[] options(Class<?> test) {
        try {
            Path home = unpack(Path.of(System.getProperty("posthorn.unpacked"), test.getSimpleName()));
            List<Option> options = new ArrayList<>();
            options.add(junitBundles());
            options.add(bundle("file:" + System.getProperty("posthorn.testkit")).startLevel(10));
            for (Path feature : files(home.resolve("features"))) bundles(feature, home.resolve("repository"), options);
            properties(home, options);
            return options.toArray(Option[]::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void properties(Path home, List<Option> options) throws IOException {
        int offset = offset();
        Path data = Files.createDirectories(home.resolve("data/run")).getParent();
        for (String[] property : new String[][] {
            {"posthorn.home", home.toString()},
            {"posthorn.data", data.toString()},
            {"posthorn.config", home.resolve("examples/loopback-test").toString()},
            {"posthorn.port.offset", Integer.toString(offset)},
            {"posthorn.control", "tcp:" + data.resolve("run/control")},
            {"posthorn.mode", "run"},
            {"org.osgi.framework.bsnversion", "multiple"},
            {"org.ops4j.pax.logging.DefaultServiceLog.level", "WARN"},
            {"org.ops4j.pax.logging.logReaderEnabled", "false"},
        }) {
            options.add(frameworkProperty(property[0]).value(property[1]));
            options.add(systemProperty(property[0]).value(property[1]));
        }
        options.add(systemProperty("posthorn.example").value(System.getProperty("posthorn.example")));
        options.add(frameworkStartLevel(START_LEVEL));
    }

    private static void bundles(Path feature, Path repository, List<Option> options) throws IOException {
        Matcher entries = ENTRY.matcher(Files.readString(feature));
        while (entries.find()) {
            String artifact = entries.group(2);
            String version = entries.group(3);
            Path jar = repository
                    .resolve(entries.group(1).replace('.', '/'))
                    .resolve(artifact)
                    .resolve(version)
                    .resolve(artifact + "-" + version + ".jar");
            int level = Integer.parseInt(entries.group(4));
            if (level <= START_LEVEL) options.add(bundle(jar.toUri().toString()).startLevel(level));
            else options.add(bundle(jar.toUri().toString()).startLevel(level).noStart());
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.sorted().toList();
        }
    }

    private static Path unpack(Path target) throws IOException {
        delete(target);
        try (ZipFile zip = new ZipFile(System.getProperty("posthorn.zip"))) {
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                Path file = target.resolve(entry.getName()).normalize();
                if (entry.isDirectory()) Files.createDirectories(file);
                else copy(zip, entry, file);
            }
        }
        return files(target).get(0);
    }

    private static void copy(ZipFile zip, ZipEntry entry, Path file) throws IOException {
        Files.createDirectories(file.getParent());
        try (InputStream in = zip.getInputStream(entry)) {
            Files.copy(in, file);
        }
    }

    private static void delete(Path folder) throws IOException {
        if (!Files.exists(folder)) return;
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }

    /** One that leaves all our ports free on loopback. */
    private static int offset() {
        for (int offset = 10_000 + (int) (ProcessHandle.current().pid() % 20_000); offset < 57_000; offset += 37) {
            int candidate = offset;
            if (java.util.Arrays.stream(PORTS).allMatch(p -> free(p + candidate))) return offset;
        }
        throw new IllegalStateException("no free ports");
    }

    private static boolean free(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
