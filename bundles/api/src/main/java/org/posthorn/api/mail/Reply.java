package org.posthorn.api.mail;

/**
 * The server's one way to say why: an SMTP reply with its enhanced code, RFC 5321 4.2 and RFC 3463. Also used for what remote
 * servers said.
 *
 * @param code three digits, 200 to 599
 * @param enhanced as {@code 5.1.1}, or empty where there is none
 * @param text one line of ASCII (UTF-8 behind SMTPUTF8), no CR or LF; lines of a remote's answer are joined by a space
 */
public record Reply(int code, String enhanced, String text) {
    public Reply {
        // Replies are made for every command: most have nothing to replace.
        if (text.indexOf('\r') >= 0 || text.indexOf('\n') >= 0) text = text.replaceAll("[\\r\\n]+", " ");
    }

    /** Yes: 2xx (or 3xx, go on). */
    public boolean positive() {
        return code < 400;
    }

    /** Not now: 4xx. */
    public boolean transientFailure() {
        return code >= 400 && code < 500;
    }

    /** No: 5xx. */
    public boolean permanentFailure() {
        return code >= 500;
    }

    /** The reply as one line without its CRLF. */
    @Override
    public String toString() {
        return enhanced.isEmpty() ? code + " " + text : code + " " + enhanced + " " + text;
    }
}
