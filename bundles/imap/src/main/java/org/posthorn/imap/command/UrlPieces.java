package org.posthorn.imap.command;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Limits;
import org.posthorn.imap.Session;

/** What the URLs of one command stand for. What is known of a message serves all that name it. */
final class UrlPieces {

    /** So much of a URL is told again. */
    private static final int SHOWN = 1000;

    /** So many messages are looked into. */
    private static final int MOST = 50;

    /** So much is picked out of headers, in octets: it is held in memory. */
    private static final long MOST_PICKED = 1 << 20;

    private static final Answer TOO_MUCH = Answer.no("[LIMIT] Too much is put together");

    private record Key(String mailbox, OptionalLong uidValidity, long uid) {}

    private final Session session;
    private final Map<Key, ReadMessage> known = new HashMap<>();
    private long picked;
    private long octets;

    UrlPieces(Session session) {
        this.session = session;
    }

    /** What that one stands for. @throws Appending.Refused when it leads to nothing, or all of it is too much */
    Joined.Piece piece(String url) throws IOException {
        Optional<MessageUrl> wanted = MessageUrl.parse(url);
        Optional<Mailbox> mailbox = wanted.isEmpty() ? Optional.empty() : mailbox(wanted.get());
        Optional<Joined.Piece> piece = mailbox.isEmpty() ? Optional.empty() : piece(mailbox.get(), wanted.get());
        return piece.orElseThrow(() -> new Appending.Refused(badUrl(url)));
    }

    /** The message, if those that were put together have the size that messages may have. */
    Message fitting(Message joined) throws IOException {
        long limit = session.limits().append();
        octets += joined.size();
        if (joined.size() > limit || octets > Limits.STAGED)
            throw new Appending.Refused(Answer.no("[TOOBIG] Messages may have " + limit + " octets"));
        return joined;
    }

    private Optional<Mailbox> mailbox(MessageUrl url) throws IOException {
        if (url.mailbox().isPresent())
            return session.account().mailbox(url.mailbox().get());
        return session.selected().isEmpty() ? Optional.empty() : Optional.of(session.mailbox());
    }

    private Optional<Joined.Piece> piece(Mailbox mailbox, MessageUrl url) throws IOException {
        Optional<ReadMessage> message = message(mailbox, url);
        if (message.isEmpty()) return Optional.empty();
        try {
            Optional<Extent> extent = url.section().extent(message.get());
            if (extent.isEmpty()) return Optional.empty();
            picked += extent.get().held();
            if (picked > MOST_PICKED) throw new Appending.Refused(TOO_MUCH);
            return Optional.of(extent.get().piece(message.get().message()));
        } catch (FileNotFoundException | NoSuchFileException gone) {
            return Optional.empty();
        }
    }

    private Optional<ReadMessage> message(Mailbox mailbox, MessageUrl url) throws IOException {
        Key key = new Key(mailbox.name(), url.uidValidity(), url.uid());
        if (known.containsKey(key)) return Optional.of(known.get(key));
        Optional<ReadMessage> message =
                url.message(mailbox, session.services().cache(), session.user().orElseThrow());
        if (message.isEmpty()) return message;
        if (known.size() == MOST) throw new Appending.Refused(TOO_MUCH);
        known.put(key, message.get());
        return message;
    }

    /** It must not have what ends a code, nor be empty (RFC 4469 5), and be ASCII. */
    private static Answer badUrl(String url) {
        StringBuilder told = new StringBuilder();
        for (char c : url.substring(0, Math.min(url.length(), SHOWN)).toCharArray()) {
            if (c < ' ' || c == ']' || c > '~') told.append(String.format("%%%02X", (int) c));
            else told.append(c);
        }
        if (url.isEmpty()) told.append("\"\"");
        return Answer.no("[BADURL " + told + "] There is no such message or part");
    }
}
