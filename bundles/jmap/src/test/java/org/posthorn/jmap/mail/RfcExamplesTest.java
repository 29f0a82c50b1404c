package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mail.Address;
import org.posthorn.jmap.Calls;

/** The examples of RFC 8621 that are of several calls or of no other test. */
class RfcExamplesTest {

    private static final Instant NOON = Instant.parse("2018-06-27T12:00:00Z");
    private static final String NEWEST = "\"sort\":[{\"property\":\"receivedAt\",\"isAscending\":false}]";

    private final MemoryMail mail = new MemoryMail("INBOX", "Trash");
    private Calls calls;

    @BeforeEach
    void fill(@TempDir Path folder) throws IOException {
        calls = new Calls(mail, Address.of("jdoe@example.com"), folder);
        mail.add("INBOX", "Subject: The Foosball competition||Last year the foosball competition was held|", NOON);
        mail.add("INBOX", "Subject: The Big Reveal||As you may be aware|", NOON.plusSeconds(60), "\\Seen", "\\Flagged");
        mail.add("INBOX", "Subject: Re: the big reveal||The Foo/bar method returns <1 widget|", NOON.plusSeconds(120));
        mail.add("INBOX", "Subject: Dinner on Thursday?||Hello|", NOON.plusSeconds(180));
    }

    private static String id(long number) {
        return "M%016x".formatted(number);
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(text -> texts.add(text.textValue()));
        return texts;
    }

    /** RFC 8621 4.10 and RFC 8620 3.7: the first threads of a mailbox with all of their Emails, in one request. */
    @Test
    void the_inbox_is_shown_by_one_request() throws IOException {
        JsonNode answer = calls.all(
                "[\"Email/query\",{\"accountId\":\"ACCOUNT\",\"filter\":{\"inMailbox\":\"FINBOX\"}," + NEWEST
                        + ",\"collapseThreads\":true,\"position\":0,\"limit\":2,\"calculateTotal\":true},\"0\"],"
                        + "[\"Email/get\",{\"accountId\":\"ACCOUNT\",\"#ids\":{\"resultOf\":\"0\",\"name\":\"Email/query\",\"path\":\"/ids\"},"
                        + "\"properties\":[\"threadId\"]},\"1\"],"
                        + "[\"Thread/get\",{\"accountId\":\"ACCOUNT\",\"#ids\":{\"resultOf\":\"1\",\"name\":\"Email/get\",\"path\":\"/list/*/threadId\"}},\"2\"],"
                        + "[\"Email/get\",{\"accountId\":\"ACCOUNT\",\"#ids\":{\"resultOf\":\"2\",\"name\":\"Thread/get\",\"path\":\"/list/*/emailIds\"},"
                        + "\"properties\":[\"threadId\",\"mailboxIds\",\"keywords\",\"hasAttachment\",\"from\",\"subject\",\"receivedAt\",\"size\",\"preview\"]},\"3\"]");
        assertThat(texts(answer.at("/0/1/ids"))).containsExactly(id(4), id(3));
        assertThat(answer.at("/0/1/total").intValue()).isEqualTo(3);
        assertThat(answer.at("/0/1/position").intValue()).isZero();
        assertThat(answer.at("/0/1").has("limit")).isFalse();
        assertThat(answer.at("/1/1/list/1").toString())
                .isEqualTo("{\"threadId\":\"T0000000000000002\",\"id\":\"" + id(3) + "\"}");
        assertThat(answer.at("/2/1/list/1").toString())
                .isEqualTo("{\"id\":\"T0000000000000002\",\"emailIds\":[\"" + id(2) + "\",\"" + id(3) + "\"]}");
        assertThat(answer.at("/2/1/notFound")).isEmpty();
        JsonNode told = answer.at("/3/1/list");
        assertThat(told).hasSize(3);
        assertThat(told.at("/1/subject").textValue()).isEqualTo("The Big Reveal");
        assertThat(told.at("/1/keywords").toString()).isEqualTo("{\"$flagged\":true,\"$seen\":true}");
        assertThat(told.at("/1/receivedAt").textValue()).isEqualTo("2018-06-27T12:01:00Z");
        assertThat(told.at("/1").properties()).hasSize(10);
    }

    /** RFC 8621 4.10: what another device has done meanwhile. */
    @Test
    void a_device_learns_what_another_has_done() throws IOException {
        String query = "\"filter\":{\"inMailbox\":\"FINBOX\"}," + NEWEST + ",\"collapseThreads\":true";
        JsonNode before = calls.one("Email/query", query);
        String state = before.get("queryState").textValue();
        calls.one(
                "Email/set",
                "\"update\":{\"" + id(2) + "\":{\"keywords/$seen\":null}},\"destroy\":[\"" + id(4) + "\"]");
        mail.add("INBOX", "Subject: quite new||x|", NOON.plusSeconds(240));
        JsonNode answer = calls.all("[\"Email/changes\",{\"accountId\":\"ACCOUNT\",\"sinceState\":\"" + state
                + "\",\"maxChanges\":50},\"3\"],[\"Email/queryChanges\",{\"accountId\":\"ACCOUNT\"," + query
                + ",\"sinceQueryState\":\"" + state + "\",\"upToId\":\"" + id(1)
                + "\",\"maxChanges\":25,\"calculateTotal\":true},\"11\"]");
        JsonNode changes = answer.at("/0/1");
        assertThat(texts(changes.get("created"))).containsExactly(id(5));
        assertThat(texts(changes.get("updated"))).containsExactly(id(2));
        assertThat(texts(changes.get("destroyed"))).containsExactly(id(4));
        assertThat(changes.get("hasMoreChanges").booleanValue()).isFalse();
        List<String> list = texts(before.get("ids"));
        JsonNode ofQuery = answer.at("/1/1");
        list.removeAll(texts(ofQuery.get("removed")));
        for (JsonNode item : ofQuery.get("added"))
            list.add(item.get("index").intValue(), item.get("id").textValue());
        assertThat(list).containsExactly(id(5), id(3), id(1));
        assertThat(ofQuery.get("total").intValue()).isEqualTo(3);
        assertThat(ofQuery.get("oldQueryState").textValue()).isEqualTo(state);
        assertThat(ofQuery.get("newQueryState")).isEqualTo(changes.get("newState"));
    }

    /** RFC 8621 4.2.1. */
    @Test
    void a_mail_of_a_list_is_told_with_both_of_its_texts() throws IOException {
        String html = "<html><body><p>Hello ..." + "x".repeat(300);
        mail.add(
                "INBOX",
                "From: Joe Bloggs <joe@example.com>|Subject: Dinner on Thursday?|List-Post: <mailto:partytime@lists.example.com>|"
                        + "Content-Type: multipart/mixed; boundary=b||--b|Content-Type: text/html||" + html
                        + "|--b||-- Sent by your friendly mailing list ...|--b--|",
                NOON.plusSeconds(240));
        JsonNode answer = calls.one(
                "Email/get",
                "\"ids\":[\"f123u456\",\"" + id(5)
                        + "\"],\"properties\":[\"threadId\",\"mailboxIds\",\"from\",\"subject\","
                        + "\"receivedAt\",\"header:List-POST:asURLs\",\"htmlBody\",\"bodyValues\"],"
                        + "\"bodyProperties\":[\"partId\",\"blobId\",\"size\",\"type\"],"
                        + "\"fetchHTMLBodyValues\":true,\"maxBodyValueBytes\":256");
        assertThat(answer.get("list").toString())
                .isEqualTo("[{\"threadId\":\"T0000000000000004\",\"mailboxIds\":{\"FINBOX\":true},"
                        + "\"from\":[{\"name\":\"Joe Bloggs\",\"email\":\"joe@example.com\"}],"
                        + "\"subject\":\"Dinner on Thursday?\",\"receivedAt\":\"2018-06-27T12:04:00Z\","
                        + "\"header:List-POST:asURLs\":[\"mailto:partytime@lists.example.com\"],"
                        + "\"htmlBody\":[{\"partId\":\"1\",\"blobId\":\"" + id(5)
                        + "-1\",\"size\":324,\"type\":\"text/html\"},"
                        + "{\"partId\":\"2\",\"blobId\":\"" + id(5) + "-2\",\"size\":41,\"type\":\"text/plain\"}],"
                        + "\"bodyValues\":{\"1\":{\"value\":\"" + html.substring(0, 256)
                        + "\",\"isEncodingProblem\":false,\"isTruncated\":true},"
                        + "\"2\":{\"value\":\"-- Sent by your friendly mailing list ...\",\"isEncodingProblem\":false,"
                        + "\"isTruncated\":false}},\"id\":\"" + id(5) + "\"}]");
        assertThat(texts(answer.get("notFound"))).containsExactly("f123u456");
    }

    /** RFC 8621 4.10: a draft takes the place of the one before. RFC 8620 5.3: what is made is referred to by the same request. */
    @Test
    void a_draft_is_saved_anew_in_a_mailbox_that_is_made_with_it(@TempDir Path folder) throws IOException {
        try (Shared shared = new Shared(folder)) {
            String plan = shared.add(Shared.ALICE, "INBOX", "plan");
            String draft = "{\"mailboxIds\":{\"#new\":true},\"keywords\":{\"$seen\":true,\"$draft\":true},"
                    + "\"from\":[{\"name\":\"Joe Bloggs\",\"email\":\"joe@example.com\"}],\"subject\":\"World domination\"}";
            JsonNode answer = shared.alice.all(
                    "[\"Mailbox/set\",{\"accountId\":\"ACCOUNT\",\"create\":{\"new\":{\"name\":\"New\"}}},\"0\"],"
                            + "[\"Email/set\",{\"accountId\":\"ACCOUNT\",\"create\":{\"k192\":" + draft + "},"
                            + "\"update\":{\"" + plan + "\":{\"mailboxIds/#new\":true}}},\"1\"],"
                            + "[\"Email/set\",{\"accountId\":\"ACCOUNT\",\"create\":{\"k1546\":" + draft
                            + "},\"destroy\":[\"#k192\"]},\"2\"]");
            assertThat(answer.at("/1/1/updated").has(plan))
                    .as(answer.toString())
                    .isTrue();
            assertThat(shared.places(Shared.ALICE, plan)).containsExactlyInAnyOrder("INBOX", "New");
            String first = answer.at("/1/1/created/k192/id").textValue();
            assertThat(texts(answer.at("/2/1/destroyed"))).containsExactly(first);
            assertThat(shared.places(Shared.ALICE, first)).isEmpty();
            assertThat(shared.places(
                            Shared.ALICE, answer.at("/2/1/created/k1546/id").textValue()))
                    .containsExactly("New");
        }
    }

    /** RFC 8621 4.4.2: threads with a flag first, then by subject, then the newest. */
    @Test
    void flagged_threads_come_first() throws IOException {
        JsonNode answer = calls.one(
                "Email/query",
                "\"sort\":[{\"property\":\"someInThreadHaveKeyword\",\"keyword\":\"$flagged\",\"isAscending\":false},"
                        + "{\"property\":\"subject\",\"collation\":\"i;ascii-casemap\"},{\"property\":\"receivedAt\",\"isAscending\":false}]");
        assertThat(texts(answer.get("ids"))).containsExactly(id(3), id(2), id(4), id(1));
    }

    /** RFC 8621 5.2. */
    @Test
    void what_was_searched_for_is_marked() throws IOException {
        JsonNode answer = calls.one(
                "SearchSnippet/get",
                "\"filter\":{\"text\":\"foo\"},\"emailIds\":[\"" + id(2) + "\",\"" + id(1) + "\",\"" + id(3) + "\"]");
        assertThat(answer.at("/list/0").toString())
                .isEqualTo("{\"emailId\":\"" + id(2) + "\",\"subject\":null,\"preview\":null}");
        assertThat(answer.at("/list/1/subject").textValue()).isEqualTo("The <mark>Foo</mark>sball competition");
        assertThat(answer.at("/list/1/preview").textValue()).contains("year the <mark>foo</mark>sball competition");
        assertThat(answer.at("/list/2/subject").isNull()).isTrue();
        assertThat(answer.at("/list/2/preview").textValue())
                .isEqualTo("The <mark>Foo</mark>/bar method returns &lt;1 widget");
        assertThat(answer.get("notFound").isNull()).isTrue();
    }

    /** RFC 8621 3.1.1, and one that there is not. */
    @Test
    void threads_are_told_with_their_emails() throws IOException {
        JsonNode answer = calls.one("Thread/get", "\"ids\":[\"T0000000000000002\",\"T0000000000000004\",\"Tnone\"]");
        assertThat(answer.get("list").toString())
                .isEqualTo("[{\"id\":\"T0000000000000002\",\"emailIds\":[\"" + id(2) + "\",\"" + id(3)
                        + "\"]},{\"id\":\"T0000000000000004\",\"emailIds\":[\"" + id(4) + "\"]}]");
        assertThat(texts(answer.get("notFound"))).containsExactly("Tnone");
    }
}
