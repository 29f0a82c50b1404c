package org.posthorn.queue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.mime.Xtext;

/** A mail in {@code queue:show}. */
public record QueueEntry(
        String id,
        String state,
        Instant arrived,
        long size,
        Optional<Address> sender,
        String client,
        String login,
        boolean junk,
        Optional<Instant> next,
        String why,
        boolean warned,
        List<Open> recipients) {

    /** One who is still to be reached. */
    public record Open(String address, String original, int attempts, String host, String reply) {
        @Override
        public String toString() {
            String said = host.isEmpty() ? reply : host + " said: " + reply;
            String tries = attempts + (attempts == 1 ? " attempt" : " attempts");
            return address + " after " + tries + (said.isEmpty() ? "" : ", " + said);
        }
    }

    static QueueEntry of(QueuedMail m, boolean active) {
        List<Open> open = new ArrayList<>();
        for (int i = 0; i < m.attempts().size(); i++)
            open.add(open(m.envelope().recipients().get(i), m.attempts().get(i)));
        QueueLine line = QueueLine.of(m, active);
        String login = m.origin().login().map(Object::toString).orElse("");
        String client =
                m.origin().protocol() + " " + m.origin().client().getAddress().getHostAddress();
        return new QueueEntry(
                line.id(),
                line.state(),
                line.arrived(),
                line.size(),
                line.sender(),
                client,
                login,
                m.junk(),
                line.next(),
                line.why(),
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
}
