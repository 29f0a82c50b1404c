package org.posthorn.queue;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.posthorn.api.delivery.Outcome;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.events.MailEvents;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Reply;

/** Tells what becomes of mail in the queue. */
record Narration(MailEvents events) {

    /** The ways of those that are tried for the first time; later attempts name theirs. */
    void routed(Mail mail, Ways ways, Instant now) {
        for (Map.Entry<Destination, List<Target>> way : ways.open().entrySet())
            for (Target target : way.getValue())
                if (target.attempts() == 0)
                    routed(mail, target, ways.aliases().getOrDefault(target, List.of()), way.getKey(), now);
        for (Ways.Joined way : ways.joined()) routed(mail, way.end(), way.aliases(), way.to(), now);
    }

    private void routed(Mail mail, Target target, List<Address> aliases, Destination to, Instant now) {
        Address end = target.recipient().address();
        events.tell(new MailEvent.Routed(mail.id(), now, end, aliases, to.transport(), to.nextHop()));
    }

    void attempted(Mail mail, Target target, Destination to, Outcome outcome, Instant now) {
        if (outcome == Lanes.STOPPED) return;
        events.tell(new MailEvent.Attempted(
                mail.id(),
                now,
                target.recipient().address(),
                to.transport(),
                to.nextHop(),
                outcome.host(),
                result(outcome),
                Result.reply(outcome)));
    }

    private static MailEvent.Result result(Outcome outcome) {
        if (outcome instanceof Outcome.Deferred) return MailEvent.Result.DEFERRED;
        if (outcome instanceof Outcome.Failed) return MailEvent.Result.FAILED;
        if (outcome instanceof Outcome.Forwarded) return MailEvent.Result.FORWARDED;
        boolean relayed = outcome instanceof Outcome.Delivered d && d.relayed();
        return relayed ? MailEvent.Result.RELAYED : MailEvent.Result.DELIVERED;
    }

    void waits(Mail mail, Instant until, Instant now) {
        events.tell(new MailEvent.Waiting(mail.id(), now, until));
    }

    void postponed(Mail mail, Instant until, Instant now) {
        events.tell(new MailEvent.Postponed(mail.id(), now, until));
    }

    void givenUp(Mail mail, Result result, Instant now) {
        events.tell(new MailEvent.GivenUp(
                mail.id(), now, result.target().recipient().address()));
    }

    /**
     * A report has become a mail.
     *
     * @param messageId the report's
     */
    void reported(Mail about, Mail report, Report what, String messageId) {
        String word = what.action().name().toLowerCase(Locale.ROOT);
        Instant now = report.arrived();
        MailId id = report.id();
        Address to = what.to().address();
        Reply safe = new Reply(250, "2.0.0", "made here");
        events.tell(new MailEvent.Reported(about.id(), now, id, to, word));
        events.tell(
                new MailEvent.Begun(id, now, report.origin(), report.envelope().sender()));
        events.tell(new MailEvent.Report(id, now, about.id(), word));
        events.tell(new MailEvent.Answered(id, now, to, safe, ""));
        events.tell(new MailEvent.Content(id, now, report.message().size(), messageId));
        events.tell(new MailEvent.Accepted(id, now, safe, false));
    }

    void handled(MailId mail, MailEvent.Action action, String by, Instant now) {
        events.tell(new MailEvent.Handled(mail, now, action, by));
    }
}
