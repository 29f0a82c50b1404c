package org.posthorn.api.net;

/** What can be wrong with a line. */
public enum LineFault {
    /** It is longer than {@link Connection#lineLimit} allows. */
    TOO_LONG,
    /** It holds a CR without LF, or a LF without CR (RFC 5321 2.3.8). */
    BARE_LINE_END
}
