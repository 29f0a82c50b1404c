package org.posthorn.api.mail;

/**
 * The server's one way to say why: an SMTP reply with its enhanced code, RFC 5321 4.2 and RFC 3463. Also used for what remote
 * servers said.
 *
 * @param code three digits, 200 to 599
 * @param enhanced as {@code 5.1.1}, or empty where there is none
 * @param text one line of ASCII (UTF-8 behind SMTPUTF8); lines of a remote's answer are joined by a space. Other control characters, here and
 *     in the enhanced code, become question marks: whoever says it, it stays one reply
 */
public record Reply(int code, String enhanced, String text) {
    public Reply {
        enhanced = Printable.line(enhanced);
        String plain = Printable.line(text);
        // Replies are made for every command: most have nothing to replace.
        text = plain.equals(text) ? plain : Printable.line(text.replaceAll("[\\r\\n\\t]+", " "));
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
