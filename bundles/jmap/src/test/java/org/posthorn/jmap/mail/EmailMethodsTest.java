package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.jmap.Calls;

/** Email/get, /query, /changes, /queryChanges, Thread/get, /changes: RFC 8621 3 and 4 */
class EmailMethodsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Instant NOON = Instant.parse("2018-06-27T12:00:00Z");

    private final MemoryMail mail = new MemoryMail("INBOX", "Trash");
    private Calls calls;

    /** 1 and 3 are a thread. */
    @BeforeEach
    void fill(@TempDir Path folder) throws IOException {
        calls = new Calls(mail, Address.of("alice@example.org"), folder);
        mail.add(
                "INBOX",
                "From: Zoe <a@x>|To: u@x|Subject: Plan|Date: Mon, 1 Jan 2018 00:00:00 +0000||first words|",
                NOON,
                "\\Seen");
        mail.add(
                "INBOX", "From: b@x|Subject: [list] Other||<html> and <b>more</b>|", NOON.plusSeconds(60), "\\Flagged");
        mail.add(
                "INBOX",
                "From: Al <c@x>|Subject: Re: plan|Content-Type: multipart/mixed; boundary=b||--b|"
                        + "Content-Type: text/html||<p title=\"x\">Grüße <b>an</b> alle|--b|Content-Type: a/b||zip|--b--|",
                NOON.plusSeconds(120));
        mail.add("Trash", "From: d@x|Subject: gone||nothing|", NOON.plusSeconds(180), "$Junk");
        mail.add("INBOX", "Subject: hidden||not to be seen|", NOON.plusSeconds(240), "\\Deleted");
    }

    private static String id(long number) {
        return "M%016x".formatted(number);
    }

    /** The numbers of the Emails that a query finds, in order. */
    private String found(String arguments) throws IOException {
        JsonNode answer = calls.one("Email/query", arguments);
        if (answer.has("type")) return answer.get("type").textValue();
        StringBuilder numbers = new StringBuilder();
        answer.get("ids")
                .forEach(i -> numbers.append(Long.parseLong(i.textValue().substring(1), 16)));
        return numbers.toString();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "{}~4321",
                "{'inMailbox':'FINBOX'}~321",
                "{'inMailbox':'Fnone'}~``",
                "{'inMailboxOtherThan':['FTrash']}~321",
                "{'before':'2018-06-27T12:01:00Z'}~1",
                "{'after':'2018-06-27T12:01:00Z'}~432",
                "{'minSize':150}~3",
                "{'maxSize':40}~4",
                "{'hasKeyword':'$SEEN'}~1",
                "{'notKeyword':'$seen'}~432",
                "{'hasKeyword':'$junk'}~4",
                "{'someInThreadHaveKeyword':'$seen'}~31",
                "{'allInThreadHaveKeyword':'$flagged'}~2",
                "{'noneInThreadHaveKeyword':'$seen'}~42",
                "{'hasAttachment':true}~3",
                "{'hasAttachment':false}~421",
                "{'from':'al'}~3",
                "{'from':'ZOE a@x'}~1",
                "{'to':'u@x'}~1",
                "{'cc':'u@x'}~``",
                "{'bcc':'u@x'}~``",
                "{'subject':'PLAN'}~31",
                "{'body':'words first'}~1",
                "{'body':'\\'words first\\''}~``",
                "{'body':'\"first words\"'}~1",
                "{'body':'grüsse'}~3",
                "{'body':'title'}~``",
                "{'text':'plan alle'}~3",
                "{'text':'zoe'}~1",
                "{'header':['Date']}~1",
                "{'header':['Date','2018']}~1",
                "{'header':['Date','2019']}~``",
                "{'subject':'plan','hasKeyword':'$seen'}~1",
                "{'operator':'OR','conditions':[{'from':'b@x'},{'from':'d@x'}]}~42",
                "{'operator':'NOT','conditions':[{'from':'b@x'},{'from':'d@x'}]}~31",
                "{'operator':'AND','conditions':[{'text':'plan'},{'operator':'NOT','conditions':[{'hasKeyword':'$seen'}]}]}~3",
                "{'operator':'XOR','conditions':[]}~invalidArguments",
                "{'before':'2018-06-27T00:00:00+00:00'}~invalidArguments",
                "{'noSuch':1}~unsupportedFilter",
                "{'from':1}~invalidArguments",
                "{'header':[]}~invalidArguments",
                "{'before':'yesterday'}~invalidArguments"
            })
    void filter_finds(String filter, String numbers) throws IOException {
        String json = filter.replace("\"", "\\\"")
                .replace("\\'", "\u0001")
                .replace('\'', '"')
                .replace('\u0001', '\'');
        assertThat(found("\"filter\":" + json)).isEqualTo(numbers);
    }

    @ParameterizedTest
    @CsvSource({
        "receivedAt, true, 1234",
        "receivedAt, false, 4321",
        "size, true, 4213",
        "from, true, 3241",
        "subject, true, 4213",
        "sentAt, true, 1234",
        "hasKeyword, false, 1432",
        "someInThreadHaveKeyword, false, 3142",
        "allInThreadHaveKeyword, false, 4321",
        "noSuch, true, unsupportedSort"
    })
    void sort_orders(String property, boolean ascending, String numbers) throws IOException {
        assertThat(found("\"sort\":[{\"property\":\"" + property + "\",\"isAscending\":" + ascending
                        + ",\"keyword\":\"$seen\"}]"))
                .isEqualTo(numbers);
    }

    @ParameterizedTest
    @CsvSource({
        "'\"collation\":\"i;ascii-casemap\"', 4213",
        "'\"collation\":\"i;basic\"', unsupportedSort",
        "'\"isAscending\":1', invalidArguments"
    })
    void collation_is_minded(String member, String numbers) throws IOException {
        assertThat(found("\"sort\":[{\"property\":\"subject\"," + member + "}]"))
                .isEqualTo(numbers);
    }

    @Test
    void sort_by_a_keyword_needs_one() throws IOException {
        assertThat(found("\"sort\":[{\"property\":\"hasKeyword\"}]")).isEqualTo("invalidArguments");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "\"collapseThreads\":true~432",
                "\"position\":1,\"limit\":2~32",
                "\"position\":-1~1",
                "\"position\":9~``",
                "\"limit\":0~``",
                "\"limit\":-1~invalidArguments",
                "\"anchor\":\"M0000000000000002\",\"anchorOffset\":-1~321",
                "\"anchor\":\"M0000000000000009\"~anchorNotFound",
                "\"noSuch\":1~invalidArguments"
            })
    void part_of_the_list_is_told(String arguments, String numbers) throws IOException {
        assertThat(found(arguments)).isEqualTo(numbers);
    }

    @Test
    void query_by_the_index_opens_no_message() throws IOException {
        JsonNode answer = calls.one(
                "Email/query",
                "\"filter\":{\"inMailbox\":\"FINBOX\"},\"sort\":[{\"property\":\"receivedAt\",\"isAscending\":false}],"
                        + "\"collapseThreads\":true,\"calculateTotal\":true");
        assertThat(answer.get("total").intValue()).isEqualTo(2);
        assertThat(answer.get("canCalculateChanges").booleanValue()).isTrue();
        assertThat(mail.opened).isZero();
    }

    @Test
    void account_is_held_whole_by_one_call_at_a_time() throws Exception {
        Thread second = new Thread(() -> {
            try {
                calls.one("Email/query", "");
            } catch (IOException broken) {
                throw new IllegalStateException(broken);
            }
        });
        List<Thread.State> seen = new ArrayList<>();
        mail.when("all", () -> {
            second.start();
            while (second.getState() != Thread.State.TIMED_WAITING && second.isAlive()) Thread.onSpinWait();
            seen.add(second.getState());
        });
        assertThat(found("")).isEqualTo("4321");
        second.join();
        assertThat(seen).containsExactly(Thread.State.TIMED_WAITING);
        assertThat(mail.wholes).isEqualTo(2);
    }

    @Test
    void query_of_one_mailbox_does_not_look_at_the_others() throws IOException {
        int before = mail.wholes;
        assertThat(found("\"filter\":{\"inMailbox\":\"FTrash\"}")).isEqualTo("4");
        assertThat(
                        found(
                                "\"filter\":{\"operator\":\"AND\",\"conditions\":[{\"notKeyword\":\"$seen\"},{\"inMailbox\":\"FINBOX\"}]}"))
                .isEqualTo("32");
        assertThat(mail.wholes).isEqualTo(before);
        assertThat(found("\"filter\":{\"inMailbox\":\"FINBOX\",\"someInThreadHaveKeyword\":\"$seen\"}"))
                .isEqualTo("31");
        assertThat(mail.wholes).isGreaterThan(before);
    }

    @Test
    void more_sorts_and_conditions_than_anybody_needs_are_not_supported() throws IOException {
        String sort = "{\"property\":\"size\"},";
        assertThat(found("\"sort\":[" + sort.repeat(9) + "{\"property\":\"size\"}]"))
                .hasSize(4);
        assertThat(found("\"sort\":[" + sort.repeat(10) + "{\"property\":\"size\"}]"))
                .isEqualTo("unsupportedSort");
        String filter = "\"filter\":{\"operator\":\"OR\",\"conditions\":[" + "{\"minSize\":1},".repeat(498);
        assertThat(found("\"filter\":{\"text\":\"" + "x ".repeat(501) + "\"}")).isEqualTo("unsupportedFilter");
        assertThat(found(filter + "{\"minSize\":1}]}")).hasSize(4);
        assertThat(found(filter + "{\"minSize\":1},{\"minSize\":2}]}")).isEqualTo("unsupportedFilter");
    }

    @Test
    @Timeout(10)
    void thread_is_looked_at_once_for_all_of_its_emails() throws IOException {
        for (int i = 0; i < 1000; i++) mail.add("Trash", "Subject: long||x", NOON);
        StringBuilder conditions = new StringBuilder("{\"minSize\":0}");
        for (int i = 0; i < 200; i++)
            conditions.append(",{\"noneInThreadHaveKeyword\":\"k").append(i).append("\"}");
        String sort = "\"sort\":[" + "{\"property\":\"someInThreadHaveKeyword\",\"keyword\":\"k\"},".repeat(9)
                + "{\"property\":\"size\"}]";
        assertThat(calls.one(
                                "Email/query",
                                sort + ",\"filter\":{\"operator\":\"AND\",\"conditions\":[" + conditions + "]}")
                        .path("ids")
                        .size())
                .isEqualTo(1004);
    }

    @Test
    void search_for_attachments_reads_each_mail_once_and_lists_stay_known() throws IOException {
        for (int i = 0; i < 6000; i++) mail.add("Trash", "Subject: x||x", NOON);
        String list = "\"ids\":[\"M0000000000000001\"],\"properties\":[\"preview\"]";
        calls.one("Email/get", list);
        found("\"filter\":{\"hasAttachment\":true}");
        int before = mail.opened;
        assertThat(found("\"filter\":{\"hasAttachment\":true}")).isEqualTo("3");
        calls.one("Email/get", list);
        assertThat(mail.opened).isEqualTo(before);
    }

    @Test
    void phrase_goes_on_in_the_next_line() throws IOException {
        mail.add("INBOX", "Subject: two|\tlines||first line ends| here|", NOON);
        mail.add("INBOX", "Content-Type: text/html||first line<br>| ends <b>here</b>|", NOON);
        assertThat(found("\"filter\":{\"body\":\"'line ends here'\"}")).isEqualTo("76");
        assertThat(found("\"filter\":{\"subject\":\"'two lines'\"}")).isEqualTo("6");
    }

    @Test
    void page_of_a_list_opens_each_message_once_and_the_next_time_as_well() throws IOException {
        String page = "\"ids\":[\"" + id(1) + "\",\"" + id(3) + "\"],\"properties\":[\"subject\",\"from\",\"preview\","
                + "\"hasAttachment\",\"keywords\",\"mailboxIds\",\"receivedAt\",\"size\",\"threadId\"]";
        JsonNode list = calls.one("Email/get", page).get("list");
        assertThat(list.get(0).toString())
                .isEqualTo(
                        "{\"subject\":\"Plan\",\"from\":[{\"name\":\"Zoe\",\"email\":\"a@x\"}],\"preview\":\"first words\","
                                + "\"hasAttachment\":false,\"keywords\":{\"$seen\":true},\"mailboxIds\":{\"FINBOX\":true},"
                                + "\"receivedAt\":\"2018-06-27T12:00:00Z\",\"size\":94,\"threadId\":\"T0000000000000001\",\"id\":\""
                                + id(1) + "\"}");
        assertThat(mail.opened).isEqualTo(2);
        calls.one("Email/get", page);
        assertThat(mail.opened).isEqualTo(4);
    }

    @Test
    void get_tells_what_is_not_there() throws IOException {
        JsonNode answer = calls.one(
                "Email/get",
                "\"ids\":[\"x\",\"" + id(5) + "\",\"" + id(9) + "\",\"" + id(2) + "\"],\"properties\":[\"id\"]");
        assertThat(answer.get("notFound").size()).isEqualTo(3);
        assertThat(answer.get("list").toString()).isEqualTo("[{\"id\":\"" + id(2) + "\"}]");
        assertThat(answer.get("state").textValue()).isEqualTo(Long.toString(mail.state()));
    }

    @Test
    void get_without_ids_tells_all_with_the_usual_properties() throws IOException {
        JsonNode list = calls.one("Email/get", "\"ids\":null").get("list");
        assertThat(list.size()).isEqualTo(4);
        assertThat(list.get(0).properties()).extracting(p -> p.getKey()).containsExactlyElementsOf(EmailView.USUAL);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"properties\":[\"header:From:asDate\"]",
                "\"properties\":[\"noSuch\"]",
                "\"bodyProperties\":[\"noSuch\"]",
                "\"maxBodyValueBytes\":-1",
                "\"fetchAllBodyValues\":1"
            })
    void get_of_what_there_is_not_is_refused(String arguments) throws IOException {
        assertThat(calls.one("Email/get", "\"ids\":[]," + arguments).get("type").textValue())
                .isEqualTo("invalidArguments");
    }

    @Test
    void fields_that_are_many_times_as_large_in_memory_are_refused_when_they_are_too_many() throws IOException {
        for (int i = 0; i < 6; i++)
            mail.add("INBOX", "To: " + "a,".repeat(10_000) + "|References: " + "<a>".repeat(10_000) + "||x", NOON);
        for (String property : List.of("to", "header:To:asGroupedAddresses"))
            assertThat(calls.one("Email/get", "\"ids\":null,\"properties\":[\"" + property + "\"]")
                            .path("type")
                            .asText())
                    .isEqualTo("requestTooLarge");
        JsonNode one = calls.one("Email/get", "\"ids\":[\"M0000000000000006\"],\"properties\":[\"to\",\"references\"]");
        assertThat(one.at("/list/0/to").size()).isEqualTo(10_000);
        assertThat(one.at("/list/0/references").size()).isEqualTo(10_000);
    }

    @Test
    void a_mail_of_very_many_parts_costs_no_other_its_answer() throws IOException {
        int before = calls.one("Email/get", "\"ids\":null").path("list").size();
        String parts = "--b||x|".repeat(10_000);
        for (int i = 0; i < 8; i++) mail.add("INBOX", "Content-Type: multipart/mixed; boundary=b||" + parts, NOON);
        JsonNode all = calls.one("Email/get", "\"ids\":null,\"fetchTextBodyValues\":true");
        assertThat(all.path("list").size()).isEqualTo(before + 8);
        // The multipart itself is one.
        assertThat(all.path("list").get(before).path("textBody").size()).isEqualTo(ReadEmail.MOST_PARTS - 1);
    }

    @Test
    void properties_that_are_not_there_count_too() throws IOException {
        String name = "x".repeat(20_000);
        StringBuilder many = new StringBuilder("\"header:X\"");
        for (int i = 0; i < 40; i++)
            many.append(",\"header:").append(i).append(name).append('"');
        for (int i = 0; i < 10; i++) mail.add("INBOX", "Subject: x||x", NOON);
        assertThat(calls.one("Email/get", "\"ids\":null,\"properties\":[" + many + "]")
                        .path("type")
                        .asText())
                .isEqualTo("requestTooLarge");
        assertThat(calls.one(
                                "Email/get",
                                "\"ids\":null,\"properties\":[\"bodyStructure\"],\"bodyProperties\":[" + many + "]")
                        .path("type")
                        .asText())
                .isEqualTo("requestTooLarge");
        StringBuilder names = new StringBuilder("\"id\"");
        for (int i = 0; i < 500; i++) names.append(",\"header:").append(i).append('"');
        assertThat(calls.one("Email/get", "\"ids\":[],\"properties\":[" + names + "]")
                        .path("type")
                        .asText())
                .isEqualTo("invalidArguments");
    }

    @Test
    void texts_come_as_in_the_rfc() throws IOException {
        JsonNode email = calls.one(
                        "Email/get",
                        "\"ids\":[\"" + id(3)
                                + "\"],\"properties\":[\"htmlBody\",\"bodyValues\",\"header:sUBJect:asText\"],"
                                + "\"bodyProperties\":[\"partId\",\"blobId\",\"size\",\"type\"],\"fetchHTMLBodyValues\":true,"
                                + "\"maxBodyValueBytes\":25")
                .at("/list/0");
        assertThat(email.get("header:sUBJect:asText").textValue()).isEqualTo("Re: plan");
        assertThat(email.get("htmlBody").toString())
                .isEqualTo("[{\"partId\":\"1\",\"blobId\":\"" + id(3) + "-1\",\"size\":35,\"type\":\"text/html\"}]");
        assertThat(email.at("/bodyValues/1/isTruncated").booleanValue()).isTrue();
    }

    @Test
    void threads_are_told_oldest_first() throws IOException {
        JsonNode answer = calls.one("Thread/get", "\"ids\":[\"T0000000000000001\",\"T0000000000000009\"]");
        assertThat(answer.get("list").toString())
                .isEqualTo("[{\"id\":\"T0000000000000001\",\"emailIds\":[\"" + id(1) + "\",\"" + id(3) + "\"]}]");
        assertThat(answer.get("notFound").toString()).isEqualTo("[\"T0000000000000009\"]");
    }

    @Test
    void changes_are_told_in_steps_that_lead_to_the_same() throws IOException {
        long before = mail.state();
        mail.add("INBOX", "Subject: plan||new|", NOON.plusSeconds(300));
        set(1, "\"keywords/$flagged\":true");
        set(2, "\"mailboxIds\":{\"FTrash\":true}");
        calls.one("Email/set", "\"destroy\":[\"" + id(4) + "\"]");
        JsonNode whole = calls.one("Email/changes", "\"sinceState\":\"" + before + "\"");
        assertThat(whole.get("hasMoreChanges").booleanValue()).isFalse();
        assertThat(whole.get("created").toString()).isEqualTo("[\"" + id(6) + "\"]");
        assertThat(whole.get("updated").toString()).isEqualTo("[\"" + id(1) + "\",\"" + id(2) + "\"]");
        assertThat(whole.get("destroyed").toString()).isEqualTo("[\"" + id(4) + "\"]");
        String state = Long.toString(before);
        StringBuilder steps = new StringBuilder();
        JsonNode step;
        do {
            step = calls.one("Email/changes", "\"maxChanges\":1,\"sinceState\":\"" + state + "\"");
            step.get("created")
                    .forEach(i -> steps.append(" +").append(i.textValue().charAt(16)));
            step.get("updated")
                    .forEach(i -> steps.append(" !").append(i.textValue().charAt(16)));
            step.get("destroyed")
                    .forEach(i -> steps.append(" -").append(i.textValue().charAt(16)));
            state = step.get("newState").textValue();
        } while (step.get("hasMoreChanges").booleanValue());
        assertThat(steps.toString()).isEqualTo(" +6 !6 !1 !2 -4");
        assertThat(state).isEqualTo(whole.get("newState").textValue());
    }

    private void set(long number, String patch) throws IOException {
        JsonNode answer = calls.one("Email/set", "\"update\":{\"" + id(number) + "\":{" + patch + "}}");
        assertThat(answer.get("updated").has(id(number))).as(answer.toString()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "0", "99999", "-1", "99999999999999999999"})
    void state_that_never_was_leads_nowhere(String state) throws IOException {
        for (String method : new String[] {"Email/changes", "Thread/changes"})
            assertThat(calls.one(method, "\"sinceState\":\"" + state + "\"")
                            .get("type")
                            .textValue())
                    .isEqualTo("cannotCalculateChanges");
        assertThat(calls.one("Email/queryChanges", "\"sinceQueryState\":\"" + state + "\"")
                        .get("type")
                        .textValue())
                .isEqualTo("cannotCalculateChanges");
    }

    @Test
    void deleted_by_imap_is_destroyed() throws IOException {
        long before = mail.state();
        mail.boxes
                .get("INBOX")
                .store(
                        UidSet.of(2),
                        new FlagChange(FlagChange.Kind.ADD, Flags.of(Flags.DELETED)),
                        OptionalLong.empty());
        String since = "\"sinceState\":\"" + before + "\"";
        assertThat(calls.one("Email/changes", since).get("destroyed").toString())
                .isEqualTo("[\"" + id(2) + "\"]");
        assertThat(calls.one("Thread/changes", since).get("destroyed").toString())
                .isEqualTo("[\"T0000000000000002\"]");
    }

    @Test
    void thread_changes_when_an_email_joins_it() throws IOException {
        long before = mail.state();
        mail.add("INBOX", "Subject: Re: [list] plan||new|", NOON.plusSeconds(300));
        mail.add("INBOX", "Subject: quite new||new|", NOON.plusSeconds(360));
        JsonNode answer = calls.one("Thread/changes", "\"sinceState\":\"" + before + "\"");
        assertThat(answer.get("updated").size() + answer.get("created").size()).isEqualTo(2);
    }

    /** Whatever happens: the old list with these changes is the new list. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ",\"collapseThreads\":true",
                ",\"filter\":{\"inMailbox\":\"FINBOX\"}",
                ",\"filter\":{\"notKeyword\":\"$seen\"},\"sort\":[{\"property\":\"hasKeyword\",\"keyword\":\"$flagged\"}]",
                ",\"filter\":{\"someInThreadHaveKeyword\":\"$flagged\"},\"sort\":[{\"property\":\"size\"}]",
                ",\"sort\":[{\"property\":\"allInThreadHaveKeyword\",\"keyword\":\"$seen\"}],\"collapseThreads\":true"
            })
    void changes_of_a_query_lead_to_what_is_found_now(String query) throws IOException {
        Random random = new Random(8621);
        for (int round = 0; round < 40; round++) {
            JsonNode old = calls.one("Email/query", "\"limit\":1000" + query);
            for (int i = random.nextInt(4); i >= 0; i--) happen(random);
            JsonNode changes = calls.one("Email/queryChanges", "\"sinceQueryState\":" + old.get("queryState") + query);
            List<String> ids = new ArrayList<>();
            old.get("ids").forEach(id -> ids.add(id.textValue()));
            changes.get("removed").forEach(id -> ids.remove(id.textValue()));
            changes.get("added")
                    .forEach(item ->
                            ids.add(item.get("index").intValue(), item.get("id").textValue()));
            JsonNode now = calls.one("Email/query", "\"limit\":1000" + query);
            assertThat(JSON.valueToTree(ids).toString())
                    .isEqualTo(now.get("ids").toString());
            assertThat(changes.get("newQueryState")).isEqualTo(now.get("queryState"));
        }
    }

    private void happen(Random random) throws IOException {
        List<Email> all = mail.all();
        String id = all.isEmpty() ? id(1) : Metadata.id(all.get(random.nextInt(all.size())));
        switch (random.nextInt(6)) {
            case 0, 1 ->
                mail.add(
                        random.nextBoolean() ? "INBOX" : "Trash",
                        "Subject: " + (char) ('a' + random.nextInt(5)) + "||x",
                        NOON.plusSeconds(random.nextInt(1000)));
            case 2 -> calls.one("Email/set", "\"destroy\":[\"" + id + "\"]");
            case 3 -> calls.one("Email/set", "\"update\":{\"" + id + "\":{\"mailboxIds\":{\"FTrash\":true}}}");
            case 4 -> calls.one("Email/set", "\"update\":{\"" + id + "\":{\"keywords/$flagged\":true}}");
            default -> calls.one("Email/set", "\"update\":{\"" + id + "\":{\"keywords/$seen\":true}}");
        }
    }

    @Test
    void more_changes_than_are_wanted_are_too_many() throws IOException {
        JsonNode old = calls.one("Email/query", "");
        set(1, "\"keywords/$flagged\":true");
        String since = "\"sinceQueryState\":" + old.get("queryState");
        assertThat(calls.one("Email/queryChanges", "\"maxChanges\":1," + since)
                        .get("type")
                        .textValue())
                .isEqualTo("tooManyChanges");
        assertThat(calls.one("Email/queryChanges", "\"maxChanges\":2," + since)
                        .get("added")
                        .size())
                .isEqualTo(1);
    }

    @Test
    void what_comes_behind_the_last_one_known_is_not_told() throws IOException {
        JsonNode old = calls.one("Email/query", "");
        set(1, "\"keywords/$flagged\":true");
        JsonNode changes = calls.one(
                "Email/queryChanges",
                "\"upToId\":\"" + id(3) + "\",\"calculateTotal\":true,\"sinceQueryState\":" + old.get("queryState"));
        assertThat(changes.get("added").size()).isZero();
        assertThat(changes.get("total").intValue()).isEqualTo(4);
    }

    @Test
    void what_comes_while_changes_of_a_query_are_told_moves_no_place() throws IOException {
        JsonNode old = calls.one("Email/query", "");
        set(1, "\"keywords/$flagged\":true");
        mail.when("changes told", () -> mail.add("INBOX", "Subject: new||x", NOON.plusSeconds(600)));
        JsonNode changes = calls.one("Email/queryChanges", "\"sinceQueryState\":" + old.get("queryState"));
        assertThat(changes.get("added").toString()).isEqualTo("[{\"id\":\"" + id(1) + "\",\"index\":3}]");
    }

    @Test
    void all_is_told_of_a_query_that_asks_for_what_may_change() throws IOException {
        String query = "\"filter\":{\"inMailbox\":\"FINBOX\"}";
        JsonNode old = calls.one("Email/query", query);
        set(1, "\"keywords/$flagged\":true");
        JsonNode changes = calls.one(
                "Email/queryChanges",
                query + ",\"upToId\":\"" + id(3) + "\",\"sinceQueryState\":" + old.get("queryState"));
        assertThat(changes.get("added").size()).isOne();
    }

    @Test
    void changes_of_a_search_in_texts_are_not_told() throws IOException {
        JsonNode old = calls.one("Email/query", "\"filter\":{\"body\":\"x\"}");
        assertThat(old.get("canCalculateChanges").booleanValue()).isFalse();
        assertThat(calls.one(
                                "Email/queryChanges",
                                "\"filter\":{\"body\":\"x\"},\"sinceQueryState\":" + old.get("queryState"))
                        .get("type")
                        .textValue())
                .isEqualTo("cannotCalculateChanges");
    }
}
