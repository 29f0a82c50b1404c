package org.posthorn.queue;

import java.time.Duration;
import java.time.Instant;
import org.posthorn.api.delivery.Outcome;
import org.posthorn.api.mail.Mail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One line for each recipient of each attempt. */
final class DeliveryLog {

    private static final Logger LOG = LoggerFactory.getLogger(DeliveryLog.class);

    private DeliveryLog() {}

    static void write(Mail mail, Target target, String transport, Outcome outcome, Instant now) {
        if (outcome == Lanes.STOPPED || outcome == Lanes.POSTPONED) return;
        LOG.info(
                "{}: from={} to=<{}> client={} size={} transport={} host={} delay={}ms {}: {}",
                mail.id(),
                mail.envelope().reversePath(),
                target.recipient().address(),
                mail.origin().client().getAddress().getHostAddress(),
                mail.message().size(),
                transport.isEmpty() ? "-" : transport,
                outcome.host().isEmpty() ? "-" : outcome.host(),
                Duration.between(mail.envelope().parameters().earliest(mail.arrived()), now)
                        .toMillis(),
                word(outcome),
                Result.reply(outcome));
    }

    private static String word(Outcome outcome) {
        if (outcome instanceof Outcome.Deferred) return "deferred";
        if (outcome instanceof Outcome.Failed) return "failed";
        return outcome instanceof Outcome.Forwarded ? "forwarded" : "delivered";
    }
}
