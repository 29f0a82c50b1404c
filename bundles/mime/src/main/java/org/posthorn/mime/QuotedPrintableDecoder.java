package org.posthorn.mime;

import java.io.IOException;

/** quoted-printable, RFC 2045 6.7. An equals sign that encodes nothing stands for itself. */
final class QuotedPrintableDecoder extends Decoder {

    /** More blanks in a row are not looked through for the end of their line. */
    private static final int BLANKS = Window.AHEAD / 2;

    /** Up to there blanks have been looked through, and are text. */
    private long looked;

    QuotedPrintableDecoder(Window encoded, Place from) {
        super(encoded, from);
    }

    @Override
    int next() throws IOException {
        do passTrailing();
        while (at(in) == '=' && softBreak());
        int c = at(in);
        if (c < 0) return -1;
        int code = c == '=' ? code() : -1;
        in += code < 0 ? 1 : 3;
        return code < 0 ? c : code;
    }

    @Override
    boolean rests() {
        return in >= looked;
    }

    private int code() throws IOException {
        int high = Character.digit(at(in + 1), 16);
        int low = high < 0 ? -1 : Character.digit(at(in + 2), 16);
        return low < 0 ? -1 : high << 4 | low;
    }

    /** Blanks at the end of a line were added on the way, RFC 2045 6.7 (3). */
    private void passTrailing() throws IOException {
        if (in < looked) return;
        long end = blanks(in);
        if (at(end) < 0 || lineEnd(end) > 0) in = end;
        looked = end;
    }

    /** Passes over an equals sign that ends a line, which goes on in the next. */
    private boolean softBreak() throws IOException {
        long end = blanks(in + 1);
        int length = lineEnd(end);
        if (length > 0) in = end + length;
        return length > 0;
    }

    private long blanks(long from) throws IOException {
        long end = from;
        while (end - from < BLANKS && (at(end) == ' ' || at(end) == '\t')) end++;
        return end;
    }

    /** The length of the line end there; 0 when there is none. */
    private int lineEnd(long place) throws IOException {
        if (at(place) == '\n') return 1;
        return at(place) == '\r' && at(place + 1) == '\n' ? 2 : 0;
    }
}
