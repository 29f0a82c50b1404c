package org.posthorn.webmail;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.osgi.framework.Bundle;

/**
 * The files of the webmail. All but the first are asked for below a folder that is named after the state of them all, so a browser may keep them for ever, and
 * a new version of the bundle is taken as a whole. Safe for several threads.
 */
final class Site {

    /** Where the files lie in the bundle. */
    private static final String FOLDER = "web/";

    private static final String START = "index.html";

    /** A file as it is found, and whether it is the one that was asked for by its version. */
    record Found(SiteFile file, boolean lasting) {}

    private final Map<String, SiteFile> files;
    private final String version;

    private Site(Map<String, SiteFile> files, String version) {
        this.files = files;
        this.version = version;
    }

    static Site of(Bundle bundle) throws IOException {
        SortedMap<String, byte[]> files = new TreeMap<>();
        Enumeration<URL> entries = bundle.findEntries(FOLDER, "*", true);
        for (URL entry : entries == null ? Collections.<URL>emptyList() : Collections.list(entries)) {
            String path = entry.getPath().replaceFirst("^/?" + FOLDER, "");
            if (path.endsWith("/")) continue;
            try (InputStream in = entry.openStream()) {
                files.put(path, in.readAllBytes());
            }
        }
        return of(files);
    }

    /** @param files by their paths, which have no slash in front */
    static Site of(SortedMap<String, byte[]> files) throws IOException {
        String version = Version.of(files.values().toArray(byte[][]::new));
        Map<String, SiteFile> site = new HashMap<>();
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            SiteFile made = SiteFile.of(file.getKey(), file.getValue());
            site.put(file.getKey(), file.getKey().equals(START) ? made.with(version) : made);
        }
        return new Site(site, version);
    }

    /**
     * @param path without the slash in front; empty is the start. Whoever has opened the page before a swap asks for files by the version before, and gets
     *     those that there are.
     */
    Optional<Found> find(String path) {
        if (path.isEmpty()) return Optional.ofNullable(files.get(START)).map(f -> new Found(f, false));
        String[] parts = path.split("/", 2);
        if (parts.length < 2 || !parts[0].startsWith("v-")) return Optional.empty();
        return Optional.ofNullable(files.get(parts[1])).map(f -> new Found(f, parts[0].equals("v-" + version)));
    }
}
