package org.posthorn.api.mail;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.IntPredicate;

/** The grammar of Mailbox, RFC 5321 4.1.2 with the wider atoms of RFC 6531 3.3. */
final class AddressParser {

    private static final String ATEXT_SPECIALS = "!#$%&'*+-/=?^_`{|}~";

    private AddressParser() {}

    static Optional<Address> parse(String text) {
        if (text.length() > Address.LONGEST) return Optional.empty();
        if (text.equalsIgnoreCase("postmaster")) return Optional.of(new Address(text, ""));
        int end = text.startsWith("\"") ? quotedEnd(text) : text.lastIndexOf('@');
        if (end < 1 || end >= text.length() || text.charAt(end) != '@') return Optional.empty();
        Optional<String> local = localPart(text.substring(0, end));
        Optional<String> domain = domain(text.substring(end + 1));
        return local.flatMap(l -> domain.map(d -> new Address(l, d)));
    }

    private static Optional<String> localPart(String raw) {
        String plain = raw.startsWith("\"") ? unquote(raw) : raw;
        boolean sound = raw.startsWith("\"") ? quotable(plain) : dotString(raw);
        boolean fits = !plain.isEmpty() && plain.getBytes(StandardCharsets.UTF_8).length <= 64;
        return sound && fits ? Optional.of(plain) : Optional.empty();
    }

    private static Optional<String> domain(String raw) {
        if (raw.startsWith("[")) return literal(raw) ? Optional.of(raw) : Optional.empty();
        // RFC 5321 has no final dot, but people type it; it names the same domain.
        String name = raw.endsWith(".") ? raw.substring(0, raw.length() - 1) : raw;
        if (name.isEmpty() || name.length() > 255) return Optional.empty();
        for (String label : name.split("\\.", -1)) if (!label(label)) return Optional.empty();
        return Optional.of(name);
    }

    private static boolean label(String label) {
        if (label.isEmpty() || label.length() > 63 || label.startsWith("-") || label.endsWith("-")) return false;
        // The underscore is no letter of a host name, but mail domains with one exist.
        return all(label, c -> c > 127 ? !Character.isISOControl(c) : alphanumeric(c) || c == '-' || c == '_');
    }

    private static boolean literal(String raw) {
        if (!raw.endsWith("]") || raw.length() < 3) return false;
        String inside = raw.substring(1, raw.length() - 1);
        return all(inside, c -> alphanumeric(c) || c == '.' || c == ':' || c == '-');
    }

    /** Addresses are read and written many times a mail: a stream for each would cost more than all else here. */
    private static boolean all(String s, IntPredicate allowed) {
        for (int i = 0; i < s.length(); i++) if (!allowed.test(s.charAt(i))) return false;
        return true;
    }

    private static boolean alphanumeric(int c) {
        return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    static boolean ascii(String s) {
        return all(s, c -> c < 128);
    }

    static boolean dotString(String s) {
        if (s.isEmpty() || s.startsWith(".") || s.endsWith(".") || s.contains("..")) return false;
        return all(s, c -> c == '.' || atext(c));
    }

    private static boolean atext(int c) {
        return alphanumeric(c) || ATEXT_SPECIALS.indexOf(c) >= 0 || c > 127 && !Character.isISOControl(c);
    }

    private static boolean quotable(String s) {
        return all(s, c -> c >= ' ' && c != 127 && !(c > 127 && Character.isISOControl(c)));
    }

    static String quote(String s) {
        return '"' + s.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static int quotedEnd(String text) {
        for (int i = 1; i < text.length(); i++) {
            if (text.charAt(i) == '\\') i++;
            else if (text.charAt(i) == '"') return i + 1;
        }
        return -1;
    }

    private static String unquote(String raw) {
        StringBuilder plain = new StringBuilder();
        for (int i = 1; i < raw.length() - 1; i++) {
            if (raw.charAt(i) == '\\') i++;
            plain.append(raw.charAt(i));
        }
        return plain.toString();
    }
}
