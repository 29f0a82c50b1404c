package org.posthorn.imap.command;

import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.net.Output;
import org.posthorn.imap.Text;

/** METADATA with values, RFC 5464 4.4.1: one response, or several where one would be large. */
final class MetadataResponse {

    /** One is complete when it has reached that size, in octets. */
    private static final int PIECE = 1 << 16;

    private final String mailbox;
    private final Iterator<Map.Entry<String, Optional<String>>> entries;

    /** @param mailbox as it is written for the client */
    MetadataResponse(String mailbox, Map<String, Optional<String>> entries) {
        this.mailbox = mailbox;
        this.entries = entries.entrySet().iterator();
    }

    /** Tells the next one. @return whether there are more */
    boolean more(Output out) {
        if (!entries.hasNext()) return false;
        StringBuilder piece = new StringBuilder("* METADATA ").append(mailbox);
        char before = '(';
        piece.append(' ');
        while (entries.hasNext() && piece.length() < PIECE) {
            Map.Entry<String, Optional<String>> entry = entries.next();
            piece.append(before).append(Text.astring(entry.getKey())).append(' ');
            value(piece, entry.getValue());
            before = ' ';
        }
        out.send(piece.append(")\r\n").toString());
        return entries.hasNext();
    }

    private static void value(StringBuilder out, Optional<String> value) {
        if (value.isEmpty()) {
            out.append("NIL");
            return;
        }
        if (value.get().indexOf(0) >= 0) Text.literal(out.append('~'), value.get());
        else Text.string(out, value.get());
    }
}
