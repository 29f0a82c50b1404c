package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
import org.posthorn.api.events.SentTo;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;
import org.posthorn.jmap.Calls;

/** What became of a mail, in its EmailSubmission, RFC 8621 7. Quotes may be single ones. */
@Timeout(60)
class DeliveryStatusTest {

    private static final MailId FIRST = MailId.of(1);

    private final MemoryMail mail = new MemoryMail("Drafts", "Sent");
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
        mail.add("Drafts", "From: Alice <alice@example.org>|To: bob@example.com, carol@example.com||text|", office.now);
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
                .get(SubmissionRecord.number(id))
                .orElseThrow()
                .object());
        assertThat(kept.shown(1, SubmissionRecord.PROPERTIES).toString()).doesNotContain("remoteMta");
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
        // Nothing is left to be found out.
        assertThat(clock.getQueue().stream().filter(t -> !((java.util.concurrent.Future<?>) t).isCancelled()))
                .isEmpty();
        end.run();
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
