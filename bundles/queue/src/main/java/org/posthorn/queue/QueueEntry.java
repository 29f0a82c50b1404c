package org.posthorn.queue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.queue.QueuedMail;

/** A mail in {@code queue:show}. */
public record QueueEntry(
        String id,
        String state,
        Instant arrived,
        long size,
        String sender,
        String client,
        String login,
        boolean junk,
        String next,
        boolean warned,
        List<Open> recipients) {

    /** One who is still to be reached. */
    public record Open(String address, String original, int attempts, String host, String reply) {}

    static QueueEntry of(Attempt attempt) {
        Mail m = attempt.mail();
        List<Open> open = attempt.targets().stream()
                .map(t -> open(t.recipient(), new QueuedMail.Attempts(false, t.attempts(), "", "")))
                .toList();
        return of(
                m.id(),
                "active",
                m.arrived(),
                m.message().size(),
                m.envelope().reversePath(),
                m.origin(),
                m.junk(),
                "",
                false,
                open);
    }

    static QueueEntry of(QueuedMail m) {
        List<Open> open = new ArrayList<>();
        for (int i = 0; i < m.attempts().size(); i++)
            open.add(open(m.envelope().recipients().get(i), m.attempts().get(i)));
        String state = m.held() ? "held" : "waiting";
        return of(
                m.id(),
                state,
                m.arrived(),
                m.size(),
                m.envelope().reversePath(),
                m.origin(),
                m.junk(),
                m.next().toString(),
                m.warned(),
                open);
    }

    private static Open open(Recipient recipient, QueuedMail.Attempts attempts) {
        return new Open(
                recipient.address().toString(),
                recipient.originalRecipient().map(Xtext::decode).orElse(""),
                attempts.count(),
                attempts.lastHost(),
                attempts.lastReply());
    }

    private static QueueEntry of(
            MailId id,
            String state,
            Instant arrived,
            long size,
            String sender,
            Origin origin,
            boolean junk,
            String next,
            boolean warned,
            List<Open> open) {
        String login = origin.login().map(Object::toString).orElse("");
        String client = origin.protocol() + " " + origin.client().getAddress().getHostAddress();
        return new QueueEntry(id.text(), state, arrived, size, sender, client, login, junk, next, warned, open);
    }
}
