package org.posthorn.mime;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Base64;

/** Puts a transfer encoding on a body, RFC 2045 6, as it streams by. */
public final class TransferEncoding {

    private TransferEncoding() {}

    /** Lines of base64. @param out written to until the result is closed; that ends the last line, and leaves this open */
    public static OutputStream base64(OutputStream out) {
        return Base64.getMimeEncoder().wrap(new FilterOutputStream(out) {
            @Override
            public void write(byte[] octets, int from, int length) throws IOException {
                out.write(octets, from, length);
            }

            @Override
            public void close() throws IOException {
                flush();
            }
        });
    }

    /** Quoted-printable; CRLF ends a line. @param out as with {@link #base64} */
    public static OutputStream quotedPrintable(OutputStream out) {
        return new QuotedPrintableEncoder(out);
    }
}
