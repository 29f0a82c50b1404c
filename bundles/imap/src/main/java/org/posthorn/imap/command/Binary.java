package org.posthorn.imap.command;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.MessageCache;
import org.posthorn.mime.DecodedOctets;
import org.posthorn.mime.Octets;
import org.posthorn.mime.Part;
import org.posthorn.mime.TransferDecoding;

/**
 * Octets of a part without its transfer encoding: {@code BINARY[…]<…>}, RFC 3516 4.2. Without a number it is the whole message, as it is.
 *
 * @param section the part, and the piece of what is decoded
 */
record Binary(Section section) implements FetchItem {

    /** Reads what follows {@code BINARY} or {@code BINARY.PEEK}. */
    static Binary parse(Arguments in, boolean peek) {
        return new Binary(Section.binary(in, "BINARY", peek).partial(in));
    }

    /** {@code BINARY.SIZE[…]}: how many octets {@code BINARY} gives. */
    record Size(Section section) implements FetchItem {

        /** Reads what follows {@code BINARY.SIZE}. */
        static Size parse(Arguments in) {
            return new Size(Section.binary(in, "BINARY.SIZE", true));
        }

        @Override
        public boolean needsMessage() {
            return true;
        }

        @Override
        public boolean possible(FetchedMessage out) throws IOException {
            return known(out, section);
        }

        @Override
        public void write(FetchedMessage out) throws IOException {
            long size = octets(out, section).map(Octets::size).orElse(0L);
            out.text().append(section.label()).append(' ').append(size);
        }
    }

    @Override
    public boolean needsMessage() {
        return true;
    }

    @Override
    public boolean setsSeen() {
        return !section.peek();
    }

    @Override
    public boolean possible(FetchedMessage out) throws IOException {
        return known(out, section);
    }

    @Override
    public void write(FetchedMessage out) throws IOException {
        section.writeLabel(out);
        Optional<Octets> octets = octets(out, section);
        if (octets.isEmpty()) {
            out.text().append("NIL");
            return;
        }
        long size = octets.get().size();
        long from = Math.min(size, section.origin().orElse(0L));
        write(out, octets.get(), from, Math.min(section.count(), size - from));
    }

    /** A literal8 where a NUL makes it one, RFC 3516 4.3. */
    private void write(FetchedMessage out, Octets octets, long from, long count) throws IOException {
        if (nul(out, octets, from + count)) out.text().append('~');
        out.slice(octets, from, count);
    }

    /** Whether there is a NUL in front of that place: what is told in pieces is read once. */
    private boolean nul(FetchedMessage out, Octets octets, long end) throws IOException {
        if (octets instanceof DecodedOctets decoded) return decoded.nul();
        long body = section.path().isEmpty()
                ? MessageCache.WHOLE
                : section.find(out.structure()).orElseThrow().body();
        OptionalLong first = out.firstNul(body, octets);
        return first.isPresent() && first.getAsLong() < end;
    }

    private static boolean known(FetchedMessage out, Section section) throws IOException {
        if (section.path().isEmpty()) return true;
        return section.find(out.structure())
                .filter(p -> !TransferDecoding.knows(encoding(p)))
                .isEmpty();
    }

    /** The section decoded; empty when there is no such part. */
    private static Optional<Octets> octets(FetchedMessage out, Section section) throws IOException {
        if (section.path().isEmpty()) return Optional.of(out.octets(0, out.size()));
        Optional<Part> part = section.find(out.structure());
        if (part.isEmpty()) return Optional.empty();
        Octets body = out.octets(part.get().body(), part.get().octets());
        String encoding = encoding(part.get());
        if (!TransferDecoding.changes(encoding)) return Optional.of(body);
        return Optional.of(DecodedOctets.of(body, encoding, out.measure(part.get())));
    }

    /** What a multipart says of itself is about its parts, RFC 2045 6.4. */
    private static String encoding(Part part) {
        return part.isMultipart() ? "binary" : part.encoding();
    }
}
