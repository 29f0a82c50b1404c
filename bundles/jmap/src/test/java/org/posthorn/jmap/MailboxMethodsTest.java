package org.posthorn.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.MailboxChanges;
import org.posthorn.jmap.mail.MailCapability;
import org.posthorn.jmap.mail.Snoozes;

/** RFC 8621 2. */
class MailboxMethodsTest {

    @TempDir
    Path folder;

    private final Shelf shelf = new Shelf();
    private Talk talk;

    @BeforeEach
    void begin() {
        talk = new Talk(folder, new MailCapability(new Snoozes(folder, Clock.systemUTC())));
        talk.services().stores().add(shelf.store(), Map.of());
    }

    private JsonNode call(String method, String arguments) throws Exception {
        String comma = arguments.isEmpty() ? "" : ", ";
        return talk.calls("['" + method + "', {'accountId': 'ACCOUNT'" + comma + arguments + "}, 'c']")
                .at("/methodResponses/0/1");
    }

    private static void told(JsonNode json, String expected) throws Exception {
        assertThat(json).isEqualTo(Talk.json(expected));
    }

    @Test
    void the_inbox_has_its_role_and_cannot_be_renamed() throws Exception {
        JsonNode inbox = call("Mailbox/get", "'ids': ['F0']").at("/list/0");
        assertThat(inbox.get("name").textValue()).isEqualTo("Inbox");
        assertThat(inbox.get("role").textValue()).isEqualTo("inbox");
        assertThat(inbox.at("/myRights/mayAddItems").booleanValue()).isTrue();
        assertThat(inbox.at("/myRights/mayRename").booleanValue()).isFalse();
        assertThat(inbox.get("parentId").isNull()).isTrue();
        told(call("Mailbox/get", "'ids': ['F9'], 'properties': ['name']").get("notFound"), "['F9']");
    }

    @Test
    void drafts_are_not_unread_and_threads_are_counted_once() throws Exception {
        shelf.message("INBOX", 1, 10, 0);
        shelf.message("INBOX", 2, 10, Flags.SEEN);
        shelf.message("INBOX", 3, 11, Flags.DRAFT);
        shelf.message("INBOX", 1, 10, 0);
        shelf.message("INBOX", 4, 12, Flags.DELETED);
        told(
                call(
                                "Mailbox/get",
                                "'ids': ['F0'], 'properties':"
                                        + " ['totalEmails', 'unreadEmails', 'totalThreads', 'unreadThreads']")
                        .at("/list/0"),
                "{'id': 'F0', 'totalEmails': 3, 'unreadEmails': 1, 'totalThreads': 2, 'unreadThreads': 1}");
    }

    @Test
    void a_subscription_moves_with_its_mailbox_and_with_those_below_it() throws Exception {
        call(
                "Mailbox/set",
                "'create': {'a': {'name': 'out', 'isSubscribed': true}, 'b': {'name': 'in', 'parentId': '#a', 'isSubscribed': true}}");
        call("Mailbox/set", "'update': {'F2': {'name': 'new'}}");
        told(
                call("Mailbox/get", "'ids': ['F2', 'F3'], 'properties': ['name', 'isSubscribed']")
                        .get("list"),
                "[{'id': 'F2', 'name': 'new', 'isSubscribed': true}, {'id': 'F3', 'name': 'in', 'isSubscribed': true}]");
    }

    @Test
    void nothing_of_a_change_with_a_wrong_value_is_made() throws Exception {
        call("Mailbox/set", "'create': {'a': {'name': 'out'}}");
        JsonNode answer = call("Mailbox/set", "'update': {'F2': {'name': 'new', 'isSubscribed': 1}}");
        told(answer.at("/notUpdated/F2/properties"), "['isSubscribed']");
        assertThat(call("Mailbox/get", "'ids': ['F2']").at("/list/0/name").textValue())
                .isEqualTo("out");
    }

    @Test
    void more_sorts_and_conditions_than_anybody_needs_are_not_supported() throws Exception {
        String sort = "{'property': 'name'}";
        told(call("Mailbox/query", "'sort': [" + (sort + ",").repeat(10) + sort + "]"), "{'type': 'unsupportedSort'}");
        String one = "{'name': 'x'}";
        told(
                call(
                        "Mailbox/query",
                        "'filter': {'operator': 'OR', 'conditions': [" + (one + ",").repeat(500) + one + "]}"),
                "{'type': 'unsupportedFilter'}");
    }

    @Test
    void mailboxes_are_made_in_each_other_whatever_their_order() throws Exception {
        JsonNode answer = call(
                "Mailbox/set",
                "'create': {'b': {'name': 'in', 'parentId': '#a'}, 'a': {'name': 'out'},"
                        + " 'c': {'name': 'x', 'parentId': '#c'}}");
        assertThat(answer.at("/created/a/id").textValue()).isEqualTo("F2");
        assertThat(answer.at("/created/b/parentId").textValue()).isEqualTo("F2");
        told(answer.at("/notCreated/c/properties"), "['parentId']");
        told(
                call("Mailbox/get", "'ids': ['F3'], 'properties': ['name', 'parentId']")
                        .get("list"),
                "[{'id': 'F3', 'name': 'in', 'parentId': 'F2'}]");
    }

    @Test
    void what_cannot_be_made_says_why() throws Exception {
        for (String[] wrong : new String[][] {
            {"'name': 'a.b'", "name"},
            {"'name': 'a/b'", "name"},
            {"'name': ' '", "name"},
            {"'name': '" + "x".repeat(201) + "'", "name"},
            {"'name': 7", "name"},
            {"'name': 'Trash'", "name"},
            {"'name': 'x', 'role': 'trash'", "role"},
            {"'name': 'x', 'role': 'nothing'", "role"},
            {"'name': 'x', 'parentId': 'F9'", "parentId"},
            {"'name': 'x', 'totalEmails': 1", "totalEmails"},
            {"'name': 'x', 'isSubscribed': 1", "isSubscribed"}
        }) {
            JsonNode error =
                    call("Mailbox/set", "'create': {'k': {" + wrong[0] + "}}").at("/notCreated/k");
            assertThat(error.get("type").textValue()).as(wrong[0]).isEqualTo("invalidProperties");
            told(error.get("properties"), "['" + wrong[1] + "']");
        }
        assertThat(call("Mailbox/get", "").get("list")).hasSize(2);
    }

    @Test
    void a_mailbox_is_renamed_moved_and_subscribed_to() throws Exception {
        call("Mailbox/set", "'create': {'a': {'name': 'a'}, 'b': {'name': 'b', 'parentId': '#a'}, 'c': {'name': 'c'}}");
        told(
                call(
                                "Mailbox/set",
                                "'update': {'F2': {'name': 'new', 'parentId': 'F4', 'isSubscribed': true, 'sortOrder': 3}}")
                        .get("updated"),
                "{'F2': {'sortOrder': 10}}");
        told(
                call("Mailbox/get", "'ids': ['F2', 'F3'], 'properties': ['name', 'parentId', 'isSubscribed']")
                        .get("list"),
                "[{'id': 'F2', 'name': 'new', 'parentId': 'F4', 'isSubscribed': true},"
                        + " {'id': 'F3', 'name': 'b', 'parentId': 'F2', 'isSubscribed': false}]");
        JsonNode answer = call(
                "Mailbox/set",
                "'update': {'F4': {'parentId': 'F3'}, 'F0': {'name': 'x'},"
                        + " 'F1': {'role': null}, 'F9': {}, 'F2': {'name': 'new'}}");
        told(answer.at("/notUpdated/F4/properties"), "['parentId']");
        told(answer.at("/notUpdated/F0/type"), "'forbidden'");
        told(answer.at("/notUpdated/F1/properties"), "['role']");
        told(answer.at("/notUpdated/F9/type"), "'notFound'");
        told(answer.get("updated"), "{'F2': null}");
    }

    @Test
    void what_has_emails_or_children_goes_only_when_that_is_meant() throws Exception {
        call("Mailbox/set", "'create': {'a': {'name': 'a'}, 'b': {'name': 'b', 'parentId': '#a'}}");
        shelf.message("a.b", 1, 1, 0);
        JsonNode kept = call("Mailbox/set", "'destroy': ['F2', 'F3', 'F0', 'F9']");
        told(kept.at("/notDestroyed/F2/type"), "'mailboxHasChild'");
        told(kept.at("/notDestroyed/F3/type"), "'mailboxHasEmail'");
        told(kept.at("/notDestroyed/F0/type"), "'forbidden'");
        told(kept.at("/notDestroyed/F9/type"), "'notFound'");
        told(
                call("Mailbox/set", "'destroy': ['F2', 'F3'], 'onDestroyRemoveEmails': true")
                        .get("destroyed"),
                "['F3', 'F2']");
    }

    @Test
    void mailboxes_are_found_and_sorted() throws Exception {
        call(
                "Mailbox/set",
                "'create': {'a': {'name': 'Zoo'}, 'b': {'name': 'ant', 'parentId': '#a', 'isSubscribed': true},"
                        + " 'c': {'name': 'Bee'}}");
        assertThat(ids("'sort': [{'property': 'sortOrder'}, {'property': 'name'}]"))
                .isEqualTo("[F0, F1, F3, F4, F2]");
        assertThat(ids("'sort': [{'property': 'name', 'isAscending': false}], 'sortAsTree': true"))
                .isEqualTo("[F2, F3, F1, F0, F4]");
        assertThat(ids("'filter': {'parentId': null, 'hasAnyRole': false}")).isEqualTo("[F4, F2]");
        assertThat(ids("'filter': {'name': 'A'}, 'sort': [{'property': 'name'}]"))
                .isEqualTo("[F3, F1]");
        assertThat(ids("'filter': {'name': 'A'}, 'filterAsTree': true")).isEqualTo("[F1]");
        assertThat(ids("'filter': {'role': 'trash'}")).isEqualTo("[F1]");
        assertThat(ids("'filter': {'isSubscribed': true}")).isEqualTo("[F3]");
        assertThat(ids("'filter': {'colour': 1}")).isEqualTo("unsupportedFilter");
        assertThat(ids("'sort': [{'property': 'colour'}]")).isEqualTo("unsupportedSort");
    }

    private String ids(String arguments) throws Exception {
        JsonNode answer = call("Mailbox/query", arguments);
        return answer.has("type")
                ? answer.get("type").textValue()
                : answer.get("ids").toString().replace("\"", "").replace(",", ", ");
    }

    @Test
    void changes_say_when_only_counts_are_others() throws Exception {
        shelf.changes = new MailboxChanges(List.of(), List.of(), List.of("F0"), List.of(), 50);
        JsonNode counted = call("Mailbox/changes", "'sinceState': '41'");
        told(counted.get("updated"), "['F0']");
        assertThat(counted.get("updatedProperties")).hasSize(4);
        shelf.changes = new MailboxChanges(List.of("F3"), List.of("F1"), List.of("F0"), List.of("F2"), 50);
        JsonNode all = call("Mailbox/changes", "'sinceState': '41'");
        told(all.get("updated"), "['F1', 'F0']");
        told(all.get("newState"), "'50'");
        assertThat(all.get("updatedProperties").isNull()).isTrue();
        told(call("Mailbox/changes", "'sinceState': '41', 'maxChanges': 3").get("type"), "'cannotCalculateChanges'");
        told(call("Mailbox/changes", "'sinceState': 'x'").get("type"), "'cannotCalculateChanges'");
    }
}
