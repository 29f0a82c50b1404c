package org.posthorn.queue;

import java.time.Instant;
import java.util.List;
import org.posthorn.api.queue.QueuedMail;

/** Waiting mail with one thing changed. */
final class Changed {

    private Changed() {}

    static QueuedMail held(QueuedMail m, boolean held) {
        return of(m, m.attempts(), m.next(), held);
    }

    static QueuedMail at(QueuedMail m, Instant next) {
        return of(m, m.attempts(), next, m.held());
    }

    /** Tried now, because somebody wants it so: an attempt before its time must not lengthen the pauses, so it is one for none. */
    static QueuedMail now(QueuedMail m, Instant now) {
        return of(
                m,
                m.next().isAfter(now)
                        ? m.attempts().stream().map(Changed::oneLess).toList()
                        : m.attempts(),
                now,
                m.held());
    }

    private static QueuedMail.Attempts oneLess(QueuedMail.Attempts a) {
        return new QueuedMail.Attempts(a.routed(), Math.max(0, a.count() - 1), a.lastHost(), a.lastReply());
    }

    private static QueuedMail of(QueuedMail m, List<QueuedMail.Attempts> attempts, Instant next, boolean held) {
        return new QueuedMail(
                m.id(), m.arrived(), m.origin(), m.envelope(), attempts, m.size(), m.junk(), next, held, m.warned());
    }
}
