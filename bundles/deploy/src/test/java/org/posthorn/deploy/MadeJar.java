package org.posthorn.deploy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.UUID;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/** A bundle of no classes but its activator, if it names one, which is one of the tests. */
final class MadeJar {

    private MadeJar() {}

    /** No two are the same, octet by octet. @param headers names and values by turns */
    static byte[] of(String symbolicName, String version, String... headers) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        if (symbolicName != null) manifest.getMainAttributes().putValue("Bundle-SymbolicName", symbolicName);
        manifest.getMainAttributes().putValue("Bundle-Version", version);
        for (int i = 0; i < headers.length; i += 2) manifest.getMainAttributes().putValue(headers[i], headers[i + 1]);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
            jar.putNextEntry(new JarEntry("filler"));
            jar.write(UUID.randomUUID().toString().repeat(50).getBytes());
            jar.closeEntry();
            String activator = manifest.getMainAttributes().getValue("Bundle-Activator");
            if (activator != null) put(activator.replace('.', '/') + ".class", jar);
        }
        return bytes.toByteArray();
    }

    private static void put(String file, JarOutputStream jar) throws IOException {
        jar.putNextEntry(new JarEntry(file));
        try (InputStream in = MadeJar.class.getResourceAsStream("/" + file)) {
            in.transferTo(jar);
        }
        jar.closeEntry();
    }

    /** A bundle with a {@link Moody} activator. @param headers what it does, names and values by turns */
    static byte[] moody(String symbolicName, String version, String... headers) throws IOException {
        Stream<String> moods = Stream.of(
                "Bundle-Activator",
                Moody.class.getName(),
                "DynamicImport-Package",
                "org.osgi.framework, org.osgi.framework.*");
        String[] all = Stream.concat(Arrays.stream(headers), moods).toArray(String[]::new);
        return of(symbolicName, version, all);
    }
}
