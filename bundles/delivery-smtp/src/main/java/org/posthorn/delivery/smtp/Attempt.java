package org.posthorn.delivery.smtp;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.delivery.Outcome;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.events.MailEvents;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;
import org.posthorn.delivery.smtp.Exchangers.Server;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tries one server after another, until each recipient has an answer from one. */
final class Attempt {

    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);
    /** What every server must take at once, RFC 5321 4.5.3.1.8. */
    private static final int RECIPIENTS_AT_ONCE = 100;

    private final RemoteSession.Manner manner;
    private final Watch watch;
    private final NextHop hop;
    private final Mail mail;
    private final Map<Recipient, Outcome> outcomes;
    private final MailEvents events;
    private boolean uncertain;

    Attempt(
            RemoteSession.Manner manner,
            Watch watch,
            NextHop hop,
            Mail mail,
            Map<Recipient, Outcome> outcomes,
            MailEvents events) {
        this.events = events;
        this.manner = manner;
        this.watch = watch;
        this.hop = hop;
        this.mail = mail;
        this.outcomes = outcomes;
    }

    /** @return what becomes of those who have no outcome of their own in the end */
    Outcome at(List<Server> servers, List<Recipient> recipients) {
        Outcome last = SmtpTransport.found(new Reply(451, "4.4.1", "no server of " + hop.host() + " answered"));
        for (Server server : servers) {
            List<Recipient> open =
                    recipients.stream().filter(r -> !outcomes.containsKey(r)).toList();
            if (open.isEmpty() || uncertain || manner.left().isNegative()) return last;
            try {
                Optional<Reply> no = at(server, open);
                if (no.isPresent()) last = no(server, SmtpTransport.refused(server.toString(), no.get()), no.get());
            } catch (IOException e) {
                LOG.debug("{}: {} failed", mail.id(), server, e);
                Reply broken = broken(e);
                last = no(server, SmtpTransport.found(broken, server), broken);
            }
        }
        return last;
    }

    private Outcome no(Server server, Outcome outcome, Reply why) {
        tell(server, Optional.empty(), Optional.of(why));
        return outcome;
    }

    private void tell(Server server, Optional<String> tls, Optional<Reply> refusal) {
        events.tell(new MailEvent.Contacted(mail.id(), Instant.now(), server.toString(), tls, refusal));
    }

    private Reply broken(IOException e) {
        String enhanced = e instanceof Unusable unusable
                ? unusable.enhanced()
                : e instanceof java.net.ConnectException ? "4.4.1" : "4.4.2";
        String text = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new Reply(451, enhanced, uncertain ? "no answer to the end of the data: " + text : text);
    }

    /** @return why the server takes no mail at all */
    private Optional<Reply> at(Server server, List<Recipient> recipients) throws IOException {
        Optional<RemoteSession> kept = reusable(server);
        if (kept.isPresent()) {
            kept.get().wire().until(manner.until());
            give(kept.get(), recipients);
            return Optional.empty();
        }
        RemoteSession.Opening opening = RemoteSession.open(server, hop.tls(), manner);
        if (opening instanceof RemoteSession.Opening.Refused refused) return Optional.of(refused.reply());
        if (opening instanceof RemoteSession.Opening.Open open) give(open.session(), recipients);
        return Optional.empty();
    }

    private Optional<RemoteSession> reusable(Server server) {
        for (Optional<RemoteSession> kept = watch.take(server, hop.tls());
                kept.isPresent();
                kept = watch.take(server, hop.tls())) {
            try {
                kept.get().reset();
                return kept;
            } catch (IOException e) {
                watch.end(kept.get());
            }
        }
        return Optional.empty();
    }

    private void give(RemoteSession session, List<Recipient> open) throws IOException {
        tell(session.server(), session.wire().tls(), Optional.empty());
        boolean whole = false;
        try {
            for (int i = 0; i < open.size(); i += RECIPIENTS_AT_ONCE) {
                if (i > 0) {
                    session.wire().until(manner.until());
                    session.reset();
                }
                transact(session, open.subList(i, Math.min(open.size(), i + RECIPIENTS_AT_ONCE)));
            }
            whole = true;
        } finally {
            if (whole) watch.giveBack(session, hop.tls());
            else watch.end(session);
        }
    }

    private void transact(RemoteSession session, List<Recipient> some) throws IOException {
        Transaction transaction = new Transaction(session, mail, some, outcomes);
        try {
            transaction.run();
        } catch (IOException e) {
            uncertain = transaction.handedOver();
            throw e;
        }
    }
}
