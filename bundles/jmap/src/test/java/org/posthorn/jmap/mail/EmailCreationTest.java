package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Email;
import org.posthorn.jmap.Calls;

/** Email/set: create, RFC 8621 4.6 */
class EmailCreationTest {

    private final MemoryMail mail = new MemoryMail("Drafts", "Other");
    private Calls calls;

    @BeforeEach
    void open(@TempDir Path folder) {
        calls = new Calls(mail, Address.of("alice@example.org"), folder);
    }

    private JsonNode create(String properties) throws IOException {
        return calls.one(
                "Email/set",
                "\"create\":{\"k\":{\"mailboxIds\":{\"FDrafts\":true}," + properties.replace('\'', '"') + "}}");
    }

    /** The message that is made, with LF line ends, and something else for what nobody can foretell. */
    private String made(String properties) throws IOException {
        JsonNode answer = create(properties);
        assertThat(answer.at("/created/k").has("id")).as(answer.toString()).isTrue();
        Email email = mail.all().get(mail.all().size() - 1);
        assertThat(answer.at("/created/k").toString())
                .isEqualTo("{\"id\":\"" + Metadata.id(email) + "\",\"blobId\":\"" + Metadata.id(email)
                        + "\",\"threadId\":\"T" + Metadata.id(email).substring(1) + "\",\"size\":"
                        + Metadata.size(email) + "}");
        try (InputStream in = mail.boxes
                .get("Drafts")
                .message(email.places().get(0).entry().uid())
                .orElseThrow()
                .open()) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            assertThat(text.replace("\r\n", "")).doesNotContain("\r").doesNotContain("\n");
            return text.replace("\r\n", "\n")
                    .replaceAll("<[0-9a-f-]{36}@example.org>", "<id@example.org>")
                    .replaceAll("\nDate: .* [+]0000", "\nDate: now")
                    .replaceAll("=_[0-9a-f-]{36}", "=_");
        }
    }

    @Test
    void draft_of_the_rfc_becomes_the_message_of_the_rfc() throws IOException {
        String text =
                made("'keywords':{'$seen':true,'$draft':true},'from':[{'name':'Joe Bloggs','email':'joe@example.com'}],"
                        + "'subject':'World domination','receivedAt':'2018-07-10T01:03:11Z','sentAt':'2018-07-10T11:03:11+10:00',"
                        + "'bodyStructure':{'type':'text/plain','partId':'bd48','header:Content-Language':'en'},"
                        + "'bodyValues':{'bd48':{'value':'I have the most brilliant plan.','isTruncated':false}}");
        assertThat(text)
                .isEqualTo("Message-ID: <id@example.org>\nMIME-Version: 1.0\nFrom: Joe Bloggs <joe@example.com>\n"
                        + "Subject: World domination\nDate: Tue, 10 Jul 2018 11:03:11 +1000\nContent-Language:en\n"
                        + "Content-Type: text/plain; charset=us-ascii\nContent-Transfer-Encoding: 7bit\n\n"
                        + "I have the most brilliant plan.");
        Email email = mail.all().get(0);
        assertThat(Metadata.receivedAt(email)).hasToString("2018-07-10T01:03:11Z");
        assertThat(Metadata.keywords(email)).containsExactly("$draft", "$seen");
    }

    @Test
    void second_draft_of_the_rfc_has_both_texts_to_choose_from() throws IOException {
        String text = made(
                "'to':[{'name':'John','email':'john@example.com'}],'bodyStructure':{'type':'multipart/alternative',"
                        + "'subParts':[{'partId':'a49d','type':'text/html'},{'partId':'bd48','type':'text/plain'}]},"
                        + "'bodyValues':{'bd48':{'value':'plan\\n'},'a49d':{'value':'<b>plán'}}");
        assertThat(text)
                .isEqualTo(
                        "Message-ID: <id@example.org>\nDate: now\nMIME-Version: 1.0\nTo: John <john@example.com>\n"
                                + "Content-Type: multipart/alternative;\n boundary=\"=_\"\n\n--=_\n"
                                + "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n<b>pl=C3=A1n\n"
                                + "--=_\nContent-Type: text/plain; charset=us-ascii\nContent-Transfer-Encoding: 7bit\n\nplan\n\n--=_--\n");
    }

    @Test
    void lists_of_parts_become_a_structure_that_is_read_as_the_same_lists() throws IOException {
        String picture = calls.upload(new byte[] {1, 2, 3});
        made("'textBody':[{'partId':'t'}],'htmlBody':[{'partId':'h','type':'text/html'}],'attachments':["
                + "{'blobId':'" + picture + "','type':'image/png','cid':'p@x','disposition':'inline'},"
                + "{'blobId':'" + picture
                + "','type':'application/pdf','name':'Übersicht \\u20ac und noch viel mehr, was lange dauert.pdf','disposition':'attachment','language':['de','en']}],"
                + "'bodyValues':{'t':{'value':'text'},'h':{'value':'<img src=\\'cid:p@x\\'>'}}".replace("\\'", "\\\""));
        JsonNode email = calls.one(
                        "Email/get",
                        "\"ids\":null,\"fetchAllBodyValues\":true,\"properties\":[\"textBody\",\"htmlBody\",\"attachments\",\"bodyStructure\",\"bodyValues\"]"
                                + ",\"bodyProperties\":[\"partId\",\"type\",\"name\",\"cid\",\"size\",\"disposition\",\"language\"]")
                .at("/list/0");
        assertThat(email.at("/bodyStructure/type").textValue()).isEqualTo("multipart/mixed");
        assertThat(email.at("/bodyStructure/subParts/0/type").textValue()).isEqualTo("multipart/alternative");
        assertThat(email.at("/bodyStructure/subParts/0/subParts/1/type").textValue())
                .isEqualTo("multipart/related");
        assertThat(email.at("/textBody").toString())
                .isEqualTo(
                        "[{\"partId\":\"1_1\",\"type\":\"text/plain\",\"name\":null,\"cid\":null,\"size\":4,\"disposition\":null,\"language\":null}]");
        assertThat(email.at("/htmlBody/0/partId").textValue()).isEqualTo("1_2_1");
        assertThat(email.at("/attachments").toString())
                .isEqualTo(
                        "[{\"partId\":\"1_2_2\",\"type\":\"image/png\",\"name\":null,\"cid\":\"p@x\",\"size\":3,\"disposition\":\"inline\",\"language\":null},"
                                + "{\"partId\":\"2\",\"type\":\"application/pdf\",\"name\":\"Übersicht € und noch viel mehr, was lange dauert.pdf\",\"cid\":null,\"size\":3,\"disposition\":\"attachment\",\"language\":[\"de\",\"en\"]}]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "'subject':'Grüße'~Subject: =?utf-8?b?R3LDvMOfZQ==?=",
                "'subject':'a\\r\\nBcc: x@y'~Subject: a Bcc: x@y",
                "'header:X':' raw'~X: raw",
                "'header:X:asText:all':['a','b']~X: a|X: b",
                "'header:X:asDate':'2018-07-10T11:03:11Z'~X: Tue, 10 Jul 2018 11:03:11 +0000",
                "'header:List-Post:asURLs':['mailto:a@b','http://x/']~List-Post: <mailto:a@b>, <http://x/>",
                "'header:Disposition-Notification-To:asText':'joe@example.com'~Disposition-Notification-To: joe@example.com",
                "'messageId':['a@b'],'references':['c@d','e@f']~Message-ID: <a@b>|References: <c@d> <e@f>",
                "'to':[{'name':'A, B \\\"c\\\"','email':'a@b'},{'email':'half'}]~To: \"A, B \\\"c\\\"\" <a@b>, half",
                "'to':[{'name':null,'email':'a@b> X: y <c'}]~To: a@b  X: y  c",
                "'header:To:asGroupedAddresses':[{'name':'G','addresses':[{'email':'a@b'}]},{'name':null,'addresses':[{'email':'c@d'}]}]~To: G: a@b;, c@d",
                "'subject':'a  b'~Subject: a  b",
                "'to':[{'email':'\\\"a, b\\\"@x'}]~To: \"a, b\"@x",
                "'messageId':[],'bodyStructure':{'partId':'1','header:Message-ID':' <x@y>'},'bodyValues':{'1':{'value':''}}~MIME-Version: 1.0|Message-ID: <x@y>",
                "'bodyStructure':{'partId':'1','type':'message/rfc822'},'bodyValues':{'1':{'value':'Subject: ä\\n\\n'}}~Content-Type: message/rfc822|Content-Transfer-Encoding: 8bit||Subject: ä",
                "'cc':[],'bcc':null~Date: now"
            })
    void fields_are_written_so_that_they_say_what_was_meant(String properties, String fields) throws IOException {
        String json = properties.replace("\\\"", "\u0001").replace('\'', '"').replace("\u0001", "\\\"");
        JsonNode answer = calls.one("Email/set", "\"create\":{\"k\":{\"mailboxIds\":{\"FDrafts\":true}," + json + "}}");
        assertThat(answer.at("/created/k").has("id")).as(answer.toString()).isTrue();
        try (InputStream in = mail.boxes.get("Drafts").message(1).orElseThrow().open()) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .replace("\r\n", "\n")
                    .replaceAll("\nDate: .* [+]0000", "\nDate: now");
            assertThat("\n" + text).contains("\n" + fields.replace("|", "\n") + "\n");
            assertThat(text).doesNotContain("\nBcc:").doesNotContain("\nX: y").doesNotContain("\nCc:");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "'to':[{'email':'a@x, b@y'}]~to",
                "'subject':'a','textBody':[{'partId':'1','header:Subject':' b'}],'bodyValues':{'1':{'value':'x'}}~textBody/header:Subject",
                "'headers':[]~headers",
                "'subject':'a','header:Subject':'b'~header:Subject",
                "'header:from':' a','from':[{'email':'a@b'}]~from",
                "'header:From:asDate':'2018-07-10T11:03:11Z'~header:From:asDate",
                "'header:Content-Type':'a/b'~header:Content-Type",
                "'header:X':'a\\r\\nBcc: x@y'~header:X",
                "'subject':1~subject",
                "'sentAt':'soon'~sentAt",
                "'sentAt':'2018-07-10T01:03Z'~sentAt",
                "'from':{'email':'a@b'}~from",
                "'from':[{'name':'x'}]~from",
                "'from':[{'email':'a@b>\\r\\nX: y'}]~from",
                "'from':[{'name':1,'email':'a@b'}]~from",
                "'from':[{'email':'a@b','group':'x'}]~from",
                "'header:X:asGroupedAddresses':[{'name':1,'addresses':[]}]~header:X:asGroupedAddresses",
                "'messageId':'a@b'~messageId",
                "'bodyValues':[]~bodyValues",
                "'textBody':[{'partId':'1'}],'bodyValues':{'1':{'value':'x','isTruncated':'no'}}~bodyValues",
                "'textBody':[{'partId':'1'}],'bodyValues':{'1':{'value':'x','isEncodingProblem':true}}~bodyValues",
                "'textBody':[{'partId':'1'}],'bodyValues':{'1':{'value':'x','text':'y'}}~bodyValues",
                "'textBody':[{'partId':'1','size':1}],'bodyValues':{'1':{'value':'x'}}~textBody",
                "'textBody':[{'partId':'1','language':'en'}],'bodyValues':{'1':{'value':'x'}}~textBody",
                "'textBody':[{'partId':'1','headers':[]}],'bodyValues':{'1':{'value':'x'}}~textBody/headers",
                "'textBody':[{'partId':'1','language':['en'],'header:Content-Language':' de'}],'bodyValues':{'1':{'value':'x'}}~header:Content-Language",
                "'header:X:all':' a'~header:X:all",
                "'header:content-language:asText':'en'~header:content-language:asText",
                "'id':'M1'~id",
                "'preview':'x'~preview",
                "'bodyStructure':{'type':'text/plain','partId':'1'},'textBody':[]~textBody",
                "'bodyStructure':{'type':'text/plain','partId':'1'}~bodyValues",
                "'textBody':[]~textBody",
                "'textBody':[{'partId':'1','type':'text/html'}],'bodyValues':{'1':{'value':'x'}}~textBody",
                "'htmlBody':[{'partId':'1','type':'text/plain'}],'bodyValues':{'1':{'value':'x'}}~htmlBody",
                "'textBody':[{'partId':'1'}],'bodyValues':{'1':{'value':'x','isTruncated':true}}~bodyValues",
                "'textBody':[{'partId':'1','charset':'utf-8'}],'bodyValues':{'1':{'value':'x'}}~textBody",
                "'textBody':[{'partId':'1','blobId':'U1'}],'bodyValues':{'1':{'value':'x'}}~textBody",
                "'textBody':[{'partId':'1','header:Content-Transfer-Encoding':'7bit'}],'bodyValues':{'1':{'value':'x'}}~textBody/header:Content-Transfer-Encoding",
                "'subject':'x','bodyStructure':{'partId':'1','header:Subject':'y'},'bodyValues':{'1':{'value':'x'}}~bodyStructure/header:Subject",
                "'attachments':[{'blobId':'U1','disposition':'x\\r\\ny'}]~attachments",
                "'bodyStructure':{'type':'multipart/mixed'}~bodyStructure",
                "'receivedAt':'soon'~receivedAt",
                "'receivedAt':'2018-07-10T01:03:11+01:00'~receivedAt"
            })
    void email_that_says_two_things_is_not_made(String properties, String property) throws IOException {
        JsonNode answer = create(properties);
        assertThat(answer.at("/notCreated/k/type").textValue())
                .as(answer.toString())
                .isEqualTo("invalidProperties");
        assertThat(answer.at("/notCreated/k/properties/0").textValue()).isEqualTo(property);
        assertThat(mail.all()).isEmpty();
    }

    @Test
    void empty_list_of_identifiers_is_none() throws IOException {
        assertThat(made("'messageId':[],'subject':'x'")).startsWith("Message-ID: <id@example.org>\n");
    }

    @Test
    void no_line_is_longer_than_a_line_may_be() throws IOException {
        String name = "word, ".repeat(500).strip();
        assertThat(made("'from':[{'name':'" + name + "','email':'a@b'}],'sender':[{'name':'" + "w ".repeat(700)
                                + "','email':'a@b'}],'subject':'" + "x".repeat(2000) + "'")
                        .lines())
                .allMatch(line -> line.length() <= 998);
        assertThat(calls.one("Email/get", "\"ids\":null,\"properties\":[\"from\"]")
                        .at("/list/0/from/0/name")
                        .textValue())
                .isEqualTo(name);
        for (String wrong : java.util.List.of(
                "'header:X':' " + "x".repeat(1000) + "'",
                "'messageId':['" + "x".repeat(1000) + "']",
                "'to':[{'email':'" + "x".repeat(1000) + "'}]"))
            assertThat(create(wrong).at("/notCreated/k/type").textValue()).isEqualTo("invalidProperties");
    }

    @Test
    void blobs_that_are_not_there_are_told() throws IOException {
        JsonNode answer = create("'attachments':[{'blobId':'U1'},{'blobId':'M0000000000000009-1'}]");
        assertThat(answer.at("/notCreated/k").toString())
                .isEqualTo("{\"type\":\"blobNotFound\",\"notFound\":[\"U1\",\"M0000000000000009-1\"]}");
    }

    @Test
    void creation_ids_are_known_in_the_same_request() throws IOException {
        JsonNode answers = calls.all(
                "[\"Email/set\",{\"accountId\":\"ACCOUNT\",\"create\":{\"k\":{\"mailboxIds\":{\"FDrafts\":true}}}},\"0\"],"
                        + "[\"Email/set\",{\"accountId\":\"ACCOUNT\",\"update\":{\"#k\":{\"keywords/$seen\":true}}},\"1\"]");
        assertThat(answers.at("/1/1/updated").size()).isEqualTo(1);
    }

    @Test
    void email_is_in_all_of_its_mailboxes() throws IOException {
        calls.one(
                "Email/set",
                "\"create\":{\"k\":{\"mailboxIds\":{\"FDrafts\":true,\"FOther\":true},\"subject\":\"x\"}}");
        assertThat(mail.all()).hasSize(1);
        assertThat(mail.all().get(0).places()).hasSize(2);
    }

    @Test
    void email_that_cannot_be_in_all_of_its_mailboxes_is_in_none_and_the_next_is_made() throws IOException {
        mail.breakAt("copy Drafts Other");
        JsonNode answer = calls.one(
                "Email/set",
                "\"create\":{\"k\":{\"mailboxIds\":{\"FDrafts\":true,\"FOther\":true}},"
                        + "\"l\":{\"mailboxIds\":{\"FDrafts\":true}}}");
        assertThat(answer.at("/notCreated/k/type").textValue()).isEqualTo("serverFail");
        assertThat(answer.at("/created/l").has("id")).isTrue();
        assertThat(mail.all()).hasSize(1);
    }

    @Test
    void import_that_breaks_is_told_of_one_email() throws IOException {
        String blob = calls.upload("Subject: x\r\n\r\nx".getBytes(StandardCharsets.UTF_8));
        mail.breakAt("append Other");
        JsonNode answer = calls.one(
                "Email/import",
                "\"emails\":{\"k\":{\"blobId\":\"" + blob
                        + "\",\"mailboxIds\":{\"FDrafts\":true}},\"l\":{\"blobId\":\"" + blob
                        + "\",\"mailboxIds\":{\"FOther\":true}}}");
        assertThat(answer.at("/created/k").has("id")).as(answer.toString()).isTrue();
        assertThat(answer.at("/notCreated/l/type").textValue()).isEqualTo("serverFail");
        assertThat(calls.one("Email/import", "\"emails\":{\"a b\":{}}")
                        .get("type")
                        .textValue())
                .isEqualTo("invalidArguments");
    }

    @Test
    void email_that_uses_the_same_octets_again_and_again_is_too_large() throws IOException {
        String blob = calls.upload(new byte[300_000]);
        String part = "{'blobId':'" + blob + "','type':'a/b'}";
        assertThat(create("'attachments':[" + part + "," + part + "," + part + "]")
                        .at("/created/k")
                        .has("id"))
                .isTrue();
        assertThat(create("'attachments':[" + (part + ",").repeat(4).replaceAll(",$", "") + "]")
                        .at("/notCreated/k/type")
                        .textValue())
                .isEqualTo("tooLarge");
        String text = "{'partId':'t'}";
        assertThat(create("'bodyStructure':{'type':'multipart/mixed','subParts':[" + (text + ",").repeat(500) + text
                                + "]},'bodyValues':{'t':{'value':'" + "ä".repeat(10_000) + "'}}")
                        .at("/notCreated/k/type")
                        .textValue())
                .isEqualTo("tooLarge");
        assertThat(mail.all()).hasSize(1);
    }

    @Test
    void no_room_is_over_quota() throws IOException {
        mail.full = true;
        assertThat(create("'subject':'x'").at("/notCreated/k/type").textValue()).isEqualTo("overQuota");
    }
}
