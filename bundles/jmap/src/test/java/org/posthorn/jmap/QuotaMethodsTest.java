package org.posthorn.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mailbox.Amount;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.Quota;
import org.posthorn.jmap.mail.MailCapability;
import org.posthorn.jmap.mail.Snoozes;

/** RFC 9425. */
class QuotaMethodsTest {

    @TempDir
    Path folder;

    private Quota quota = Quota.NONE;
    private Talk talk;

    @BeforeEach
    void begin() {
        talk = new Talk(folder, new QuotaCapability(), new MailCapability(new Snoozes(folder, Clock.systemUTC())));
        MailboxStore store = (MailboxStore) Proxy.newProxyInstance(
                MailboxStore.class.getClassLoader(),
                new Class<?>[] {MailboxStore.class},
                (proxy, method, arguments) -> quota);
        talk.services().stores().add(store, Map.of());
    }

    private void holds(long octets, long messages, long limit, long most) {
        quota = new Quota(new Amount(octets, messages), new Amount(limit, most));
    }

    private JsonNode call(String method, String arguments) throws Exception {
        String comma = arguments.isEmpty() ? "" : ", ";
        return talk.calls("['" + method + "', {'accountId': 'ACCOUNT'" + comma + arguments + "}, 'c']")
                .at("/methodResponses/0/1");
    }

    private static void told(JsonNode json, String expected) throws Exception {
        assertThat(Talk.json(json.toString())).isEqualTo(Talk.json(expected));
    }

    @Test
    void each_kind_of_limit_is_a_quota() throws Exception {
        holds(5000, 1056, 100_000, 2000);
        JsonNode answer = call("Quota/get", "'ids': null");
        told(
                answer.get("list"),
                "[{'id': 'count', 'resourceType': 'count', 'used': 1056, 'hardLimit': 2000, 'warnLimit': null,"
                        + " 'softLimit': null, 'scope': 'account', 'name': 'demo@example.org', 'description': null,"
                        + " 'types': ['Email']}, {'id': 'octets', 'resourceType': 'octets', 'used': 5000,"
                        + " 'hardLimit': 100000, 'warnLimit': null, 'softLimit': null, 'scope': 'account',"
                        + " 'name': 'demo@example.org', 'description': null, 'types': ['Email']}]");
        told(
                call("Quota/get", "'ids': ['octets', 'x'], 'properties': ['used']")
                        .get("list"),
                "[{'id': 'octets', 'used': 5000}]");
        told(call("Quota/get", "'ids': ['octets', 'x']").get("notFound"), "['x']");
        assertThat(call("Quota/get", "'properties': ['size']").get("type").textValue())
                .isEqualTo("invalidArguments");
    }

    @Test
    void without_a_limit_there_is_none() throws Exception {
        told(call("Quota/get", "").get("list"), "[]");
        holds(1, 1, Long.MAX_VALUE, 10);
        told(call("Quota/get", "'properties': ['id']").get("list"), "[{'id': 'count'}]");
    }

    @Test
    void who_does_not_ask_for_mail_is_told_of_no_quota_of_mail() throws Exception {
        holds(1, 1, 10, 10);
        JsonNode answer = talk.request("{'using': ['" + CoreCapability.URI + "', '" + QuotaCapability.URI
                + "'], 'methodCalls': [['Quota/get', {'accountId': 'ACCOUNT', 'ids': ['octets']}, 'c']]}");
        told(answer.at("/methodResponses/0/1/list"), "[]");
        told(answer.at("/methodResponses/0/1/notFound"), "['octets']");
    }

    @Test
    void changes_of_what_is_used_are_asked_for_alone() throws Exception {
        holds(5000, 1056, 100_000, 2000);
        String state = call("Quota/get", "").get("state").textValue();
        holds(5000, 1246, 100_000, 2000);
        JsonNode answers = talk.calls("['Quota/changes', {'accountId': 'ACCOUNT', 'sinceState': '" + state
                        + "', 'maxChanges': 20}, '0'], ['Quota/get', {'accountId': 'ACCOUNT', '#ids': {'resultOf': '0',"
                        + " 'name': 'Quota/changes', 'path': '/updated'}, '#properties': {'resultOf': '0',"
                        + " 'name': 'Quota/changes', 'path': '/updatedProperties'}}, '1']")
                .get("methodResponses");
        String now = call("Quota/get", "").get("state").textValue();
        told(
                answers.at("/0/1"),
                "{'accountId': 'ACCOUNT', 'oldState': '" + state + "', 'newState': '" + now
                        + "', 'hasMoreChanges': false, 'created': [], 'updated': ['count'], 'destroyed': [],"
                        + " 'updatedProperties': ['used']}");
        told(answers.at("/1/1/list"), "[{'id': 'count', 'used': 1246}]");
        told(call("Quota/changes", "'sinceState': '" + now + "'").get("updated"), "[]");
    }

    @Test
    void a_limit_that_comes_changes_and_goes_is_told() throws Exception {
        holds(5, 1, 10, Long.MAX_VALUE);
        String before = call("Quota/get", "").get("state").textValue();
        holds(5, 1, 20, Long.MAX_VALUE);
        JsonNode changed = call("Quota/changes", "'sinceState': '" + before + "'");
        told(changed.get("updated"), "['octets']");
        assertThat(changed.get("updatedProperties").isNull()).isTrue();
        holds(5, 1, Long.MAX_VALUE, 7);
        JsonNode other = call("Quota/changes", "'sinceState': '" + before + "'");
        told(other.get("created"), "['count']");
        told(other.get("destroyed"), "['octets']");
        quota = Quota.NONE;
        told(call("Quota/changes", "'sinceState': '" + before + "'").get("destroyed"), "['octets']");
    }

    @Test
    void changes_are_told_one_by_one() throws Exception {
        holds(5, 1, 10, 10);
        String state = call("Quota/get", "").get("state").textValue();
        holds(6, 2, 10, 10);
        JsonNode first = call("Quota/changes", "'sinceState': '" + state + "', 'maxChanges': 1");
        assertThat(first.get("hasMoreChanges").booleanValue()).isTrue();
        told(first.get("updated"), "['count']");
        JsonNode second =
                call("Quota/changes", "'sinceState': '" + first.get("newState").textValue() + "', 'maxChanges': 1");
        assertThat(second.get("hasMoreChanges").booleanValue()).isFalse();
        told(second.get("updated"), "['octets']");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "octets-1", "octets-1-2_", "octets-99999999999999999-1", "none_none"})
    void a_state_that_is_none_is_not_known(String state) throws Exception {
        assertThat(call("Quota/changes", "'sinceState': '" + state + "'")
                        .get("type")
                        .textValue())
                .isEqualTo("cannotCalculateChanges");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "'filter': null~['count', 'octets']",
                "'sort': [{'property': 'used', 'isAscending': false}]~['octets', 'count']",
                "'sort': [{'property': 'name'}, {'property': 'used'}]~['count', 'octets']",
                "'filter': {'resourceType': 'octets'}~['octets']",
                "'filter': {'name': 'demo@', 'scope': 'account', 'type': 'Email'}~['count', 'octets']",
                "'filter': {'operator': 'NOT', 'conditions': [{'resourceType': 'count'}]}~['octets']",
                "'filter': {'scope': 'domain'}~[]",
                "'filter': {'type': 'Mailbox'}~[]",
                "'filter': {'name': 'DEMO'}~[]",
                "'position': 1, 'limit': 5~['octets']"
            })
    void a_query_finds_and_sorts(String arguments, String ids) throws Exception {
        holds(5000, 1056, 100_000, 2000);
        told(call("Quota/query", arguments).get("ids"), ids);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "'filter': {'used': 'x'}~unsupportedFilter",
                "'filter': {'name': 1}~invalidArguments",
                "'sort': [{'property': 'scope'}]~unsupportedSort",
                "'x': 1~invalidArguments"
            })
    void what_a_query_does_not_know_is_refused(String arguments, String type) throws Exception {
        assertThat(call("Quota/query", arguments).get("type").textValue()).isEqualTo(type);
    }

    @Test
    void changes_of_a_query_are_those_of_its_order() throws Exception {
        String byUse = "'sort': [{'property': 'used'}], 'calculateTotal': true";
        holds(10, 20, 100, 100);
        String state = call("Quota/query", byUse).get("queryState").textValue();
        String since = byUse + ", 'sinceQueryState': '" + state + "'";
        holds(15, 20, 100, 100);
        JsonNode same = call("Quota/queryChanges", since);
        told(same.get("removed"), "[]");
        told(same.get("added"), "[]");
        assertThat(same.get("total").intValue()).isEqualTo(2);
        holds(30, 20, 100, 100);
        JsonNode other = call("Quota/queryChanges", since);
        told(other.get("removed"), "['octets', 'count']");
        told(other.get("added"), "[{'id': 'count', 'index': 0}, {'id': 'octets', 'index': 1}]");
        assertThat(call("Quota/queryChanges", since + ", 'maxChanges': 3")
                        .get("type")
                        .textValue())
                .isEqualTo("tooManyChanges");
    }

    @Test
    void its_state_is_pushed() throws Exception {
        holds(10, 20, 100, 100);
        try (Context context = new Context(Talk.DEMO, talk.services(), new HashMap<>())) {
            Map<String, String> before = new QuotaCapability().states(context, Talk.DEMO);
            holds(11, 20, 100, 100);
            assertThat(new QuotaCapability().states(context, Talk.DEMO))
                    .containsOnlyKeys("Quota")
                    .isNotEqualTo(before);
        }
    }
}
