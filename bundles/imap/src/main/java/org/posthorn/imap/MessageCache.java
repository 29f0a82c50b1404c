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

/**
 * Structures, envelopes and previews of the messages that were asked for last, sizes of what their parts decode to, and where the first NUL is: clients fetch a message in many pieces, and list a
 * mailbox again and again. Safe for several threads.
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

    private static final int KEY = 200;

    /** A part of it, by the place of its body. */
    private record PartKey(Key message, long body) {}

    /** An envelope is not the same for all. */
    private record Told(Key key, Dialect dialect) {}

    private final Kept<Key, Part> parts;
    private final Kept<Told, String> envelopes;
    private final Kept<PartKey, DecodedOctets.Measure> measures;
    private final Kept<PartKey, OptionalLong> nuls;
    private final Kept<Key, String> previews;

    /** @param most how much memory it may take, roughly, in octets */
    public MessageCache(long most) {
        parts = new Kept<>(most / 2, MessageCache::weight);
        envelopes = new Kept<>(most / 4, e -> KEY + e.length());
        measures = new Kept<>(most / 16, m -> KEY + m.weight());
        nuls = new Kept<>(most / 16, n -> KEY);
        previews = new Kept<>(most / 8, p -> KEY + p.length());
    }

    /** The structure of the message; reads it if it is not here. */
    public Part structure(Key key, Reading message) throws IOException {
        Optional<Part> known = parts.get(key);
        if (known.isPresent()) return known.get();
        Part parsed = MimeParser.parse(message.message());
        parts.keep(key, parsed);
        return parsed;
    }

    /** Its ENVELOPE in that dialect; reads its header if that is not here. */
    public String envelope(Key key, Dialect dialect, Reading message) throws IOException {
        Told told = new Told(key, dialect);
        Optional<String> known = envelopes.get(told);
        if (known.isPresent()) return known.get();
        StringBuilder out = new StringBuilder(400);
        EnvelopeText.write(out, message.message().header(), dialect);
        envelopes.keep(told, out.toString());
        return out.toString();
    }

    /** How the message begins; reads of it what is needed if that is not here. */
    public String preview(Key key, Reading message) throws IOException {
        Optional<String> known = knownPreview(key);
        if (known.isPresent()) return known.get();
        String preview = PreviewText.of(message.message(), structure(key, message));
        previews.keep(key, preview);
        return preview;
    }

    /** The same, if it is here. */
    public Optional<String> knownPreview(Key key) {
        return previews.get(key);
    }

    /** What the body of a part is when it is decoded; decodes it if that is not here. */
    public DecodedOctets.Measure measure(Key key, Reading message, Part part) throws IOException {
        PartKey body = new PartKey(key, part.body());
        Optional<DecodedOctets.Measure> known = measures.get(body);
        if (known.isPresent()) return known.get();
        Octets octets = Octets.of(message.message(), part.body(), part.octets());
        DecodedOctets.Measure measured = DecodedOctets.measure(octets, part.encoding());
        measures.keep(body, measured);
        return measured;
    }

    /**
     * The place of the first NUL in the body of a part as it lies there; reads that if it is not known.
     *
     * @param body where the body begins, or {@link #WHOLE}
     */
    public OptionalLong firstNul(Key key, long body, Octets octets) throws IOException {
        PartKey part = new PartKey(key, body);
        Optional<OptionalLong> known = nuls.get(part);
        if (known.isPresent()) return known.get();
        OptionalLong first = BinaryParts.firstNul(octets);
        nuls.keep(part, first);
        return first;
    }

    private static long weight(Part part) {
        long own = KEY
                + 200
                + part.fields().stream()
                        .mapToLong(f -> 100 + f.value().length())
                        .sum()
                + part.parameters().stream()
                        .mapToLong(p -> 100 + p.value().length())
                        .sum();
        return own + part.children().stream().mapToLong(MessageCache::weight).sum();
    }

    /** Things of one kind; those that nobody has asked for the longest time go first. */
    private static final class Kept<K, V> {
        private final long most;
        private final ToLongFunction<V> weigher;
        private final Map<K, V> values = new LinkedHashMap<>(16, 0.75f, true);
        private long weight;

        Kept(long most, ToLongFunction<V> weigher) {
            this.most = most;
            this.weigher = weigher;
        }

        synchronized Optional<V> get(K key) {
            return Optional.ofNullable(values.get(key));
        }

        synchronized void keep(K key, V value) {
            long more = weigher.applyAsLong(value);
            // One that fills the cache alone would only drive the others out.
            if (more > most / 4 || values.put(key, value) != null) return;
            weight += more;
            var eldest = values.entrySet().iterator();
            while (weight > most && eldest.hasNext()) {
                weight -= weigher.applyAsLong(eldest.next().getValue());
                eldest.remove();
            }
        }
    }
}
