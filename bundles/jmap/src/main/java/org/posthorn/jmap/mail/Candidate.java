package org.posthorn.jmap.mail;

import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mailbox.Email;
import org.posthorn.mime.Needle;
import org.posthorn.mime.TextSearch;

/** An Email that a query looks at; read only as far as it must be. For one thread. */
final class Candidate {

    private static final Pattern WHITE = Pattern.compile("\\s+");

    private final MailView mail;
    private final Email email;
    private final Function<Email, Instant> times;
    private final List<Needle> texts;
    private final ReadEmail read;
    private final Map<String, List<String>> folded = new HashMap<>();
    private List<Needle> notInText;

    /**
     * @param times those by which {@code snoozedUntil} sorts
     * @param texts all that may be asked of its text, which is read once for them
     */
    Candidate(MailView mail, Email email, Function<Email, Instant> times, List<Needle> texts) {
        this.mail = mail;
        this.email = email;
        this.times = times;
        this.texts = texts;
        this.read = mail.read(email);
    }

    Email email() {
        return email;
    }

    Instant snoozedUntil() {
        return times.apply(email);
    }

    /** All of its thread, it too. */
    List<Email> thread() throws IOException {
        return mail.thread(email.thread());
    }

    List<HeaderField> header() throws IOException {
        return read.header();
    }

    /** The last field of that name. */
    Optional<HeaderField> field(String name) throws IOException {
        List<HeaderField> fields = header().stream().filter(f -> f.is(name)).toList();
        return fields.isEmpty() ? Optional.empty() : Optional.of(fields.get(fields.size() - 1));
    }

    /** The fields of that name in a form in which case does not count. */
    List<String> folded(String name) throws IOException {
        String key = name.toLowerCase(Locale.ROOT);
        List<String> known = folded.get(key);
        if (known == null) {
            known = header().stream()
                    .filter(f -> f.is(name))
                    .map(f -> WHITE.matcher(TextSearch.folded(f)).replaceAll(" "))
                    .toList();
            folded.put(key, known);
        }
        return known;
    }

    /** Whether they stand in its text. */
    boolean holds(Needle words) throws IOException {
        if (notInText == null) notInText = TextSearch.missingFromShown(read.message(), read.structure(), texts);
        return !notInText.contains(words);
    }

    boolean hasAttachment() throws IOException {
        return read.hasAttachment();
    }
}
