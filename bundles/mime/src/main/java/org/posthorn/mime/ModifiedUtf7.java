package org.posthorn.mime;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** Mailbox names in the modified UTF-7 of RFC 3501 5.1.3. */
public final class ModifiedUtf7 {

    private ModifiedUtf7() {}

    /** A name in Unicode as IMAP writes it. */
    public static String encode(String name) {
        StringBuilder out = new StringBuilder();
        int start = 0;
        for (int i = 0; i <= name.length(); i++) {
            if (i < name.length() && !plain(name.charAt(i))) continue;
            if (i > start)
                out.append('&').append(base64(name.substring(start, i))).append('-');
            if (i < name.length()) out.append(name.charAt(i) == '&' ? "&-" : name.substring(i, i + 1));
            start = i + 1;
        }
        return out.toString();
    }

    /** The name in Unicode; empty when it is not what {@link #encode} would have written. */
    public static Optional<String> decode(String encoded) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < encoded.length(); i++) {
            char c = encoded.charAt(i);
            if (c != '&') {
                out.append(c);
                continue;
            }
            int end = encoded.indexOf('-', i);
            if (end < 0) return Optional.empty();
            if (end == i + 1) out.append('&');
            else if (!unicode(encoded.substring(i + 1, end), out)) return Optional.empty();
            i = end;
        }
        // One name must have one spelling, or two mailboxes could look alike.
        return Optional.of(out.toString()).filter(name -> encode(name).equals(encoded));
    }

    private static boolean plain(char c) {
        return c >= ' ' && c <= '~';
    }

    private static String base64(String text) {
        byte[] utf16 = text.getBytes(StandardCharsets.UTF_16BE);
        return Base64.getEncoder().withoutPadding().encodeToString(utf16).replace('/', ',');
    }

    private static boolean unicode(String base64, StringBuilder out) {
        try {
            byte[] utf16 = Base64.getDecoder().decode(base64.replace(',', '/'));
            out.append(new String(utf16, StandardCharsets.UTF_16BE));
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
