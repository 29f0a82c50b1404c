package org.posthorn.queue;

import org.posthorn.api.delivery.Outcome;
import org.posthorn.api.mail.Reply;

/**
 * What an attempt came to for one target.
 *
 * @param expired whether it is given up though it might work later
 */
record Result(Target target, Outcome outcome, boolean expired) {

    /** Whether it waits for another attempt. */
    boolean waits() {
        return outcome instanceof Outcome.Forwarded || outcome instanceof Outcome.Deferred && !expired;
    }

    /** Attempts with this one, which is none where nobody was asked. */
    int attempts() {
        boolean asked = outcome != Lanes.STOPPED && outcome != Lanes.BUSY && outcome != Lanes.POSTPONED;
        return target.attempts() + (asked ? 1 : 0);
    }

    boolean failed() {
        return outcome instanceof Outcome.Failed || outcome instanceof Outcome.Deferred && expired;
    }

    boolean delivered() {
        return outcome instanceof Outcome.Delivered || outcome instanceof Outcome.Shelved;
    }

    /** What was said; for the log and for reports. */
    static Reply reply(Outcome outcome) {
        if (outcome instanceof Outcome.Delivered d) return d.reply();
        if (outcome instanceof Outcome.Shelved s) return s.reply();
        if (outcome instanceof Outcome.Deferred d) return d.reply();
        if (outcome instanceof Outcome.Failed f) return f.reply();
        Outcome.Forwarded forwarded = (Outcome.Forwarded) outcome;
        return new Reply(250, "2.0.0", "forwarded to " + forwarded.targets());
    }
}
