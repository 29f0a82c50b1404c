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
            {"'name': '\\u202e \\u200b'", "name"},
            {"'name': ' '", "name"},
            {"'name': '" + "x".repeat(201) + "'", "name"},
            {"'name': 7", "name"},
            {"'name': 'Trash'", "name"},
            {"'name': 'x', 'role': 'trash'", "role"},
            {"'name': 'x', 'role': 'nothing'", "role"},
            {"'name': 'x', 'parentId': 'F9'", "parentId"},
            {"'name': 'x', 'totalEmails': 1", "totalEmails"},
            {"'name': 'x', 'isSubscribed': 1", "isSubscribed"},
            {"'name': 'x', 'isSubscribed': null", "isSubscribed"},
            {"'name': 'x', 'sortOrder': -1", "sortOrder"},
            {"'name': 'x', 'sortOrder': 2147483648", "sortOrder"},
            {"'name': 'x', 'sortOrder': 1.5", "sortOrder"},
            {"'name': 'x', 'sortOrder': '1'", "sortOrder"},
            {"'name': 'x', 'role': 1", "role"},
            {"'name': 'x', 'parentId': []", "parentId"},
            {"'parentId': null", "name"}
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
                "{'F2': null}");
        told(
                call("Mailbox/get", "'ids': ['F2', 'F3'], 'properties': ['name', 'parentId', 'isSubscribed']")
                        .get("list"),
                "[{'id': 'F2', 'name': 'new', 'parentId': 'F4', 'isSubscribed': true},"
                        + " {'id': 'F3', 'name': 'b', 'parentId': 'F2', 'isSubscribed': true}]");
        JsonNode answer = call(
                "Mailbox/set",
                "'update': {'F4': {'parentId': 'F3'}, 'F0': {'name': 'x'},"
                        + " 'F1': {'role': 'nothing'}, 'F9': {}, 'F2': {'name': 'new'}}");
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
        // RFC 8621 4.1.1: what has \Deleted is not there.
        call("Mailbox/set", "'create': {'c': {'name': 'c'}}");
        shelf.message("c", 2, 2, Flags.DELETED);
        told(call("Mailbox/set", "'destroy': ['F4']").get("destroyed"), "['F4']");
    }

    @Test
    void mailboxes_are_found_and_sorted() throws Exception {
        call(
                "Mailbox/set",
                "'create': {'a': {'name': 'Zoo', 'isSubscribed': false}, 'b': {'name': 'ant', 'parentId': '#a'},"
                        + " 'c': {'name': 'Bee', 'isSubscribed': false}}");
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
        told(all.get("updated"), "['F0', 'F1']");
        told(all.get("newState"), "'50'");
        assertThat(all.get("updatedProperties").isNull()).isTrue();
        told(call("Mailbox/changes", "'sinceState': 'x'").get("type"), "'cannotCalculateChanges'");
        told(call("Mailbox/changes", "'sinceState': '41.x.F0'").get("type"), "'cannotCalculateChanges'");
    }

    /** RFC 8620 5.2: no more than are wanted, and all in the end. */
    @Test
    void changes_are_told_in_steps() throws Exception {
        shelf.changes = new MailboxChanges(List.of("F3"), List.of("F1"), List.of("F0"), List.of("F2"), 50);
        JsonNode first = call("Mailbox/changes", "'sinceState': '41', 'maxChanges': 1");
        told(first.get("updated"), "['F0']");
        assertThat(first.get("updatedProperties")).hasSize(4);
        assertThat(first.get("hasMoreChanges").booleanValue()).isTrue();
        String between = first.get("newState").textValue();
        // Nothing has come between.
        shelf.laterChanges = new MailboxChanges(List.of(), List.of(), List.of(), List.of(), 50);
        JsonNode second = call("Mailbox/changes", "'sinceState': '" + between + "', 'maxChanges': 2");
        told(second.get("updated"), "['F1']");
        told(second.get("destroyed"), "['F2']");
        assertThat(second.get("updatedProperties").isNull()).isTrue();
        // What was told already comes once more when it has changed meanwhile.
        shelf.laterChanges = new MailboxChanges(List.of(), List.of("F0"), List.of(), List.of("F1"), 52);
        between = second.get("newState").textValue();
        told(
                call("Mailbox/changes", "'sinceState': '" + between + "', 'maxChanges': 1")
                        .get("type"),
                "'cannotCalculateChanges'");
        JsonNode last = call("Mailbox/changes", "'sinceState': '" + between + "', 'maxChanges': 3");
        told(last.get("created"), "['F3']");
        told(last.get("updated"), "['F0']");
        told(last.get("destroyed"), "['F1']");
        assertThat(last.get("hasMoreChanges").booleanValue()).isFalse();
        told(last.get("newState"), "'50'");
    }

    /** RFC 8621 2: sortOrder. */
    @Test
    void a_mailbox_has_the_place_that_it_is_given() throws Exception {
        JsonNode made = call("Mailbox/set", "'create': {'a': {'name': 'a', 'sortOrder': 7}, 'b': {'name': 'b'}}");
        assertThat(made.at("/created/a").has("sortOrder")).isFalse();
        assertThat(made.at("/created/b/sortOrder").intValue()).isEqualTo(10);
        assertThat(ids("'sort': [{'property': 'sortOrder'}]")).isEqualTo("[F0, F2, F1, F3]");
        told(
                call("Mailbox/set", "'update': {'F3': {'sortOrder': 0}, 'F2': {'sortOrder': null}}")
                        .get("updated"),
                "{'F3': null, 'F2': {'sortOrder': 10}}");
        assertThat(ids("'sort': [{'property': 'sortOrder'}]")).isEqualTo("[F3, F0, F1, F2]");
        call("Mailbox/set", "'update': {'F3': {'name': 'c'}}");
        told(
                call("Mailbox/get", "'ids': ['F3'], 'properties': ['sortOrder']")
                        .get("list"),
                "[{'id': 'F3', 'sortOrder': 0}]");
        for (String wrong : List.of("-1", "2147483648", "0.5", "'1'", "true"))
            told(
                    call("Mailbox/set", "'update': {'F2': {'sortOrder': " + wrong + "}}")
                            .at("/notUpdated/F2/properties"),
                    "['sortOrder']");
        shelf.changes = new MailboxChanges(List.of(), List.of(), List.of("F0"), List.of(), 50);
        JsonNode changes = call("Mailbox/changes", "'sinceState': '41'");
        assertThat(changes.get("updated").toString()).contains("F2");
        assertThat(changes.get("updatedProperties").isNull()).isTrue();
    }

    /** RFC 8621 2: no two have the same role, when all is done. */
    @Test
    void a_role_goes_from_one_to_another() throws Exception {
        call("Mailbox/set", "'create': {'a': {'name': 'a'}, 'b': {'name': 'b', 'role': 'archive'}}");
        told(call("Mailbox/set", "'update': {'F2': {'role': 'trash'}}").at("/notUpdated/F2/properties"), "['role']");
        told(call("Mailbox/set", "'update': {'F0': {'role': 'sent'}}").at("/notUpdated/F0/properties"), "['role']");
        // It has another place by its role.
        told(
                call("Mailbox/set", "'update': {'F2': {'role': 'trash'}, 'F1': {'role': null}}")
                        .get("updated"),
                "{'F1': {'sortOrder': 10}, 'F2': {'sortOrder': 8}}");
        told(
                call("Mailbox/set", "'update': {'F2': {'role': 'archive'}, 'F3': {'role': 'trash'}}")
                        .get("updated"),
                "{'F2': {'sortOrder': 6}, 'F3': {'sortOrder': 8}}");
        assertThat(ids("'filter': {'role': 'archive'}")).isEqualTo("[F2]");
        assertThat(ids("'filter': {'role': 'trash'}")).isEqualTo("[F3]");
    }

    /** RFC 8620 5.3: A to B and B to A in one call. */
    @Test
    void names_are_swapped_in_one_call() throws Exception {
        call(
                "Mailbox/set",
                "'create': {'a': {'name': 'A'}, 'in': {'name': 'in', 'parentId': '#a'}, 'b': {'name': 'B'}, 'c': {'name': 'C'}}");
        told(
                call("Mailbox/set", "'update': {'F2': {'name': 'B'}, 'F4': {'name': 'A'}}")
                        .get("updated"),
                "{'F2': null, 'F4': null}");
        told(
                call("Mailbox/get", "'ids': ['F2', 'F3', 'F4'], 'properties': ['name', 'parentId']")
                        .get("list"),
                "[{'id': 'F2', 'name': 'B', 'parentId': null}, {'id': 'F3', 'name': 'in', 'parentId': 'F2'}, {'id': 'F4', 'name': 'A', 'parentId': null}]");
        told(
                call("Mailbox/set", "'update': {'F2': {'name': 'A'}, 'F4': {'name': 'D'}}")
                        .get("updated"),
                "{'F4': null, 'F2': null}");
        JsonNode refused = call(
                "Mailbox/set",
                "'update': {'F2': {'name': 'D'}, 'F4': {'name': 'C'}, 'F5': {'name': 'A', 'role': 'trash'}}");
        assertThat(refused.get("notUpdated")).hasSize(3);
        assertThat(refused.get("updated").isNull()).isTrue();
        told(
                call("Mailbox/get", "'ids': ['F2', 'F4', 'F5'], 'properties': ['name']")
                        .get("list"),
                "[{'id': 'F2', 'name': 'A'}, {'id': 'F4', 'name': 'D'}, {'id': 'F5', 'name': 'C'}]");
    }

    /** RFC 8620 5.3: a name is free when what has it goes, or gets another, by the same call. */
    @Test
    void what_counts_is_how_all_are_at_the_end_of_a_call() throws Exception {
        call("Mailbox/set", "'create': {'a': {'name': 'A'}, 'b': {'name': 'B', 'parentId': '#a'}, 'c': {'name': 'C'}}");
        JsonNode freed =
                call("Mailbox/set", "'update': {'F4': {'name': 'B', 'parentId': 'F2'}, 'F9': {}}, 'destroy': ['F3']");
        told(freed.get("updated"), "{'F4': null}");
        told(freed.get("destroyed"), "['F3']");
        told(freed.at("/notUpdated/F9/type"), "'notFound'");
        JsonNode made = call(
                "Mailbox/set",
                "'create': {'n': {'name': 'A'}}, 'update': {'F2': {'name': 'D'}, '#n': {'sortOrder': 3}}");
        told(made.at("/created/n/id"), "'F5'");
        told(made.get("updated"), "{'F2': null, 'F5': null}");
        assertThat(made.get("notCreated").isNull()).isTrue();
        assertThat(made.get("notUpdated").isNull()).isTrue();
        JsonNode gone = call("Mailbox/set", "'update': {'F4': {'parentId': null}}, 'destroy': ['F2']");
        told(gone.get("destroyed"), "['F2']");
        JsonNode ignored = call("Mailbox/set", "'update': {'F5': {'name': 'B'}}, 'destroy': ['F5']");
        told(ignored.at("/notUpdated/F5/type"), "'willDestroy'");
        told(
                call("Mailbox/set", "'create': {'k15': {'name': 'E'}}, 'update': {'F4': {'parentId': '#k15'}}")
                        .get("updated"),
                "{'F4': null}");
        told(
                call("Mailbox/get", "'ids': ['F4'], 'properties': ['parentId']").get("list"),
                "[{'id': 'F4', 'parentId': 'F6'}]");
    }

    @Test
    void a_mailbox_changes_places_with_those_in_it() throws Exception {
        call(
                "Mailbox/set",
                "'create': {'a': {'name': 'A'}, 'b': {'name': 'B', 'parentId': '#a'}, 'c': {'name': 'C', 'parentId': '#b'}}");
        told(
                call(
                                "Mailbox/set",
                                "'update': {'F2': {'parentId': 'F3'}, 'F3': {'parentId': 'F4'}, 'F4': {'parentId': null}}")
                        .get("updated"),
                "{'F4': null, 'F3': null, 'F2': null}");
        told(
                call("Mailbox/get", "'ids': ['F2', 'F3', 'F4'], 'properties': ['parentId']")
                        .get("list"),
                "[{'id': 'F2', 'parentId': 'F3'}, {'id': 'F3', 'parentId': 'F4'}, {'id': 'F4', 'parentId': null}]");
        JsonNode circle = call("Mailbox/set", "'update': {'F4': {'parentId': 'F3'}, 'F2': {'name': 'E'}}");
        told(circle.at("/notUpdated/F4/properties"), "['parentId']");
        told(circle.get("updated"), "{'F2': null}");
    }

    /** RFC 8620 5.3: each is one change, and fails for what is wrong with it. */
    @Test
    void what_is_wrong_with_one_swap_is_no_matter_of_another() throws Exception {
        call(
                "Mailbox/set",
                "'create': {'a': {'name': 'A'}, 'b': {'name': 'B'}, 'c': {'name': 'C'}, 'd': {'name': 'D'}}");
        JsonNode swapped = call(
                "Mailbox/set",
                "'update': {'F2': {'name': 'B'}, 'F3': {'name': 'A'}, 'F4': {'name': 'D', 'sortOrder': -1}, 'F5': {'name': 'C'}}");
        told(swapped.get("updated"), "{'F2': null, 'F3': null}");
        told(swapped.at("/notUpdated/F4/properties"), "['sortOrder']");
        told(swapped.at("/notUpdated/F5/properties"), "['sortOrder']");
        JsonNode beside =
                call("Mailbox/set", "'update': {'F4': {'name': 'A'}, 'F2': {'name': 'A'}, 'F3': {'name': 'B'}}");
        told(beside.get("updated"), "{'F2': null, 'F3': null}");
        told(beside.at("/notUpdated/F4/properties"), "['name']");
    }

    @Test
    void a_mailbox_and_the_one_in_it_get_the_names_of_each_other() throws Exception {
        call("Mailbox/set", "'create': {'a': {'name': 'A'}, 'b': {'name': 'B', 'parentId': '#a'}}");
        told(
                call(
                                "Mailbox/set",
                                "'update': {'F2': {'parentId': 'F3', 'name': 'B'}, 'F3': {'parentId': null, 'name': 'A'}}")
                        .get("updated"),
                "{'F2': null, 'F3': null}");
        told(
                call("Mailbox/get", "'ids': ['F2', 'F3'], 'properties': ['name', 'parentId']")
                        .get("list"),
                "[{'id': 'F2', 'name': 'B', 'parentId': 'F3'}, {'id': 'F3', 'name': 'A', 'parentId': null}]");
    }

    /** The example of RFC 8621 2.6. */
    @Test
    void what_has_changed_is_fetched_by_the_same_request() throws Exception {
        shelf.message("INBOX", 1, 10, 0);
        JsonNode all = call("Mailbox/get", "'ids': null");
        told(
                all.at("/list/0"),
                "{'id': 'F0', 'name': 'Inbox', 'parentId': null, 'role': 'inbox', 'sortOrder': 1, 'isSubscribed': false,"
                        + " 'myRights': {'mayReadItems': true, 'mayAddItems': true, 'mayRemoveItems': true, 'maySetSeen': true,"
                        + " 'maySetKeywords': true, 'mayCreateChild': true, 'mayRename': false, 'mayDelete': false, 'maySubmit': true},"
                        + " 'totalEmails': 1, 'unreadEmails': 1, 'totalThreads': 1, 'unreadThreads': 1}");
        assertThat(all.get("notFound")).isEmpty();
        shelf.changes = new MailboxChanges(List.of(), List.of(), List.of("F0"), List.of(), 42);
        JsonNode answer = talk.calls(
                        "['Mailbox/changes', {'accountId': 'ACCOUNT', 'sinceState': '41'}, '0'],"
                                + " ['Mailbox/get', {'accountId': 'ACCOUNT', '#ids': {'resultOf': '0', 'name': 'Mailbox/changes', 'path': '/created'}}, '1'],"
                                + " ['Mailbox/get', {'accountId': 'ACCOUNT', '#ids': {'resultOf': '0', 'name': 'Mailbox/changes', 'path': '/updated'},"
                                + " '#properties': {'resultOf': '0', 'name': 'Mailbox/changes', 'path': '/updatedProperties'}}, '2']")
                .get("methodResponses");
        told(
                answer.at("/0/1"),
                "{'accountId': 'ACCOUNT', 'oldState': '41', 'newState': '42', 'hasMoreChanges': false, 'created': [], 'updated': ['F0'],"
                        + " 'destroyed': [], 'updatedProperties': ['totalEmails', 'unreadEmails', 'totalThreads', 'unreadThreads']}");
        told(answer.at("/1/1/list"), "[]");
        told(
                answer.at("/2/1/list"),
                "[{'id': 'F0', 'totalEmails': 1, 'unreadEmails': 1, 'totalThreads': 1, 'unreadThreads': 1}]");
        JsonNode set = call(
                "Mailbox/set",
                "'ifInState': '42', 'update': {'F1': {'name': 'Maybe important mail'}}, 'destroy': ['F0']");
        told(set.get("updated"), "{'F1': null}");
        told(set.at("/notDestroyed/F0/type"), "'forbidden'");
    }

    /** RFC 8620 5.3: what a client cannot set it may say as it is. */
    @Test
    void a_whole_object_is_a_patch() throws Exception {
        shelf.message("INBOX", 1, 10, 0);
        JsonNode whole = call("Mailbox/get", "'ids': ['F0']").at("/list/0");
        told(call("Mailbox/set", "'update': {'F0': " + whole + "}").get("updated"), "{'F0': null}");
        told(
                call("Mailbox/set", "'update': {'F0': {'myRights/mayRename': false, 'none': null}}")
                        .get("updated"),
                "{'F0': null}");
        for (String[] wrong : new String[][] {
            {"'totalEmails': 2", "invalidProperties"},
            {"'id': 'F1'", "invalidProperties"},
            {"'myRights/mayRename': true", "invalidProperties"},
            {"'name': null", "invalidProperties"},
            {"'colour': 'red'", "invalidProperties"},
            {"'colour/deep': 'red'", "invalidPatch"},
            {"'name/first': 'I'", "invalidPatch"},
            {"'myRights': {}, 'myRights/mayRename': false", "invalidPatch"}
        })
            told(
                    call("Mailbox/set", "'update': {'F0': {" + wrong[0] + "}}").at("/notUpdated/F0/type"),
                    "'" + wrong[1] + "'");
    }

    /** RFC 8620 5.6. */
    @Test
    void changes_of_a_query_lead_to_what_is_found_now() throws Exception {
        call("Mailbox/set", "'create': {'a': {'name': 'a'}}");
        shelf.changes = new MailboxChanges(List.of(), List.of(), List.of("F0"), List.of(), 50);
        told(
                call("Mailbox/queryChanges", "'sinceQueryState': '41', 'calculateTotal': true"),
                "{'accountId': 'ACCOUNT', 'oldQueryState': '41', 'newQueryState': '43', 'total': 3, 'removed': [], 'added': []}");
        shelf.changes = new MailboxChanges(List.of("F2"), List.of("F1"), List.of(), List.of("F9"), 50);
        String since = "'sinceQueryState': '41', 'filter': {'hasAnyRole': false}";
        told(
                call("Mailbox/queryChanges", since),
                "{'accountId': 'ACCOUNT', 'oldQueryState': '41', 'newQueryState': '43', 'removed': ['F0', 'F1', 'F9'],"
                        + " 'added': [{'id': 'F2', 'index': 0}]}");
        told(call("Mailbox/queryChanges", since + ", 'maxChanges': 3").get("type"), "'tooManyChanges'");
        told(call("Mailbox/queryChanges", "'sinceQueryState': 'x'").get("type"), "'cannotCalculateChanges'");
        told(call("Mailbox/queryChanges", "'sinceQueryState': 41").get("type"), "'invalidArguments'");
        assertThat(call("Mailbox/query", "").get("canCalculateChanges").booleanValue())
                .isTrue();
    }
}
