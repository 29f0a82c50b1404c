package org.posthorn.imap;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Message;
import org.posthorn.mime.MimeParser;
import org.posthorn.mime.Part;

/** The structure of messages that was asked for last, since clients fetch a message in many pieces. Safe for several threads. */
public final class PartCache {

    /** A message never changes under its UID and UIDVALIDITY, RFC 3501 2.3.1.1. */
    public record Key(Address account, String mailbox, long uidValidity, long uid) {}

    private final long most;
    private long weight;
    private final Map<Key, Part> parts = new LinkedHashMap<>(16, 0.75f, true);

    /** @param most how much memory it may take, roughly, in octets */
    public PartCache(long most) {
        this.most = most;
    }

    /** The structure of the message; reads it if it is not here. */
    public Part get(Key key, Message message) throws IOException {
        Part known = known(key);
        if (known != null) return known;
        Part parsed = MimeParser.parse(message);
        keep(key, parsed);
        return parsed;
    }

    private synchronized Part known(Key key) {
        return parts.get(key);
    }

    private synchronized void keep(Key key, Part part) {
        if (weight(part) > most / 4 || parts.put(key, part) != null) return;
        weight += weight(part);
        var eldest = parts.entrySet().iterator();
        while (weight > most && eldest.hasNext()) {
            weight -= weight(eldest.next().getValue());
            eldest.remove();
        }
    }

    private static long weight(Part part) {
        long own = 400
                + part.fields().stream()
                        .mapToLong(f -> 100 + f.value().length())
                        .sum()
                + part.parameters().stream()
                        .mapToLong(p -> 100 + p.value().length())
                        .sum();
        return own + part.children().stream().mapToLong(PartCache::weight).sum();
    }
}
