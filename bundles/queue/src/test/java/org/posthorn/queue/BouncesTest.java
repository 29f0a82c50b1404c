package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.internet.InternetHeaders;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.posthorn.api.delivery.Outcome;
import org.posthorn.api.events.Teller;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.spool.Spool;
import org.posthorn.mime.DeliveryReport.Action;

class BouncesTest {

    private final FakeSpool spool = new FakeSpool(new Happenings());

    @Test
    void a_bounce_parses_and_has_the_fields_of_rfc_3464() throws Exception {
        Outcome.Failed failed = new Outcome.Failed("mx.a.test", new Reply(550, "5.1.1", "no such user"));
        Mail bounce = commit(mail(Optional.of("FULL")), Action.FAILED, failed, false, 65536);
        assertThat(bounce.envelope().sender()).isEmpty();
        assertThat(bounce.origin().protocol()).isEqualTo("local");
        InternetHeaders top = new InternetHeaders(bounce.message().open());
        assertThat(top.getHeader("Auto-Submitted", null)).isEqualTo("auto-replied");
        MimeMultipart parts = parts(bounce);
        assertThat(parts.getCount()).isEqualTo(3);
        InputStream status = parts.getBodyPart(1).getInputStream();
        InternetHeaders message = new InternetHeaders(status);
        InternetHeaders recipient = new InternetHeaders(status);
        assertThat(message.getHeader("Original-Envelope-Id", null)).isEqualTo("a+b");
        assertThat(message.getHeader("Reporting-MTA", null)).isEqualTo("dns; mx.example.test");
        assertThat(recipient.getHeader("Original-Recipient", null)).isEqualTo("rfc822; sa+les@sender.test");
        assertThat(recipient.getHeader("Final-Recipient", null)).isEqualTo("rfc822; bob@a.test");
        assertThat(recipient.getHeader("Action", null)).isEqualTo("failed");
        assertThat(recipient.getHeader("Status", null)).isEqualTo("5.1.1");
        assertThat(recipient.getHeader("Diagnostic-Code", null)).isEqualTo("smtp; 550 5.1.1 no such user");
        assertThat(parts.getBodyPart(2).getContentType()).isEqualTo("message/rfc822");
    }

    @Test
    void the_header_alone_goes_back_when_asked_for_or_when_the_mail_is_large_or_did_not_fail() throws Exception {
        Outcome.Failed failed = new Outcome.Failed("", new Reply(550, "", "no"));
        Outcome.Deferred later = new Outcome.Deferred("", new Reply(451, "4.2.1", "later"));
        Optional<String> nothing = Optional.empty();
        assertThat(last(commit(mail(nothing), Action.FAILED, failed, false, 21)))
                .isEqualTo("message/rfc822");
        assertThat(last(commit(mail(nothing), Action.FAILED, failed, false, 20)))
                .isEqualTo("text/rfc822-headers");
        assertThat(last(commit(mail(Optional.of("HDRS")), Action.FAILED, failed, false, 65536)))
                .isEqualTo("text/rfc822-headers");
        assertThat(last(commit(mail(Optional.of("FULL")), Action.DELAYED, later, false, 65536)))
                .isEqualTo("text/rfc822-headers");
    }

    @Test
    void the_status_fits_the_action_whatever_was_said() throws Exception {
        Outcome.Deferred later = new Outcome.Deferred("mx", new Reply(451, "4.2.1", "later"));
        assertThat(status(commit(mail(Optional.empty()), Action.FAILED, later, true, 0)))
                .isEqualTo("4.4.7");
        Outcome.Failed odd = new Outcome.Failed("mx", new Reply(550, "2.0.0", "odd"));
        assertThat(status(commit(mail(Optional.empty()), Action.FAILED, odd, false, 0)))
                .isEqualTo("5.0.0");
        Outcome.Deferred bare = new Outcome.Deferred("mx", new Reply(450, "", "bare"));
        assertThat(status(commit(mail(Optional.empty()), Action.DELAYED, bare, false, 0)))
                .isEqualTo("4.0.0");
    }

    @Test
    void a_report_to_an_international_sender_asks_for_smtputf8() throws Exception {
        Outcome.Failed failed = new Outcome.Failed("", new Reply(550, "5.1.1", "no"));
        Mail mail = mail(Optional.empty());
        Report report = report(Action.FAILED, failed, false, Address.of("jörg@müller.example"));
        Mail bounce = bounces().commit(report, mail, Bench.START, 0, Bench.START);
        assertThat(bounce.envelope().parameters().smtpUtf8()).isTrue();
        assertThat(bounce.envelope().parameters().body8bit()).isTrue();
        assertThat(commit(mail, Action.FAILED, failed, false, 0).envelope().parameters())
                .isEqualTo(MailParameters.NONE);
    }

    private Mail commit(Mail about, Action action, Outcome outcome, boolean expired, long whole) throws IOException {
        Report report = report(action, outcome, expired, Address.of("alice@sender.test"));
        return bounces().commit(report, about, Bench.START.plus(Duration.ofDays(5)), whole, Bench.START);
    }

    private static Report report(Action action, Outcome outcome, boolean expired, Address to) {
        Recipient bob =
                new Recipient(Address.of("bob@a.test"), java.util.Set.of(), Optional.of("rfc822;sa+2Bles@sender.test"));
        return new Report(
                new Recipient(to), action, List.of(new Result(new Target(0, bob, true, 0), outcome, expired)));
    }

    private Bounces bounces() {
        Leased<Spool> spools = new Leased<>();
        spools.add(spool, Map.of());
        return new Bounces(spools, new Narration(new Teller()));
    }

    private static Mail mail(Optional<String> ret) {
        MailParameters with = new MailParameters(false, false, ret, Optional.of("a+2Bb"));
        return Bench.mail(1, new Envelope(Optional.of(Address.of("alice@sender.test")), with, List.of()));
    }

    private static MimeMultipart parts(Mail bounce) throws Exception {
        InputStream in = bounce.message().open();
        String type = new InternetHeaders(in).getHeader("Content-Type", null);
        return new MimeMultipart(new ByteArrayDataSource(in, type));
    }

    private static String last(Mail bounce) throws Exception {
        return parts(bounce).getBodyPart(2).getContentType();
    }

    private static String status(Mail bounce) throws Exception {
        InputStream in = parts(bounce).getBodyPart(1).getInputStream();
        new InternetHeaders(in);
        return new InternetHeaders(in).getHeader("Status", null);
    }
}
