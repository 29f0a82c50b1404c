package org.posthorn.imap;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Message;
import org.posthorn.mime.BinaryParts;
import org.posthorn.mime.DecodedOctets;
import org.posthorn.mime.MimeParser;
import org.posthorn.mime.Octets;
import org.posthorn.mime.Part;
import org.posthorn.mime.PreviewText;

/**
 * Structures, envelopes, fields of headers and previews of the messages that were asked for last, sizes of what their parts decode to, and where the first NUL is: clients fetch a message in many
 * pieces, and list a mailbox again and again. Safe for several threads.
 */
public final class MessageCache {

    /** A message never changes under its UID and UIDVALIDITY, RFC 3501 2.3.1.1. */
    public record Key(Address account, String mailbox, long uidValidity, long uid) {}

    /** Where a message is to be had, if it must be read. */
    @FunctionalInterface
    public interface Reading {
        Message message() throws IOException;
    }

    /** In the place of a part: the whole message. */
    public static final long WHOLE = -1;

    /** How long a preview may be, in characters: RFC 8970 3.1. */
    private static final int PREVIEW = 200;

    /** What is kept beside a value, in octets, roughly. */
    private static final int KEY = 200;

    /** What may be asked of a message, and what kind of thing the answer is. */
    private interface Question<V> {}

    private record StructureOf(Key message) implements Question<Part> {}

    /** An envelope is not the same for all. */
    private record EnvelopeOf(Key message, Dialect dialect) implements Question<String> {}

    /** @param section what they are called in the answer */
    private record FieldsOf(Key message, String section) implements Question<String> {}

    private record PreviewOf(Key message) implements Question<String> {}

    /** @param body the place of the body of the part */
    private record MeasureOf(Key message, long body) implements Question<DecodedOctets.Measure> {}

    private record FirstNulOf(Key message, long body) implements Question<OptionalLong> {}

    private record Answer(Object value, long weight) {}

    /** Reads what is not known. */
    @FunctionalInterface
    public interface Finding<V> {
        V find() throws IOException;
    }

    private final long most;
    private final Map<Question<?>, Answer> answers = new LinkedHashMap<>(16, 0.75f, true);
    private long weight;

    /** @param most how much memory it may take, roughly, in octets; what nobody has asked for the longest time goes first */
    public MessageCache(long most) {
        this.most = most;
    }

    /** The structure of the message; reads it if it is not here. */
    public Part structure(Key key, Reading message) throws IOException {
        return answer(new StructureOf(key), () -> MimeParser.parse(message.message()), MessageCache::weight);
    }

    /** Its ENVELOPE in that dialect; reads its header if that is not here. */
    public String envelope(Key key, Dialect dialect, Reading message) throws IOException {
        return answer(
                new EnvelopeOf(key, dialect),
                () -> {
                    StringBuilder out = new StringBuilder(400);
                    EnvelopeText.write(out, message.message().header(), dialect);
                    return out.toString();
                },
                String::length);
    }

    /**
     * Some fields of its header; picks them if they are not here.
     *
     * @param section tells which, and is not the same for others
     */
    public String fields(Key key, String section, Finding<String> picking) throws IOException {
        // What a client calls them is its own, and may be longer than they are.
        return answer(new FieldsOf(key, section), picking, fields -> fields.length() + section.length());
    }

    /** How the message begins; reads of it what is needed if that is not here. */
    public String preview(Key key, Reading message) throws IOException {
        return answer(
                new PreviewOf(key),
                () -> PreviewText.of(message.message(), structure(key, message), PREVIEW),
                String::length);
    }

    /** The same, if it is here. */
    public Optional<String> knownPreview(Key key) {
        return known(new PreviewOf(key));
    }

    /** What the body of a part is when it is decoded; decodes it if that is not here. */
    public DecodedOctets.Measure measure(Key key, Reading message, Part part) throws IOException {
        return answer(
                new MeasureOf(key, part.body()),
                () -> DecodedOctets.measure(Octets.of(message.message(), part.body(), part.octets()), part.encoding()),
                DecodedOctets.Measure::weight);
    }

    /**
     * The place of the first NUL in the body of a part as it lies there; reads that if it is not known.
     *
     * @param body where the body begins, or {@link #WHOLE}
     */
    public OptionalLong firstNul(Key key, long body, Octets octets) throws IOException {
        return answer(new FirstNulOf(key, body), () -> BinaryParts.firstNul(octets), nul -> 0);
    }

    /** Found without the lock: two may read the same at once, and nobody waits for another's disk. */
    private <V> V answer(Question<V> question, Finding<V> finding, ToLongFunction<V> weigher) throws IOException {
        Optional<V> known = known(question);
        if (known.isPresent()) return known.get();
        V found = finding.find();
        keep(question, new Answer(found, KEY + weigher.applyAsLong(found)));
        return found;
    }

    @SuppressWarnings("unchecked") // Only answer() keeps anything.
    private synchronized <V> Optional<V> known(Question<V> question) {
        return Optional.ofNullable(answers.get(question)).map(answer -> (V) answer.value());
    }

    private synchronized void keep(Question<?> question, Answer answer) {
        // One that fills the cache alone would only drive the others out.
        if (answer.weight() > most / 8 || answers.putIfAbsent(question, answer) != null) return;
        weight += answer.weight();
        var eldest = answers.values().iterator();
        while (weight > most && eldest.hasNext()) {
            weight -= eldest.next().weight();
            eldest.remove();
        }
    }

    private static long weight(Part part) {
        long own = 400
                + part.fields().stream()
                        .mapToLong(f -> 100 + f.value().length())
                        .sum()
                + part.parameters().stream()
                        .mapToLong(p -> 100 + p.value().length())
                        .sum();
        return own + part.children().stream().mapToLong(MessageCache::weight).sum();
    }
}
