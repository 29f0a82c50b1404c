package org.posthorn.smtp;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.net.Received;
import org.posthorn.api.net.Sink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** DATA, RFC 5321 4.1.1.4. */
final class DataCommand implements Command {

    static final Reply TOO_LARGE = new Reply(552, "5.3.4", "The message is larger than is taken here");

    /** What goes through here as a line end may be read as one elsewhere, and mail with it: RFC 5321 2.3.8. */
    static final Reply BARE_LINE_END = new Reply(550, "5.6.11", "CR and LF stand together or not at all");

    /** What nobody else has written down in the log. */
    private static final List<Reply> OWN = List.of(TOO_LARGE, BARE_LINE_END);

    private static final Logger LOG = LoggerFactory.getLogger(DataCommand.class);

    @Override
    public void run(Session session, String argument) {
        Optional<Reply> early = outOfSequence(session, argument);
        if (early.isPresent()) session.refuse(early.get());
        else begin(session, session.transaction().orElseThrow());
    }

    private static Optional<Reply> outOfSequence(Session session, String argument) {
        Optional<Transaction> transaction = session.transaction();
        if (session.demandsLogin()) return no(530, "5.7.0", "Authentication required");
        if (!argument.isEmpty()) return no(501, "5.5.4", "DATA has no argument");
        if (transaction.isPresent() && transaction.get().chunking()) return no(503, "5.5.1", "It is BDAT from here on");
        return noRecipients(session);
    }

    /** RFC 2920 3.1 and RFC 2033 4.2: a client that sends commands in groups must be told here that nobody was accepted. */
    static Optional<Reply> noRecipients(Session session) {
        Optional<Transaction> transaction = session.transaction();
        if (transaction.isEmpty()) return no(503, "5.5.1", "MAIL comes first");
        if (transaction.get().asked() == 0) return no(503, "5.5.1", "RCPT comes first");
        if (transaction.get().accepted() > 0) return Optional.empty();
        return no(session.role() == Role.LMTP ? 503 : 554, "5.5.1", "No valid recipients");
    }

    private static void begin(Session session, Transaction transaction) {
        Sink sink;
        try {
            sink = transaction.data();
        } catch (IOException e) {
            answer(session, unwritable(session, e));
            return;
        }
        session.send(354, "Send the message, then a dot on a line of its own");
        session.transfer(what -> end(session, transaction, what));
        session.connection().receiveDotted(session.settings().maxSize(), new PacedSink(session, sink));
    }

    private static void end(Session session, Transaction transaction, Received what) {
        if (what.tooLarge()) answer(session, TOO_LARGE);
        else if (what.bareLineEnd()) answer(session, BARE_LINE_END);
        else if (what.broken().isPresent())
            answer(session, unwritable(session, what.broken().get()));
        else answer(session, transaction.finish());
    }

    static Reply unwritable(Session session, IOException broken) {
        LOG.error(
                "A message from {} cannot be written: {}", session.connection().client(), broken.toString());
        return new Reply(451, "4.3.0", "The message cannot be written down now");
    }

    /** The word on the message, which ends the transaction: RFC 2033 4.2 has it once for each recipient that was accepted. */
    static void answer(Session session, Reply reply) {
        Transaction transaction = session.transaction().orElseThrow();
        for (int left = session.role() == Role.LMTP ? transaction.accepted() : 1; left > 1; left--) session.send(reply);
        if (reply.positive()) {
            session.send(reply);
            session.tookMail();
            session.endTransaction();
        } else {
            transaction.refused(reply);
            session.endTransaction();
            if (OWN.contains(reply)) session.refuse(reply);
            else session.handOn(reply);
        }
    }

    private static Optional<Reply> no(int code, String enhanced, String text) {
        return Optional.of(new Reply(code, enhanced, text));
    }
}
