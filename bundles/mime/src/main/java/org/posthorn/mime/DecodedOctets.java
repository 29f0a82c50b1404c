package org.posthorn.mime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * The octets of a body without its transfer encoding, decoded as they are read. Reading on from where the last reader stopped costs nothing extra;
 * going back means decoding from the last of the places measured.
 */
public final class DecodedOctets implements Octets {

    /** Places to begin at are that far from each other, in decoded octets. */
    private static final long STRIDE = 1 << 20;

    /** What one pass over a body tells. */
    public static final class Measure {
        private final long size;
        private final boolean nul;
        private final List<Decoder.Place> places;

        private Measure(long size, boolean nul, List<Decoder.Place> places) {
            this.size = size;
            this.nul = nul;
            this.places = List.copyOf(places);
        }

        /** Roughly how much memory it takes, in octets. */
        public long weight() {
            return 100 + 40L * places.size();
        }

        /** The last place that is not behind that. */
        private Decoder.Place before(long position) {
            return places.get((int) Math.min(position / STRIDE, places.size() - 1));
        }
    }

    private final Octets encoded;
    private final String encoding;
    private final Measure measure;
    private final Reading reading = new Reading(this::from);

    private DecodedOctets(Octets encoded, String encoding, Measure measure) {
        this.encoded = encoded;
        this.encoding = encoding;
        this.measure = measure;
    }

    /** @param measure what {@link #measure} told of the same octets */
    public static DecodedOctets of(Octets encoded, String encoding, Measure measure) {
        return new DecodedOctets(encoded, encoding, measure);
    }

    /** Decodes all of it once. @param encoding one that {@link TransferDecoding#changes} octets */
    public static Measure measure(Octets encoded, String encoding) throws IOException {
        List<Decoder.Place> places = new ArrayList<>(List.of(Decoder.START));
        boolean nul = false;
        try (InputStream body = encoded.open()) {
            Decoder in = decoder(Window.of(body), encoding, Decoder.START);
            for (int b; (b = in.read()) >= 0; ) {
                nul |= b == 0;
                if (in.out() % STRIDE == 0) places.add(in.place());
            }
            return new Measure(in.out(), nul, places);
        }
    }

    private static Decoder decoder(Window encoded, String encoding, Decoder.Place from) {
        return TransferDecoding.decoder(encoded, encoding, from).orElseThrow();
    }

    /** Whether there is a NUL in them. */
    public boolean nul() {
        return measure.nul;
    }

    @Override
    public long size() {
        return measure.size;
    }

    @Override
    public InputStream open() {
        return decoder(Window.of(encoded), encoding, Decoder.START);
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
        if (position >= size()) return 0;
        return reading.transferTo(position, Math.min(count, size() - position), to);
    }

    private InputStream from(long position) throws IOException {
        Decoder in = decoder(Window.of(encoded), encoding, measure.before(position));
        in.skipNBytes(position - in.out());
        return in;
    }
}
