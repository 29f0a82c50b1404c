package org.posthorn.deploy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/**
 * A file of the folder that is a whole bundle.
 *
 * @param name the file's name
 * @param symbolicName without directives
 */
record Jar(String name, String symbolicName, Version version, byte[] bytes) {

    /** A bundle larger than this is taken for a mistake. */
    static final long LARGEST = 128L << 20;

    /** The same under another file name. */
    Jar named(String file) {
        return new Jar(file, symbolicName, version, bytes);
    }

    /** Tells it from another. */
    int sum() {
        return Arrays.hashCode(bytes);
    }

    InputStream open() {
        return new ByteArrayInputStream(bytes);
    }

    /** Reads it whole. @throws Unfit saying why it is no bundle, or not yet */
    static Jar read(Path file) throws Unfit {
        try {
            // A pipe would be waited for, and everybody for the pipe.
            if (!Files.isRegularFile(file)) throw new Unfit("it is no plain file");
            if (Files.size(file) > LARGEST) throw new Unfit("it is larger than 128 MiB");
            Manifest manifest = manifest(file);
            return new Jar(file.getFileName().toString(), name(manifest), version(manifest), Files.readAllBytes(file));
        } catch (ZipException e) {
            throw new Unfit("it is not a whole jar");
        } catch (IOException e) {
            throw new Unfit("it cannot be read: " + e.getMessage());
        }
    }

    /** A bundle that is installed, as a jar again. */
    static Jar of(Bundle bundle) throws Unfit {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (URL entry : Collections.list(bundle.findEntries("/", "*", true))) {
                if (entry.getPath().endsWith("/")) continue;
                zip.putNextEntry(new ZipEntry(entry.getPath().substring(1)));
                try (InputStream in = entry.openStream()) {
                    in.transferTo(zip);
                }
            }
        } catch (IOException e) {
            throw new Unfit(bundle.getSymbolicName() + " cannot be read: " + e.getMessage());
        }
        return new Jar(bundle.getLocation(), bundle.getSymbolicName(), bundle.getVersion(), bytes.toByteArray());
    }

    /** Whether what is in it is what is in the bundle. @throws Unfit when one of them cannot be read */
    boolean is(Bundle bundle) throws Unfit {
        return sums().equals(of(bundle).sums());
    }

    /** Of what is in it, by name: a jar that was made of a bundle has other octets. */
    private Map<String, Long> sums() throws Unfit {
        Map<String, Long> sums = new HashMap<>();
        try (ZipInputStream zip = new ZipInputStream(open())) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                CRC32 sum = new CRC32();
                sum.update(zip.readAllBytes());
                if (!entry.isDirectory()) sums.put(entry.getName(), sum.getValue());
            }
        } catch (IOException e) {
            throw new Unfit("it cannot be read: " + e.getMessage());
        }
        return sums;
    }

    /** The list of entries stands at the end of a jar: a file still being written has none. */
    private static Manifest manifest(Path file) throws IOException, Unfit {
        try (JarFile jar = new JarFile(file.toFile())) {
            if (jar.getManifest() == null) throw new Unfit("it has no manifest");
            return jar.getManifest();
        }
    }

    private static Version version(Manifest manifest) throws Unfit {
        try {
            return Version.parseVersion(manifest.getMainAttributes().getValue(Constants.BUNDLE_VERSION));
        } catch (IllegalArgumentException e) {
            throw new Unfit("its Bundle-Version is none: " + e.getMessage());
        }
    }

    private static String name(Manifest manifest) throws Unfit {
        String name = manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME);
        if (name == null) throw new Unfit("its manifest has no Bundle-SymbolicName, so it is no bundle");
        String plain = name.replaceFirst(";.*", "").strip();
        // The name becomes that of a file. OSGi Core 1.3.2 has no other characters in it.
        if (!plain.matches("[A-Za-z0-9._-]+")) throw new Unfit("its Bundle-SymbolicName \"" + plain + "\" is none");
        return plain;
    }
}
