package org.posthorn.jmap;

import java.util.Locale;
import java.util.regex.Pattern;

/** Media types as HTTP has them, RFC 9110 8.3.1. */
final class MediaType {

    static final String OCTETS = "application/octet-stream";

    private static final Pattern PLAIN = Pattern.compile("[a-z0-9!#$&^_.+-]{1,127}/[a-z0-9!#$&^_.+-]{1,127}");

    private MediaType() {}

    /** Type and subtype in lower case, without parameters; that of any octets for what is none. */
    static String of(String header) {
        if (header == null) return OCTETS;
        int semicolon = header.indexOf(';');
        String type = (semicolon < 0 ? header : header.substring(0, semicolon))
                .strip()
                .toLowerCase(Locale.ROOT);
        return PLAIN.matcher(type).matches() ? type : OCTETS;
    }
}
