package org.posthorn.queue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.api.delivery.Outcome;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Notify;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;
import org.posthorn.mime.StoredMessage;

class ReportTest {

    private static final Reply OK = new Reply(250, "2.0.0", "ok");

    @ParameterizedTest
    @CsvSource({
        // NOTIFY,      what came of it, late,  the report
        "'',            failed,    false, FAILED",
        "'',            expired,   false, FAILED",
        "'',            deferred,  false, none",
        "'',            deferred,  true,  DELAYED",
        "'',            delivered, false, none",
        "'',            shelved,   false, none",
        "NEVER,         failed,    false, none",
        "NEVER,         expired,   false, none",
        "NEVER,         deferred,  true,  none",
        "NEVER,         delivered, false, none",
        "FAILURE,       failed,    false, FAILED",
        "FAILURE,       deferred,  true,  none",
        "FAILURE,       delivered, false, none",
        "DELAY,         deferred,  true,  DELAYED",
        "DELAY,         failed,    false, none",
        "SUCCESS,       delivered, false, DELIVERED",
        "SUCCESS,       shelved,   false, DELIVERED",
        "SUCCESS,       relayed,   false, RELAYED",
        "SUCCESS,       reported,  false, none",
        "SUCCESS,       failed,    false, none",
        "SUCCESS,       deferred,  true,  none",
        "SUCCESS FAILURE, failed,  false, FAILED",
        "SUCCESS DELAY, deferred,  true,  DELAYED"
    })
    void the_sender_is_told_what_he_asked_for(String notify, String came, boolean late, String report) {
        Mail mail = mail(Optional.of(Address.of("alice@sender.test")), "ESMTP");
        List<Report> reports = Report.of(mail, List.of(result(notify, came)), late);
        assertThat(reports)
                .extracting(r -> r.action().name())
                .isEqualTo(report.equals("none") ? List.of() : List.of(report));
        assertThat(reports).allMatch(r -> r.to().address().equals(Address.of("alice@sender.test")));
    }

    @ParameterizedTest
    @CsvSource({
        "ESMTP, '',      failed,    nobody",
        "local, '',      failed,    postmaster",
        "local, NEVER,   failed,    nobody",
        "local, '',      deferred,  nobody",
        "local, SUCCESS, delivered, nobody"
    })
    void the_null_sender_is_never_told(String protocol, String notify, String came, String told) {
        List<Report> reports = Report.of(mail(Optional.empty(), protocol), List.of(result(notify, came)), true);
        assertThat(reports)
                .extracting(r -> r.to().address().toString())
                .isEqualTo(told.equals("nobody") ? List.of() : List.of(told));
        assertThat(reports).allMatch(r -> r.to().notices().equals(Set.of(Notify.NEVER)));
    }

    @Test
    void results_of_a_kind_share_one_report() {
        Mail mail = mail(Optional.of(Address.of("alice@sender.test")), "ESMTP");
        List<Result> results = List.of(result("", "failed"), result("SUCCESS", "delivered"), result("", "failed"));
        List<Report> reports = Report.of(mail, results, false);
        assertThat(reports).hasSize(2);
        assertThat(reports.get(0).results()).hasSize(2);
    }

    private static Result result(String notify, String came) {
        Set<Notify> notices = Arrays.stream(notify.split(" "))
                .filter(n -> !n.isEmpty())
                .map(Notify::valueOf)
                .collect(Collectors.toSet());
        Recipient recipient = new Recipient(Address.of("bob@a.test"), notices, Optional.empty());
        Outcome outcome =
                switch (came) {
                    case "failed" -> new Outcome.Failed("mx", new Reply(550, "5.1.1", "no"));
                    case "deferred", "expired" -> new Outcome.Deferred("mx", new Reply(451, "4.7.1", "later"));
                    case "shelved" -> new Outcome.Shelved("", OK);
                    case "relayed" -> new Outcome.Delivered("mx", OK, true);
                    case "reported" -> new Outcome.Delivered("mx", OK, true, true);
                    default -> new Outcome.Delivered("mx", OK, false);
                };
        return new Result(new Target(0, recipient, true, 0), outcome, came.equals("expired"));
    }

    private static Mail mail(Optional<Address> sender, String protocol) {
        Origin local = Origin.local("mx.example.test");
        Origin origin = new Origin(
                protocol, local.client(), "", Optional.empty(), Optional.empty(), local.server(), local.listener());
        Envelope envelope = new Envelope(sender, MailParameters.NONE, List.of());
        return new Mail(MailId.of(1), Bench.START, origin, envelope, StoredMessage.of("\r\n"), false);
    }
}
