package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mail.Address;
import org.posthorn.jmap.Calls;

/** Identity, RFC 8621 6. Quotes may be single ones. */
class IdentityTest {

    private final PostOffice office = new PostOffice();
    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(1);
    private Outbox outbox;
    private Calls calls;

    @BeforeEach
    void open(@TempDir Path folder) {
        outbox = new Outbox(folder, office);
        calls = new Calls(
                new MemoryMail("A"),
                PostOffice.ALICE,
                folder,
                new SubmissionCapability(
                        office.sending(), outbox, () -> Duration.ofDays(30), new Snoozes(folder, office), clock));
    }

    @AfterEach
    void close() {
        outbox.close();
        clock.shutdownNow();
    }

    private JsonNode one(String method, String arguments) throws IOException {
        return calls.one(method, arguments.replace('\'', '"'));
    }

    @Test
    void there_is_one_of_each_address_that_is_his() throws IOException {
        JsonNode get = one("Identity/get", "'ids':null");
        assertThat(get.get("list")).hasSize(2);
        assertThat(get.at("/list/0").toString())
                .isEqualTo("{\"id\":\"I1\",\"name\":\"\",\"email\":\"alice@example.org\",\"replyTo\":null,\"bcc\":null,"
                        + "\"textSignature\":\"\",\"htmlSignature\":\"\",\"mayDelete\":false}");
        String state = get.get("state").textValue();
        office.own.remove(1);
        office.own.add(Address.of("info@example.org"));
        JsonNode changes = one("Identity/changes", "'sinceState':'" + state + "'");
        assertThat(changes.get("created").toString()).isEqualTo("[\"I3\"]");
        assertThat(changes.get("destroyed").toString()).isEqualTo("[\"I2\"]");
        assertThat(one("Identity/get", "'ids':['I2','x'],'properties':['email']")
                        .get("notFound"))
                .hasSize(2);
    }

    @Test
    void what_was_set_in_one_is_there_again_when_its_address_is() throws IOException {
        one("Identity/get", "");
        one("Identity/set", "'update':{'I2':{'textSignature':'Sales'}}");
        JsonNode before = one("Identity/get", "");
        Address sales = office.own.remove(1);
        assertThat(one("Identity/get", "").get("list")).hasSize(1);
        assertThat(one("Identity/get", "'ids':['I2']").get("notFound")).hasSize(1);
        assertThat(one("Identity/set", "'update':{'I2':{'name':'S'}}")
                        .at("/notUpdated/I2/type")
                        .textValue())
                .isEqualTo("notFound");
        office.own.add(sales);
        JsonNode changes =
                one("Identity/changes", "'sinceState':'" + before.get("state").textValue() + "'");
        assertThat(changes.get("updated").toString()).isEqualTo("[\"I2\"]");
        assertThat(one("Identity/get", "").get("list")).isEqualTo(before.get("list"));
    }

    @Test
    void one_is_made_changed_and_taken_away() throws IOException {
        one("Identity/get", "");
        JsonNode set = one(
                "Identity/set",
                "'create':{'k':{'name':'Alice at work','email':'sales@example.org','bcc':null,"
                        + "'replyTo':[{'name':null,'email':'office@example.com'}],'htmlSignature':'<b>A</b>'}}");
        assertThat(set.at("/created/k").toString())
                .isEqualTo("{\"textSignature\":\"\",\"mayDelete\":true,\"id\":\"I3\"}");
        JsonNode changed = one("Identity/set", "'update':{'I3':{'name':'A','replyTo':null}}");
        assertThat(changed.get("updated").has("I3")).isTrue();
        JsonNode now = one("Identity/get", "'ids':['I3']").at("/list/0");
        assertThat(now.get("name").textValue()).isEqualTo("A");
        assertThat(now.get("replyTo").isNull()).isTrue();
        assertThat(now.get("htmlSignature").textValue()).isEqualTo("<b>A</b>");
        JsonNode gone = one("Identity/set", "'destroy':['I3','I1']");
        assertThat(gone.get("destroyed").toString()).isEqualTo("[\"I3\"]");
        assertThat(gone.at("/notDestroyed/I1/type").textValue()).isEqualTo("forbidden");
    }

    /** The example of RFC 8621 6.4. */
    @Test
    void they_are_told_with_all_that_was_set_in_them() throws IOException {
        one("Identity/get", "");
        one(
                "Identity/set",
                "'update':{'I1':{'name':'Joe Bloggs','bcc':[{'name':null,'email':'joe+archive@example.com'}],"
                        + "'textSignature':'-- \\nJoe Bloggs\\nMaster of Email',"
                        + "'htmlSignature':'<div><b>Joe Bloggs</b></div><div>Master of Email</div>'}}");
        JsonNode get = one("Identity/get", "");
        assertThat(get.at("/list/0").toString())
                .isEqualTo(
                        "{\"id\":\"I1\",\"name\":\"Joe Bloggs\",\"email\":\"alice@example.org\",\"replyTo\":null,"
                                + "\"bcc\":[{\"name\":null,\"email\":\"joe+archive@example.com\"}],"
                                + "\"textSignature\":\"-- \\nJoe Bloggs\\nMaster of Email\","
                                + "\"htmlSignature\":\"<div><b>Joe Bloggs</b></div><div>Master of Email</div>\",\"mayDelete\":false}");
        assertThat(get.get("notFound")).isEmpty();
    }

    /** RFC 8620 5.3: the keys of what was updated are ids. */
    @Test
    void one_that_is_made_and_changed_in_one_call_goes_by_its_id() throws IOException {
        one("Identity/get", "");
        JsonNode set = one(
                "Identity/set",
                "'create':{'k':{'email':'sales@example.org'}},'update':{'#k':{'name':'S'}},'destroy':['#k']");
        assertThat(set.get("updated").toString()).isEqualTo("{\"I3\":null}");
        assertThat(set.get("destroyed").toString()).isEqualTo("[\"I3\"]");
        for (String own : List.of("'id':'I9'", "'mayDelete':false")) {
            JsonNode refused = one("Identity/set", "'create':{'k':{'email':'sales@example.org'," + own + "}}");
            assertThat(refused.at("/notCreated/k/properties").toString())
                    .isEqualTo("[\"" + own.substring(1, own.indexOf('\'', 1)) + "\"]");
        }
    }

    @Test
    void nobody_makes_one_of_an_address_that_is_not_his() throws IOException {
        JsonNode set = one("Identity/set", "'create':{'k':{'email':'boss@example.org'}}");
        assertThat(set.at("/notCreated/k/type").textValue()).isEqualTo("forbiddenFrom");
    }

    @Test
    void one_is_not_larger_than_others_can_carry() throws IOException {
        one("Identity/get", "");
        String long64 = "x".repeat(1 << 16);
        String bcc = "{'name':'" + long64 + "','email':'a@b.c'}";
        JsonNode set =
                one("Identity/set", "'update':{'I1':{'bcc':[" + String.join(",", List.of(bcc, bcc, bcc, bcc)) + "]}}");
        assertThat(set.at("/notUpdated/I1/type").textValue()).isEqualTo("tooLarge");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'email':'bob@example.org'",
                "'id':'I7'",
                "'mayDelete':true",
                "'name':7",
                "'replyTo':'a@b.c'",
                "'replyTo':[{'email':'no address'}]",
                "'bcc':[{'email':'a@b.c','group':'x'}]",
                "'colour':'red'"
            })
    void what_an_identity_has_not_is_refused(String patch) throws IOException {
        one("Identity/get", "");
        JsonNode set = one("Identity/set", "'update':{'I1':{" + patch + "}}");
        assertThat(set.at("/notUpdated/I1/type").textValue()).as(set.toString()).isEqualTo("invalidProperties");
    }
}
