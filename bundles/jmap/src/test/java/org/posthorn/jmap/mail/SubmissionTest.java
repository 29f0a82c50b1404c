package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.events.SentTo;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Notify;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.jmap.Calls;
import org.posthorn.jmap.ObjectLog;

/** EmailSubmission, RFC 8621 7. Quotes may be single ones. */
class SubmissionTest {

    private static final String EMAIL = "M0000000000000001";
    private static final String HEADER =
            "From: Alice <alice@example.org>|To: bob@example.com, \"C\" <carol@example.com>|Cc: BOB@example.com|Bcc: hidden@example.com|Subject: hi||text|";

    private final MemoryMail mail = new MemoryMail("Drafts", "Sent");
    private final PostOffice office = new PostOffice();
    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1);
    private Outbox outbox;
    private Snoozes snoozes;
    private Calls calls;
    private SubmissionCapability capability;

    @TempDir
    Path folder;

    @BeforeEach
    void fill() throws IOException {
        mail.add("Drafts", HEADER, office.now, "\\Draft");
        open();
    }

    private void open() {
        outbox = new Outbox(folder, office);
        snoozes = new Snoozes(folder, office);
        capability = new SubmissionCapability(office.sending(), outbox, () -> Duration.ofDays(30), snoozes, clock);
        calls = new Calls(mail, PostOffice.ALICE, folder, snoozes, capability);
    }

    @AfterEach
    void close() {
        outbox.close();
        snoozes.close();
        clock.shutdownNow();
    }

    private JsonNode one(String method, String arguments) throws IOException {
        return calls.one(method, arguments.replace('\'', '"'));
    }

    private String identity() throws IOException {
        return one("Identity/get", "").at("/list/0/id").textValue();
    }

    /** The answer to an attempt to send. @param more properties beside identityId and emailId */
    private JsonNode send(String more) throws IOException {
        String object =
                "'identityId':'" + identity() + "','emailId':'" + EMAIL + "'" + (more.isEmpty() ? "" : "," + more);
        return one("EmailSubmission/set", "'create':{'k':{" + object + "}}");
    }

    private JsonNode sent(String more) throws IOException {
        JsonNode answer = send(more);
        assertThat(answer.at("/created/k").isObject()).as(answer.toString()).isTrue();
        return answer.at("/created/k");
    }

    private JsonNode got(String id) throws IOException {
        return one("EmailSubmission/get", "'ids':['" + id + "']").at("/list/0");
    }

    private static String envelope(String from, String parameters, String... to) {
        List<String> all = new ArrayList<>();
        for (String one : to) all.add("{'email':'" + one + "'}");
        return "'envelope':{'mailFrom':{'email':'" + from + "','parameters':" + parameters + "},'rcptTo':["
                + String.join(",", all) + "]}";
    }

    private static String later(String wish) {
        return envelope("alice@example.org", wish, "bob@example.com");
    }

    private JsonNode cancel(String id) throws IOException {
        return one("EmailSubmission/set", "'update':{'" + id + "':{'undoStatus':'canceled'}}");
    }

    @Test
    void a_draft_is_sent_and_becomes_what_it_is_then_as_in_the_rfc() throws IOException {
        String drafts = one("Email/get", "'ids':['" + EMAIL + "'],'properties':['mailboxIds']")
                .at("/list/0/mailboxIds")
                .fieldNames()
                .next();
        String sent = mail.mailboxes().get("Sent");
        JsonNode all = calls.all(("['EmailSubmission/set',{'accountId':'ACCOUNT','create':{'k1490':{'identityId':'"
                        + identity()
                        + "','emailId':'" + EMAIL
                        + "','envelope':{'mailFrom':{'email':'alice@example.org','parameters':null},"
                        + "'rcptTo':[{'email':'bob@example.com','parameters':null}]}}},"
                        + "'onSuccessUpdateEmail':{'#k1490':{'mailboxIds/" + drafts + "':null,'mailboxIds/" + sent
                        + "':true,'keywords/$draft':null}}},'0']")
                .replace('\'', '"'));
        JsonNode created = all.at("/0/1/created/k1490");
        assertThat(created.get("undoStatus").textValue()).isEqualTo("final");
        assertThat(created.get("sendAt").textValue()).isEqualTo("2026-11-29T12:00:00Z");
        assertThat(created.has("envelope")).isFalse();
        assertThat(all.at("/1/0").textValue()).isEqualTo("Email/set");
        assertThat(all.at("/1/2").textValue()).isEqualTo("0");
        assertThat(all.at("/1/1/updated").has(EMAIL)).as(all.toString()).isTrue();
        JsonNode email = one("Email/get", "'ids':['" + EMAIL + "'],'properties':['mailboxIds','keywords']");
        assertThat(email.at("/list/0/mailboxIds").toString()).isEqualTo("{\"" + sent + "\":true}");
        assertThat(email.at("/list/0/keywords").toString()).isEqualTo("{}");
    }

    @Test
    void the_envelope_is_that_of_the_header_each_once() throws IOException {
        JsonNode created = sent("");
        PostOffice.Taken taken = office.taken.get(0);
        assertThat(taken.envelope().sender()).contains(PostOffice.ALICE);
        assertThat(taken.envelope().recipients())
                .extracting(r -> r.address().toString())
                .containsExactly("bob@example.com", "carol@example.com", "hidden@example.com");
        assertThat(taken.text()).contains("Subject: hi\r\n");
        assertThat(taken.origin().protocol()).isEqualTo("JMAP");
        assertThat(taken.origin().login()).contains(PostOffice.ALICE);
        assertThat(created.at("/envelope/mailFrom/email").textValue()).isEqualTo("alice@example.org");
        assertThat(created.at("/envelope/rcptTo")).hasSize(3);
        assertThat(created.at("/deliveryStatus/bob@example.com").toString())
                .isEqualTo("{\"smtpReply\":\"250 2.1.5 Ok\",\"delivered\":\"queued\",\"displayed\":\"unknown\"}");
    }

    @Test
    void wishes_of_the_envelope_are_handed_on() throws IOException {
        sent(
                "'envelope':{'mailFrom':{'email':'sales@example.org','parameters':{'ret':'hdrs','ENVID':'Q =1'}},"
                        + "'rcptTo':[{'email':'bob@example.com','parameters':{'NOTIFY':'SUCCESS,FAILURE','ORCPT':'rfc822;b+c@example.com'}}]}");
        var envelope = office.taken.get(0).envelope();
        assertThat(envelope.sender()).contains(Address.of("sales@example.org"));
        assertThat(envelope.parameters().ret()).contains("HDRS");
        assertThat(envelope.parameters().envelopeId()).contains("Q+20+3D1");
        Recipient bob = envelope.recipients().get(0);
        assertThat(bob.notices()).containsExactlyInAnyOrder(Notify.SUCCESS, Notify.FAILURE);
        assertThat(bob.originalRecipient()).contains("rfc822;b+2Bc@example.com");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '^',
            quoteCharacter = '`',
            value = {
                "{'HOLDFOR':'0'}^invalidProperties",
                "{'HOLDFOR':null}^invalidProperties",
                "{'HOLDFOR':'2592001'}^invalidProperties",
                "{'HOLDFOR':'10','HOLDUNTIL':'2026-12-01T08:00:00Z'}^invalidProperties",
                "{'HOLDFOR':'10','holdfor':'10'}^invalidProperties",
                "{'HOLDUNTIL':'soon'}^invalidProperties",
                "{'RET':'ALL'}^invalidProperties",
                "{'ENVID':'a\\tb'}^invalidProperties",
                "{'ENVID':'bücher'}^invalidProperties",
                "{'MT-PRIORITY':'3'}^invalidProperties",
                "{'SMTPUTF8':'yes'}^invalidProperties",
                "{'BODY':'BINARYMIME'}^invalidProperties",
                "[]^invalidProperties"
            })
    void parameters_that_are_none_are_refused(String parameters, String type) throws IOException {
        JsonNode error = send(later(parameters)).at("/notCreated/k");
        assertThat(error.get("type").textValue()).isEqualTo(type);
        assertThat(error.at("/properties/0").textValue()).isEqualTo("envelope");
        assertThat(office.taken).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\\r\\nRCPT TO:<victim@example.com>\\r\\nNOOP ;b",
                "rfc822;b\\r\\nRSET",
                "utf-8;b\\r\\nRSET",
                "utf-8;b\\nRSET",
                "utf-8;b NOTIFY=NEVER",
                "utf-8;b\\u0085",
                "utf-8;b\\u2028",
                "utf-8;b\\u0000",
                "a b;c",
                ";b",
                "rfc822",
                "rfc822;"
            })
    void nothing_in_an_original_recipient_ends_a_line_or_a_word(String original) throws IOException {
        JsonNode error =
                send("'envelope':{'mailFrom':{'email':'alice@example.org'},'rcptTo':[{'email':'bob@example.com',"
                                + "'parameters':{'ORCPT':'" + original + "'}}]}")
                        .at("/notCreated/k");
        assertThat(error.at("/properties/0").textValue()).isEqualTo("envelope");
        assertThat(error.get("description").textValue()).startsWith("ORCPT");
        assertThat(office.taken).isEmpty();
    }

    @Test
    void an_original_recipient_in_utf_8_is_handed_on() throws IOException {
        sent("'envelope':{'mailFrom':{'email':'alice@example.org'},'rcptTo':[{'email':'bob@example.com',"
                + "'parameters':{'ORCPT':'UTF-8;bücher+\\\\1@example.com'}}]}");
        assertThat(office.taken.get(0).envelope().recipients().get(0).originalRecipient())
                .contains("UTF-8;b\\x{FC}cher\\x{2B}\\x{5C}1@example.com");
    }

    @Test
    void what_is_for_later_is_pending_until_its_time_and_push_tells_of_it() throws Exception {
        JsonNode created = sent(later("{'HOLDFOR':'3600'}"));
        String id = created.get("id").textValue();
        assertThat(created.get("undoStatus").textValue()).isEqualTo("pending");
        assertThat(created.get("sendAt").textValue()).isEqualTo("2026-11-29T13:00:00Z");
        assertThat(office.taken
                        .get(0)
                        .envelope()
                        .parameters()
                        .release()
                        .orElseThrow()
                        .request())
                .isEqualTo("for;3600");
        String before = capability.states(null, PostOffice.ALICE).get("EmailSubmission");
        office.now = office.now.plusSeconds(3600);
        String after = capability.states(null, PostOffice.ALICE).get("EmailSubmission");
        assertThat(after).isNotEqualTo(before);
        JsonNode changes = one("EmailSubmission/changes", "'sinceState':'" + before + "'");
        assertThat(changes.get("updated").toString()).isEqualTo("[\"" + id + "\"]");
        assertThat(got(id).get("undoStatus").textValue()).isEqualTo("final");
    }

    @Test
    void who_watches_is_told_of_what_is_sent_and_when_a_time_has_come() throws Exception {
        List<String> news = java.util.Collections.synchronizedList(new ArrayList<>());
        java.util.concurrent.Semaphore told = new java.util.concurrent.Semaphore(0);
        Runnable end = capability.watch(PostOffice.ALICE, () -> {
            news.add("news");
            told.release();
        });
        office.now = Instant.now();
        sent(later("{'HOLDFOR':'1'}"));
        told.acquire();
        told.drainPermits();
        office.now = office.now.plusSeconds(1);
        assertThat(told.tryAcquire(30, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
        end.run();
        int before = news.size();
        sent(later("null"));
        assertThat(news).hasSize(before);
    }

    @Test
    void what_is_pending_is_taken_back_and_nothing_else() throws IOException {
        String id =
                sent(later("{'HOLDUNTIL':'2026-12-01T08:00:00Z'}")).get("id").textValue();
        assertThat(cancel(id).get("updated").has(id)).isTrue();
        assertThat(office.queue).isEmpty();
        assertThat(got(id).get("undoStatus").textValue()).isEqualTo("canceled");
        assertThat(got(id).at("/deliveryStatus/bob@example.com/delivered").textValue())
                .isEqualTo("no");
        assertThat(cancel(id).get("updated").has(id)).as("it says what is so").isTrue();
        String now = sent(later("null")).get("id").textValue();
        assertThat(cancel(now).at("/notUpdated/" + now + "/type").textValue()).isEqualTo("cannotUnsend");
        JsonNode other = one("EmailSubmission/set", "'update':{'" + now + "':{'sendAt':'2030-01-01T00:00:00Z'}}");
        assertThat(other.at("/notUpdated/" + now + "/type").textValue()).isEqualTo("invalidProperties");
        assertThat(cancel("S99").at("/notUpdated/S99/type").textValue()).isEqualTo("notFound");
    }

    @Test
    void nothing_is_taken_back_by_an_update_that_is_refused() throws IOException {
        String id = sent(later("{'HOLDFOR':'3600'}")).get("id").textValue();
        JsonNode answer = one("EmailSubmission/set", "'update':{'" + id + "':{'undoStatus':'canceled','sendAt':'x'}}");
        assertThat(answer.at("/notUpdated/" + id + "/type").textValue()).isEqualTo("invalidProperties");
        assertThat(office.queue).hasSize(1);
        assertThat(got(id).get("undoStatus").textValue()).isEqualTo("pending");
    }

    @Test
    void while_the_queue_cannot_tell_all_is_shown_as_it_was_and_taken_back() throws IOException {
        String id = sent(later("{'HOLDFOR':'3600'}")).get("id").textValue();
        JsonNode before = got(id);
        office.queueAway = true;
        assertThat(got(id)).isEqualTo(before);
        sent(later("{'HOLDFOR':'3600'}"));
        assertThat(cancel(id).get("updated").has(id)).isTrue();
        assertThat(got(id).get("undoStatus").textValue()).isEqualTo("canceled");
    }

    /** As a crash leaves it. */
    private void begun(String id, String what) throws IOException {
        ObjectLog log = outbox.account(PostOffice.ALICE).submissions();
        long number = SubmissionRecord.IDS.number(id);
        SubmissionRecord one =
                new SubmissionRecord(log.get(number).orElseThrow().object());
        log.put(number, one.doing(what).json());
        outbox.close();
        snoozes.close();
        open();
    }

    @Test
    void what_a_crash_cut_off_is_what_the_queue_says() throws IOException {
        String back = sent(later("{'HOLDFOR':'3600'}")).get("id").textValue();
        office.queue.clear();
        begun(back, SubmissionRecord.CANCELING);
        assertThat(got(back).get("undoStatus").textValue()).isEqualTo("canceled");
        String still = sent(later("{'HOLDFOR':'3600'}")).get("id").textValue();
        begun(still, SubmissionRecord.CANCELING);
        assertThat(got(still).get("undoStatus").textValue()).isEqualTo("pending");
        begun(still, SubmissionRecord.SENDING);
        assertThat(got(still).get("undoStatus").textValue()).isEqualTo("pending");
        assertThat(cancel(still).get("updated").has(still)).isTrue();
        String never = sent(later("{'HOLDFOR':'3600'}")).get("id").textValue();
        office.queue.clear();
        begun(never, SubmissionRecord.SENDING);
        assertThat(got(never).isMissingNode()).isTrue();
        String delivered = sent("").get("id").textValue();
        office.queue.clear();
        SentTo shelved = new SentTo(Address.of("bob@example.com"), SentTo.Fate.SHELVED, "", "250 2.0.0 delivered");
        office.told.put(MailId.of(office.taken.size()), List.of(shelved));
        begun(delivered, SubmissionRecord.SENDING);
        assertThat(got(delivered).get("undoStatus").textValue()).isEqualTo("final");
    }

    @Test
    void many_that_are_over_keep_nobody_from_sending() throws IOException {
        String first = sent("").get("id").textValue();
        ObjectLog log = outbox.account(PostOffice.ALICE).submissions();
        var over = log.get(SubmissionRecord.IDS.number(first))
                .orElseThrow()
                .object()
                .deepCopy();
        over.put("open", false);
        while (log.size() < Submissions.MOST) log.add(over);
        String request = "'create':{'a':OBJECT,'b':OBJECT,'c':OBJECT}"
                .replace("OBJECT", "{'identityId':'" + identity() + "','emailId':'" + EMAIL + "'}");
        assertThat(one("EmailSubmission/set", request).get("created")).hasSize(3);
        assertThat(log.size()).isEqualTo(Submissions.MOST);
        assertThat(got(first).isMissingNode()).isTrue();
    }

    @Test
    void what_was_released_by_somebody_else_is_final_and_cannot_be_taken_back() throws IOException {
        String id = sent(later("{'HOLDFOR':'3600'}")).get("id").textValue();
        office.queue.clear();
        assertThat(cancel(id).at("/notUpdated/" + id + "/type").textValue()).isEqualTo("cannotUnsend");
        JsonNode now = got(id);
        assertThat(now.get("undoStatus").textValue()).isEqualTo("final");
        assertThat(now.at("/deliveryStatus/bob@example.com/delivered").textValue())
                .isEqualTo("unknown");
    }

    @Test
    void each_is_told_of_under_the_name_that_the_envelope_has_for_him() throws IOException {
        String given = "\\\"bob\\\"@example.com";
        String id = sent(envelope("alice@example.org", "null", given)).get("id").textValue();
        JsonNode got = got(id);
        String email = got.at("/envelope/rcptTo/0/email").textValue();
        assertThat(email).isEqualTo("\"bob\"@example.com");
        assertThat(got.get("deliveryStatus").get(email).get("delivered").textValue())
                .isEqualTo("queued");
        String alias = sent(envelope("alice@example.org", "null", "sales+x@example.com"))
                .get("id")
                .textValue();
        QueuedMail q = office.queue.get(MailId.of(2));
        Recipient to = new Recipient(
                Address.of("carol@example.com"), Set.of(), java.util.Optional.of("rfc822;sales+2Bx@example.com"));
        office.queue.put(
                q.id(),
                new QueuedMail(
                        q.id(),
                        q.arrived(),
                        q.origin(),
                        q.envelope().with(List.of(to)),
                        q.attempts(),
                        1,
                        false,
                        q.next(),
                        false,
                        false));
        assertThat(got(alias)
                        .at("/deliveryStatus/sales+x@example.com/delivered")
                        .textValue())
                .isEqualTo("queued");
    }

    @Test
    void what_the_queue_heard_last_is_told() throws IOException {
        String id = sent(later("null")).get("id").textValue();
        QueuedMail q = office.queue.get(MailId.of(1));
        office.queue.put(
                q.id(),
                new QueuedMail(
                        q.id(),
                        q.arrived(),
                        q.origin(),
                        q.envelope(),
                        List.of(new QueuedMail.Attempts(true, 1, "mx", "451 4.7.1 later")),
                        1,
                        false,
                        q.next().plusSeconds(300),
                        false,
                        false));
        JsonNode status = got(id).at("/deliveryStatus/bob@example.com");
        assertThat(status.get("smtpReply").textValue()).isEqualTo("451 4.7.1 later");
        assertThat(status.get("delivered").textValue()).isEqualTo("queued");
    }

    @Test
    void refusals_have_the_words_of_the_rfc() throws IOException {
        assertThat(error(later("null").replace("bob@", "nobody@")))
                .isEqualTo(
                        "{\"type\":\"invalidRecipients\",\"description\":\"nobody@example.com: 550 5.1.1 No such user\","
                                + "\"invalidRecipients\":[\"nobody@example.com\"]}");
        assertThat(error(envelope("alice@example.org", "null", "no address"))).contains("invalidRecipients");
        assertThat(error(envelope("alice@example.org", "null"))).contains("noRecipients");
        assertThat(error(envelope("alice@example.org", "null", "a@b.c", "b@b.c", "c@b.c", "d@b.c")))
                .isEqualTo("{\"type\":\"tooManyRecipients\",\"maxRecipients\":3}");
        assertThat(error(envelope("boss@example.org", "null", "a@b.c"))).contains("forbiddenMailFrom");
        assertThat(error("'sendAt':'2026-12-01T08:00:00Z'")).contains("invalidProperties");
        office.verdict = new Reply(554, "5.7.1", "It smells");
        assertThat(error(later("null")))
                .isEqualTo("{\"type\":\"forbiddenToSend\",\"description\":\"554 5.7.1 It smells\"}");
        office.verdict = new Reply(552, "5.3.4", "Too large");
        assertThat(error(later("null"))).contains("tooLarge");
        office.verdict = new Reply(451, "4.3.0", "Later");
        assertThat(error(later("null"))).contains("serverFail").contains("451 4.3.0 Later");
        office.senderReply = new Reply(550, "5.7.1", "Not from there");
        assertThat(error(later("null"))).contains("forbiddenMailFrom").contains("Not from there");
        assertThat(office.taken).isEmpty();
        assertThat(one("EmailSubmission/query", "").get("ids")).isEmpty();
    }

    private String error(String more) throws IOException {
        JsonNode answer = send(more);
        assertThat(answer.get("created").isNull()).as(answer.toString()).isTrue();
        return answer.at("/notCreated/k").toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '^',
            quoteCharacter = '`',
            value = {
                "To: a@b.c||x|^invalidEmail",
                "From: alice@example.org, sales@example.org|To: a@b.c||x|^invalidEmail",
                "From: alice@example.org|From: alice@example.org|To: a@b.c||x|^invalidEmail",
                "From: alice@example.org|Sender: a@b.c, c@d.e|To: a@b.c||x|^invalidEmail",
                "From: boss@example.org|To: a@b.c||x|^forbiddenFrom",
                "From: alice@example.org <boss@example.org>|To: a@b.c||x|^forbiddenFrom",
                "From: alice@example.org|Sender: boss@example.org|To: a@b.c||x|^forbiddenFrom",
                "From: alice@example.org|Subject: for nobody||x|^noRecipients",
                "From: alice@example.org|To: nobody@b.c||x|^invalidRecipients"
            })
    void messages_that_may_not_be_sent(String message, String type) throws IOException {
        mail.add("Drafts", message, office.now);
        String request = "'create':{'k':{'identityId':'" + identity() + "','emailId':'M0000000000000002'}}";
        assertThat(one("EmailSubmission/set", request).at("/notCreated/k/type").textValue())
                .isEqualTo(type);
        assertThat(office.taken).isEmpty();
    }

    @Test
    void a_message_that_is_too_large_is_refused_with_the_limit() throws IOException {
        mail.add("Drafts", "From: alice@example.org|To: a@b.c||" + "x".repeat(2000) + "|", office.now);
        String request = "'create':{'k':{'identityId':'" + identity() + "','emailId':'M0000000000000002'}}";
        assertThat(one("EmailSubmission/set", request).at("/notCreated/k").toString())
                .isEqualTo("{\"type\":\"tooLarge\",\"maxSize\":2000}");
    }

    @Test
    void what_is_not_there_cannot_be_sent() throws IOException {
        String request = "'create':{'a':{'identityId':'I99','emailId':'" + EMAIL + "'},'b':{'identityId':'" + identity()
                + "','emailId':'M00000000000000ff'},'c':{'emailId':'" + EMAIL + "'}}";
        JsonNode not = one("EmailSubmission/set", request).get("notCreated");
        assertThat(not.at("/a/properties/0").textValue()).isEqualTo("identityId");
        assertThat(not.at("/b/properties/0").textValue()).isEqualTo("emailId");
        assertThat(not.at("/c/properties/0").textValue()).isEqualTo("identityId");
    }

    @Test
    void queries_find_by_what_the_rfc_names_and_tell_their_changes() throws IOException {
        String first = sent(later("{'HOLDFOR':'7200'}")).get("id").textValue();
        String second = sent(later("null")).get("id").textValue();
        assertThat(found("'sort':[{'property':'sentAt'}]")).containsExactly(second, first);
        assertThat(found("'sort':[{'property':'sendAt','isAscending':false}]")).containsExactly(first, second);
        assertThat(found("'filter':{'undoStatus':'pending'}")).containsExactly(first);
        assertThat(found("'filter':{'after':'2026-11-29T13:00:00Z'}")).containsExactly(first);
        assertThat(found("'filter':{'before':'2026-11-29T13:00:00Z'}")).containsExactly(second);
        assertThat(found("'filter':{'emailIds':['" + EMAIL + "'],'identityIds':['" + identity() + "']}"))
                .hasSize(2);
        assertThat(found("'filter':{'threadIds':['T1']}")).isEmpty();
        String state = one("EmailSubmission/query", "").get("queryState").textValue();
        cancel(first);
        String third = sent(later("null")).get("id").textValue();
        JsonNode changes =
                one("EmailSubmission/queryChanges", "'sinceQueryState':'" + state + "','calculateTotal':true");
        assertThat(changes.get("removed").toString()).isEqualTo("[\"" + first + "\",\"" + third + "\"]");
        assertThat(changes.get("added").toString())
                .isEqualTo("[{\"id\":\"" + first + "\",\"index\":0},{\"id\":\"" + third + "\",\"index\":2}]");
        assertThat(changes.get("total").intValue()).isEqualTo(3);
        assertThat(one("EmailSubmission/query", "'filter':{'subject':'x'}")
                        .get("type")
                        .textValue())
                .isEqualTo("unsupportedFilter");
    }

    private List<String> found(String arguments) throws IOException {
        List<String> ids = new ArrayList<>();
        one("EmailSubmission/query", arguments).get("ids").forEach(id -> ids.add(id.textValue()));
        return ids;
    }

    @Test
    void what_was_sent_is_there_after_a_start_and_is_forgotten_in_time() throws IOException {
        String id = sent("").get("id").textValue();
        String pending = sent(later("{'HOLDFOR':'2592000'}")).get("id").textValue();
        String state = one("EmailSubmission/get", "'ids':[]").get("state").textValue();
        JsonNode before = got(id);
        outbox.close();
        snoozes.close();
        open();
        assertThat(got(id)).isEqualTo(before);
        assertThat(one("EmailSubmission/get", "'ids':[]").get("state").textValue())
                .isEqualTo(state);
        office.queue.remove(MailId.of(1));
        office.now = office.now.plus(Duration.ofDays(29));
        assertThat(got(id).isMissingNode()).isFalse();
        office.now = office.now.plus(Duration.ofDays(1)).minusSeconds(1);
        office.now = office.now.plusSeconds(2);
        assertThat(got(id).isMissingNode()).isTrue();
        assertThat(got(pending).isMissingNode()).isFalse();
        JsonNode changes = one("EmailSubmission/changes", "'sinceState':'" + state + "'");
        assertThat(changes.get("destroyed").toString()).isEqualTo("[\"" + id + "\"]");
    }

    @Test
    void to_destroy_one_takes_nothing_back() throws IOException {
        String id = sent(later("{'HOLDFOR':'60'}")).get("id").textValue();
        JsonNode answer = one("EmailSubmission/set", "'destroy':['" + id + "'],'onSuccessDestroyEmail':['" + id + "']");
        assertThat(answer.get("destroyed").toString()).isEqualTo("[\"" + id + "\"]");
        assertThat(office.queue).hasSize(1);
        assertThat(one("Email/get", "'ids':['" + EMAIL + "']").get("notFound")).hasSize(1);
    }

    @Test
    void the_session_tells_what_the_ports_announce() {
        assertThat(capability.account(null, PostOffice.ALICE).toString())
                .isEqualTo(
                        "{\"maxDelayedSend\":2592000,\"submissionExtensions\":{\"DSN\":[],\"8BITMIME\":[],\"SMTPUTF8\":[],"
                                + "\"SIZE\":[\"2000\"],\"FUTURERELEASE\":[\"2592000\",\"2026-12-29T00:00:00Z\"]}}");
        office.now = Instant.parse("2026-11-29T12:34:56Z");
        office.maxFutureRelease = Duration.ofHours(1);
        assertThat(capability.account(null, PostOffice.ALICE).toString())
                .contains("\"FUTURERELEASE\":[\"3600\",\"2026-11-29T13:30:00Z\"]");
        office.maxFutureRelease = Duration.ZERO;
        assertThat(capability.account(null, PostOffice.ALICE).toString())
                .contains("\"maxDelayedSend\":0")
                .doesNotContain("FUTURERELEASE");
    }

    @Test
    void where_mail_is_not_held_none_is_taken_for_later() throws IOException {
        office.maxFutureRelease = Duration.ZERO;
        assertThat(error(later("{'HOLDFOR':'10'}"))).contains("invalidProperties");
    }
}
