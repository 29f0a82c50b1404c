package org.posthorn.mime;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.posthorn.mime.FieldValue.Parameter;

/** Parameters in pieces and in other characters, RFC 2231 3 and 4. */
final class Continuations {

    /** The pieces of one name, by number. */
    private static final class Pieces {
        private final String name;
        private final Map<Integer, String> values = new TreeMap<>();
        private final Map<Integer, Boolean> encoded = new TreeMap<>();

        Pieces(String name) {
            this.name = name;
        }

        void add(int number, String value, boolean isEncoded) {
            values.putIfAbsent(number, value);
            encoded.putIfAbsent(number, isEncoded);
        }

        Parameter joined() {
            boolean any = encoded.containsValue(true);
            StringBuilder all = new StringBuilder();
            // In an encoded whole, a piece that is not must not look as if it were, RFC 2231 4.1.
            values.forEach((n, v) -> all.append(any && !encoded.get(n) ? v.replace("%", "%25") : v));
            return new Parameter(any ? name + "*" : name, all.toString());
        }
    }

    private Continuations() {}

    static List<Parameter> join(List<Parameter> raw) {
        if (raw.stream().noneMatch(p -> p.name().indexOf('*') >= 0)) return raw;
        List<Parameter> plain = new ArrayList<>();
        Map<String, Pieces> pieces = new LinkedHashMap<>();
        for (Parameter p : raw) {
            int star = p.name().indexOf('*');
            int number = star < 0 ? -1 : number(p.name().substring(star + 1));
            if (number < 0) plain.add(p);
            else {
                String name = p.name().substring(0, star);
                pieces.computeIfAbsent(name.toLowerCase(Locale.ROOT), n -> new Pieces(name))
                        .add(number, p.value(), p.name().endsWith("*"));
            }
        }
        pieces.values().forEach(p -> plain.add(p.joined()));
        return plain;
    }

    /** The number of a piece; -1 when there is none, as in {@code name*}. */
    private static int number(String suffix) {
        String digits = suffix.endsWith("*") ? suffix.substring(0, suffix.length() - 1) : suffix;
        if (digits.isEmpty() || digits.length() > 4) return -1;
        return digits.chars().allMatch(c -> c >= '0' && c <= '9') ? Integer.parseInt(digits) : -1;
    }

    /** {@code charset'language'percent-encoded} in Unicode. */
    static String decode(String value) {
        int first = value.indexOf('\'');
        int second = value.indexOf('\'', first + 1);
        String charset = first < 0 || second < 0 ? "" : value.substring(0, first);
        String rest = first < 0 || second < 0 ? value : value.substring(second + 1);
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        for (int i = 0; i < rest.length(); i++) {
            int octet = rest.charAt(i) == '%' ? hex(rest, i + 1) : -1;
            octets.write(octet < 0 ? rest.charAt(i) : octet);
            if (octet >= 0) i += 2;
        }
        return Charsets.decode(octets.toByteArray(), charset);
    }

    /** The octet that two hexadecimal digits make; -1 when they are none. */
    static int hex(String text, int at) {
        if (at + 2 > text.length()) return -1;
        int high = Character.digit(text.charAt(at), 16);
        int low = Character.digit(text.charAt(at + 1), 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }
}
