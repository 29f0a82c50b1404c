package org.posthorn.mailbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * What is kept of an account's mailboxes in its home, where nothing else knows it: what users have noted of them, who may do what with them, and the keys
 * of their URLs. All go where a mailbox goes, and with it. Read when first asked for; changed only under the lock of the structure.
 */
final class Notes {

    private final AccountShelf shelf;
    private final Path annotations;
    private final Path access;
    private final Path keys;
    private final Map<Path, AnnotationFile> files = new ConcurrentHashMap<>();

    Notes(AccountShelf shelf, Path home, String formatName) {
        this.shelf = shelf;
        this.annotations = annotations(home, formatName);
        this.access = access(home, formatName);
        this.keys = keys(home, formatName);
    }

    /** Where they lie. Formats have different mailboxes, so each has its own. */
    static Path annotations(Path home, String formatName) {
        return home.resolve("annotations." + formatName);
    }

    static Path access(Path home, String formatName) {
        return home.resolve("access." + formatName);
    }

    static Path keys(Path home, String formatName) {
        return home.resolve("keys." + formatName);
    }

    /** What users have noted. */
    AnnotationFile annotations() throws IOException {
        return file(annotations);
    }

    /** Who may do what: an entry is an identifier in modified UTF-7, its value the rights. */
    AnnotationFile access() throws IOException {
        return file(access);
    }

    /** Mailbox access keys, RFC 4467 2.2: an entry is a mechanism, its value the key. */
    AnnotationFile keys() throws IOException {
        return file(keys);
    }

    private AnnotationFile file(Path path) throws IOException {
        AnnotationFile known = files.get(path);
        return known != null ? known : shelf.alone(alone -> load(path));
    }

    private AnnotationFile load(Path path) throws IOException {
        AnnotationFile known = files.get(path);
        if (known != null) return known;
        AnnotationFile loaded = AnnotationFile.load(path);
        shelf.had(loaded.highest());
        files.put(path, loaded);
        return loaded;
    }

    /** What cannot be read fails here. */
    List<AnnotationFile> all() throws IOException {
        return List.of(annotations(), access(), keys());
    }

    /** Writes them anew. */
    void save() throws IOException {
        for (AnnotationFile file : all()) file.save();
    }

    /** Nothing is kept of these any more. */
    void remove(Predicate<String> mailboxes) throws IOException {
        for (AnnotationFile file : all()) file.remove(mailboxes);
    }

    /** Mailboxes that are being renamed: what is kept of them is there under both names, until they are called by the new ones. */
    record Renaming(String from, Map<AnnotationFile, Set<String>> targets) {

        void end() throws IOException {
            // A target may lie below: where what is taken up a level is called as that level was.
            for (AnnotationFile file : targets.keySet())
                file.remove(name ->
                        AnnotationFile.within(name, from) && !targets.get(file).contains(name));
        }
    }

    Renaming rename(String from, String to) throws IOException {
        Map<AnnotationFile, Set<String>> targets = new LinkedHashMap<>();
        for (AnnotationFile file : all()) targets.put(file, file.copyAll(from, to));
        return new Renaming(from, targets);
    }
}
