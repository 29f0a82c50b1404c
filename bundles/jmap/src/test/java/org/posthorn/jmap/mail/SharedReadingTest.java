package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.jmap.mail.Shared.ALICE;
import static org.posthorn.jmap.mail.Shared.BOB;
import static org.posthorn.jmap.mail.Shared.CAROL;
import static org.posthorn.jmap.mail.Shared.PUBLIC;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.jmap.AskedStore;
import org.posthorn.jmap.Calls;

/** What a user sees of what others share with him, and what he does not: RFC 8620 1.6.2, RFC 8621 2. */
class SharedReadingTest {

    private Path folder;
    private Shared shared;
    private String work;
    private String hidden;
    private String both;
    private String thread;

    @BeforeEach
    void begin(@TempDir Path folder) throws IOException {
        this.folder = folder;
        shared = new Shared(folder);
        shared.share(ALICE, "Work", BOB, "lrs");
        shared.share(ALICE, "Work.Drop", BOB, "li");
        shared.share(ALICE, "Work.Secret", BOB, "");
        work = shared.add(ALICE, "Work", "plan", "Message-ID: <plan@example.net>\r\n");
        hidden = shared.add(ALICE, "INBOX", "Re: plan", "References: <plan@example.net>\r\n");
        shared.flag(ALICE, "INBOX", hidden, FlagChange.Kind.ADD, "$seen");
        both = shared.add(ALICE, "Work", "twice");
        shared.copy(ALICE, "Work", both, "Work.Secret");
        shared.add(ALICE, "Work.Drop", "dropped");
        thread = bob("Email/get", "'ids': ['" + work + "']")
                .at("/list/0/threadId")
                .textValue();
    }

    @AfterEach
    void end() {
        shared.close();
    }

    private JsonNode bob(String method, String arguments) throws IOException {
        return Shared.in(ALICE, shared.bob, method, arguments);
    }

    private JsonNode alice(String method, String arguments) throws IOException {
        return Shared.in(ALICE, shared.alice, method, arguments);
    }

    private static List<String> strings(JsonNode array) {
        List<String> strings = new java.util.ArrayList<>();
        array.forEach(item -> strings.add(item.asText()));
        return strings;
    }

    @ParameterizedTest
    @ValueSource(strings = {"Mailbox/get", "Email/get", "Thread/get", "Mailbox/query", "Email/query"})
    void an_account_of_which_one_sees_nothing_is_not_found_as_one_that_there_is_not(String method) throws IOException {
        String error = "{\"type\":\"accountNotFound\"}";
        assertThat(Shared.in(ALICE, shared.carol, method, "")).hasToString(error);
        assertThat(Shared.in(BOB, shared.carol, method, "")).hasToString(error);
        assertThat(Shared.in("nobody@example.org", shared.carol, method, "")).hasToString(error);
        assertThat(shared.store().exists(org.posthorn.api.mail.Address.of("nobody@example.org")))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"Quota/get", "Email/explain"})
    void what_is_the_owners_alone_does_not_work_there(String method) throws IOException {
        assertThat(bob(method, "'emailId': '" + work + "'").path("type").textValue())
                .isEqualTo("accountNotSupportedByMethod");
    }

    @Test
    void mailboxes_are_those_that_may_be_looked_up_with_the_rights_there() throws IOException {
        JsonNode list = bob("Mailbox/get", "").get("list");
        assertThat(list.findValuesAsText("name")).containsExactly("Work", "Drop");
        assertThat(list.at("/0/myRights"))
                .hasToString("{\"mayReadItems\":true,\"mayAddItems\":false,\"mayRemoveItems\":false,"
                        + "\"maySetSeen\":true,\"maySetKeywords\":false,\"mayCreateChild\":false,\"mayRename\":false,"
                        + "\"mayDelete\":false,\"maySubmit\":false,\"mayShare\":false}");
        assertThat(list.at("/1/myRights/mayReadItems").booleanValue()).isFalse();
        assertThat(list.at("/1/myRights/mayAddItems").booleanValue()).isTrue();
        assertThat(list.at("/0/totalEmails").intValue()).isEqualTo(2);
        assertThat(list.at("/0/unreadThreads").intValue()).isEqualTo(2);
        for (String count : MailboxGet.COUNTS)
            assertThat(list.at("/1/" + count).intValue()).isZero();
        assertThat(list.at("/0/isSubscribed").booleanValue()).isTrue();
        String secret = shared.mailboxId(ALICE, "Work.Secret");
        assertThat(strings(bob("Mailbox/get", "'ids': ['" + secret + "']").get("notFound")))
                .containsExactly(secret);
        assertThat(bob("Mailbox/query", "").get("ids")).hasSize(2);
    }

    @Test
    void an_own_mailbox_has_the_rights_that_its_owner_has_left_himself() throws IOException {
        shared.share(ALICE, "Kept", ALICE, "lrs");
        String kept = shared.mailboxId(ALICE, "Kept");
        JsonNode rights = alice("Mailbox/get", "'ids': ['" + kept + "']").at("/list/0/myRights");
        assertThat(rights.get("mayReadItems").booleanValue()).isTrue();
        assertThat(rights.get("mayAddItems").booleanValue()).isFalse();
        JsonNode set = alice("Email/set", "'update': {'" + work + "': {'mailboxIds': {'" + kept + "': true}}}");
        assertThat(set.at("/notUpdated/" + work + "/type").textValue()).isEqualTo("forbidden");
    }

    @Test
    void emails_are_those_in_mailboxes_that_may_be_read_and_in_these_alone() throws IOException {
        JsonNode got = bob("Email/get", "'ids': ['" + work + "', '" + hidden + "', '" + both + "']");
        assertThat(got.get("list").findValuesAsText("id")).containsExactly(work, both);
        assertThat(strings(got.get("notFound"))).containsExactly(hidden);
        String workId = shared.mailboxId(ALICE, "Work");
        assertThat(got.at("/list/1/mailboxIds")).hasToString("{\"" + workId + "\":true}");
        assertThat(bob("Email/get", "").get("list")).hasSize(2);
        assertThat(alice("Email/get", "").get("list")).hasSize(4);
    }

    @Test
    void keywords_of_copies_elsewhere_are_not_told() throws IOException {
        shared.mailbox(ALICE, "Work.Secret")
                .store(
                        shared.uid(ALICE, "Work.Secret", both),
                        new FlagChange(FlagChange.Kind.ADD, org.posthorn.api.mailbox.Flags.named(List.of("private"))),
                        java.util.OptionalLong.empty());
        assertThat(alice("Email/get", "'ids': ['" + both + "']")
                        .at("/list/0/keywords/private")
                        .booleanValue())
                .isTrue();
        assertThat(bob("Email/get", "'ids': ['" + both + "']").at("/list/0/keywords"))
                .hasToString("{}");
        assertThat(bob("Email/query", "'filter': {'hasKeyword': 'private'}").get("ids"))
                .isEmpty();
    }

    @Test
    void a_thread_has_those_of_its_emails_that_one_sees() throws IOException {
        assertThat(strings(alice("Thread/get", "'ids': ['" + thread + "']").at("/list/0/emailIds")))
                .containsExactlyInAnyOrder(work, hidden);
        assertThat(strings(bob("Thread/get", "'ids': ['" + thread + "']").at("/list/0/emailIds")))
                .containsExactly(work);
    }

    @Test
    void searches_find_nothing_else_and_count_nothing_else() throws IOException {
        JsonNode all = bob("Email/query", "'calculateTotal': true");
        assertThat(strings(all.get("ids"))).containsExactlyInAnyOrder(work, both);
        assertThat(all.get("total").intValue()).isEqualTo(2);
        assertThat(strings(bob("Email/query", "'filter': {'text': 'plan'}").get("ids")))
                .containsExactly(work);
        for (String name : List.of("INBOX", "Work.Secret", "Work.Drop")) {
            String id = shared.mailboxId(ALICE, name);
            JsonNode found = bob("Email/query", "'filter': {'inMailbox': '" + id + "'}, 'calculateTotal': true");
            assertThat(found.get("ids")).isEmpty();
            assertThat(found.get("total").intValue()).isZero();
        }
        String workId = shared.mailboxId(ALICE, "Work");
        assertThat(bob("Email/query", "'filter': {'inMailboxOtherThan': ['" + workId + "']}")
                        .get("ids"))
                .isEmpty();
        String seen = "'filter': {'someInThreadHaveKeyword': '$seen'}";
        assertThat(strings(alice("Email/query", seen).get("ids"))).containsExactlyInAnyOrder(work, hidden);
        assertThat(strings(bob("Email/query", seen).get("ids"))).isEmpty();
        JsonNode snippets =
                bob("SearchSnippet/get", "'filter': {'text': 'plan'}, 'emailIds': ['" + hidden + "', '" + work + "']");
        assertThat(snippets.get("list").findValuesAsText("emailId")).containsExactly(work);
        assertThat(strings(snippets.get("notFound"))).containsExactly(hidden);
    }

    @Test
    void blobs_are_those_of_emails_that_one_sees() throws IOException {
        for (String blob : List.of(hidden, hidden + "-1")) {
            assertThat(strings(bob("Email/parse", "'blobIds': ['" + blob + "']").get("notFound")))
                    .containsExactly(blob);
            assertThat(strings(bob("Blob/get", "'ids': ['" + blob + "']").get("notFound")))
                    .containsExactly(blob);
        }
        assertThat(bob("Blob/get", "'ids': ['" + work + "']").at("/list/0/size").intValue())
                .isPositive();
        JsonNode found = bob(
                "Blob/lookup",
                "'typeNames': ['Mailbox', 'Thread', 'Email'], 'ids': ['" + hidden + "', '" + both + "']");
        assertThat(found.at("/list/0/matchedIds")).hasToString("{\"Mailbox\":[],\"Thread\":[],\"Email\":[]}");
        assertThat(strings(found.at("/list/1/matchedIds/Mailbox"))).containsExactly(shared.mailboxId(ALICE, "Work"));
        JsonNode copied = shared.bob
                .all(("['Blob/copy', {'fromAccountId': '" + Shared.id(ALICE)
                                + "', 'accountId': 'ACCOUNT', 'blobIds': ['" + hidden + "', '" + work + "']}, '0']")
                        .replace('\'', '"'))
                .at("/0/1");
        assertThat(copied.get("notCopied").has(hidden)).isTrue();
        assertThat(copied.at("/copied/" + work).textValue()).startsWith("U");
    }

    @Test
    void an_upload_is_his_who_made_it() throws IOException {
        String upload = shared.alice.upload("of Alice".getBytes());
        assertThat(strings(bob("Blob/get", "'ids': ['" + upload + "']").get("notFound")))
                .containsExactly(upload);
        String his = shared.bob.upload("of Bob".getBytes());
        assertThat(bob("Blob/get", "'ids': ['" + his + "']")
                        .at("/list/0/data:asText")
                        .textValue())
                .isEqualTo("of Bob");
        assertThat(strings(alice("Blob/get", "'ids': ['" + his + "']").get("notFound")))
                .containsExactly(his);
    }

    @Test
    void places_in_imap_are_those_that_one_sees() throws IOException {
        JsonNode by = bob("Email/locate", "'ids': ['" + hidden + "', '" + both + "']");
        assertThat(by.get("list").findValuesAsText("mailboxId")).containsExactly(shared.mailboxId(ALICE, "Work"));
        assertThat(strings(by.get("notFound"))).containsExactly(hidden);
        for (String name : List.of("INBOX", "Work.Secret", "Work.Drop")) {
            JsonNode at = bob("Email/locate", "'mailboxId': '" + shared.mailboxId(ALICE, name) + "', 'uids': [1]");
            assertThat(at.get("list")).isEmpty();
            assertThat(strings(at.get("notFound"))).containsExactly("1");
        }
    }

    @Test
    void what_is_public_is_everybodys() throws IOException {
        shared.mailbox(PUBLIC, "News");
        shared.store()
                .access(org.posthorn.api.mail.Address.of(PUBLIC))
                .change("News", "anyone", before -> org.posthorn.api.mailbox.Rights.parse("lr"));
        String news = shared.add(PUBLIC, "News", "today");
        for (var who : List.of(shared.alice, shared.carol))
            assertThat(strings(Shared.in(PUBLIC, who, "Email/query", "").get("ids")))
                    .containsExactly(news);
        assertThat(Shared.in(PUBLIC, shared.carol, "Mailbox/get", "")
                        .get("list")
                        .findValuesAsText("name"))
                .containsExactly("News");
    }

    @Test
    void what_is_taken_away_is_gone_at_once() throws IOException {
        shared.share(ALICE, "Work", BOB, "");
        assertThat(bob("Email/get", "'ids': ['" + work + "']").get("list")).isEmpty();
        shared.share(ALICE, "Work.Drop", BOB, "");
        assertThat(bob("Email/get", "'ids': ['" + work + "']")).hasToString("{\"type\":\"accountNotFound\"}");
        assertThat(Shared.in(ALICE, shared.carol, "Email/get", "")).hasToString("{\"type\":\"accountNotFound\"}");
        shared.share(ALICE, "Work", CAROL, "lr");
        assertThat(Shared.in(ALICE, shared.carol, "Email/get", "").get("list")).hasSize(2);
    }

    @Test
    void neither_account_is_listed_to_read_in_it() throws IOException {
        AskedStore asked = new AskedStore(shared.store());
        for (String user : List.of(ALICE, BOB)) {
            Calls calls = new Calls(asked.store(), org.posthorn.api.mail.Address.of(user), folder.resolve("uploads"));
            assertThat(Shared.in(ALICE, calls, "Email/get", "'ids': ['" + work + "']")
                            .get("list"))
                    .hasSize(1);
            assertThat(Shared.in(ALICE, calls, "Blob/get", "'ids': ['" + work + "']")
                            .get("list"))
                    .hasSize(1);
        }
        assertThat(asked.asked).contains("account " + ALICE).doesNotContain("list " + ALICE);
    }
}
