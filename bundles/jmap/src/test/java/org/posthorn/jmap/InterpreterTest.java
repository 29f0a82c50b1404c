package org.posthorn.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** RFC 8620 3, by its examples. */
class InterpreterTest {

    @TempDir
    Path folder;

    private Talk talk;

    @BeforeEach
    void begin() {
        talk = new Talk(folder);
        talk.services().stores().add(new Shelf().store(), Map.of());
    }

    private static void told(JsonNode response, String responses) throws Exception {
        assertThat(response.get("methodResponses")).isEqualTo(Talk.json(responses));
    }

    @Test
    void core_echo_gives_back_its_arguments() throws Exception {
        told(
                talk.calls("['Core/echo', {'hello': true, 'high': 5}, 'b3ff']"),
                "[['Core/echo', {'hello': true, 'high': 5}, 'b3ff']]");
    }

    @Test
    void an_unknown_method_fails_and_the_next_one_does_not() throws Exception {
        told(
                talk.calls("['Foo/bar', {}, 'a'], ['Core/echo', {}, 'a']"),
                "[['error', {'type': 'unknownMethod'}, 'a'], ['Core/echo', {}, 'a']]");
    }

    @Test
    void a_method_of_a_capability_that_is_not_used_is_unknown() throws Exception {
        told(
                talk.request("{'using': ['urn:ietf:params:jmap:core'], 'methodCalls': [['Thing/get', {}, '1']]}"),
                "[['error', {'type': 'unknownMethod'}, '1']]");
    }

    @Test
    void a_capability_that_is_unknown_refuses_the_whole() {
        assertThat(problem("{'using': ['https://example.com/apis/foobar'], 'methodCalls': []}"))
                .isEqualTo(Problem.unknownCapability("https://example.com/apis/foobar"));
    }

    @Test
    void what_is_no_request_refuses_the_whole() {
        for (String text : new String[] {
            "[]",
            "{}",
            "{'using': 'x', 'methodCalls': []}",
            "{'using': [1], 'methodCalls': []}",
            "{'using': [], 'methodCalls': {}}",
            "{'using': [], 'methodCalls': [['Core/echo', {}]]}",
            "{'using': [], 'methodCalls': [['Core/echo', [], 'x']]}",
            "{'using': [], 'methodCalls': [[1, {}, 'x']]}",
            "{'using': [], 'methodCalls': [['Core/echo', {}, 1]]}",
            "{'using': [], 'methodCalls': [], 'createdIds': []}",
            "{'using': [], 'methodCalls': [], 'createdIds': {'a': 'no id'}}"
        }) assertThat(problem(text).type()).as(text).isEqualTo("urn:ietf:params:jmap:error:notRequest");
    }

    @Test
    void more_calls_than_the_limit_refuse_the_whole() {
        String calls = IntStream.rangeClosed(0, Talk.LIMITS.calls())
                .mapToObj(i -> "['Core/echo', {}, '" + i + "']")
                .collect(Collectors.joining(","));
        Problem problem = problem("{'using': ['urn:ietf:params:jmap:core'], 'methodCalls': [" + calls + "]}");
        assertThat(problem.type()).isEqualTo("urn:ietf:params:jmap:error:limit");
        assertThat(problem.json().get("limit").textValue()).isEqualTo("maxCallsInRequest");
    }

    private Problem problem(String request) {
        try {
            talk.request(request);
            throw new AssertionError(request + " is taken");
        } catch (Refused refused) {
            return refused.problem();
        } catch (java.io.IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void created_ids_are_told_when_they_were_given() throws Exception {
        JsonNode response =
                talk.request("{'using': ['" + Things.URI + "'], 'createdIds': {'old': 'T9'}, 'methodCalls': ["
                        + "['Thing/set', {'accountId': 'ACCOUNT', 'create': {'k1': {'name': 'x'}}}, '0']]}");
        assertThat(response.get("createdIds")).isEqualTo(Talk.json("{'old': 'T9', 'k1': 'T0'}"));
        assertThat(talk.calls("['Core/echo', {}, '0']").has("createdIds")).isFalse();
    }

    @Test
    void a_creation_id_stands_for_what_it_became() throws Exception {
        told(
                talk.calls(
                        "['Thing/set', {'accountId': 'ACCOUNT', 'create': {'k1': {'name': 'x'}}}, '0'],"
                                + "['Thing/set', {'accountId': 'ACCOUNT', 'update': {'#k1': {'number': 3}}}, '1'],"
                                + "['Thing/get', {'accountId': 'ACCOUNT', 'ids': ['#k1', 'T7'], 'properties': ['number']}, '2']"),
                "[['Thing/set', {'accountId': 'ACCOUNT', 'oldState': '1', 'newState': '2', 'created': {'k1': {'id': 'T0'}},"
                        + "  'updated': null, 'destroyed': null, 'notCreated': null, 'notUpdated': null, 'notDestroyed': null}, '0'],"
                        + "['Thing/set', {'accountId': 'ACCOUNT', 'oldState': '2', 'newState': '3', 'created': null,"
                        + "  'updated': {'T0': null}, 'destroyed': null, 'notCreated': null, 'notUpdated': null, 'notDestroyed': null}, '1'],"
                        + "['Thing/get', {'accountId': 'ACCOUNT', 'state': '3', 'list': [{'id': 'T0', 'number': 3}], 'notFound': ['T7']}, '2']]");
    }

    /** The first example of RFC 8620 3.7. */
    @Test
    void ids_are_taken_from_the_response_before() throws Exception {
        thing("T0", "a");
        JsonNode response = talk.calls("['Thing/changes', {'accountId': 'ACCOUNT', 'sinceState': '0'}, 't0'],"
                + "['Thing/get', {'accountId': 'ACCOUNT',"
                + " '#ids': {'resultOf': 't0', 'name': 'Thing/changes', 'path': '/created'}}, 't1']");
        assertThat(response.at("/methodResponses/1/1/list/0/id").textValue()).isEqualTo("T0");
    }

    private void thing(String id, String name) {
        ObjectNode thing = Json.NODES.objectNode().put("id", id).put("name", name);
        talk.things.all.put(id, thing);
    }

    /** The second example of RFC 8620 3.7: a star goes through an array, and arrays in it are laid end to end. */
    @Test
    void a_star_stands_for_each_item() throws Exception {
        JsonNode response = talk.calls(
                "['Core/echo', {'list': [{'threadIds': ['a', 'b']}, {'threadIds': ['c']}]}, 't1'],"
                        + "['Core/echo', {'#ids': {'resultOf': 't1', 'name': 'Core/echo', 'path': '/list/*/threadIds'}}, 't2']");
        assertThat(response.at("/methodResponses/1/1")).isEqualTo(Talk.json("{'ids': ['a', 'b', 'c']}"));
    }

    @Test
    void a_reference_that_leads_nowhere_is_told() throws Exception {
        for (String reference : new String[] {
            "{'resultOf': 'no', 'name': 'Core/echo', 'path': '/a'}",
            "{'resultOf': 'a', 'name': 'Thing/get', 'path': '/a'}",
            "{'resultOf': 'a', 'name': 'Core/echo', 'path': '/b'}",
            "{'resultOf': 'a', 'name': 'Core/echo', 'path': 'a'}",
            "{'resultOf': 'a', 'name': 'Core/echo', 'path': '/a/01'}",
            "{'resultOf': 'a', 'name': 'Core/echo', 'path': '/a/-'}",
            "{'resultOf': 'a', 'name': 'Core/echo', 'path': '/a/*/x'}"
        }) {
            JsonNode response =
                    talk.calls("['Core/echo', {'a': [1, 2]}, 'a'], ['Core/echo', {'#x': " + reference + "}, 'b']");
            assertThat(response.at("/methodResponses/1/1/type").textValue())
                    .as(reference)
                    .isEqualTo("invalidResultReference");
        }
    }

    @Test
    void a_name_with_and_without_its_hash_is_refused() throws Exception {
        JsonNode response = talk.calls("['Core/echo', {}, 'a'],"
                + "['Core/echo', {'x': 1, '#x': {'resultOf': 'a', 'name': 'Core/echo', 'path': ''}}, 'b']");
        assertThat(response.at("/methodResponses/1/1/type").textValue()).isEqualTo("invalidArguments");
    }

    @Test
    void references_that_double_what_there_is_come_to_an_end() throws Exception {
        String text = "x".repeat(60_000);
        StringBuilder calls = new StringBuilder("['Core/echo', {'a': '" + text + "'}, '0']");
        for (int i = 1; i < Talk.LIMITS.calls(); i++) {
            String whole = "{'resultOf': '" + (i - 1) + "', 'name': 'Core/echo', 'path': ''}";
            calls.append(",['Core/echo', {'#a': ").append(whole);
            for (char c = 'b'; c < 'i'; c++)
                calls.append(", '#").append(c).append("': ").append(whole);
            calls.append("}, '").append(i).append("']");
        }
        assertThat(talk.calls(calls.toString()).toString())
                .contains("requestTooLarge")
                .hasSizeLessThan(20_000_000);
    }

    @Test
    void a_disk_that_breaks_fails_one_call() throws Exception {
        JsonNode response = talk.calls("['Thing/breaks', {}, 'a'], ['Core/echo', {}, 'b']");
        assertThat(response.at("/methodResponses/0/1/type").textValue()).isEqualTo("serverFail");
        assertThat(response.toString()).doesNotContain("the disk");
        assertThat(response.at("/methodResponses/1/0").textValue()).isEqualTo("Core/echo");
    }

    @Test
    void what_may_have_changed_something_fails_in_part_and_what_is_too_deep_alone() throws Exception {
        JsonNode responses = talk.calls("['Thing/copy', {}, '0'], ['Thing/deep', {}, '1'], ['Core/echo', {}, '2']")
                .get("methodResponses");
        assertThat(responses.at("/0/1/type").textValue()).isEqualTo("serverPartialFail");
        assertThat(responses.at("/1/1/type").textValue()).isEqualTo("requestTooLarge");
        assertThat(responses.at("/2/0").textValue()).isEqualTo("Core/echo");
    }

    @Test
    @Timeout(10)
    void references_cost_what_the_way_to_them_is_long() throws Exception {
        String items = "[],".repeat(20_000) + "[]";
        StringBuilder references = new StringBuilder();
        for (int i = 0; i < 10_000; i++)
            references
                    .append(i == 0 ? "" : ",")
                    .append("'#a" + i + "': {'resultOf': '0', 'name': 'Core/echo', 'path': '/l/*'}");
        JsonNode responses = talk.calls(
                        "['Core/echo', {'l': [" + items + "]}, '0'], ['Core/echo', {" + references + "}, '1']")
                .get("methodResponses");
        assertThat(responses.at("/1/1/type").textValue()).isEqualTo("requestTooLarge");
    }

    @Test
    void an_answer_for_which_there_is_no_room_is_not_told() throws Exception {
        JsonNode responses = talk.calls("['Core/echo', {'l': [" + "[],".repeat(30_000) + "[]]}, '0']")
                .get("methodResponses");
        assertThat(responses.at("/0/1/type").textValue()).isEqualTo("requestTooLarge");
    }

    @Test
    void a_sort_that_is_too_long_or_by_an_unknown_collation_is_refused() throws Exception {
        String by = "{'property': 'name'}";
        for (String sort : new String[] {(by + ",").repeat(10) + by, "{'property': 'name', 'collation': 'i;basic'}"})
            told(
                    talk.calls("['Thing/query', {'accountId': 'ACCOUNT', 'sort': [" + sort + "]}, '0']"),
                    "[['error', {'type': 'unsupportedSort'}, '0']]");
    }

    @Test
    void what_a_call_implies_has_its_call_id() throws Exception {
        JsonNode response = talk.calls("['Thing/implies', {}, 'a']");
        assertThat(response.at("/methodResponses/1/0").textValue()).isEqualTo("Thing/get");
        assertThat(response.at("/methodResponses/1/2").textValue()).isEqualTo("a");
    }

    @Test
    void arguments_are_held_against_their_types() throws Exception {
        Map<String, String> wrong = Map.of(
                "['Thing/get', {}, 'a']", "invalidArguments",
                "['Thing/get', {'accountId': 'x'}, 'a']", "accountNotFound",
                "['Thing/get', {'accountId': 'ACCOUNT', 'ids': 'x'}, 'a']", "invalidArguments",
                "['Thing/get', {'accountId': 'ACCOUNT', 'ids': [1]}, 'a']", "invalidArguments",
                "['Thing/get', {'accountId': 'ACCOUNT', 'more': 1}, 'a']", "invalidArguments",
                "['Thing/get', {'accountId': 'ACCOUNT', 'properties': ['colour']}, 'a']", "invalidArguments",
                "['Thing/get', {'accountId': 'ACCOUNT', 'ids': ['a', 'b', 'c', 'd', 'e', 'f', 'g']}, 'a']",
                        "requestTooLarge",
                "['Thing/changes', {'accountId': 'ACCOUNT', 'sinceState': '0', 'maxChanges': 0}, 'a']",
                        "invalidArguments",
                "['Thing/query', {'accountId': 'ACCOUNT', 'limit': -1}, 'a']", "invalidArguments",
                "['Thing/set', {'accountId': 'ACCOUNT', 'ifInState': '7'}, 'a']", "stateMismatch");
        for (Map.Entry<String, String> call : wrong.entrySet())
            assertThat(talk.calls(call.getKey()).at("/methodResponses/0/1/type").textValue())
                    .as(call.getKey())
                    .isEqualTo(call.getValue());
    }

    @Test
    void a_query_is_told_from_a_position_or_an_anchor() throws Exception {
        for (int i = 0; i < 5; i++) thing("T" + i, i % 2 == 0 ? "even" : "odd");
        assertThat(query("'position': 3")).isEqualTo("3 [T3, T4]");
        assertThat(query("'position': -2")).isEqualTo("3 [T3, T4]");
        assertThat(query("'position': -9, 'limit': 1")).isEqualTo("0 [T0]");
        assertThat(query("'position': 9")).isEqualTo("5 []");
        assertThat(query("'anchor': 'T2', 'anchorOffset': -1, 'limit': 2")).isEqualTo("1 [T1, T2]");
        assertThat(query("'anchor': 'T2', 'anchorOffset': -9, 'limit': 1")).isEqualTo("0 [T0]");
        assertThat(query("'filter': {'name': 'odd'}")).isEqualTo("0 [T1, T3]");
        assertThat(query("'filter': {'operator': 'NOT', 'conditions': [{'name': 'odd'}]}"))
                .isEqualTo("0 [T0, T2, T4]");
        assertThat(query("'anchor': 'T9'")).isEqualTo("anchorNotFound");
        assertThat(query("'filter': {'operator': 'XOR', 'conditions': []}")).isEqualTo("invalidArguments");
        assertThat(query("'filter': {'operator': 'AND', 'conditions': [{'colour': 1}]}"))
                .isEqualTo("unsupportedFilter");
    }

    private String query(String arguments) throws Exception {
        JsonNode answer = talk.calls("['Thing/query', {'accountId': 'ACCOUNT', " + arguments + "}, 'q']")
                .at("/methodResponses/0/1");
        if (answer.has("type")) return answer.get("type").textValue();
        return answer.get("position") + " "
                + answer.get("ids").toString().replace("\"", "").replace(",", ", ");
    }

    @Test
    void blobs_are_copied_or_not_found() throws Exception {
        String id = talk.services()
                .uploads()
                .store(Talk.DEMO, new java.io.ByteArrayInputStream(new byte[] {1, 2}))
                .id();
        JsonNode answer = talk.calls("['Blob/copy', {'fromAccountId': 'ACCOUNT', 'accountId': 'ACCOUNT', 'blobIds': ['"
                        + id + "', 'Unone']}, 'a']")
                .at("/methodResponses/0/1");
        assertThat(answer.at("/copied/" + id).textValue()).isEqualTo(id);
        assertThat(answer.at("/notCopied/Unone/type").textValue()).isEqualTo("notFound");
        assertThat(talk.calls("['Blob/copy', {'fromAccountId': 'x', 'accountId': 'ACCOUNT', 'blobIds': []}, 'a']")
                        .at("/methodResponses/0/1/type")
                        .textValue())
                .isEqualTo("fromAccountNotFound");
    }
}
