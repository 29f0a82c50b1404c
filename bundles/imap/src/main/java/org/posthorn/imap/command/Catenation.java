package org.posthorn.imap.command;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Session;
import org.posthorn.imap.SyntaxFault;
import org.posthorn.mime.StoredMessage;

/** A message put together from what the client sends and from messages that are here, RFC 4469. */
record Catenation(List<Piece> pieces) {

    /** So much of a URL is told again. */
    private static final int SHOWN = 1000;

    /** One of its pieces: a message that came as a literal, or a URL. */
    record Piece(Optional<Message> text, String url) {}

    /** Reads one: what comes is CATENATE and what belongs to it. */
    static Catenation parse(Arguments in) {
        in.keyword();
        in.space().expect('(');
        List<Piece> pieces = new ArrayList<>();
        do pieces.add(piece(in));
        while (in.passSpace());
        in.expect(')');
        return new Catenation(pieces);
    }

    private static Piece piece(Arguments in) {
        String kind = in.lookAhead();
        if (kind.equals("UTF8")) return new Piece(Optional.of(Appending.inUtf8(in)), "");
        in.keyword();
        in.space();
        return switch (kind) {
            case "TEXT" -> new Piece(Optional.of(text(in)), "");
            case "URL" -> new Piece(Optional.empty(), in.astring());
            default -> throw new SyntaxFault("Only TEXT and URL can be put together");
        };
    }

    private static Message text(Arguments in) {
        if (in.atLiteral8()) throw new SyntaxFault("A piece has no NUL");
        return in.message();
    }

    /** Passes over one that is not there as a whole. @return whether a literal that is a piece is what comes next */
    static boolean atText(Arguments soFar) {
        soFar.keyword();
        soFar.space().expect('(');
        do if (atPiece(soFar)) return true;
        while (soFar.passSpace());
        soFar.expect(')');
        return false;
    }

    private static boolean atPiece(Arguments soFar) {
        String kind = soFar.lookAhead();
        if (kind.equals("UTF8")) return Appending.atUtf8(soFar);
        soFar.keyword();
        soFar.space();
        if (kind.equals("TEXT")) return Appending.atOrBehind(soFar);
        soFar.astring();
        return false;
    }

    /** The message, which reads its pieces where they lie. @throws Appending.Refused for the first URL that leads to nothing */
    Message message(Session session) throws IOException {
        List<Joined.Piece> all = new ArrayList<>();
        for (Piece p : pieces) all.add(p.text.isPresent() ? Joined.Piece.of(p.text.get()) : found(session, p.url));
        return StoredMessage.of(new Joined(all));
    }

    private static Joined.Piece found(Session session, String url) throws IOException {
        Optional<MessageUrl> wanted = MessageUrl.parse(url);
        Optional<Mailbox> mailbox = wanted.isEmpty() ? Optional.empty() : mailbox(session, wanted.get());
        Optional<Joined.Piece> piece =
                mailbox.isEmpty() ? Optional.empty() : piece(session, mailbox.get(), wanted.get());
        return piece.orElseThrow(() -> new Appending.Refused(badUrl(url)));
    }

    private static Optional<Mailbox> mailbox(Session session, MessageUrl url) throws IOException {
        if (url.mailbox().isPresent())
            return session.account().mailbox(url.mailbox().get());
        return session.selected().isEmpty() ? Optional.empty() : Optional.of(session.mailbox());
    }

    private static Optional<Joined.Piece> piece(Session session, Mailbox mailbox, MessageUrl url) throws IOException {
        long validity = mailbox.status().uidValidity();
        List<Entry> entry = mailbox.entries(UidSet.of(url.uid()));
        if (entry.isEmpty() || url.uidValidity().orElse(validity) != validity) return Optional.empty();
        FetchedMessage message = new FetchedMessage(session, mailbox, validity, entry.get(0), new StringBuilder(0));
        try {
            Optional<Extent> extent = url.section().extent(message);
            return extent.isEmpty() ? Optional.empty() : Optional.of(Joined.Piece.of(extent.get(), message.message()));
        } catch (FileNotFoundException | NoSuchFileException gone) {
            return Optional.empty();
        }
    }

    /** It must not have what ends a code, RFC 4469 5. */
    private static Answer badUrl(String url) {
        String told = url.substring(0, Math.min(url.length(), SHOWN)).replace("]", "%5D");
        return Answer.no("[BADURL " + told + "] There is no such message or part");
    }
}
