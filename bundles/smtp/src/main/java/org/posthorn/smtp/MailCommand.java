package org.posthorn.smtp;

import java.io.IOException;
import java.util.Optional;
import org.posthorn.api.intake.MailIntake;
import org.posthorn.api.intake.Submission;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Reply;
import org.posthorn.mime.Authors;
import org.posthorn.sasl.LeasedAccounts;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** MAIL, RFC 5321 4.1.1.2. */
final class MailCommand implements Command {

    private static final Logger LOG = LoggerFactory.getLogger(MailCommand.class);

    @Override
    public void run(Session session, String argument) {
        Optional<PathArgument> parsed = PathArgument.parse(argument, "FROM:");
        MailWishes wishes = new MailWishes(session);
        Optional<Reply> refusal = outOfSequence(session)
                .or(() -> parsed.isEmpty() ? no(501, "5.5.4", "MAIL FROM:<sender> and parameters") : Optional.empty())
                .or(() -> wishes(session, parsed.get(), wishes))
                .or(() -> path(parsed.get(), wishes.parameters()));
        if (refusal.isPresent()) session.refuse(refusal.get());
        else session.withIntake(i -> begin(session, i, parsed.get().address(), wishes.parameters()));
    }

    private static Optional<Reply> outOfSequence(Session session) {
        if (session.demandsLogin()) return no(530, "5.7.0", "Authentication required");
        if (session.client().helo().isEmpty()) return no(503, "5.5.1", "Say hello first");
        if (session.transaction().isPresent()) return no(503, "5.5.1", "MAIL was said already");
        return Optional.empty();
    }

    private static Optional<Reply> wishes(Session session, PathArgument argument, MailWishes wishes) {
        if (argument.parameters().isEmpty()) return Optional.empty();
        if (!session.client().extended()) return no(555, "5.5.4", "Parameters are for those who say EHLO");
        return wishes.read(argument.parameters());
    }

    private static Optional<Reply> path(PathArgument argument, MailParameters parameters) {
        if (argument.path().isEmpty()) return Optional.empty();
        if (argument.tooLong()) return no(501, "5.1.7", "Path too long");
        Optional<Address> sender = argument.address();
        // Only a recipient may stand without a domain, RFC 5321 4.5.1.
        if (sender.isEmpty() || sender.get().domain().isEmpty()) return no(501, "5.1.7", "That is no address");
        if (sender.get().international() && !parameters.smtpUtf8())
            return no(553, "5.6.7", "This address needs SMTPUTF8");
        return Optional.empty();
    }

    /** RFC 6409 6.1. The null sender is everybody's: answers that must not be answered have it. */
    private static Optional<Reply> owner(Session session, Optional<Address> sender) {
        Optional<Address> login = session.client().login();
        if (login.isEmpty() || sender.isEmpty()) return Optional.empty();
        try {
            boolean may = new LeasedAccounts(session.server().accounts()).maySend(login.get(), sender.get());
            return may ? Optional.empty() : no(553, "5.7.1", "That is not your address");
        } catch (IOException e) {
            LOG.warn("Whether {} may send as {} cannot be told: {}", login.get(), sender.get(), e.toString());
            return no(451, "4.3.0", "Cannot tell now whose address that is");
        }
    }

    private static void begin(
            Session session, Lease<MailIntake> intake, Optional<Address> sender, MailParameters parameters) {
        Submission submission = intake.get().begin(session.origin(parameters.smtpUtf8()));
        Transaction transaction = new Transaction(intake, submission, parameters, authors(session));
        session.begin(transaction);
        Reply reply = sender(session, submission, sender, parameters);
        if (reply.positive()) session.send(reply);
        else {
            session.endTransaction();
            session.handOn(reply);
        }
    }

    /** Who looks at the names in which users write; empty when nobody has logged in, or nobody minds. */
    private static Optional<Authors> authors(Session session) {
        return session.client()
                .login()
                .filter(login -> session.settings().checkFrom())
                .map(login -> new Authors(new LeasedAccounts(session.server().accounts()), login));
    }

    /** Whose address that is, is asked of a mail that has begun: so its refusal has a story. */
    private static Reply sender(
            Session session, Submission submission, Optional<Address> sender, MailParameters parameters) {
        Reply reply = submission.sender(sender, parameters);
        Optional<Reply> refusal = reply.positive() ? owner(session, sender) : Optional.empty();
        refusal.ifPresent(no -> submission.refused(no, ""));
        return refusal.orElse(reply);
    }

    private static Optional<Reply> no(int code, String enhanced, String text) {
        return Optional.of(new Reply(code, enhanced, text));
    }
}
