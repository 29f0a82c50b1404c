package org.posthorn.queue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.queue.QueuedMail;

/** Waiting mail with one thing changed. */
final class Changed {

    private Changed() {}

    static QueuedMail held(QueuedMail m, boolean held) {
        return of(m, m.attempts(), m.next(), held);
    }

    /**
     * For those alone who are noted to wait, when the note is younger than the store: it names some of those in the store, and the others have the mail. A note
     * that names somebody else as well is older than the store, which is written first when somebody new waits.
     */
    static QueuedMail open(QueuedMail m, List<Recipient> noted) {
        List<Recipient> all = m.envelope().recipients();
        if (all.equals(noted) || !all.containsAll(noted)) return m;
        List<Recipient> open = new ArrayList<>();
        List<QueuedMail.Attempts> attempts = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (!noted.contains(all.get(i))) continue;
            open.add(all.get(i));
            attempts.add(m.attempts().get(i));
        }
        return of(m, m.envelope().with(open), attempts, m.next(), m.held());
    }

    static QueuedMail at(QueuedMail m, Instant next) {
        return of(m, m.attempts(), next, m.held());
    }

    /**
     * Tried now, because somebody wants it so, but never before its sender wished it, which a clock that was put back can make later: an attempt before its time must
     * not lengthen the pauses, so it is one for none.
     */
    static QueuedMail now(QueuedMail m, Instant now) {
        return of(
                m,
                m.next().isAfter(now)
                        ? m.attempts().stream().map(Changed::oneLess).toList()
                        : m.attempts(),
                m.envelope().parameters().earliest(now),
                m.held());
    }

    /** Its sender wished it later, and somebody sends it now: from now on its age counts. */
    static QueuedMail released(QueuedMail m, Instant now) {
        MailParameters with = m.envelope().parameters();
        Envelope envelope =
                with.release().map(r -> m.envelope().with(with.with(r.at(now)))).orElse(m.envelope());
        return of(m, envelope, m.attempts(), now, m.held());
    }

    private static QueuedMail.Attempts oneLess(QueuedMail.Attempts a) {
        return new QueuedMail.Attempts(a.routed(), Math.max(0, a.count() - 1), a.lastHost(), a.lastReply());
    }

    private static QueuedMail of(QueuedMail m, List<QueuedMail.Attempts> attempts, Instant next, boolean held) {
        return of(m, m.envelope(), attempts, next, held);
    }

    private static QueuedMail of(
            QueuedMail m, Envelope envelope, List<QueuedMail.Attempts> attempts, Instant next, boolean held) {
        return new QueuedMail(
                m.id(), m.arrived(), m.origin(), envelope, attempts, m.size(), m.junk(), next, held, m.warned());
    }
}
