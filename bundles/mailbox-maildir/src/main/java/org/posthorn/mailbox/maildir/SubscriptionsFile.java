package org.posthorn.mailbox.maildir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.posthorn.api.mailbox.Subscriptions;
import org.posthorn.mime.ModifiedUtf7;

/**
 * Subscriptions where Dovecot keeps them: {@code subscriptions}, a name a line in modified UTF-7. Version 2 begins with {@code V<tab>2} and an empty line,
 * and has tabs between levels, with octets escaped that would be mistaken; version 1 has no head, and dots. It stays of its version, and keeps the lines
 * that are no names. Written only under {@code subscriptions.lock}.
 */
final class SubscriptionsFile implements Subscriptions {

    private static final String HEAD = "V\t2\n\n";
    /** More than tens of thousands of names; nobody subscribes to so many, and we read them into memory. */
    private static final long MOST = 8 << 20;

    private static final String ESCAPE = "\1";
    // What stands behind the escape, and what for: 0, 1, tab, carriage return, line feed.
    private static final String ESCAPED = "01trn";
    private static final String MEANT = "\0\1\t\r\n";

    private final Path file;

    SubscriptionsFile(Path root) {
        this.file = root.resolve("subscriptions");
    }

    @Override
    public Optional<Set<String>> read() throws IOException {
        if (!Files.isRegularFile(file)) return Optional.empty();
        String text = text();
        return Optional.of(lines(text)
                .flatMap(line -> name(line, text.startsWith(HEAD)).stream())
                .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Override
    public void write(Set<String> names) throws IOException {
        try (DotLock lock = DotLock.take(file)) {
            String before = Files.isRegularFile(file) ? text() : HEAD;
            boolean second = before.startsWith(HEAD);
            TreeSet<String> missing = new TreeSet<>(names);
            List<String> lines = new ArrayList<>();
            // In the order that they have, which some programs show.
            lines(before)
                    .filter(line -> name(line, second).map(missing::remove).orElse(true))
                    .forEach(lines::add);
            missing.forEach(name -> lines.add(line(name, second)));
            String text = lines.stream().map(line -> line + "\n").collect(Collectors.joining());
            lock.replace(second ? HEAD + text : text);
            MaildirShelf.force(file.getParent());
        }
    }

    private String text() throws IOException {
        if (Files.size(file) > MOST) throw new IOException(file + " is longer than a list of subscriptions can be");
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }

    private static Stream<String> lines(String text) {
        String names = text.startsWith(HEAD) ? text.substring(HEAD.length()) : text;
        return names.lines().filter(line -> !line.isEmpty());
    }

    private static Optional<String> name(String line, boolean second) {
        return ModifiedUtf7.decode(second ? unescaped(line.replace('\t', '.')) : line)
                .filter(name -> MaildirShelf.wellFormed(name) && name.chars().noneMatch(Character::isISOControl));
    }

    private static String line(String name, boolean second) {
        String encoded = ModifiedUtf7.encode(name);
        return second ? encoded.replace('.', '\t') : encoded;
    }

    /** Our own names need no escapes: they have no control characters. */
    private static String unescaped(String line) {
        if (!line.contains(ESCAPE)) return line;
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < line.length(); i++) {
            int what = line.startsWith(ESCAPE, i) && i + 1 < line.length() ? ESCAPED.indexOf(line.charAt(i + 1)) : -1;
            name.append(what < 0 ? line.charAt(i) : MEANT.charAt(what));
            if (what >= 0) i++;
        }
        return name.toString();
    }
}
