package org.posthorn.api.queue;

import java.time.Instant;
import java.util.List;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Origin;

/**
 * A mail that waits. Recipients that are done with are no longer in it.
 *
 * @param envelope the sender, the parameters, and the recipients still open
 * @param attempts one for each recipient of the envelope, in that order
 * @param size the message's octets
 * @param next when it is tried again; not before its sender's {@linkplain org.posthorn.api.mail.MailParameters#release wish}
 * @param held whether it waits for somebody to release it
 * @param warned whether the sender was told of the delay
 */
public record QueuedMail(
        MailId id,
        Instant arrived,
        Origin origin,
        Envelope envelope,
        List<Attempts> attempts,
        long size,
        boolean junk,
        Instant next,
        boolean held,
        boolean warned) {
    public QueuedMail {
        attempts = List.copyOf(attempts);
    }

    /** Whether it waits for the time that its sender has set, and was not tried before. No clock that was wrong has brought that {@code next} about. */
    public boolean wished() {
        return envelope.parameters()
                .release()
                .filter(release -> !release.at().isBefore(next))
                .isPresent();
    }

    /** Whether the time that its sender has set, if he has, is there. */
    public boolean released(Instant now) {
        return !envelope.parameters().earliest(now).isAfter(now);
    }

    /**
     * What was tried for one recipient.
     *
     * @param routed whether aliases were followed: the address itself is meant, even if an alias of that name leads to others too
     * @param count how often
     * @param lastHost the host that answered last; may be empty
     * @param lastReply what it said, as {@link org.posthorn.api.mail.Reply#toString} gives it
     */
    public record Attempts(boolean routed, int count, String lastHost, String lastReply) {}
}
