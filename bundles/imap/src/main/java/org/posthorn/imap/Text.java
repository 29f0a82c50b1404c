package org.posthorn.imap;

import java.util.List;
import org.posthorn.api.mailbox.UidSet;

/** Strings and numbers on their way to the client, RFC 3501 4. Characters stand for octets. */
public final class Text {

    private Text() {}

    /** A string: quoted where it can be, else a literal. Neither has NUL; 0x80 stands in its place. */
    public static StringBuilder string(StringBuilder out, String octets) {
        return string(out, octets, '~');
    }

    /** The same for a client that takes UTF-8 in quotes, RFC 9051 4.3: the octets must be that. */
    static StringBuilder utf8(StringBuilder out, String octets) {
        return string(out, octets, '\u00ff');
    }

    private static StringBuilder string(StringBuilder out, String octets, char highest) {
        if (!quotable(octets, highest)) return literal(out, octets.replace('\0', '\u0080'));
        out.append('"');
        for (int i = 0; i < octets.length(); i++) {
            char c = octets.charAt(i);
            if (c == '"' || c == '\\') out.append('\\');
            out.append(c);
        }
        return out.append('"');
    }

    /** A literal, or behind a tilde a literal8, which alone may have NUL in it: RFC 3516 7. */
    public static StringBuilder literal(StringBuilder out, String octets) {
        return out.append('{').append(octets.length()).append("}\r\n").append(octets);
    }

    /** Long strings are literals too: some clients have short buffers for quoted ones. */
    private static boolean quotable(String octets, char highest) {
        if (octets.length() > 1000) return false;
        for (int i = 0; i < octets.length(); i++) {
            char c = octets.charAt(i);
            if (c == 0 || c == '\r' || c == '\n' || c > highest) return false;
        }
        return true;
    }

    /** Octets as an atom where they can be one, else as a string. */
    public static String astring(String octets) {
        return isAtom(octets) ? octets : string(new StringBuilder(), octets).toString();
    }

    static boolean isAtom(String octets) {
        return !octets.isEmpty()
                && !octets.equalsIgnoreCase("NIL")
                && octets.chars().allMatch(c -> c > ' ' && c < 127 && "(){%*\"\\]".indexOf(c) < 0);
    }

    /** UIDs in the order given, RFC 4315 3: {@code 5:7,3}. */
    public static String inOrder(List<Long> uids) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < uids.size(); ) {
            int end = i + 1;
            while (end < uids.size() && uids.get(end) == uids.get(end - 1) + 1) end++;
            if (out.length() > 0) out.append(',');
            out.append(uids.get(i));
            if (end > i + 1) out.append(':').append(uids.get(end - 1));
            i = end;
        }
        return out.toString();
    }

    /** The same set as sequence numbers of the view. */
    public static UidSet sequences(UidSet uids, Uids view) {
        return UidSet.ofRanges(view.within(uids).ranges().stream()
                .map(r -> new UidSet.Range(view.sequence(r.first()), view.sequence(r.last())))
                .toList());
    }
}
