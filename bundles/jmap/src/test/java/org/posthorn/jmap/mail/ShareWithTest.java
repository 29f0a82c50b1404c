package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.jmap.mail.Shared.ALICE;
import static org.posthorn.jmap.mail.Shared.BOB;
import static org.posthorn.jmap.mail.Shared.CAROL;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.jmap.Calls;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.Reach;
import org.posthorn.jmap.Refusal;

/** RFC 9670: who is there, and with whom a Mailbox is shared. */
class ShareWithTest {

    private static final String READING = "{'mayReadItems': true, 'maySetSeen': true}";

    private Shared shared;
    private String work;
    private String bob;

    @BeforeEach
    void begin(@TempDir Path folder) throws IOException {
        shared = new Shared(folder);
        shared.mailbox(ALICE, "Work");
        work = shared.mailboxId(ALICE, "Work");
        bob = find(shared.alice, ALICE, BOB);
    }

    @AfterEach
    void end() {
        shared.close();
    }

    private static String find(Calls who, String account, String address) throws IOException {
        JsonNode found = Shared.in(account, who, "Principal/query", "'filter': {'email': '" + address + "'}");
        return found.at("/ids/0").asText();
    }

    private JsonNode set(String patch) throws IOException {
        return Shared.in(ALICE, shared.alice, "Mailbox/set", "'update': {'" + work + "': {" + patch + "}}");
    }

    private JsonNode told(Calls who) throws IOException {
        return Shared.in(ALICE, who, "Mailbox/get", "'ids': ['" + work + "']").at("/list/0");
    }

    @Test
    void who_does_not_know_of_it_takes_nothing_away() throws IOException {
        shared.share(ALICE, "Work", BOB, "lr");
        String mail = "\"urn:ietf:params:jmap:core\",\"urn:ietf:params:jmap:mail\"";
        shared.alice.all(
                mail,
                "[\"Mailbox/set\",{\"accountId\":\"ACCOUNT\",\"update\":{\"" + work
                        + "\":{\"shareWith\":null}}},\"0\"]");
        assertThat(letters(BOB)).isEqualTo("lr");
    }

    @Test
    void what_imap_gives_meanwhile_stays_and_so_does_what_it_takes() throws IOException, Refusal {
        shared.share(ALICE, "Work", BOB, "lri");
        Address alice = Address.of(ALICE);
        ObjectNode patch = Json.NODES.objectNode().put("shareWith/" + bob + "/maySetSeen", true);
        ShareWith.Change change =
                new ShareWith(new Reach(shared.store(), alice, alice)).changed("Work", Rights.ALL, patch);
        shared.share(ALICE, "Work", BOB, "lrw");
        Undoing undoing = new Undoing();
        change.make("Work", undoing);
        assertThat(letters(BOB)).isEqualTo("lrsw");
        undoing.all(new IOException("undone"));
        assertThat(letters(BOB)).isEqualTo("lrw");
    }

    private String letters(String whom) throws IOException {
        Rights rights =
                shared.store().access(Address.of(ALICE)).of("Work").entries().get(whom);
        return rights == null ? "none" : rights.letters();
    }

    @Test
    void a_mailbox_is_shared_by_the_list_of_rights_that_imap_has() throws IOException {
        assertThat(told(shared.alice).get("shareWith").isNull()).isTrue();
        assertThat(set("'shareWith/" + bob + "': " + READING).at("/updated").has(work))
                .isTrue();
        assertThat(letters(BOB)).isEqualTo("lrs");
        assertThat(told(shared.alice).at("/shareWith/" + bob + "/mayReadItems").booleanValue())
                .isTrue();
        assertThat(told(shared.alice).at("/shareWith/" + bob + "/mayShare").booleanValue())
                .isFalse();
        assertThat(told(shared.bob).get("shareWith").isNull()).isTrue();
        assertThat(told(shared.bob).at("/myRights/mayShare").booleanValue()).isFalse();
        set("'shareWith/" + bob + "/mayRemoveItems': true, 'shareWith/" + bob + "/mayAddItems': true");
        assertThat(letters(BOB)).isEqualTo("lrsite");
        set("'shareWith': {'" + find(shared.alice, ALICE, CAROL) + "': {'mayReadItems': true}}");
        assertThat(letters(BOB)).isEqualTo("none");
        assertThat(letters(CAROL)).isEqualTo("lr");
        set("'shareWith': null");
        assertThat(letters(CAROL)).isEqualTo("none");
        assertThat(letters(ALICE)).isEqualTo(Rights.ALL.letters());
    }

    @Test
    void what_the_properties_cannot_say_stays() throws IOException {
        shared.share(ALICE, "Work", BOB, "lrt");
        shared.store().access(Address.of(ALICE)).change("Work", "-" + CAROL, before -> Rights.parse("w"));
        assertThat(told(shared.alice).get("shareWith")).hasSize(1);
        set("'shareWith/" + bob + "/maySetSeen': true");
        assertThat(letters(BOB)).isEqualTo("lrst");
        set("'shareWith': null");
        assertThat(letters("-" + CAROL)).isEqualTo("w");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'shareWith': {'Pnobody': {'mayReadItems': true}}",
                "'shareWith': {'ALICE': {'mayReadItems': true}}",
                "'shareWith': {'NOBODY': {'mayReadItems': true}}",
                "'shareWith/BOB': {'mayFly': true}",
                "'shareWith/BOB': {'mayReadItems': 1}",
                "'shareWith/BOB': {'mayRename': true}",
                "'shareWith': 7"
            })
    void what_is_none_is_refused_and_nothing_is_shared(String patch) throws IOException {
        String principal = "P" + base64("nobody@example.org");
        String given =
                patch.replace("BOB", bob).replace("ALICE", "P" + base64(ALICE)).replace("NOBODY", principal);
        JsonNode answer = set(given + ", 'name': 'Other'");
        assertThat(answer.at("/notUpdated/" + work + "/properties/0").asText()).isEqualTo("shareWith");
        assertThat(told(shared.alice).get("name").textValue()).isEqualTo("Work");
        assertThat(told(shared.alice).get("shareWith").isNull()).isTrue();
    }

    private static String base64(String text) {
        return java.util.Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Test
    void who_may_administer_shares_what_is_anothers_and_nobody_else_does() throws IOException {
        shared.share(ALICE, "Work", BOB, "lri");
        String carol = find(shared.bob, BOB, CAROL);
        String patch = "'update': {'" + work + "': {'shareWith/" + carol + "': " + READING + "}}";
        JsonNode refused = Shared.in(ALICE, shared.bob, "Mailbox/set", patch);
        assertThat(refused.at("/notUpdated/" + work + "/type").textValue()).isEqualTo("forbidden");
        shared.share(ALICE, "Work", BOB, "lra");
        assertThat(Shared.in(ALICE, shared.bob, "Mailbox/set", patch)
                        .at("/updated")
                        .has(work))
                .isTrue();
        assertThat(letters(CAROL)).isEqualTo("lrs");
    }

    /** RFC 8620 5.3. */
    @Test
    void what_a_guest_is_told_of_a_mailbox_is_a_patch_of_it() throws IOException {
        shared.share(ALICE, "Work", BOB, "lrx");
        JsonNode whole = told(shared.bob);
        assertThat(whole.get("shareWith").isNull()).isTrue();
        JsonNode answer = Shared.in(ALICE, shared.bob, "Mailbox/set", "'update': {'" + work + "': " + whole + "}");
        assertThat(answer.at("/updated").has(work)).as(answer.toString()).isTrue();
        assertThat(letters(BOB)).isEqualTo("lrx");
        String unshared = "'update': {'" + work + "': {'shareWith': {}}}";
        assertThat(Shared.in(ALICE, shared.bob, "Mailbox/set", unshared)
                        .at("/notUpdated/" + work + "/type")
                        .textValue())
                .isEqualTo("forbidden");
    }

    @Test
    void a_new_mailbox_can_be_shared_at_once() throws IOException {
        JsonNode made = Shared.in(
                ALICE,
                shared.alice,
                "Mailbox/set",
                "'create': {'n': {'name': 'New', 'shareWith': {'" + bob + "': " + READING
                        + "}}, 'w': {'name': 'Wrong', 'shareWith': {'x': {}}}}");
        assertThat(made.at("/created/n/shareWith/" + bob + "/mayShare").isBoolean())
                .isTrue();
        assertThat(made.at("/notCreated/w/properties/0").asText()).isEqualTo("shareWith");
        assertThat(shared.account(ALICE).mailbox("Wrong")).isEmpty();
        assertThat(Shared.in(ALICE, shared.bob, "Mailbox/get", "").get("list").findValuesAsText("name"))
                .containsExactly("New");
    }

    @Test
    void nobody_is_shown_who_is_here() throws IOException {
        JsonNode list = Shared.in(CAROL, shared.carol, "Principal/get", "").get("list");
        assertThat(list).hasSize(2);
        assertThat(list.at("/0/name").textValue()).isEqualTo(CAROL);
        assertThat(list.at("/1/type").textValue()).isEqualTo("group");
        JsonNode part = Shared.in(CAROL, shared.carol, "Principal/query", "'filter': {'email': 'example.org'}");
        assertThat(part.get("ids")).hasSize(1);
        assertThat(find(shared.carol, CAROL, "nobody@example.org")).isEmpty();
        assertThat(Shared.in(CAROL, shared.carol, "Principal/get", "'ids': ['P" + base64("nobody@example.org") + "']")
                        .get("notFound"))
                .hasSize(1);
    }

    /** RFC 9670 1.4: Principals lead to all that one may see, subscribed to or not. */
    @Test
    void what_is_public_and_what_anyone_may_see_is_found_by_whose_it_is() throws IOException {
        shared.mailbox(Shared.PUBLIC, "News");
        shared.store().access(Address.of(Shared.PUBLIC)).change("News", "anyone", before -> Rights.parse("lr"));
        JsonNode found = Shared.in(CAROL, shared.carol, "Principal/query", "'filter': {'type': 'other'}");
        JsonNode one = Shared.in(
                        CAROL,
                        shared.carol,
                        "Principal/get",
                        "'ids': ['" + found.at("/ids/0").asText() + "']")
                .at("/list/0");
        assertThat(one.get("name").textValue()).isEqualTo("Public");
        JsonNode account = one.at("/accounts/" + Shared.id(Shared.PUBLIC));
        assertThat(account.get("name").textValue()).isEqualTo("Public");
        JsonNode owner = account.at("/accountCapabilities").get("urn:ietf:params:jmap:principals:owner");
        assertThat(owner.get("accountIdForPrincipal").textValue()).isEqualTo(Shared.id(CAROL));
        assertThat(owner.get("principalId")).isEqualTo(one.get("id"));
        JsonNode news =
                Shared.in(Shared.PUBLIC, shared.carol, "Mailbox/get", "").at("/list/0");
        assertThat(news.get("name").textValue()).isEqualTo("News");
        assertThat(news.get("isSubscribed").booleanValue()).isFalse();
    }

    @Test
    void conditions_are_of_the_type_that_they_have_and_hold_all_together() throws IOException {
        for (String wrong : new String[] {"'type': null", "'timeZone': null", "'name': 7", "'accountIds': [7]"})
            assertThat(Shared.in(BOB, shared.bob, "Principal/query", "'filter': {" + wrong + "}")
                            .path("type")
                            .asText())
                    .isEqualTo("invalidArguments");
        assertThat(Shared.in(BOB, shared.bob, "Principal/query", "'filter': {'mood': 'x'}")
                        .get("type")
                        .asText())
                .isEqualTo("unsupportedFilter");
        assertThat(Shared.in(BOB, shared.bob, "Principal/query", "'filter': {'text': 'VERYO', 'type': 'group'}")
                        .get("ids"))
                .hasSize(1);
        assertThat(Shared.in(BOB, shared.bob, "Principal/query", "'filter': {'text': '" + ALICE + "'}")
                        .get("ids"))
                .hasSize(1);
        JsonNode sorted = Shared.in(BOB, shared.bob, "Principal/query", "'sort': [{'property': 'email'}]");
        assertThat(sorted.at("/ids/1").textValue()).isEqualTo(bob);
        assertThat(Shared.in(BOB, shared.bob, "Principal/queryChanges", "'sinceQueryState': 'x'"))
                .hasToString("{\"type\":\"cannotCalculateChanges\"}");
    }

    @Test
    void who_shares_something_is_known_with_what_he_shares() throws IOException {
        String state = Shared.in(BOB, shared.bob, "Principal/get", "'ids': []")
                .get("state")
                .textValue();
        set("'shareWith/" + bob + "': " + READING);
        JsonNode got = Shared.in(BOB, shared.bob, "Principal/get", "");
        assertThat(got.get("list").findValuesAsText("email")).containsExactly(BOB, "null", ALICE);
        set("'shareWith/" + bob + "/maySetSeen': false");
        assertThat(Shared.in(BOB, shared.bob, "Principal/get", "'ids': []").get("state"))
                .isNotEqualTo(got.get("state"));
        assertThat(got.at("/list/2/accounts/" + Shared.id(ALICE) + "/isPersonal")
                        .booleanValue())
                .isFalse();
        assertThat(got.get("state").textValue()).isNotEqualTo(state);
        assertThat(Shared.in(BOB, shared.bob, "Principal/changes", "'sinceState': '" + state + "'"))
                .hasToString("{\"type\":\"cannotCalculateChanges\"}");
        JsonNode by =
                Shared.in(BOB, shared.bob, "Principal/query", "'filter': {'accountIds': ['" + Shared.id(ALICE) + "']}");
        assertThat(by.get("ids")).hasSize(1);
        JsonNode changed = Shared.in(
                BOB,
                shared.bob,
                "Principal/set",
                "'destroy': ['" + by.at("/ids/0").asText() + "']");
        assertThat(changed.get("notDestroyed")).hasSize(1);
    }
}
