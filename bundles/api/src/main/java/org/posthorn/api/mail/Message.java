package org.posthorn.api.mail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.WritableByteChannel;
import java.util.List;

/**
 * The bytes of a mail: header, empty line, body; lines end in CRLF. A reference, not a copy: handing a message on hands on the
 * reference, and one owner deletes what lies behind it. Immutable; safe for use by several threads at once.
 */
public interface Message {

    /** Its length in octets. */
    long size();

    /** The fields of its header in order of appearance; what is not a field is left out. At most 1 MiB of header is looked at. */
    List<HeaderField> header() throws IOException;

    /** Reads it from the start. The caller closes the stream. @throws IOException when its bytes are gone or cannot be read */
    InputStream open() throws IOException;

    /**
     * Writes octets to a channel as {@link java.nio.channels.FileChannel#transferTo} does.
     *
     * @return how many were written, possibly fewer than asked
     */
    long transferTo(long position, long count, WritableByteChannel to) throws IOException;

    /** The same message with fields in front of its header; nothing is copied. */
    Message withTrace(List<HeaderField> fields);
}
