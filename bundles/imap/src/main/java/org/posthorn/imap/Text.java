package org.posthorn.imap;

import java.util.List;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.mime.ModifiedUtf7;

/** Strings and numbers on their way to the client, RFC 3501 4. Characters stand for octets. */
public final class Text {

    private Text() {}

    /** A string: quoted where it can be, else a literal. */
    public static StringBuilder string(StringBuilder out, String octets) {
        if (!quotable(octets))
            return out.append('{').append(octets.length()).append("}\r\n").append(octets);
        out.append('"');
        for (int i = 0; i < octets.length(); i++) {
            char c = octets.charAt(i);
            if (c == '"' || c == '\\') out.append('\\');
            out.append(c);
        }
        return out.append('"');
    }

    /** Long strings are literals too: some clients have short buffers for quoted ones. */
    private static boolean quotable(String octets) {
        if (octets.length() > 1000) return false;
        for (int i = 0; i < octets.length(); i++) {
            char c = octets.charAt(i);
            if (c == 0 || c == '\r' || c == '\n' || c > 126) return false;
        }
        return true;
    }

    /** A string, or NIL for an empty one. */
    public static StringBuilder nstring(StringBuilder out, String octets) {
        return octets.isEmpty() ? out.append("NIL") : string(out, octets);
    }

    /** A mailbox's name, in Unicode, as it goes to the client. */
    public static String mailbox(String name) {
        return astring(ModifiedUtf7.encode(name));
    }

    /** Octets as an atom where they can be one, else as a string. */
    public static String astring(String octets) {
        boolean atom = !octets.isEmpty() && !octets.equalsIgnoreCase("NIL");
        for (int i = 0; i < octets.length(); i++)
            atom &= octets.charAt(i) > ' ' && "(){%*\"\\]".indexOf(octets.charAt(i)) < 0;
        return atom ? octets : string(new StringBuilder(), octets).toString();
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
