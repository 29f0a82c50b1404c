package org.posthorn.imap;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.mime.Charsets;

/** Mailbox names on the wire: modified UTF-7, RFC 3501 5.1.3. */
public final class MailboxName {

    private MailboxName() {}

    /** A name in Unicode as octets. */
    public static String encode(String name) {
        StringBuilder octets = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); ) {
            int end = i;
            while (end < name.length() && !isPrintable(name.charAt(end))) end++;
            if (end > i) {
                octets.append('&').append(base64(name.substring(i, end))).append('-');
                i = end;
            } else {
                char c = name.charAt(i++);
                octets.append(c == '&' ? "&-" : String.valueOf(c));
            }
        }
        return octets.toString();
    }

    private static boolean isPrintable(char c) {
        return c >= ' ' && c < 127;
    }

    private static String base64(String text) {
        byte[] octets = text.getBytes(StandardCharsets.UTF_16BE);
        return Base64.getEncoder().withoutPadding().encodeToString(octets).replace('/', ',');
    }

    /** Octets as a name in Unicode. Plain UTF-8, which some clients send, is understood too. */
    public static String decode(String octets) throws MailboxFault {
        if (octets.chars().anyMatch(c -> c > 126))
            return Charsets.decode(octets.getBytes(StandardCharsets.ISO_8859_1), "utf-8");
        StringBuilder name = new StringBuilder(octets.length());
        for (int i = 0; i < octets.length(); i++) {
            char c = octets.charAt(i);
            int end = c == '&' ? octets.indexOf('-', i) : i;
            if (end < 0) throw wrong();
            if (c != '&') name.append(c);
            else name.append(end == i + 1 ? "&" : shifted(octets.substring(i + 1, end)));
            i = end;
        }
        return name.toString();
    }

    private static String shifted(String base64) throws MailboxFault {
        try {
            if (base64.indexOf('/') >= 0) throw wrong();
            byte[] octets = Base64.getDecoder().decode(base64.replace(',', '/'));
            String text = new String(octets, StandardCharsets.UTF_16BE);
            if (octets.length % 2 != 0 || !Arrays.equals(text.getBytes(StandardCharsets.UTF_16BE), octets))
                throw wrong();
            return text;
        } catch (IllegalArgumentException notBase64) {
            throw wrong();
        }
    }

    private static MailboxFault wrong() {
        return new MailboxFault(MailboxFault.Kind.CANNOT, "That mailbox name is not in modified UTF-7");
    }
}
