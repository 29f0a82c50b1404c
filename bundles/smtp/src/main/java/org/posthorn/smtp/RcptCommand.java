package org.posthorn.smtp;

import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Reply;

/** RCPT, RFC 5321 4.1.1.3. */
final class RcptCommand implements Command {

    @Override
    public void run(Session session, String argument) {
        Optional<PathArgument> parsed = PathArgument.parse(argument, "TO:");
        RcptWishes wishes = new RcptWishes();
        Optional<Reply> refusal = outOfSequence(session)
                .or(() -> parsed.isEmpty() ? no(501, "5.5.4", "RCPT TO:<recipient> and parameters") : Optional.empty())
                .or(() -> wishes(session, parsed.get(), wishes))
                .or(() -> path(session, parsed.get()));
        if (refusal.isPresent()) {
            session.refuse(refusal.get());
            return;
        }
        Reply reply = session.transaction()
                .orElseThrow()
                .recipient(wishes.recipient(parsed.get().address().orElseThrow()));
        if (reply.positive()) session.send(reply);
        else session.handOn(reply);
    }

    private static Optional<Reply> outOfSequence(Session session) {
        if (session.demandsLogin()) return no(530, "5.7.0", "Authentication required");
        Optional<Transaction> transaction = session.transaction();
        if (transaction.isEmpty()) return no(503, "5.5.1", "MAIL comes first");
        if (transaction.get().chunking()) return no(503, "5.5.1", "The message has begun");
        // RFC 5321 4.5.3.1.10: those who are in stay in.
        boolean full = transaction.get().accepted() >= session.settings().maxRecipients();
        return full ? no(452, "4.5.3", "Too many recipients") : Optional.empty();
    }

    private static Optional<Reply> wishes(Session session, PathArgument argument, RcptWishes wishes) {
        if (argument.parameters().isEmpty()) return Optional.empty();
        if (!session.client().extended()) return no(555, "5.5.4", "Parameters are for those who say EHLO");
        return wishes.read(argument.parameters());
    }

    private static Optional<Reply> path(Session session, PathArgument argument) {
        if (argument.tooLong()) return no(501, "5.1.3", "Path too long");
        Optional<Address> address = argument.address();
        if (address.isEmpty()) return no(501, "5.1.3", "That is no address");
        boolean utf8 = session.transaction().orElseThrow().parameters().smtpUtf8();
        return address.get().international() && !utf8
                ? no(553, "5.6.7", "This address needs SMTPUTF8")
                : Optional.empty();
    }

    private static Optional<Reply> no(int code, String enhanced, String text) {
        return Optional.of(new Reply(code, enhanced, text));
    }
}
