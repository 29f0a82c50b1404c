package org.posthorn.queue;

import java.time.Instant;
import org.posthorn.api.queue.QueuedMail;

/** Waiting mail with one thing changed. */
final class Changed {

    private Changed() {}

    static QueuedMail held(QueuedMail m, boolean held) {
        return of(m, m.next(), held);
    }

    static QueuedMail next(QueuedMail m, Instant next) {
        return of(m, next, m.held());
    }

    private static QueuedMail of(QueuedMail m, Instant next, boolean held) {
        return new QueuedMail(
                m.id(),
                m.arrived(),
                m.origin(),
                m.envelope(),
                m.attempts(),
                m.size(),
                m.junk(),
                next,
                held,
                m.warned());
    }
}
