package org.posthorn.deploy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipException;
import org.osgi.framework.Constants;

/**
 * A file of the folder that is a whole bundle.
 *
 * @param name the file's name
 * @param symbolicName without directives
 */
record Jar(String name, String symbolicName, byte[] bytes) {

    /** A bundle larger than this is taken for a mistake. */
    static final long LARGEST = 128L << 20;

    InputStream open() {
        return new ByteArrayInputStream(bytes);
    }

    /** Reads it whole. @throws Unfit saying why it is no bundle, or not yet */
    static Jar read(Path file) throws Unfit {
        try {
            if (Files.size(file) > LARGEST) throw new Unfit("it is larger than 128 MiB");
            return new Jar(file.getFileName().toString(), name(manifest(file)), Files.readAllBytes(file));
        } catch (ZipException e) {
            throw new Unfit("it is not a whole jar");
        } catch (IOException e) {
            throw new Unfit("it cannot be read: " + e.getMessage());
        }
    }

    /** The list of entries stands at the end of a jar: a file still being written has none. */
    private static Manifest manifest(Path file) throws IOException, Unfit {
        try (JarFile jar = new JarFile(file.toFile())) {
            if (jar.getManifest() == null) throw new Unfit("it has no manifest");
            return jar.getManifest();
        }
    }

    private static String name(Manifest manifest) throws Unfit {
        String name = manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME);
        if (name == null) throw new Unfit("its manifest has no Bundle-SymbolicName, so it is no bundle");
        return name.split(";")[0].strip();
    }

    /** Why a file is left aside. */
    static final class Unfit extends Exception {
        private static final long serialVersionUID = 1;

        Unfit(String why) {
            super(why);
        }
    }
}
