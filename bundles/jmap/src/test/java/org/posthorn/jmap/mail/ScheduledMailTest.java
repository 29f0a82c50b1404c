package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.SpecialUse;
import org.posthorn.jmap.Calls;

/** Mail that is sent later waits in the mailbox of role scheduled, RFC 9979, and goes to Sent when it is sent. Quotes may be single ones. */
class ScheduledMailTest {

    private static final String EMAIL = "M0000000000000001";

    private final MemoryMail mail = new MemoryMail("Drafts", "INBOX", "Sent");
    private final PostOffice office = new PostOffice();
    private final Leased<MailboxStore> stores = new Leased<>();
    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1);
    private Outbox outbox;
    private Snoozes snoozes;
    private Calls calls;

    @BeforeEach
    void open(@TempDir Path folder) throws IOException {
        mail.add("Drafts", "From: alice@example.org|To: bob@example.com|Subject: hi||text|", office.now, "\\Draft");
        mail.create("Scheduled", Optional.of(SpecialUse.SCHEDULED));
        stores.add(mail, Map.of());
        outbox = new Outbox(folder, office);
        snoozes = new Snoozes(folder, office);
        SubmissionCapability capability =
                new SubmissionCapability(office.sending(), outbox, () -> Duration.ofDays(30), snoozes, clock);
        calls = new Calls(mail, PostOffice.ALICE, folder, snoozes, capability);
    }

    @AfterEach
    void close() {
        snoozes.close();
        outbox.close();
        clock.shutdownNow();
    }

    private JsonNode one(String method, String arguments) throws IOException {
        return calls.one(method, arguments.replace('\'', '"'));
    }

    /** Hands it in; it goes in so many seconds, and lies in that mailbox meanwhile. @return the id of the submission */
    private String send(int seconds, String mailbox) throws IOException {
        String identity = one("Identity/get", "").at("/list/0/id").textValue();
        JsonNode answer = one(
                "EmailSubmission/set",
                "'create':{'k':{'identityId':'" + identity + "','emailId':'" + EMAIL
                        + "','envelope':{'mailFrom':{'email':'alice@example.org','parameters':{'HOLDFOR':'" + seconds
                        + "'}},'rcptTo':[{'email':'bob@example.com'}]}}},"
                        + "'onSuccessUpdateEmail':{'#k':{'mailboxIds':{'F" + mailbox
                        + "':true},'keywords/$draft':null}}");
        assertThat(answer.at("/created/k/undoStatus").textValue())
                .as(answer.toString())
                .isEqualTo("pending");
        return answer.at("/created/k/id").textValue();
    }

    private String lies() throws IOException {
        return one("Email/get", "'ids':['" + EMAIL + "'],'properties':['mailboxIds']")
                .at("/list/0/mailboxIds")
                .fieldNames()
                .next();
    }

    private void later(Duration time) throws IOException {
        office.now = office.now.plus(time);
        assertThat(new Awakening(snoozes, stores, new Digests()).all(PostOffice.ALICE, () -> true))
                .isTrue();
    }

    @Test
    void it_goes_to_sent_when_it_is_sent() throws IOException {
        send(3600, "Scheduled");
        later(Duration.ofMinutes(59));
        assertThat(lies()).isEqualTo("FScheduled");
        assertThat(one("Email/get", "'ids':['" + EMAIL + "'],'properties':['snoozed']")
                        .at("/list/0/snoozed")
                        .isNull())
                .isTrue();
        later(Duration.ofMinutes(1));
        assertThat(lies()).isEqualTo("FSent");
    }

    @Test
    void what_is_called_off_stays_where_its_client_puts_it() throws IOException {
        String id = send(3600, "Scheduled");
        JsonNode answer = one("EmailSubmission/set", "'update':{'" + id + "':{'undoStatus':'canceled'}}");
        assertThat(answer.at("/updated").has(id)).as(answer.toString()).isTrue();
        later(Duration.ofHours(2));
        assertThat(lies()).isEqualTo("FScheduled");
    }

    @Test
    void what_is_given_another_time_goes_to_sent_then() throws IOException {
        String before = send(3600, "Scheduled");
        send(7200, "Scheduled");
        one("EmailSubmission/set", "'update':{'" + before + "':{'undoStatus':'canceled'}}");
        later(Duration.ofHours(1));
        assertThat(lies()).isEqualTo("FScheduled");
        later(Duration.ofHours(1));
        assertThat(lies()).isEqualTo("FSent");
    }

    @Test
    void what_its_client_puts_elsewhere_is_left_there() throws IOException {
        send(3600, "Drafts");
        later(Duration.ofHours(2));
        assertThat(lies()).isEqualTo("FDrafts");
    }

    @Test
    void what_waits_for_seconds_alone_is_not_noted() throws IOException {
        send(12, "Sent");
        assertThat(snoozes.of(PostOffice.ALICE).get(1)).isEmpty();
    }

    @Test
    void what_waits_to_be_sent_is_not_snoozed_and_what_sleeps_is_sent() throws IOException {
        String snooze = "'update':{'" + EMAIL + "':{'snoozed':{'until':'2026-12-24T18:00:00Z'}}}";
        send(3600, "Scheduled");
        assertThat(one("Email/set", snooze).at("/notUpdated/" + EMAIL + "/type").textValue())
                .isEqualTo("forbidden");
        later(Duration.ofHours(1));
        assertThat(one("Email/set", snooze).at("/updated").has(EMAIL)).isTrue();
        send(3600, "Snoozed");
        later(Duration.ofDays(30));
        assertThat(lies()).isEqualTo("FSent");
    }
}
