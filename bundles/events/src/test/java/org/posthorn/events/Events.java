package org.posthorn.events;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Reply;

/** Events as they come. */
final class Events {

    static final Address ANN = Address.of("ann@one.test");
    static final Address BOB = Address.of("bob@two.test");
    static final Reply OK = new Reply(250, "2.0.0", "Ok: queued");
    static final Reply LATER = new Reply(451, "4.7.1", "come back later");
    static final Reply NO = new Reply(550, "5.1.1", "no such user");

    private Events() {}

    /** The time that the id holds, and so many milliseconds. */
    static Instant at(MailId id, long millis) {
        return Instant.EPOCH.plus(id.number(), ChronoUnit.MICROS).plusMillis(millis);
    }

    static Origin origin() {
        return new Origin(
                "ESMTPSA",
                new InetSocketAddress("192.0.2.7", 4711),
                "client.example",
                Optional.of(ANN),
                Optional.of("TLSv1.3 TLS_AES_256_GCM_SHA384"),
                "mx.one.test",
                "submission");
    }

    static MailEvent begun(MailId id) {
        return begun(id, ANN);
    }

    static MailEvent begun(MailId id, Address sender) {
        return new MailEvent.Begun(id, at(id, 0), origin(), Optional.of(sender));
    }

    static MailEvent judged(MailId id, String reason) {
        return judged(id, reason, List.of("spf=pass smtp.mailfrom=one.test", "dkim=none"));
    }

    static MailEvent found(MailId id, List<String> findings) {
        return judged(id, "", findings);
    }

    private static MailEvent judged(MailId id, String reason, List<String> findings) {
        return new MailEvent.Judged(
                id,
                at(id, 1),
                "spf",
                "message",
                Optional.empty(),
                MailEvent.Word.PASS,
                reason,
                findings,
                Duration.ofMillis(3),
                "org.posthorn.filter.spf",
                "1.2.3");
    }

    static MailEvent taken(MailId id, Address recipient) {
        return new MailEvent.Answered(id, at(id, 2), recipient, OK, "");
    }

    static MailEvent content(MailId id, String messageId) {
        return new MailEvent.Content(id, at(id, 3), 1234, messageId);
    }

    static MailEvent accepted(MailId id) {
        return new MailEvent.Accepted(id, at(id, 4), OK, false);
    }

    static MailEvent routed(MailId id, Address recipient, Address... aliases) {
        return new MailEvent.Routed(id, at(id, 5), recipient, List.of(aliases), "smtp", "two.test");
    }

    static MailEvent contacted(MailId id) {
        return new MailEvent.Contacted(id, at(id, 6), "mx.two.test", Optional.of("TLSv1.3 X"), Optional.empty());
    }

    static MailEvent attempted(MailId id, Address recipient, MailEvent.Result result, Reply reply) {
        return new MailEvent.Attempted(id, at(id, 7), recipient, "smtp", "two.test", "mx.two.test", result, reply);
    }

    static MailEvent shelved(MailId id, Address account) {
        return new MailEvent.Shelved(id, at(id, 8), account, account, "INBOX", 7, 42, "maildir");
    }

    static MailEvent waiting(MailId id) {
        return new MailEvent.Waiting(id, at(id, 9), at(id, 300_000));
    }

    static MailEvent postponed(MailId id) {
        return new MailEvent.Postponed(id, at(id, 9), at(id, 600_000));
    }

    /** One of each kind. */
    static List<MailEvent> all(MailId id) {
        MailId other = MailId.of(id.number() + 77);
        return List.of(
                begun(id),
                judged(id, "it says so"),
                taken(id, BOB),
                content(id, "<a@one.test>"),
                new MailEvent.Refused(id, at(id, 4), MailEvent.Stage.DATA, NO, "8 hops"),
                new MailEvent.Abandoned(id, at(id, 4), MailEvent.Stage.RCPT),
                new MailEvent.Discarded(id, at(id, 4), "virus: found"),
                accepted(id),
                routed(id, BOB, Address.of("sales@one.test"), Address.of("team@one.test")),
                contacted(id),
                new MailEvent.Contacted(id, at(id, 6), "mx2", Optional.empty(), Optional.of(LATER)),
                attempted(id, BOB, MailEvent.Result.DEFERRED, LATER),
                shelved(id, ANN),
                waiting(id),
                postponed(id),
                new MailEvent.GivenUp(id, at(id, 10), BOB),
                new MailEvent.Reported(id, at(id, 11), other, ANN, "failed"),
                new MailEvent.Report(id, at(id, 11), other, "delayed"),
                new MailEvent.Handled(id, at(id, 12), MailEvent.Action.HELD, "a command"));
    }
}
