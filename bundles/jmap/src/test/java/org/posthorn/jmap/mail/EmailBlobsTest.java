package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.jmap.Calls;
import org.posthorn.mime.StoredMessage;

/** Email/import, /parse, /copy and SearchSnippet/get, RFC 8621 4.7 to 4.9 and 5 */
class EmailBlobsTest {

    private final MemoryMail mail = new MemoryMail("INBOX");
    private Calls calls;

    @BeforeEach
    void open(@TempDir Path folder) {
        calls = new Calls(mail, Address.of("alice@example.org"), folder);
    }

    private String upload(String text) throws IOException {
        return calls.upload(text.replace("|", "\r\n").getBytes(StandardCharsets.UTF_8));
    }

    private JsonNode imported(String properties) throws IOException {
        return calls.one("Email/import", "\"emails\":{\"k\":{" + properties.replace('\'', '"') + "}}");
    }

    @Test
    void message_is_imported_as_it_is() throws IOException {
        String blob = upload(
                "Subject: Grüße|Received: from a by b; Tue, 10 Jul 2018 01:03:11 +0000|Received: x; 1 Jan 1970 00:00 GMT||x|");
        String before = Long.toString(mail.state());
        JsonNode answer = imported("'blobId':'" + blob + "','mailboxIds':{'FINBOX':true},'keywords':{'$Seen':true}");
        Email email = mail.all().get(0);
        assertThat(answer.get("oldState").textValue()).isEqualTo(before);
        assertThat(answer.get("newState").textValue()).isEqualTo(Long.toString(mail.state()));
        assertThat(answer.get("notCreated").isNull()).isTrue();
        assertThat(answer.at("/created/k").toString())
                .isEqualTo("{\"id\":\"" + Metadata.id(email) + "\",\"blobId\":\"" + Metadata.id(email)
                        + "\",\"threadId\":\"T0000000000000001\",\"size\":" + Metadata.size(email) + "}");
        assertThat(Metadata.receivedAt(email)).isEqualTo(Instant.parse("2018-07-10T01:03:11Z"));
        assertThat(Metadata.keywords(email)).containsExactly("$seen");
        assertThat(calls.one("Email/get", "\"ids\":null,\"properties\":[\"subject\"]")
                        .at("/list/0/subject")
                        .textValue())
                .isEqualTo("Grüße");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "'blobId':'U1','mailboxIds':{'FINBOX':true}~invalidProperties",
                "'mailboxIds':{'FINBOX':true}~invalidProperties",
                "'blobId':'BLOB'~invalidProperties",
                "'blobId':'BLOB','mailboxIds':{'Fnone':true}~invalidProperties",
                "'blobId':'BLOB','mailboxIds':{'FINBOX':true},'keywords':['x']~invalidProperties",
                "'blobId':'BLOB','mailboxIds':{'FINBOX':true},'receivedAt':'soon'~invalidProperties",
                "'blobId':'BLOB','mailboxIds':{'FINBOX':true},'subject':'x'~invalidProperties",
                "'blobId':'BLOB','mailboxIds':{'FINBOX':true}~invalidEmail"
            })
    void import_that_cannot_be_is_refused(String properties, String type) throws IOException {
        JsonNode answer = imported(properties.replace("BLOB", upload("no message")));
        assertThat(answer.at("/notCreated/k/type").textValue())
                .as(answer.toString())
                .isEqualTo(type);
        assertThat(answer.get("created").isNull()).isTrue();
        assertThat(mail.all()).isEmpty();
    }

    @Test
    void import_in_another_state_or_without_room_is_refused() throws IOException {
        assertThat(calls.one("Email/import", "\"ifInState\":\"0\",\"emails\":{}")
                        .get("type")
                        .textValue())
                .isEqualTo("stateMismatch");
        assertThat(calls.one("Email/import", "").get("type").textValue()).isEqualTo("invalidArguments");
        mail.full = true;
        assertThat(imported("'blobId':'" + upload("A: b||") + "','mailboxIds':{'FINBOX':true}")
                        .at("/notCreated/k/type")
                        .textValue())
                .isEqualTo("overQuota");
    }

    @Test
    void message_in_a_message_is_parsed_and_so_is_an_upload() throws IOException {
        String text = Files.readString(Path.of("src/test/resources/mail/rfc8621-lists.eml"));
        mail.boxes.get("INBOX").append(StoredMessage.of(text), Flags.NONE, Instant.EPOCH);
        String inner = "M0000000000000001-2_4";
        String upload = upload("Subject: up||text|");
        String nothing = upload("none");
        JsonNode answer = calls.one(
                "Email/parse",
                "\"blobIds\":[\"" + inner + "\",\"" + upload + "\",\"" + nothing + "\",\"U9\"],"
                        + "\"properties\":[\"id\",\"blobId\",\"size\",\"subject\",\"keywords\",\"attachments\",\"bodyStructure\",\"preview\"],"
                        + "\"bodyProperties\":[\"blobId\"]");
        assertThat(answer.at("/parsed/" + inner).toString())
                .isEqualTo("{\"id\":null,\"blobId\":\"" + inner + "\",\"size\":94,\"subject\":\"J\",\"keywords\":null,"
                        + "\"attachments\":[],\"bodyStructure\":{\"blobId\":null,\"subParts\":[{\"blobId\":\"" + inner
                        + "_1\"}]},\"preview\":\"never shown\"}");
        assertThat(answer.at("/parsed/" + upload + "/preview").textValue()).isEqualTo("text");
        assertThat(answer.at("/parsed/" + upload + "/bodyStructure/blobId").textValue())
                .isEqualTo(upload + "-1");
        assertThat(calls.one("Email/parse", "\"blobIds\":[\"" + upload + "-1\",\"" + upload + "-2\"]")
                        .toString())
                .contains("\"notParsable\":[\"" + upload + "-1\"],\"notFound\":[\"" + upload + "-2\"]");
        assertThat(answer.get("notParsable").toString()).isEqualTo("[\"" + nothing + "\"]");
        assertThat(answer.get("notFound").toString()).isEqualTo("[\"U9\"]");
        assertThat(calls.one("Email/parse", "\"blobIds\":[],\"properties\":[\"header:From:asDate\"]")
                        .get("type")
                        .textValue())
                .isEqualTo("invalidArguments");
    }

    @Test
    void part_of_a_parsed_message_is_a_blob() throws IOException {
        String text = Files.readString(Path.of("src/test/resources/mail/rfc8621-lists.eml"));
        mail.boxes.get("INBOX").append(StoredMessage.of(text), Flags.NONE, Instant.EPOCH);
        JsonNode answer = calls.one(
                "Email/set",
                "\"create\":{\"k\":{\"mailboxIds\":{\"FINBOX\":true},\"attachments\":[{\"blobId\":"
                        + "\"M0000000000000001-2_4_1\",\"type\":\"text/plain\"}]}}");
        assertThat(answer.at("/created/k").has("id")).as(answer.toString()).isTrue();
    }

    @Test
    void parts_of_a_message_that_is_a_message_are_numbered_as_by_imap() throws IOException {
        String id = upload("Content-Type: message/rfc822||Subject: inner||text|");
        JsonNode answer = calls.one(
                "Email/parse",
                "\"properties\":[\"subject\"],\"blobIds\":[\"" + id + "-1\",\"" + id + "-1_1\",\"" + id + "-1_1_1\"]");
        assertThat(answer.at("/parsed/" + id + "-1/subject").textValue()).isEqualTo("inner");
        assertThat(answer.get("notParsable").toString()).isEqualTo("[\"" + id + "-1_1\"]");
        assertThat(answer.get("notFound").toString()).isEqualTo("[\"" + id + "-1_1_1\"]");
    }

    @Test
    void copy_within_the_only_account_is_refused() throws IOException {
        assertThat(calls.one("Email/copy", "\"fromAccountId\":\"ACCOUNT\",\"create\":{}")
                        .get("type")
                        .textValue())
                .isEqualTo("invalidArguments");
        assertThat(calls.one("Email/copy", "\"fromAccountId\":\"A1\",\"create\":{}")
                        .get("type")
                        .textValue())
                .isEqualTo("fromAccountNotFound");
    }

    private String snippet(String filter) throws IOException {
        JsonNode answer = calls.one(
                "SearchSnippet/get",
                "\"filter\":" + filter.replace('\'', '"') + ",\"emailIds\":[\"M0000000000000001\"]");
        return answer.has("list")
                ? answer.at("/list/0/subject") + " " + answer.at("/list/0/preview")
                : answer.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "{'text':'foo'}~\"The <mark>Foo</mark>sball &lt;competition&gt;\" \"<p>..the <mark>Foo</mark>/bar\"",
                "{'subject':'foo'}~\"The <mark>Foo</mark>sball &lt;competition&gt;\" null",
                "{'body':'widget'}~null \"<p>.. &lt;1 <mark>widget</mark>\"",
                "{'from':'foo'}~null null",
                "{'operator':'NOT','conditions':[{'text':'foo'}]}~null null",
                "{'operator':'OR','conditions':[{'subject':'ball'},{'body':'none'}]}~\"The Foos<mark>ball</mark> &lt;competition&gt;\" null",
                "null~null null",
                "{'text':'.*'}~null null"
            })
    void words_are_marked_and_all_else_is_escaped(String filter, String snippet) throws IOException {
        mail.add(
                "INBOX",
                "Subject: The Foosball <competition>|Content-Type: text/html||<p>the Foo/bar method results often|"
                        + "returns &lt;1 widget rather than the complete &amp; whole|",
                Instant.EPOCH);
        String found = snippet(filter);
        for (String piece : snippet.split("<p>\\.\\.")) assertThat(found).contains(piece.replaceAll("\"$", ""));
    }

    @Test
    void preview_is_short_whatever_stands_there() throws IOException {
        mail.add(
                "INBOX",
                "Subject: x|Content-Type: text/plain; charset=utf-8||" + "😀&".repeat(500) + "needle"
                        + "<>".repeat(500),
                Instant.EPOCH);
        String preview = calls.one(
                        "SearchSnippet/get", "\"filter\":{\"body\":\"needle\"},\"emailIds\":[\"M0000000000000001\"]")
                .at("/list/0/preview")
                .textValue();
        assertThat(preview).contains("<mark>needle</mark>");
        assertThat(preview.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(255);
    }

    @Test
    void only_the_beginning_of_a_long_subject_is_marked() throws IOException {
        mail.add("INBOX", "Subject: " + "a b ".repeat(100_000) + "||x", Instant.EPOCH);
        JsonNode answer =
                calls.one("SearchSnippet/get", "\"filter\":{\"subject\":\"a\"},\"emailIds\":[\"M0000000000000001\"]");
        assertThat(answer.at("/list/0/subject").textValue())
                .startsWith("<mark>a</mark> b <mark>a</mark>")
                .hasSizeBetween(4000, 4096);
    }

    @Test
    void snippets_of_nothing_are_told_so() throws IOException {
        JsonNode answer = calls.one("SearchSnippet/get", "\"filter\":null,\"emailIds\":[\"x\"]");
        assertThat(answer.get("notFound").toString()).isEqualTo("[\"x\"]");
        assertThat(calls.one("SearchSnippet/get", "\"filter\":{\"noSuch\":1},\"emailIds\":[]")
                        .get("type")
                        .textValue())
                .isEqualTo("unsupportedFilter");
    }
}
