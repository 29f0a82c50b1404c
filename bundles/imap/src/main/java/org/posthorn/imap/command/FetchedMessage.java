package org.posthorn.imap.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.net.Connection;
import org.posthorn.imap.Dialect;
import org.posthorn.imap.MessageCache;
import org.posthorn.imap.Selection;
import org.posthorn.imap.Session;
import org.posthorn.imap.Text;
import org.posthorn.mime.Char8Octets;
import org.posthorn.mime.DecodedOctets;
import org.posthorn.mime.Octets;
import org.posthorn.mime.Part;
import org.posthorn.mime.StoredMessage;

/** A message being told: text in memory, octets as places in the message. */
final class FetchedMessage extends ReadMessage {

    /** Octets of the message, or of what stands for it, behind so much of the text. */
    private record Slice(int behind, Message source, long from, long count) {}

    /** So many octets are read without undue delay. */
    private static final long SMALL = 1 << 16;

    private final Session session;
    private final StringBuilder text;
    private final Mailbox mailbox;
    private final ThreadIds threads;
    private final List<Slice> slices = new ArrayList<>();
    private long weight;

    /**
     * @param text what it is written to, behind what stands there
     * @param threads of this and others that are told
     */
    FetchedMessage(Session session, Mailbox mailbox, Entry entry, StringBuilder text, ThreadIds threads) {
        super(
                session.services().cache(),
                session.user().orElseThrow(),
                mailbox,
                session.selection().uidValidity(),
                entry);
        this.session = session;
        this.mailbox = mailbox;
        this.threads = threads;
        this.text = text;
    }

    StringBuilder text() {
        return text;
    }

    Dialect dialect() {
        return session.dialect();
    }

    Selection selection() {
        return session.selection();
    }

    OptionalLong thread() throws IOException {
        return threads.of(session.account(), mailbox, entry().uid());
    }

    String envelope() throws IOException {
        return session.services().cache().envelope(key(), dialect(), this::message);
    }

    /** How it begins, RFC 8970. */
    String preview() throws IOException {
        if (session.services().cache().knownPreview(key()).isEmpty()) weight += entry().size();
        return session.services().cache().preview(key(), this::message);
    }

    /** The same, if it is known or the message small. */
    Optional<String> previewAtHand() throws IOException {
        return entry().size() > SMALL ? session.services().cache().knownPreview(key()) : Optional.of(preview());
    }

    /** What the body of a part is when it is decoded. */
    DecodedOctets.Measure measure(Part part) throws IOException {
        // Reading is work as sending is: other clients are to have their turn.
        weight += part.octets();
        return session.services().cache().measure(key(), this::message, part);
    }

    /** Where the first NUL is in the body of a part, or in the {@linkplain MessageCache#WHOLE whole message}. */
    OptionalLong firstNul(long body, Octets octets) throws IOException {
        weight += octets.size();
        return session.services().cache().firstNul(key(), body, octets);
    }

    /** A literal of so many octets of it from there. */
    void literal(long from, long count) throws IOException {
        Octets octets = octets(from, count);
        slice(isWorthALook(count) && !hasNul(from, count) ? octets : new Char8Octets(octets), 0, count);
    }

    /** Whether the kernel may send them, which it does in clear alone, and they are so many that a look at the whole message costs little beside them. */
    private boolean isWorthALook(long count) throws IOException {
        Connection connection = session.connection();
        boolean clear = connection.tls().isEmpty() && !connection.compressed();
        return clear && count > SMALL && count >= size() / 2;
    }

    /** Whether one may be there: what has none needs no second look at each octet on its way. */
    private boolean hasNul(long from, long count) throws IOException {
        OptionalLong first = firstNul(MessageCache.WHOLE, octets(0, size()));
        return first.isPresent() && first.getAsLong() < from + count;
    }

    /** A literal of that. */
    void literal(String octets) {
        Text.literal(text, octets.replace('\0', '\u0080'));
    }

    /** So many of these octets, which have no NUL, as a literal, or behind a tilde as a literal8. */
    void slice(Octets octets, long from, long count) {
        text.append('{').append(count).append("}\r\n");
        if (count > 0) slices.add(new Slice(text.length(), StoredMessage.of(octets), from, count));
        weight += count;
    }

    /** How much there is to read and to send. */
    long weight() {
        return weight + text.length();
    }

    void send(Connection connection) throws IOException {
        int done = 0;
        for (Slice s : slices) {
            connection.send(text.substring(done, s.behind));
            connection.send(s.source, s.from, s.count);
            done = s.behind;
        }
        connection.send(text.substring(done));
    }
}
