package org.posthorn.mailbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.posthorn.api.mailbox.SpecialUse;
import org.posthorn.mime.ModifiedUtf7;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is kept of an account beside its mailboxes: a small text, written anew and forced with each change. A line is a word and a value; names are in
 * modified UTF-7.
 */
final class AccountFile {

    private static final Logger LOG = LoggerFactory.getLogger(AccountFile.class);
    static final String NAME = "account";
    private static final String FORMAT = "posthorn account 1";

    private final Path path;
    /** No mod-sequence above it was ever given. */
    long modSeq;
    /** The last one given. */
    long uidValidity;

    /** Never changed: another one takes its place. */
    volatile SortedSet<String> subscriptions = Collections.emptySortedSet();

    /** Whether they stand in the format's place too; there an earlier version did not look, and what it left is to be kept. */
    volatile boolean noted;

    final Map<String, SpecialUse> uses = new TreeMap<>();

    /** What it was, or is, about mailboxes. */
    final MailboxRegister register = new MailboxRegister();

    AccountFile(Path path) {
        this.path = path;
    }

    /** Reads it. False when there is none, or none that makes sense. */
    boolean load() throws IOException {
        if (!Files.exists(path)) return false;
        String[] lines = WholeFile.read(path).split("\n");
        // The last line tells that the others are all there.
        if (lines.length == 0 || !lines[0].equals(FORMAT) || !lines[lines.length - 1].equals("end")) return false;
        SortedSet<String> subscribed = new TreeSet<>();
        try {
            for (int i = 1; i < lines.length - 1; i++) {
                String[] words = lines[i].split(" ", 2);
                if (words.length == 2) take(words[0], words[1], subscribed);
            }
        } catch (NumberFormatException e) {
            LOG.warn("{} is damaged ({}); it is made anew", path, e.getMessage());
            register.forget();
            return false;
        }
        subscriptions = Collections.unmodifiableSortedSet(subscribed);
        return true;
    }

    private void take(String word, String value, Set<String> subscribed) {
        switch (word) {
            case "modseq" -> modSeq = Long.parseLong(value);
            case "uidvalidity" -> uidValidity = Long.parseLong(value);
            case "noted" -> noted = value.equals("yes");
            case "mailboxes", "mailbox", "gone", "left" -> register.take(word, value);
            case "subscribed" -> ModifiedUtf7.decode(value).ifPresent(subscribed::add);
            default -> use(word).ifPresent(use -> ModifiedUtf7.decode(value).ifPresent(name -> uses.put(name, use)));
        }
    }

    private static Optional<SpecialUse> use(String word) {
        for (SpecialUse use : SpecialUse.values())
            if (use.name().toLowerCase(Locale.ROOT).equals(word)) return Optional.of(use);
        return Optional.empty();
    }

    /** Writes it, forced. */
    void save() throws IOException {
        StringBuilder text = new StringBuilder(FORMAT + "\n");
        text.append("modseq ")
                .append(modSeq)
                .append("\nuidvalidity ")
                .append(uidValidity)
                .append('\n');
        if (noted) text.append("noted yes\n");
        subscriptions.forEach(
                n -> text.append("subscribed ").append(ModifiedUtf7.encode(n)).append('\n'));
        uses.forEach((name, use) -> text.append(use.name().toLowerCase(Locale.ROOT))
                .append(' ')
                .append(ModifiedUtf7.encode(name))
                .append('\n'));
        register.lines().forEach(line -> text.append(line).append('\n'));
        WholeFile.write(path, text.append("end\n").toString());
    }
}
