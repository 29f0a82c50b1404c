package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.jmap.Calls;

/** Email/set: update and destroy, RFC 8621 4.6 */
class EmailSetTest {

    private static final String ID = "M0000000000000001";

    private final MemoryMail mail = new MemoryMail("A", "B", "C", "D");
    private Calls calls;

    @BeforeEach
    void fill(@TempDir Path folder) throws IOException {
        calls = new Calls(mail, Address.of("alice@example.org"), folder);
        mail.add("A", "Subject: a||x|", Instant.parse("2018-06-27T12:00:00Z"), "\\Seen", "Own");
        mail.add("A", "Subject: b||x|", Instant.parse("2018-06-27T12:00:01Z"));
    }

    private JsonNode update(String patch) throws IOException {
        return calls.one("Email/set", "\"update\":{\"" + ID + "\":" + patch + "}");
    }

    private String now(String property) throws IOException {
        return calls.one("Email/get", "\"ids\":[\"" + ID + "\"],\"properties\":[\"" + property + "\"]")
                .at("/list/0/" + property)
                .toString();
    }

    @Test
    void unread_as_in_the_rfc() throws IOException {
        String before = Long.toString(mail.state());
        JsonNode answer = update("{\"keywords/$seen\":null}");
        assertThat(answer.get("updated").toString()).isEqualTo("{\"" + ID + "\":null}");
        assertThat(answer.get("oldState").textValue()).isEqualTo(before);
        assertThat(answer.get("newState").textValue())
                .isEqualTo(Long.toString(mail.state()))
                .isNotEqualTo(before);
        assertThat(now("keywords")).isEqualTo("{\"own\":true}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '^',
            quoteCharacter = '`',
            value = {
                "{'keywords':{'$Flagged':true,'x':true}}^{'$flagged':true,'x':true}",
                "{'keywords':null}^{}",
                "{'keywords/$ANSWERED':true}^{'$answered':true,'$seen':true,'own':true}",
                "{'keywords/OWN':null,'keywords/a~1b':true}^{'$seen':true,'a/b':true}",
                "{'keywords/none':null}^{'$seen':true,'own':true}",
                "{'id':'M0000000000000001','size':17,'keywords/x':true}^{'$seen':true,'own':true,'x':true}"
            })
    void keywords_become_what_is_wanted(String patch, String keywords) throws IOException {
        JsonNode answer = update(patch.replace('\'', '"'));
        assertThat(now("keywords")).as(answer.toString()).isEqualTo(keywords.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "{'mailboxIds':{'FB':true}}~{'FB':true}",
                "{'mailboxIds':{'FB':true,'FC':true,'FD':true}}~{'FB':true,'FC':true,'FD':true}",
                "{'mailboxIds/FB':true}~{'FA':true,'FB':true}",
                "{'mailboxIds/FB':true,'mailboxIds/FA':null}~{'FB':true}",
                "{'mailboxIds/FD':null}~{'FA':true}"
            })
    void mailboxes_become_what_is_wanted(String patch, String mailboxes) throws IOException {
        JsonNode answer = update(patch.replace('\'', '"'));
        assertThat(now("mailboxIds")).as(answer.toString()).isEqualTo(mailboxes.replace('\'', '"'));
        assertThat(now("keywords")).isEqualTo("{\"$seen\":true,\"own\":true}");
        assertThat(mail.all()).hasSize(2);
    }

    @Test
    void flags_and_mailboxes_change_together_and_go_back() throws IOException {
        update("{\"keywords/$seen\":null,\"mailboxIds\":{\"FB\":true,\"FC\":true}}");
        assertThat(now("keywords")).isEqualTo("{\"own\":true}");
        update("{\"keywords/$seen\":true,\"mailboxIds\":{\"FA\":true}}");
        assertThat(now("mailboxIds")).isEqualTo("{\"FA\":true}");
        assertThat(now("keywords")).isEqualTo("{\"$seen\":true,\"own\":true}");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "{'mailboxIds':{}}~invalidProperties",
                "{'mailboxIds':null}~invalidProperties",
                "{'mailboxIds/FA':null}~invalidProperties",
                "{'mailboxIds/Fnone':true}~invalidProperties",
                "{'mailboxIds':['FA']}~invalidProperties",
                "{'keywords/$seen':false}~invalidProperties",
                "{'keywords/a b':true}~invalidProperties",
                "{'keywords':'x'}~invalidProperties",
                "{'subject':'x'}~invalidProperties",
                "{'noSuch':'x'}~invalidProperties",
                "{'size':18}~invalidProperties",
                "{'subject/x':'y'}~invalidPatch",
                "{'from/0/email':'x@y'}~invalidPatch",
                "{'noSuch/x':1}~invalidPatch",
                "{'keywords':{},'keywords/x':true}~invalidPatch",
                "{'keywords/x/y':true}~invalidPatch"
            })
    void change_that_cannot_be_is_refused(String patch, String type) throws IOException {
        JsonNode answer = update(patch.replace('\'', '"'));
        assertThat(answer.at("/notUpdated/" + ID + "/type").textValue()).isEqualTo(type);
        assertThat(answer.get("updated").isNull()).isTrue();
        assertThat(now("keywords")).isEqualTo("{\"$seen\":true,\"own\":true}");
        assertThat(now("mailboxIds")).isEqualTo("{\"FA\":true}");
    }

    @Test
    void what_never_changes_may_be_said_again() throws IOException {
        String whole = calls.one(
                        "Email/get",
                        "\"ids\":[\"" + ID
                                + "\"],\"properties\":[\"subject\",\"size\",\"textBody\",\"preview\",\"header:X\",\"threadId\"]")
                .at("/list/0")
                .toString();
        assertThat(update(whole).get("updated").has(ID)).as(whole).isTrue();
        assertThat(update(whole.replace("\"a\"", "\"b\""))
                        .at("/notUpdated/" + ID + "/type")
                        .textValue())
                .isEqualTo("invalidProperties");
    }

    @Test
    void more_keywords_than_there_may_be_are_too_many() throws IOException {
        StringBuilder many = new StringBuilder("\"k\":true");
        for (int i = 0; i < 100; i++) many.append(",\"k").append(i).append("\":true");
        assertThat(update("{\"keywords\":{" + many + "}}")
                        .at("/notUpdated/" + ID + "/type")
                        .textValue())
                .isEqualTo("tooManyKeywords");
    }

    @Test
    void copy_without_room_is_over_quota() throws IOException {
        mail.full = true;
        assertThat(update("{\"mailboxIds/FB\":true}")
                        .at("/notUpdated/" + ID + "/type")
                        .textValue())
                .isEqualTo("overQuota");
        assertThat(update("{\"mailboxIds\":{\"FB\":true}}").get("notUpdated").isNull())
                .isTrue();
    }

    private List<String> places() {
        return mail.emails(Set.of(1L)).stream()
                .flatMap(e -> e.places().stream())
                .map(p -> p.mailbox() + Keywords.of(p.entry().flags()))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "copy A C~{'mailboxIds/FB':true,'mailboxIds/FC':true,'keywords/x':true}",
                "store A~{'mailboxIds/FB':true,'keywords/x':true}",
                "move A C~{'mailboxIds':{'FB':true,'FC':true},'keywords':{}}"
            })
    void what_breaks_half_way_is_not_done_at_all(String operation, String patch) throws IOException {
        mail.breakAt(operation);
        JsonNode answer = update(patch.replace('\'', '"'));
        assertThat(answer.at("/notUpdated/" + ID + "/type").textValue()).isEqualTo("serverFail");
        assertThat(places()).containsExactly("A[$seen, own]");
    }

    @Test
    void email_whose_removal_breaks_half_way_is_where_it_was() throws IOException {
        update("{\"mailboxIds/FB\":true,\"mailboxIds/FC\":true}");
        mail.breakAt("expunge B");
        assertThat(update("{\"mailboxIds\":{\"FC\":true}}")
                        .at("/notUpdated/" + ID + "/type")
                        .textValue())
                .isEqualTo("serverFail");
        mail.breakAt("expunge C");
        JsonNode answer = calls.one("Email/set", "\"destroy\":[\"" + ID + "\"]");
        assertThat(answer.at("/notDestroyed/" + ID + "/type").textValue()).isEqualTo("serverFail");
        assertThat(places()).containsExactly("A[$seen, own]", "B[$seen, own]", "C[$seen, own]");
    }

    @Test
    void what_breaks_at_one_email_is_told_of_that_one() throws IOException {
        mail.when("store A", () -> {
            mail.breakAt("store A");
            throw new IOException("not both in one");
        });
        JsonNode answer = calls.one(
                "Email/set",
                "\"update\":{\"" + ID + "\":{\"keywords/x\":true},\"M0000000000000002\":{\"keywords/x\":true}}");
        assertThat(answer.at("/notUpdated/" + ID + "/type").textValue()).isEqualTo("serverFail");
        assertThat(answer.get("updated").has("M0000000000000002"))
                .as(answer.toString())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "move A B~{'mailboxIds':{'FB':true}}~B[$seen, own]",
                "store A~{'keywords/$seen':null,'keywords/own':null}~A[]",
                "store A~{'keywords/x':true}~A[$seen, own, x]"
            })
    void what_is_done_alike_to_several_is_one_call_of_the_mailbox(String operation, String patch, String places)
            throws IOException {
        mail.add("A", "Subject: c||x|", Instant.parse("2018-06-27T12:00:02Z"), "\\Seen", "Own");
        List<Integer> calls = new ArrayList<>();
        mail.each(operation, () -> calls.add(1));
        JsonNode answer = updateBoth(patch.replace('\'', '"'));
        assertThat(answer.get("updated")).as(answer.toString()).hasSize(2);
        assertThat(calls).hasSize(1);
        assertThat(places()).containsExactly(places);
    }

    /** That one and the third. */
    private JsonNode updateBoth(String patch) throws IOException {
        return calls.one("Email/set", "\"update\":{\"" + ID + "\":" + patch + ",\"M0000000000000003\":" + patch + "}");
    }

    @Test
    void one_of_several_that_another_session_moves_meanwhile_is_followed() throws IOException {
        mail.add("A", "Subject: c||x|", Instant.parse("2018-06-27T12:00:02Z"));
        mail.when("move A B", () -> mail.boxes.get("A").move(UidSet.of(1), mail.boxes.get("D")));
        JsonNode answer = updateBoth("{\"mailboxIds\":{\"FB\":true}}");
        assertThat(answer.get("updated")).as(answer.toString()).hasSize(2);
        assertThat(places()).containsExactly("B[$seen, own]");
    }

    @Test
    void several_that_are_destroyed_are_gone_with_one_call_and_each_is_told_once() throws IOException {
        List<Integer> calls = new ArrayList<>();
        mail.each("expunge A", () -> calls.add(1));
        JsonNode answer =
                this.calls.one("Email/set", "\"destroy\":[\"" + ID + "\",\"M0000000000000002\",\"M0000000000000009\"]");
        assertThat(answer.get("destroyed")).hasSize(2);
        assertThat(answer.at("/notDestroyed/M0000000000000009/type").textValue())
                .isEqualTo("notFound");
        assertThat(calls).hasSize(1);
        assertThat(mail.all()).isEmpty();
    }

    @Test
    void failure_behind_what_was_done_is_partial() throws IOException {
        mail.when("store A", () -> mail.breakAt("state"));
        assertThat(update("{\"keywords/x\":true}").get("type").textValue()).isEqualTo("serverPartialFail");
        mail.breakAt("state");
        assertThat(update("{\"keywords/x\":true}").get("type").textValue()).isEqualTo("serverFail");
    }

    @Test
    void email_that_another_session_moves_meanwhile_is_followed() throws IOException {
        mail.when("move A B", () -> mail.boxes.get("A").move(UidSet.of(1), mail.boxes.get("D")));
        JsonNode answer = update("{\"mailboxIds\":{\"FB\":true}}");
        assertThat(answer.get("updated").has(ID)).as(answer.toString()).isTrue();
        assertThat(places()).containsExactly("B[$seen, own]");
    }

    @Test
    void email_is_not_taken_away_when_the_place_where_it_was_to_stay_has_lost_it() throws IOException {
        update("{\"mailboxIds/FB\":true}");
        mail.when("store A", () -> mail.boxes.get("B").expunge(UidSet.ALL));
        JsonNode answer = update("{\"mailboxIds\":{\"FB\":true},\"keywords/x\":true}");
        assertThat(answer.get("updated").has(ID)).as(answer.toString()).isTrue();
        assertThat(places()).containsExactly("B[$seen, own, x]");
    }

    @Test
    void email_that_moves_while_it_is_destroyed_is_destroyed() throws IOException {
        mail.when("expunge A", () -> mail.boxes.get("A").move(UidSet.of(1), mail.boxes.get("D")));
        JsonNode answer = calls.one("Email/set", "\"destroy\":[\"" + ID + "\"]");
        assertThat(answer.get("destroyed").toString()).isEqualTo("[\"" + ID + "\"]");
        assertThat(places()).isEmpty();
    }

    @Test
    void destroyed_email_is_in_no_mailbox() throws IOException {
        update("{\"mailboxIds/FB\":true}");
        JsonNode answer = calls.one("Email/set", "\"destroy\":[\"" + ID + "\",\"M0000000000000009\"]");
        assertThat(answer.get("destroyed").toString()).isEqualTo("[\"" + ID + "\"]");
        assertThat(answer.at("/notDestroyed/M0000000000000009/type").textValue())
                .isEqualTo("notFound");
        assertThat(mail.all()).hasSize(1);
    }

    @Test
    void what_is_going_to_be_destroyed_is_not_changed() throws IOException {
        JsonNode answer = calls.one(
                "Email/set", "\"update\":{\"" + ID + "\":{\"keywords/x\":true}},\"destroy\":[\"" + ID + "\"]");
        assertThat(answer.at("/notUpdated/" + ID + "/type").textValue()).isEqualTo("willDestroy");
        assertThat(answer.get("destroyed").size()).isEqualTo(1);
    }

    @Test
    void nothing_is_done_in_another_state() throws IOException {
        JsonNode answer = calls.one("Email/set", "\"ifInState\":\"1\",\"destroy\":[\"" + ID + "\"]");
        assertThat(answer.get("type").textValue()).isEqualTo("stateMismatch");
        assertThat(mail.all()).hasSize(2);
    }
}
