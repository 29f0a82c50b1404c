package org.posthorn.replay;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipException;
import org.osgi.framework.Bundle;
import org.osgi.framework.Version;

/**
 * A bundle's content, to be run beside itself: of a version of its own, without descriptions of settings, which would be taken for those of the bundle that
 * counts, and perhaps with other settings.
 *
 * @param files by name, the manifest apart
 */
record BundleCopy(Manifest manifest, Map<String, byte[]> files) {

    /** The last word of a copy's version. */
    static final String QUALIFIER = "replay";
    /** What stands in front of the PID of a copy with settings of its own. */
    static final String PREFIX = "replay.";

    private static final String MANIFEST = "META-INF/MANIFEST.MF";
    private static final long LARGEST = 64L << 20;
    private static final Pattern COMPONENT = Pattern.compile("<(?:\\w+:)?component\\b[^>]*>");
    private static final Pattern PID = Pattern.compile("\\bconfiguration-pid=\"([^\"]*)\"");
    private static final Pattern NAME = Pattern.compile("\\bname=\"([^\"]*)\"");

    /** @throws IllegalArgumentException saying why it is no bundle */
    static BundleCopy of(Path file) throws IOException {
        try (JarFile jar = new JarFile(file.toFile())) {
            Map<String, byte[]> files = new LinkedHashMap<>();
            for (JarEntry entry : Collections.list(jar.entries()))
                if (!entry.isDirectory()) put(entry.getName(), jar.getInputStream(entry), files);
            if (jar.getManifest() == null) throw new IllegalArgumentException(file + " has no manifest");
            return copy(jar.getManifest(), files, file.toString());
        } catch (ZipException e) {
            throw new IllegalArgumentException(file + " is not a whole jar", e);
        }
    }

    /** Of one that is installed. */
    static BundleCopy of(Bundle bundle) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        Enumeration<URL> entries = bundle.findEntries("/", "*", true);
        for (URL url : entries == null ? List.<URL>of() : Collections.list(entries))
            if (!url.getPath().endsWith("/")) put(url.getPath().substring(1), url.openStream(), files);
        try (InputStream manifest = bundle.getEntry(MANIFEST).openStream()) {
            return copy(new Manifest(manifest), files, bundle.getSymbolicName());
        }
    }

    private static void put(String name, InputStream content, Map<String, byte[]> files) throws IOException {
        try (content) {
            boolean left = name.startsWith("OSGI-INF/metatype/") || name.matches("META-INF/[^/]*\\.(SF|RSA|DSA|EC|MF)");
            if (left) return;
            byte[] octets = content.readNBytes((int) LARGEST + 1);
            long all = files.values().stream().mapToLong(f -> f.length).sum() + octets.length;
            if (all > LARGEST) throw new IllegalArgumentException("the bundle is larger than 64 MiB");
            files.put(name, octets);
        }
    }

    private static BundleCopy copy(Manifest manifest, Map<String, byte[]> files, String whose) {
        var main = manifest.getMainAttributes();
        String name = main.getValue("Bundle-SymbolicName");
        if (name == null) throw new IllegalArgumentException(whose + " has no Bundle-SymbolicName, so it is no bundle");
        Version version = Version.parseVersion(main.getValue("Bundle-Version"));
        String qualifier = version.getQualifier().isEmpty() ? QUALIFIER : version.getQualifier() + "-" + QUALIFIER;
        main.putValue("Bundle-SymbolicName", name.split(";")[0].strip());
        main.putValue(
                "Bundle-Version",
                new Version(version.getMajor(), version.getMinor(), version.getMicro(), qualifier).toString());
        manifest.getEntries().clear();
        return new BundleCopy(manifest, files);
    }

    String symbolicName() {
        return manifest.getMainAttributes().getValue("Bundle-SymbolicName");
    }

    /** Whether a component of it is configured by that PID. */
    boolean configuredBy(String pid) {
        return files.entrySet().stream().filter(BundleCopy::isComponent).anyMatch(file -> pid(text(file.getValue()))
                .equals(pid));
    }

    private static boolean isComponent(Map.Entry<String, byte[]> file) {
        return file.getKey().matches("OSGI-INF/[^/]+\\.xml");
    }

    private static String text(byte[] octets) {
        return new String(octets, StandardCharsets.UTF_8);
    }

    /** The configuration PID of a component's description; its name where none is given, OSGi Compendium 112.4.3. */
    private static String pid(String xml) {
        Matcher start = COMPONENT.matcher(xml);
        if (!start.find()) return "";
        Matcher pid = PID.matcher(start.group());
        if (pid.find()) return pid.group(1);
        Matcher name = NAME.matcher(start.group());
        return name.find() ? name.group(1) : "";
    }

    /** The same with {@code replay.PID} in the place of that PID. */
    BundleCopy configuredApart(String pid) {
        Map<String, byte[]> changed = new LinkedHashMap<>(files);
        files.entrySet().stream()
                .filter(BundleCopy::isComponent)
                .filter(file -> pid(text(file.getValue())).equals(pid))
                .forEach(file -> changed.put(
                        file.getKey(), apart(text(file.getValue()), pid).getBytes(StandardCharsets.UTF_8)));
        return new BundleCopy(manifest, changed);
    }

    private static String apart(String xml, String pid) {
        Matcher start = COMPONENT.matcher(xml);
        if (!start.find()) return xml;
        String other = " configuration-pid=\"" + PREFIX + pid + "\"";
        String tag = PID.matcher(start.group()).replaceAll("");
        int end = tag.length() - (tag.endsWith("/>") ? 2 : 1);
        return xml.substring(0, start.start())
                + tag.substring(0, end)
                + other
                + tag.substring(end)
                + xml.substring(start.end());
    }

    /** As a jar. */
    byte[] jar() throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(octets, manifest)) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                jar.putNextEntry(new JarEntry(file.getKey()));
                jar.write(file.getValue());
                jar.closeEntry();
            }
        }
        return octets.toByteArray();
    }
}
