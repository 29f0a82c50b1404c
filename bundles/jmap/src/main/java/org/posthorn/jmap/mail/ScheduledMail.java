package org.posthorn.jmap.mail;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.TreeMap;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.ObjectId;
import org.posthorn.api.mailbox.SpecialUse;
import org.posthorn.jmap.Refusal;
import org.posthorn.jmap.SetError;

/** What users send later: what its client puts into the mailbox of role {@code scheduled} meanwhile, RFC 9979, goes to Sent when it is sent. */
record ScheduledMail(Snoozes snoozes) {

    /** What waits for less stands in Sent from the start, as clients hold all mail for some seconds in which it can be taken back. */
    private static final Duration LEAST = Duration.ofMinutes(1);

    /** Notes, forced, when an Email goes that is about to be handed in. Where it lies elsewhere then it is left there. */
    void begin(Address account, MailView mail, Email email, Instant sendAt) throws IOException, Refusal {
        if (sendAt.isBefore(snoozes.now().plus(LEAST))) return;
        Optional<DedicatedMailbox> waiting = DedicatedMailbox.find(mail, SpecialUse.SCHEDULED);
        if (waiting.isEmpty()) return;
        AccountSnoozes his = snoozes.of(account);
        synchronized (his) {
            Optional<Snooze> before = his.get(email.number());
            if (before.filter(one -> !one.sending() && one.isAsleep(email)).isPresent()) return;
            if (before.isEmpty() && !his.hasRoom(mail))
                throw new Refusal(SetError.of("rateLimit", "Too much of yours waits for its time"));
            String sent = DedicatedMailbox.of(mail, SpecialUse.SENT).id();
            SnoozeDetails details =
                    new SnoozeDetails(sendAt.truncatedTo(ChronoUnit.SECONDS), Optional.of(sent), new TreeMap<>());
            his.put(Snooze.sending(account, email.number(), waiting.get().id(), details));
        }
        snoozes.changed(account);
    }

    /** It is not sent then: its client puts it elsewhere. Of an Email that goes at another time as well, that is left. */
    void cancel(Address account, String emailId, Instant sendAt) throws IOException {
        Instant second = sendAt.truncatedTo(ChronoUnit.SECONDS);
        AccountSnoozes his = snoozes.of(account);
        synchronized (his) {
            long number = ObjectId.emailNumber(emailId).orElse(0);
            if (his.get(number).filter(one -> one.isSentAt(second)).isPresent()) his.remove(number);
        }
    }
}
