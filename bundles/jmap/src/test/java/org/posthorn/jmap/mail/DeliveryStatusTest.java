package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.events.SentTo;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.jmap.Calls;

/** What became of a mail, in its EmailSubmission, RFC 8621 7. Quotes may be single ones. */
@Timeout(60)
class DeliveryStatusTest {

    private static final MailId FIRST = MailId.of(1);

    private final MemoryMail mail = new MemoryMail("Drafts", "INBOX");
    private final PostOffice office = new PostOffice();
    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1);
    private Outbox outbox;
    private Snoozes snoozes;
    private SubmissionCapability capability;
    private Calls calls;
    private String id;

    @TempDir
    Path folder;

    /** One to Bob and Carol, in the queue. */
    @BeforeEach
    void send() throws IOException {
        office.mailboxes.add(mail, Map.of());
        mail.add(
                "Drafts",
                "From: Alice <alice@example.org>|To: bob@example.com, carol@example.com|Message-ID: <secret@example.org>||text|",
                office.now);
        open();
        String identity = one("Identity/get", "").at("/list/0/id").textValue();
        id = one(
                        "EmailSubmission/set",
                        "'create':{'k':{'identityId':'" + identity + "','emailId':'M0000000000000001'}}")
                .at("/created/k/id")
                .textValue();
    }

    private void open() {
        outbox = new Outbox(folder, office);
        snoozes = new Snoozes(folder, office);
        capability = new SubmissionCapability(office.sending(), outbox, () -> Duration.ofDays(30), snoozes, clock);
        calls = new Calls(mail, PostOffice.ALICE, folder, snoozes, capability);
    }

    @AfterEach
    void close() {
        clock.shutdownNow();
        outbox.close();
        snoozes.close();
    }

    private JsonNode one(String method, String arguments) throws IOException {
        return calls.one(method, arguments.replace('\'', '"'));
    }

    /** For each recipient: delivered, and the reply. */
    private List<String> status() throws IOException {
        List<String> all = new ArrayList<>();
        one("EmailSubmission/get", "'ids':['" + id + "']")
                .at("/list/0/deliveryStatus")
                .properties()
                .forEach(one -> all.add(one.getKey().replaceAll("@.*", "") + " "
                        + one.getValue().path("delivered").asText() + ": "
                        + one.getValue().path("smtpReply").asText()));
        return all;
    }

    private String state() throws IOException {
        return capability.states(null, PostOffice.ALICE).get("EmailSubmission");
    }

    private static SentTo to(String recipient, SentTo.Fate fate, String reply) {
        return new SentTo(Address.of(recipient), fate, fate == SentTo.Fate.RELAYED ? "mx.example.com" : "", reply);
    }

    @ParameterizedTest
    @CsvSource({
        "SHELVED, 250 2.0.0 delivered, yes",
        "FAILED, 550 5.1.1 no such user, no",
        "RELAYED, 250 2.0.0 taken, unknown",
        "UNKNOWN, 250 2.1.5 Ok, unknown"
    })
    void what_became_of_each_is_told_while_others_wait_and_for_ever(SentTo.Fate fate, String reply, String delivered)
            throws IOException {
        assertThat(status()).containsExactly("bob queued: 250 2.1.5 Ok", "carol queued: 250 2.1.5 Ok");
        String before = state();
        office.told.put(
                FIRST,
                List.of(to("Bob@example.com", fate, reply), to("carol@example.com", SentTo.Fate.WAITING, "451 later")));
        List<String> now = List.of("bob " + delivered + ": " + reply, "carol queued: 250 2.1.5 Ok");
        assertThat(status()).isEqualTo(now);
        assertThat(state()).isNotEqualTo(before);
        String after = state();
        assertThat(status()).isEqualTo(now);
        assertThat(state()).isEqualTo(after);
        office.queue.clear();
        office.told.clear();
        if (delivered.equals("unknown")) return;
        assertThat(status()).containsExactly(now.get(0), "carol unknown: 250 2.1.5 Ok");
        outbox.close();
        snoozes.close();
        open();
        assertThat(status()).containsExactly(now.get(0), "carol unknown: 250 2.1.5 Ok");
    }

    @Test
    void the_host_that_took_it_is_told_to_who_asks_for_more_than_the_rfc() throws IOException {
        office.told.put(FIRST, List.of(to("bob@example.com", SentTo.Fate.RELAYED, "250 2.0.0 taken")));
        assertThat(one("EmailSubmission/get", "'ids':['" + id + "']")
                        .at("/list/0/deliveryStatus/bob@example.com/remoteMta")
                        .textValue())
                .isEqualTo("mx.example.com");
        SubmissionRecord kept = new SubmissionRecord(outbox.account(PostOffice.ALICE)
                .submissions()
                .get(SubmissionRecord.IDS.number(id))
                .orElseThrow()
                .object());
        assertThat(kept.shown(1, SubmissionRecord.PROPERTIES).toString()).doesNotContain("remoteMta");
    }

    private void relayed() throws IOException {
        office.queue.clear();
        office.told.put(
                FIRST,
                List.of(
                        to("bob@example.com", SentTo.Fate.RELAYED, "250 taken"),
                        to("carol@example.com", SentTo.Fate.SHELVED, "250 2.0.0 delivered")));
        assertThat(status()).containsExactly("bob unknown: 250 taken", "carol yes: 250 2.0.0 delivered");
    }

    /** A DSN. @param recipients groups of fields */
    private static String dsn(String envelopeId, String... recipients) {
        return "From: <mailer@example.com>|Content-Type: multipart/report; report-type=delivery-status; boundary=b||"
                + "--b||Words.|--b|Content-Type: message/delivery-status||Reporting-MTA: dns; mx.example.com|"
                + "Original-Envelope-Id: " + envelopeId + "||" + String.join("||", recipients) + "|--b--|";
    }

    private String called() {
        return office.taken.get(0).envelope().parameters().envelopeId().orElseThrow();
    }

    private JsonNode got() throws IOException {
        return one("EmailSubmission/get", "'ids':['" + id + "']").at("/list/0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "failed~Diagnostic-Code: smtp; 550 5.1.1 no such user~bob no: 550 5.1.1 no such user",
                "failed~Diagnostic-Code: smtp; 550-5.7.1 Our system has detected that this message is| 550 5.7.1 likely spam.~bob no: 550 5.7.1 Our system has detected that this message is likely spam.",
                "failed~Diagnostic-Code: smtp;550-no| 550-such| 550 5.1.1 user 550~bob no: 550 no such 5.1.1 user 550",
                "delivered~Status: 2.1.5~bob yes: 250 2.1.5 reported as delivered",
                "failed~X: y~bob no: 550 5.0.0 reported as failed",
                "delayed~Status: 4.0.0~bob unknown: 250 taken"
            })
    void a_report_of_delivery_is_listed_and_tells_of_who_left_this_server(String action, String field, String bob)
            throws IOException {
        relayed();
        String before = state();
        mail.add(
                "INBOX",
                dsn(
                        called(),
                        "Final-Recipient: rfc822; robert@example.com|Original-Recipient: rfc822;Bob@Example.com|Action: "
                                + action + "|" + field,
                        "Final-Recipient: rfc822; carol@example.com|Action: failed"),
                office.now);
        assertThat(status()).containsExactly(bob, "carol yes: 250 2.0.0 delivered");
        assertThat(got().get("dsnBlobIds").toString()).isEqualTo("[\"M0000000000000002\"]");
        assertThat(state()).isNotEqualTo(before);
        outbox.close();
        snoozes.close();
        open();
        assertThat(got().get("dsnBlobIds")).hasSize(1);
    }

    @Test
    void a_report_that_somebody_made_up_is_not_heard() throws IOException {
        relayed();
        mail.add("INBOX", dsn("1", "Final-Recipient: rfc822; bob@example.com|Action: failed"), office.now);
        mail.add("INBOX", dsn("", "Final-Recipient: rfc822; bob@example.com|Action: failed"), office.now);
        mail.add("INBOX", "From: x@example.com||Original-Envelope-Id: " + called() + "|", office.now);
        assertThat(status()).containsExactly("bob unknown: 250 taken", "carol yes: 250 2.0.0 delivered");
        assertThat(got().get("dsnBlobIds")).isEmpty();
    }

    @Test
    void what_a_client_calls_its_mail_may_be_guessed_so_the_report_is_listed_and_not_believed() throws IOException {
        String identity = one("Identity/get", "").at("/list/0/id").textValue();
        id = one(
                        "EmailSubmission/set",
                        "'create':{'k':{'identityId':'" + identity
                                + "','emailId':'M0000000000000001','envelope':{'mailFrom':{'email':'alice@example.org',"
                                + "'parameters':{'envid':'one'}},'rcptTo':[{'email':'bob@example.com'}]}}}")
                .at("/created/k/id")
                .textValue();
        office.queue.clear();
        mail.add("INBOX", dsn("one", "Final-Recipient: rfc822; bob@example.com|Action: failed"), office.now);
        assertThat(status()).containsExactly("bob unknown: 250 2.1.5 Ok");
        assertThat(got().get("dsnBlobIds")).hasSize(1);
    }

    private static String mdn(String about, String type) {
        return "From: <bob@example.com>|Content-Type: multipart/report; report-type=disposition-notification; boundary=b||"
                + "--b||Words.|--b|Content-Type: message/disposition-notification||"
                + "Final-Recipient: rfc822; bob@example.com|Original-Message-ID: " + about + "|"
                + "Disposition: manual-action/MDN-sent-manually; " + type + "|--b--|";
    }

    @Test
    void a_report_of_its_reader_is_listed_and_says_that_it_was_displayed() throws IOException {
        relayed();
        mail.add("INBOX", mdn("<another@example.org>", "displayed"), office.now);
        mail.add("INBOX", mdn("<secret@example.org>", "deleted"), office.now);
        assertThat(got().get("mdnBlobIds").toString()).isEqualTo("[\"M0000000000000003\"]");
        assertThat(got().at("/deliveryStatus/bob@example.com/displayed").textValue())
                .isEqualTo("unknown");
        mail.add("INBOX", mdn("<secret@example.org>", "displayed"), office.now);
        assertThat(got().get("mdnBlobIds")).hasSize(2);
        assertThat(got().at("/deliveryStatus/bob@example.com/displayed").textValue())
                .isEqualTo("yes");
        assertThat(got().at("/deliveryStatus/carol@example.com/displayed").textValue())
                .isEqualTo("unknown");
    }

    @Test
    void who_watches_hears_of_a_report_when_told_of_the_mail() throws Exception {
        relayed();
        Semaphore told = new Semaphore(0);
        Runnable end = capability.watch(PostOffice.ALICE, told::release);
        String before = outbox.account(PostOffice.ALICE).submissions().all().toString();
        mail.add("INBOX", mdn("<secret@example.org>", "displayed"), office.now);
        // Push asks for states with each sign of a change.
        state();
        assertThat(told.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        assertThat(outbox.account(PostOffice.ALICE).submissions().all().toString())
                .isNotEqualTo(before);
        end.run();
    }

    private String kept() throws IOException {
        return outbox.account(PostOffice.ALICE).submissions().all().toString();
    }

    @Test
    void a_report_is_taken_in_though_nobody_has_looked_since_the_mail_left() throws Exception {
        // No timer comes first.
        clock.execute(new Semaphore(0)::acquireUninterruptibly);
        Semaphore told = new Semaphore(0);
        Runnable end = capability.watch(PostOffice.ALICE, told::release);
        office.queue.clear();
        office.told.put(FIRST, List.of(to("bob@example.com", SentTo.Fate.RELAYED, "250 taken")));
        mail.add(
                "INBOX",
                dsn(
                        called(),
                        "Final-Recipient: rfc822; bob@example.com|Action: failed|Diagnostic-Code: smtp; 550 5.1.1 gone"),
                office.now);
        state();
        while (!kept().contains("550 5.1.1 gone"))
            assertThat(told.tryAcquire(10, TimeUnit.SECONDS)).isTrue();
        end.run();
    }

    @Test
    void a_mail_that_is_no_report_has_nobody_look_at_what_is_under_way() throws Exception {
        // No timer comes first.
        clock.execute(new Semaphore(0)::acquireUninterruptibly);
        Semaphore told = new Semaphore(0);
        Runnable end = capability.watch(PostOffice.ALICE, told::release);
        int before = office.asked.get();
        mail.add("INBOX", "From: bob@example.com|Subject: Hello||text|", office.now);
        state();
        CountDownLatch worked = new CountDownLatch(1);
        outbox.work(worked::countDown);
        assertThat(worked.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(office.asked).hasValue(before);
        mail.add("INBOX", mdn("<secret@example.org>", "displayed"), office.now);
        state();
        assertThat(told.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        assertThat(office.asked.get()).isGreaterThan(before);
        end.run();
    }

    @Test
    void a_report_waits_while_nobody_can_tell_who_left() throws Exception {
        office.queue.clear();
        office.storiesAway = true;
        office.told.put(FIRST, List.of(to("bob@example.com", SentTo.Fate.RELAYED, "250 taken")));
        mail.add("INBOX", dsn(called(), "Final-Recipient: rfc822; bob@example.com|Action: failed"), office.now);
        assertThat(got().get("dsnBlobIds")).isEmpty();
        office.storiesAway = false;
        assertThat(status()).contains("bob no: 550 5.0.0 reported as failed");
    }

    @Test
    void while_nobody_can_tell_all_is_shown_as_it_was_and_found_out_later() throws IOException {
        office.queue.clear();
        office.storiesAway = true;
        String before = state();
        assertThat(status()).containsExactly("bob queued: 250 2.1.5 Ok", "carol queued: 250 2.1.5 Ok");
        assertThat(state()).isEqualTo(before);
        office.storiesAway = false;
        office.told.put(
                FIRST,
                List.of(
                        to("bob@example.com", SentTo.Fate.SHELVED, "250 2.0.0 delivered"),
                        to("carol@example.com", SentTo.Fate.FAILED, "550 5.1.1 no")));
        assertThat(status()).containsExactly("bob yes: 250 2.0.0 delivered", "carol no: 550 5.1.1 no");
    }

    @Test
    void who_watches_hears_of_it_though_nobody_asks() throws Exception {
        Semaphore told = new Semaphore(0);
        Runnable end = capability.watch(PostOffice.ALICE, told::release);
        String before = state();
        office.told.put(
                FIRST,
                List.of(
                        to("bob@example.com", SentTo.Fate.SHELVED, "250 2.0.0 delivered"),
                        to("carol@example.com", SentTo.Fate.SHELVED, "250 2.0.0 delivered")));
        assertThat(told.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        assertThat(state()).isNotEqualTo(before);
        // Nothing is left to be found out, when the look that told of it is over.
        Semaphore over = new Semaphore(0);
        outbox.work(over::release);
        assertThat(over.tryAcquire(30, TimeUnit.SECONDS)).isTrue();
        assertThat(clock.getQueue().stream().filter(t -> !((java.util.concurrent.Future<?>) t).isCancelled()))
                .isEmpty();
        end.run();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rfc822;bob@example.com", ""})
    void the_word_of_the_queue_is_told_but_not_of_one_to_whom_an_alias_leads(String original) throws IOException {
        QueuedMail queued = office.queue.get(FIRST);
        Recipient end = original.isEmpty()
                ? new Recipient(Address.of("bob@example.com"))
                : new Recipient(Address.of("secret@example.net"), Set.of(), Optional.of(original));
        Envelope envelope = queued.envelope().with(List.of(end));
        QueuedMail.Attempts said = new QueuedMail.Attempts(false, 1, "", "450 4.2.0 <secret@example.net> is full");
        office.queue.put(
                FIRST,
                new QueuedMail(
                        FIRST,
                        office.now,
                        queued.origin(),
                        envelope,
                        List.of(said),
                        1,
                        false,
                        office.now,
                        false,
                        false));
        String word = original.isEmpty() ? "450 4.2.0 <secret@example.net> is full" : "250 2.1.5 Ok";
        assertThat(status().get(0)).isEqualTo("bob queued: " + word);
    }

    @Test
    void one_mail_that_cannot_be_read_keeps_no_report_from_being_heard() throws IOException {
        relayed();
        mail.add("INBOX", "From: x@example.com||unreadable|", office.now);
        mail.add("INBOX", dsn(called(), "Final-Recipient: rfc822; bob@example.com|Action: failed"), office.now);
        mail.breakAt("message INBOX");
        assertThat(status()).contains("bob no: 550 5.0.0 reported as failed");
    }

    @Test
    void reports_are_looked_for_in_the_newest_mails_alone_and_no_other_is_loaded() throws IOException {
        relayed();
        for (int i = 0; i < 501; i++) mail.add("INBOX", "From: x@example.com||text|", office.now);
        mail.most = 0;
        status();
        assertThat(mail.most).isEqualTo(500);
    }

    @Test
    void who_did_not_get_it_has_not_seen_it_whoever_says_so() throws IOException {
        office.queue.clear();
        office.told.put(FIRST, List.of(to("bob@example.com", SentTo.Fate.FAILED, "550 5.1.1 no such user")));
        mail.add("INBOX", mdn("<secret@example.org>", "displayed"), office.now);
        assertThat(got().get("mdnBlobIds")).hasSize(1);
        assertThat(got().at("/deliveryStatus/bob@example.com/displayed").textValue())
                .isEqualTo("unknown");
    }

    @Test
    void what_is_held_back_was_tried_by_nobody() throws IOException {
        String identity = one("Identity/get", "").at("/list/0/id").textValue();
        id = one(
                        "EmailSubmission/set",
                        "'create':{'k':{'identityId':'" + identity
                                + "','emailId':'M0000000000000001','envelope':{'mailFrom':{'email':'alice@example.org',"
                                + "'parameters':{'HOLDFOR':'3600'}},'rcptTo':[{'email':'bob@example.com'}]}}}")
                .at("/created/k/id")
                .textValue();
        office.storiesAway = true;
        assertThat(status()).containsExactly("bob queued: 250 2.1.5 Ok");
    }
}
