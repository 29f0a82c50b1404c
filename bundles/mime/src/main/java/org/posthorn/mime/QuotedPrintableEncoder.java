package org.posthorn.mime;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** quoted-printable, RFC 2045 6.7. CRLF is a line's end, CR and LF alone are octets like others. */
final class QuotedPrintableEncoder extends FilterOutputStream {

    private static final int LONGEST_LINE = 76;
    private static final String HEX = "0123456789ABCDEF";

    private int column;
    /** A blank that may turn out to be the last of its line; 0 for none. */
    private int blank;

    private boolean cr;

    QuotedPrintableEncoder(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int octet) throws IOException {
        int b = octet & 0xFF;
        if (cr && b == '\n') lineEnd();
        else if (b == '\r') {
            if (cr) returned();
            cr = true;
        } else {
            if (cr) returned();
            if (blank != 0) put(Character.toString(blank));
            blank = b == ' ' || b == '\t' ? b : 0;
            if (blank == 0) put(b > ' ' && b < 127 && b != '=' ? Character.toString(b) : coded(b));
        }
    }

    @Override
    public void write(byte[] octets, int from, int length) throws IOException {
        for (int i = from; i < from + length; i++) write(octets[i]);
    }

    private static String coded(int octet) {
        return "=" + HEX.charAt(octet >> 4) + HEX.charAt(octet & 15);
    }

    private void put(String text) throws IOException {
        if (column + text.length() >= LONGEST_LINE) {
            out.write("=\r\n".getBytes(StandardCharsets.US_ASCII));
            column = 0;
        }
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        column += text.length();
    }

    private void lineEnd() throws IOException {
        finish();
        out.write('\r');
        out.write('\n');
        column = 0;
    }

    /** A CR alone. */
    private void returned() throws IOException {
        if (blank != 0) put(Character.toString(blank));
        blank = 0;
        put(coded('\r'));
        cr = false;
    }

    private void finish() throws IOException {
        if (blank != 0) put(coded(blank));
        blank = 0;
        cr = false;
    }

    /** Ends the text; what it was written to stays open. */
    @Override
    public void close() throws IOException {
        if (cr) returned();
        finish();
        flush();
    }
}
