package org.posthorn.delivery.smtp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.posthorn.api.mail.Reply;

/** Reads replies, RFC 5321 4.2, of a server that may be anything. */
final class ReplyReader {

    private static final int LONGEST_LINE = 2048;
    private static final int MOST_LINES = 128;
    private static final int LONGEST_TEXT = 1024;
    private static final Pattern LINE = Pattern.compile("([2-5][0-9]{2})(?:([ -])(.*))?");
    /** RFC 2034 4. */
    private static final Pattern ENHANCED = Pattern.compile("([245]\\.\\d{1,3}\\.\\d{1,3})(?: (.*))?");

    private final InputStream in;

    ReplyReader(InputStream in) {
        this.in = in;
    }

    /** A reply as it came. @param lines the texts, enhanced codes included */
    record Raw(int code, List<String> lines) {

        /** The lines in one, enhanced codes taken off. */
        Reply reply() {
            String enhanced = "";
            StringBuilder text = new StringBuilder();
            for (String line : lines) {
                Matcher m = ENHANCED.matcher(line);
                boolean has = m.matches() && m.group(1).charAt(0) == '0' + code / 100;
                if (has) enhanced = m.group(1);
                String rest = !has ? line : m.group(2) == null ? "" : m.group(2);
                if (text.length() > 0 && !rest.isEmpty()) text.append(' ');
                text.append(rest);
            }
            if (text.length() > LONGEST_TEXT) text.setLength(LONGEST_TEXT);
            return new Reply(code, enhanced, text.toString());
        }

        /** Yes; 3xx, which says how to go on, is none. */
        boolean positive() {
            return code / 100 == 2;
        }

        /** Where the answer ends what was said. 3xx has a place behind DATA alone, RFC 5321 4.3.2: elsewhere the two are out of step. */
        Raw completed() throws IOException {
            if (code / 100 == 3) throw new IOException("it answers with " + code + " where that has no place");
            return this;
        }
    }

    /** @throws IOException when the connection ends, or what comes is no reply */
    Raw read() throws IOException {
        List<String> lines = new ArrayList<>();
        while (true) {
            Matcher m = LINE.matcher(line());
            if (!m.matches()) throw new IOException("what came is no reply of SMTP");
            if (lines.size() == MOST_LINES) throw new IOException("the reply does not end");
            lines.add(m.group(3) == null ? "" : m.group(3));
            if (!"-".equals(m.group(2))) return new Raw(Integer.parseInt(m.group(1)), lines);
        }
    }

    private String line() throws IOException {
        byte[] octets = new byte[LONGEST_LINE];
        int n = 0;
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) throw new IOException("the other server closed the connection");
            if (n == LONGEST_LINE) throw new IOException("a line of the reply does not end");
            octets[n++] = printable(b);
        }
        if (n > 0 && octets[n - 1] == '\r') n--;
        return new String(octets, 0, n, StandardCharsets.UTF_8).replace('\r', ' ');
    }

    /** What another server says ends in logs and bounces: it shall move no cursor there. */
    private static byte printable(int b) {
        return (byte) (b < ' ' && b != '\r' && b != '\t' || b == 0x7f ? '?' : b);
    }
}
