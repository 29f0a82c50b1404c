package org.posthorn.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;

/**
 * The classes of a bundle's own that its class files name, and that neither its jar has nor its wiring gives: a command would be the first to miss them, long
 * after the bundle has been let in. Its own are those below its symbolic name, and, when that is no package of the jar, below the package of its activator. Those of
 * others may be missing: who imports them optionally does without, and libraries within a jar often name what nobody ships.
 */
final class MissingClasses {

    private static final String SUFFIX = ".class";
    /** So many are told. */
    private static final int TOLD = 5;

    private final Bundle bundle;
    /** By the names of their classes. */
    private final Map<String, URL> files = new HashMap<>();
    /** With a class that names it. */
    private final Map<String, String> missing = new TreeMap<>();

    /** What the names of its own classes begin with. */
    private final String root;

    private MissingClasses(Bundle bundle) {
        this.bundle = bundle;
        this.root = root(bundle) + ".";
    }

    private static String root(Bundle bundle) {
        String name = bundle.getSymbolicName();
        String activator = bundle.getHeaders("").get(Constants.BUNDLE_ACTIVATOR);
        if (bundle.getEntry(name.replace('.', '/')) != null || activator == null) return name;
        return activator.substring(0, Math.max(0, activator.lastIndexOf('.')));
    }

    /** Resolves the bundle, if it can be; one that cannot has nothing to be held against. @throws Unfit when some are missing; it names them */
    static void refuse(Bundle bundle) throws Unfit {
        Enumeration<URL> entries = bundle.findEntries("/", "*" + SUFFIX, true);
        if (entries == null || bundle.getState() == Bundle.INSTALLED) return;
        new MissingClasses(bundle).refuse(Collections.list(entries));
    }

    private void refuse(List<URL> entries) throws Unfit {
        for (URL entry : entries) {
            String path = entry.getPath().substring(1);
            // What lies there is no class by its path, JAR File Specification, "Multi-release JAR files".
            if (!path.startsWith("META-INF/"))
                files.put(path.substring(0, path.length() - SUFFIX.length()).replace('/', '.'), entry);
        }
        for (Map.Entry<String, URL> file : files.entrySet())
            for (String name : named(file.getKey(), file.getValue()))
                if (own(name) && !isThere(name)) missing.putIfAbsent(name, file.getKey());
        if (!missing.isEmpty()) throw new Unfit(text());
    }

    private static Set<String> named(String name, URL file) throws Unfit {
        try (InputStream in = file.openStream()) {
            return ClassNames.in(in);
        } catch (IOException e) {
            throw new Unfit("its class " + name + " cannot be read: " + e.getMessage());
        }
    }

    /** A whole package may be missing. */
    private boolean own(String name) {
        return name.startsWith(root);
    }

    private boolean isThere(String name) {
        if (files.containsKey(name)) return true;
        if (missing.containsKey(name)) return false;
        try {
            bundle.loadClass(name);
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }

    private String text() {
        String some = missing.entrySet().stream()
                .limit(TOLD)
                .map(m -> m.getKey() + ", which " + m.getValue() + " names")
                .collect(Collectors.joining("; "));
        int more = missing.size() - TOLD;
        return "it lacks classes: " + some + (more > 0 ? "; and " + more + " more" : "");
    }
}
