package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mail.Reply;
import org.posthorn.jmap.Calls;

/** RFC 9007. Quotes may be single ones, and bars are line ends. */
class MdnTest {

    private static final String WANTED =
            "Return-Path: <jane@example.net>|From: Jane Sender <jane@example.net>|To: alice@example.org|Subject: World domination|"
                    + "Message-ID: <199509192301.23456@example.org>|Disposition-Notification-To: Jane <jane@example.net>||text|";
    private static final String MANUALLY =
            "'disposition':{'actionMode':'manual-action','sendingMode':'mdn-sent-manually','type':'displayed'}";
    private static final String AUTOMATICALLY =
            MANUALLY.replace("manual-action", "automatic-action").replace("manually", "automatically");
    private static final String NOTED = "'onSuccessUpdateEmail':{'#k':{'keywords/$mdnsent':true}}";

    /** RFC 8098 9. */
    private static final String EXAMPLE = "Date: Wed, 20 Sep 1995 00:19:00 (EDT) -0400|"
            + "From: Joe Recipient <Joe_Recipient@example.com>|Message-Id: <199509200019.12345@example.com>|"
            + "Subject: Re: First draft of report|To: Jane Sender <Jane_Sender@example.org>|MIME-Version: 1.0|"
            + "Content-Type: multipart/report; report-type=disposition-notification;|"
            + " boundary=\"RAA14128.773615765/example.com\"||--RAA14128.773615765/example.com|"
            + "Content-type: text/plain||The message sent on 1995 Sep 19 at 13:30:00 (EDT) -0400 to Joe|"
            + "Recipient <Joe_Recipient@example.com> with subject \"First draft of|report\" has been displayed.||"
            + "This is no guarantee that the message has been read or understood.||"
            + "--RAA14128.773615765/example.com|Content-type: message/disposition-notification||"
            + "Reporting-UA: joes-pc.cs.example.com; Foomail 97.1|"
            + "Original-Recipient: rfc822;Joe_Recipient@example.com|"
            + "Final-Recipient: rfc822;Joe_Recipient@example.com|"
            + "Original-Message-ID: <199509192301.23456@example.org>|"
            + "Disposition: manual-action/MDN-sent-manually; displayed||"
            + "--RAA14128.773615765/example.com|Content-type: message/rfc822||Subject: original||"
            + "--RAA14128.773615765/example.com--|";

    private final MemoryMail mail = new MemoryMail("INBOX");
    private final PostOffice office = new PostOffice();
    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1);
    private Outbox outbox;
    private Snoozes snoozes;
    private Calls calls;
    private String identity;

    @TempDir
    Path folder;

    @BeforeEach
    void open() throws IOException {
        mail.add("INBOX", WANTED, office.now);
        outbox = new Outbox(folder, office);
        snoozes = new Snoozes(folder, office);
        calls = new Calls(
                mail,
                PostOffice.ALICE,
                folder,
                snoozes,
                new SubmissionCapability(office.sending(), outbox, () -> Duration.ofDays(30), snoozes, clock),
                new MdnCapability(office.sending(), outbox));
        identity = one("Identity/get", "").at("/list/0/id").textValue();
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

    private static String email(int number) {
        return "M000000000000000" + number;
    }

    private String arguments(String mdn) {
        return "'identityId':'" + identity + "','send':{'k':{" + mdn + "}}," + NOTED;
    }

    /** The answer to an MDN about the Email of that number. @param more beside that and its disposition */
    private JsonNode send(int number, String more) throws IOException {
        return one("MDN/send", arguments("'forEmailId':'" + email(number) + "'," + MANUALLY + more));
    }

    private String error(String mdn) throws IOException {
        JsonNode answer = one("MDN/send", arguments(mdn));
        assertThat(answer.path("sent").isNull()).as(answer.toString()).isTrue();
        assertThat(office.taken).isEmpty();
        JsonNode error = answer.at("/notSent/k");
        return error.path("type").textValue() + error.path("properties");
    }

    @Test
    void of_two_devices_that_answer_at_once_the_first_does() throws IOException {
        List<String> second = new ArrayList<>();
        office.meanwhile = () -> {
            office.meanwhile = () -> {};
            try {
                second.add(send(1, "").at("/notSent/k/type").textValue());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
        assertThat(send(1, "").path("sent").has("k")).isTrue();
        assertThat(second).containsExactly("mdnAlreadySent");
        assertThat(office.taken).hasSize(1);
    }

    @Test
    void what_was_not_taken_can_be_sent_again() throws IOException {
        office.verdict = new Reply(451, "4.3.0", "later");
        assertThat(send(1, "").at("/notSent/k/type").textValue()).isEqualTo("serverFail");
        office.verdict = new Reply(250, "2.0.0", "Ok");
        assertThat(send(1, "").path("sent").has("k")).isTrue();
    }

    @Test
    void a_sender_is_told_that_his_message_was_displayed_as_in_the_rfc() throws IOException {
        JsonNode all = calls.all(("['MDN/send',{'accountId':'ACCOUNT','identityId':'" + identity
                        + "','send':{'k1546':{'forEmailId':'" + email(1)
                        + "','subject':'Read receipt for: World domination','textBody':'This receipt shows that the email has been"
                        + " displayed on your recipient\\u0027s computer. There is no guaranty it has been read or understood.',"
                        + "'reportingUA':'joes-pc.cs.example.com; Foomail 97.1'," + MANUALLY
                        + ",'extensionFields':{'EXTENSION-EXAMPLE':'example.com'}}},"
                        + "'onSuccessUpdateEmail':{'#k1546':{'keywords/$mdnsent':true}}},'0']")
                .replace('\'', '"'));
        assertThat(all.at("/0/1/sent/k1546").toString())
                .isEqualTo("{\"includeOriginalMessage\":false,\"mdnGateway\":null,\"originalRecipient\":null,"
                        + "\"finalRecipient\":\"rfc822; alice@example.org\","
                        + "\"originalMessageId\":\"<199509192301.23456@example.org>\",\"error\":null}");
        assertThat(all.at("/0/1/notSent").isNull()).isTrue();
        assertThat(all.at("/1/0").textValue()).isEqualTo("Email/set");
        assertThat(all.at("/1/1/updated").has(email(1))).isTrue();
        assertThat(all.at("/1/2").textValue()).isEqualTo("0");
        assertThat(office.taken).hasSize(1);
        PostOffice.Taken taken = office.taken.get(0);
        assertThat(taken.envelope().sender()).isEmpty();
        assertThat(taken.envelope().recipients().toString()).contains("jane@example.net");
        assertThat(taken.text())
                .contains(
                        "\r\nFrom: alice@example.org\r\nTo: jane@example.net\r\nSubject: Read receipt for: World domination\r\n",
                        "\r\nIn-Reply-To: <199509192301.23456@example.org>\r\n",
                        "Content-Type: multipart/report; report-type=disposition-notification;\r\n boundary=",
                        "\r\nContent-Type: message/disposition-notification\r\nContent-Transfer-Encoding: 7bit\r\n\r\n"
                                + "Reporting-UA: joes-pc.cs.example.com; Foomail 97.1\r\n"
                                + "Final-Recipient: rfc822; alice@example.org\r\n"
                                + "Original-Message-ID: <199509192301.23456@example.org>\r\n"
                                + "Disposition: manual-action/MDN-sent-manually; displayed\r\n"
                                + "EXTENSION-EXAMPLE: example.com\r\n")
                .doesNotContain("Disposition-Notification-To", "Auto-Submitted", "World domination\r\n\r\ntext");
    }

    @Test
    void what_was_sent_can_be_parsed() throws IOException {
        JsonNode sent = send(1, ",'subject':'Gelesen \\u2713','textBody':'\\u00dc','includeOriginalMessage':true")
                .at("/sent/k");
        assertThat(sent.isObject()).isTrue();
        String text = office.taken.get(0).text();
        String id = calls.upload(text.getBytes(StandardCharsets.ISO_8859_1));
        JsonNode parsed = one("MDN/parse", "'blobIds':['" + id + "']").at("/parsed/" + id);
        assertThat(parsed.path("subject").textValue()).isEqualTo("Gelesen \u2713");
        assertThat(parsed.path("textBody").textValue()).isEqualTo("\u00dc");
        assertThat(parsed.path("includeOriginalMessage").booleanValue()).isTrue();
        for (String same : List.of("finalRecipient", "originalMessageId", "reportingUA", "error"))
            assertThat(parsed.path(same)).isEqualTo(sent.path(same));
        assertThat(text).contains("\r\nContent-Type: message/rfc822\r\n", WANTED.replace("|", "\r\n"));
    }

    @Test
    void nobody_is_told_twice() throws IOException {
        assertThat(send(1, "").at("/sent").size()).isEqualTo(1);
        assertThat(send(1, "").at("/notSent/k/type").textValue()).isEqualTo("mdnAlreadySent");
        mail.add("INBOX", WANTED, office.now);
        String mdn = "{'forEmailId':'" + email(2) + "'," + MANUALLY + "}";
        JsonNode both = one(
                "MDN/send",
                "'identityId':'" + identity + "','send':{'k':" + mdn + ",'l':" + mdn + "},"
                        + "'onSuccessUpdateEmail':{'#k':{'keywords/$mdnsent':true},'#l':{'keywords':{'$mdnsent':true}}}");
        assertThat(both.path("sent").size()).isEqualTo(1);
        assertThat(both.at("/notSent/l/type").textValue()).isEqualTo("mdnAlreadySent");
        assertThat(office.taken).hasSize(2);
    }

    @Test
    void a_call_that_does_not_note_it_tells_nobody() throws IOException {
        String mdn = "{'forEmailId':'" + email(1) + "'," + MANUALLY + "}";
        for (String update : List.of(
                "",
                ",'onSuccessUpdateEmail':null",
                ",'onSuccessUpdateEmail':{'#k':{'keywords/$mdnsent':false}}",
                ",'onSuccessUpdateEmail':{'#l':{'keywords/$mdnsent':true}}",
                ",'onSuccessUpdateEmail':{'#k':{'keywords/$seen':true}}"))
            assertThat(one("MDN/send", "'identityId':'" + identity + "','send':{'k':" + mdn + "}" + update)
                            .path("type")
                            .textValue())
                    .as(update)
                    .isEqualTo("invalidArguments");
        assertThat(office.taken).isEmpty();
    }

    @Test
    void an_identity_or_an_account_that_there_is_not_fails_the_call() throws IOException {
        String call = arguments("'forEmailId':'" + email(1) + "'," + MANUALLY);
        for (String wrong : List.of(call.replace(identity, "I99"), "'identityId':'" + identity + "'"))
            assertThat(one("MDN/send", wrong).path("type").textValue()).isEqualTo("invalidArguments");
        assertThat(calls.all(("['MDN/send',{'accountId':'Ax'," + call
                                        + "},'0'],['MDN/parse',{'accountId':'Ax','blobIds':[]},'1']")
                                .replace('\'', '"'))
                        .findValuesAsText("type"))
                .containsExactly("invalidArguments", "invalidArguments");
    }

    @Test
    void who_does_not_want_to_know_is_not_told() throws IOException {
        String field = "Disposition-Notification-To: Jane <jane@example.net>|";
        for (String instead : List.of(
                "", field + field, "Disposition-Notification-To: nobody at all|", "Disposition-Notification-To: |")) {
            mail.add("INBOX", WANTED.replace(field, instead), office.now);
        }
        for (int i = 2; i < 6; i++)
            assertThat(error("'forEmailId':'" + email(i) + "'," + MANUALLY)).startsWith("notFound");
        assertThat(error("'forEmailId':'Mffffffffffffffff'," + MANUALLY)).startsWith("notFound");
    }

    @Test
    void a_notification_is_not_answered() throws IOException {
        mail.add("INBOX", "Disposition-Notification-To: jane@example.net|" + EXAMPLE, office.now);
        assertThat(error("'forEmailId':'" + email(2) + "'," + MANUALLY)).startsWith("forbidden");
    }

    @Test
    void a_program_tells_nobody_but_the_sender() throws IOException {
        mail.add("INBOX", WANTED.replace("Return-Path: <jane@", "Return-Path: <list@"), office.now);
        mail.add("INBOX", WANTED.replace("Return-Path: <jane@example.net>|", ""), office.now);
        mail.add(
                "INBOX",
                WANTED.replace("-To: Jane <jane@example.net>", "-To: jane@example.net, b@example.net"),
                office.now);
        for (int i = 2; i < 5; i++)
            assertThat(error("'forEmailId':'" + email(i) + "'," + AUTOMATICALLY))
                    .startsWith("forbidden");
        JsonNode answer = one("MDN/send", arguments("'forEmailId':'" + email(1) + "'," + AUTOMATICALLY));
        assertThat(answer.path("sent").size()).isEqualTo(1);
        assertThat(office.taken.get(0).text())
                .contains(
                        "Disposition: automatic-action/MDN-sent-automatically; displayed",
                        "Auto-Submitted: auto-replied");
    }

    @Test
    void it_is_for_one_of_the_addresses_of_the_user() throws IOException {
        assertThat(error("'forEmailId':'" + email(1) + "','finalRecipient':'rfc822; bob@example.org'," + MANUALLY))
                .startsWith("forbiddenFrom");
        office.own.remove(PostOffice.ALICE);
        assertThat(error("'forEmailId':'" + email(1) + "','finalRecipient':'rfc822; sales@example.org'," + MANUALLY))
                .startsWith("forbiddenFrom");
        office.own.add(PostOffice.ALICE);
        JsonNode sent = send(1, ",'finalRecipient':'rfc822; sales@example.org'").at("/sent/k");
        assertThat(sent.has("finalRecipient")).isFalse();
        assertThat(office.taken.get(0).text()).contains("Final-Recipient: rfc822; sales@example.org\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sales@example.org", "RFC822;\\r\\n sales@example.org\\r\\n"})
    void an_address_goes_out_with_its_type_on_one_line(String given) throws IOException {
        send(1, ",'finalRecipient':'" + given + "'");
        assertThat(office.taken.get(0).text()).contains("\r\nFinal-Recipient: rfc822; sales@example.org\r\n");
    }

    @Test
    void the_address_that_the_sender_wrote_is_told_as_it_came() throws IOException {
        mail.add("INBOX", "Original-Recipient: rfc822;ali@example.org|" + WANTED, office.now);
        assertThat(send(2, "").at("/sent/k/originalRecipient").textValue()).isEqualTo("rfc822;ali@example.org");
        assertThat(office.taken.get(0).text()).contains("\r\nOriginal-Recipient: rfc822;ali@example.org\r\n");
    }

    @Test
    void what_is_no_mdn_is_told_by_its_property() throws IOException {
        String mdn = "'forEmailId':'" + email(1) + "'," + MANUALLY;
        for (Map.Entry<String, String> wrong : Map.ofEntries(
                        Map.entry("subject", "1"),
                        Map.entry("textBody", "[]"),
                        Map.entry("includeOriginalMessage", "'yes'"),
                        Map.entry("reportingUA", "'a\\r\\nBcc: x'"),
                        Map.entry("mdnGateway", "'smtp; x'"),
                        Map.entry("originalRecipient", "'rfc822; x'"),
                        Map.entry("originalMessageId", "'<a@b>'"),
                        Map.entry("error", "[]"),
                        Map.entry("finalRecipient", "'somebody'"),
                        Map.entry("extensionFields", "{'X-A':'b\\r\\nDisposition: c'}"),
                        Map.entry("unheard", "1"))
                .entrySet())
            assertThat(error(mdn + ",'" + wrong.getKey() + "':" + wrong.getValue()))
                    .isEqualTo("invalidProperties[\"" + wrong.getKey() + "\"]");
        for (String name : List.of("Disposition", "final-recipient", "X: a", ""))
            assertThat(error(mdn + ",'extensionFields':{'" + name + "':'x'}"))
                    .isEqualTo("invalidProperties[\"extensionFields\"]");
        assertThat(error(MANUALLY)).isEqualTo("invalidProperties[\"forEmailId\"]");
        assertThat(error("'forEmailId':'" + email(1) + "'")).isEqualTo("invalidProperties[\"disposition\"]");
        assertThat(error(mdn.replace("displayed", "read"))).isEqualTo("invalidProperties[\"disposition\"]");
    }

    @Test
    void what_the_server_does_not_take_is_not_noted() throws IOException {
        assertThat(error("'forEmailId':'" + email(1) + "','textBody':'" + "long ".repeat(500) + "'," + MANUALLY))
                .startsWith("tooLarge");
        office.verdict = new Reply(550, "5.7.1", "Not this");
        assertThat(error("'forEmailId':'" + email(1) + "'," + MANUALLY)).startsWith("forbiddenToSend");
        assertThat(one("Email/get", "'ids':['" + email(1) + "'],'properties':['keywords']")
                        .at("/list/0/keywords")
                        .size())
                .isZero();
    }

    @Test
    void the_example_of_rfc_8098_is_parsed() throws IOException {
        String id = calls.upload(EXAMPLE.replace("|", "\r\n").getBytes(StandardCharsets.US_ASCII));
        JsonNode answer = one("MDN/parse", "'blobIds':['" + id + "']");
        assertThat(answer.path("notFound").isNull()).isTrue();
        assertThat(answer.at("/parsed/" + id).toString())
                .isEqualTo(
                        "{\"subject\":\"Re: First draft of report\",\"textBody\":\"The message sent on 1995 Sep 19 at"
                                + " 13:30:00 (EDT) -0400 to Joe\\nRecipient <Joe_Recipient@example.com> with subject \\\"First draft"
                                + " of\\nreport\\\" has been displayed.\\n\\nThis is no guarantee that the message has been read or"
                                + " understood.\\n\",\"includeOriginalMessage\":true,\"disposition\":{\"actionMode\":\"manual-action\","
                                + "\"sendingMode\":\"mdn-sent-manually\",\"type\":\"displayed\"},"
                                + "\"reportingUA\":\"joes-pc.cs.example.com; Foomail 97.1\",\"mdnGateway\":null,"
                                + "\"originalRecipient\":\"rfc822;Joe_Recipient@example.com\","
                                + "\"finalRecipient\":\"rfc822;Joe_Recipient@example.com\","
                                + "\"originalMessageId\":\"<199509192301.23456@example.org>\",\"error\":null,"
                                + "\"extensionFields\":null,\"forEmailId\":null}");
    }

    @Test
    void all_that_a_report_can_tell_is_told() throws IOException {
        String more = EXAMPLE.replace(
                "; displayed|", "; Processed/ERROR,x-y|Error: disk|Error: paper|MDN-Gateway: smtp; gw|X-Z: 1|");
        String id = calls.upload(more.replace("|", "\r\n").getBytes(StandardCharsets.US_ASCII));
        JsonNode parsed = one("MDN/parse", "'blobIds':['" + id + "']").at("/parsed/" + id);
        assertThat(parsed.at("/disposition/type").textValue()).isEqualTo("processed");
        assertThat(parsed.path("error").toString()).isEqualTo("[\"disk\",\"paper\"]");
        assertThat(parsed.path("mdnGateway").textValue()).isEqualTo("smtp; gw");
        assertThat(parsed.path("extensionFields").toString()).isEqualTo("{\"X-Z\":\"1\"}");
    }

    @Test
    void the_message_that_one_is_about_is_found_in_its_thread() throws IOException {
        mail.add("INBOX", EXAMPLE.replace("First draft of report|", "World domination|"), office.now);
        assertThat(one("MDN/parse", "'blobIds':['" + email(2) + "']")
                        .at("/parsed/" + email(2) + "/forEmailId")
                        .textValue())
                .isEqualTo(email(1));
    }

    @Test
    void what_is_none_is_not_parsable() throws IOException {
        StringBuilder ids = new StringBuilder("'" + email(1) + "'");
        for (String none : List.of(
                EXAMPLE.replace("manual-action/", ""),
                EXAMPLE.replace("Final-Recipient", "X-Recipient"),
                EXAMPLE.replace("report-type=disposition", "report-type=delivery"),
                EXAMPLE.replace("message/disposition", "text/disposition"),
                EXAMPLE.replace("multipart/report", "multipart/mixed"),
                "",
                "\0\1\2"))
            ids.append(",'")
                    .append(calls.upload(none.replace("|", "\r\n").getBytes(StandardCharsets.US_ASCII)))
                    .append("'");
        JsonNode answer = one("MDN/parse", "'blobIds':[" + ids + ",'U99']");
        assertThat(answer.path("parsed").isNull()).isTrue();
        assertThat(answer.path("notParsable")).hasSize(8);
        assertThat(answer.path("notFound").toString()).isEqualTo("[\"U99\"]");
    }
}
