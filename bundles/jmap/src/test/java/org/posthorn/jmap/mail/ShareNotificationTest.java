package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.jmap.mail.Shared.ALICE;
import static org.posthorn.jmap.mail.Shared.BOB;
import static org.posthorn.jmap.mail.Shared.CAROL;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.api.mailbox.RightsNews;
import org.posthorn.jmap.Calls;

/** What users are told of the rights that others give them, RFC 9670 3. */
class ShareNotificationTest {

    @TempDir
    Path folder;

    private Shared shared;
    private String work;

    @BeforeEach
    void begin() throws IOException {
        shared = new Shared(folder);
        shared.mailbox(ALICE, "Work");
        work = shared.mailboxId(ALICE, "Work");
    }

    @AfterEach
    void end() {
        shared.close();
    }

    private JsonNode bob(String method, String arguments) throws IOException {
        return Shared.in(BOB, shared.bob, "ShareNotification/" + method, arguments);
    }

    private JsonNode all() throws IOException {
        return bob("get", "'ids': null");
    }

    private String state() throws IOException {
        return all().get("state").textValue();
    }

    /** As JMAP has it, with who has done it. */
    private void shareWithBob(Calls who, String rights) throws IOException {
        String id = Shared.in(ALICE, shared.alice, "Principal/query", "'filter': {'email': '" + BOB + "'}")
                .at("/ids/0")
                .asText();
        String patch = "'update': {'" + work + "': {'shareWith/" + id + "': " + rights + "}}";
        assertThat(Shared.in(ALICE, who, "Mailbox/set", patch).at("/updated").has(work))
                .isTrue();
    }

    @Test
    void what_somebody_is_given_is_told_with_who_gave_it_and_what_it_is() throws IOException {
        shareWithBob(shared.alice, "{'mayReadItems': true}");
        JsonNode one = all().at("/list/0");
        assertThat(one.get("changedBy").get("name").textValue()).isEqualTo(ALICE);
        assertThat(one.get("changedBy").get("email").textValue()).isEqualTo(ALICE);
        String principal = one.get("changedBy").get("principalId").textValue();
        assertThat(Shared.in(BOB, shared.bob, "Principal/get", "'ids': ['" + principal + "']")
                        .at("/list/0/email")
                        .textValue())
                .isEqualTo(ALICE);
        assertThat(one.get("objectType").textValue()).isEqualTo("Mailbox");
        assertThat(one.get("objectAccountId").textValue()).isEqualTo(Shared.id(ALICE));
        assertThat(one.get("objectId").textValue()).isEqualTo(work);
        assertThat(one.get("oldRights").isNull()).isTrue();
        JsonNode mine = Shared.in(ALICE, shared.bob, "Mailbox/get", "'ids': ['" + work + "']")
                .at("/list/0/myRights");
        assertThat(one.get("newRights")).isEqualTo(mine);
        assertThat(one.get("name").textValue()).isEqualTo("Work");
        assertThat(Instant.parse(one.get("created").textValue())).isBefore(Instant.now());
        assertThat(one).hasSize(9);
        assertThat(Shared.in(ALICE, shared.alice, "ShareNotification/get", "").get("list"))
                .isEmpty();
    }

    /** As SETACL of IMAP, or an administrator. */
    @Test
    void changes_of_one_mailbox_become_one_and_none_when_all_is_as_before() throws IOException {
        shared.share(ALICE, "Work", BOB, "lr");
        String first = state();
        shared.share(ALICE, "Work", BOB, "lrs");
        JsonNode list = all().get("list");
        assertThat(list).hasSize(1);
        assertThat(list.at("/0/oldRights").isNull()).isTrue();
        assertThat(list.at("/0/newRights/maySetSeen").booleanValue()).isTrue();
        assertThat(list.at("/0/changedBy").toString())
                .isEqualTo("{\"name\":\"Administrator\",\"email\":null,\"principalId\":null}");
        JsonNode changes = bob("changes", "'sinceState': '" + first + "'");
        assertThat(changes.get("created")).hasSize(1);
        assertThat(changes.get("updated")).isEmpty();
        assertThat(changes.get("destroyed")).hasSize(1);
        shared.share(ALICE, "Work", BOB, "");
        assertThat(all().get("list")).isEmpty();
    }

    @Test
    void what_is_taken_away_is_told_by_the_name_that_it_had() throws IOException {
        shared.share(ALICE, "Work", BOB, "lr");
        dismissAll();
        shared.account(ALICE).rename("Work", "Play");
        assertThat(all().get("list")).isEmpty();
        shared.share(ALICE, "Play", BOB, "");
        JsonNode one = all().at("/list/0");
        assertThat(one.get("name").textValue()).isEqualTo("Play");
        assertThat(one.get("objectId").textValue()).isEqualTo(work);
        assertThat(one.get("newRights").isNull()).isTrue();
        assertThat(one.at("/oldRights/mayReadItems").booleanValue()).isTrue();
        shared.account(ALICE).delete("Play");
        assertThat(all().at("/list/0")).isEqualTo(one);
    }

    @Test
    void only_the_inbox_is_told_as_one() throws IOException {
        shared.share(ALICE, "INBOX", BOB, "lrx");
        shared.share(ALICE, "Work", BOB, "lr");
        shared.share(ALICE, "Work.INBOX", BOB, "lrx");
        JsonNode list = all().get("list");
        for (int i = 0; i < 3; i++)
            assertThat(list.get(i).get("name").textValue())
                    .isEqualTo(List.of("Inbox", "Work", "INBOX").get(i));
        assertThat(list.at("/0/newRights/mayRename").booleanValue()).isFalse();
        assertThat(list.at("/2/newRights/mayRename").booleanValue()).isTrue();
        JsonNode mailboxes = Shared.in(ALICE, shared.bob, "Mailbox/get", "").get("list");
        assertThat(mailboxes.findValuesAsText("name")).containsExactlyInAnyOrder("Inbox", "Work", "INBOX");
    }

    private void dismissAll() throws IOException {
        for (JsonNode one : all().get("list")) {
            String id = one.get("id").textValue();
            assertThat(bob("set", "'destroy': ['" + id + "']")
                            .at("/destroyed/0")
                            .textValue())
                    .isEqualTo(id);
        }
    }

    @Test
    void users_dismiss_them_and_do_nothing_else() throws IOException {
        shared.share(ALICE, "Work", BOB, "lr");
        String id = all().at("/list/0/id").textValue();
        JsonNode refused =
                bob("set", "'create': {'a': {}}, 'update': {'" + id + "': {'name': 'x'}}, 'destroy': ['N99', 'x']");
        assertThat(refused.at("/notCreated/a/type").textValue()).isEqualTo("forbidden");
        assertThat(refused.at("/notUpdated/" + id + "/type").textValue()).isEqualTo("forbidden");
        assertThat(refused.at("/notDestroyed/N99/type").textValue()).isEqualTo("notFound");
        assertThat(refused.at("/notDestroyed/x/type").textValue()).isEqualTo("notFound");
        assertThat(bob("set", "'ifInState': '1', 'destroy': ['" + id + "']")
                        .get("type")
                        .textValue())
                .isEqualTo("stateMismatch");
        // Each has one id.
        String other = id.replace("N", "N0");
        assertThat(bob("get", "'ids': ['" + other + "']").get("notFound")).hasSize(1);
        assertThat(bob("set", "'destroy': ['" + other + "']").get("destroyed").isNull())
                .isTrue();
        dismissAll();
        assertThat(bob("get", "'ids': ['" + id + "']").get("notFound")).hasSize(1);
        assertThat(Shared.in(ALICE, shared.bob, "ShareNotification/get", "")
                        .get("type")
                        .textValue())
                .isEqualTo("accountNotSupportedByMethod");
    }

    private void at(String time, String owner, String id, String name) throws IOException {
        Clock clock = Clock.fixed(Instant.parse(time), ZoneOffset.UTC);
        shared.notifications.close();
        try (ShareNotifications then = new ShareNotifications(folder.resolve("data"), clock)) {
            then.changed(new RightsNews(
                    Address.of(BOB),
                    Address.of(owner),
                    Optional.of(Address.of(owner)),
                    id,
                    name,
                    false,
                    Rights.NONE,
                    new Rights("lr")));
        }
        shared.close();
        shared = new Shared(folder);
    }

    private String found(String filter) throws IOException {
        return bob("query", filter).get("ids").toString();
    }

    @Test
    void they_are_found_by_when_and_what_and_outlive_a_restart() throws IOException {
        at("2026-01-01T10:00:00Z", ALICE, "F1", "One");
        at("2026-01-02T10:00:00Z", CAROL, "F2", "Two");
        at("2026-01-03T10:00:00Z", ALICE, "F3", "Three");
        assertThat(found("'sort': [{'property': 'created', 'isAscending': false}]"))
                .isEqualTo("[\"N3\",\"N2\",\"N1\"]");
        assertThat(found("'filter': {'after': '2026-01-02T10:00:00Z'}")).isEqualTo("[\"N2\",\"N3\"]");
        assertThat(found("'filter': {'before': '2026-01-02T10:00:00Z', 'after': null}"))
                .isEqualTo("[\"N1\"]");
        assertThat(found("'filter': {'objectAccountId': '" + Shared.id(ALICE) + "', 'objectType': 'Mailbox'}"))
                .isEqualTo("[\"N1\",\"N3\"]");
        assertThat(found("'filter': {'objectType': 'Calendar'}")).isEqualTo("[]");
        assertThat(bob("query", "'filter': {'name': 'One'}").get("type").textValue())
                .isEqualTo("unsupportedFilter");
        assertThat(bob("query", "'filter': {'objectType': 7}").get("type").textValue())
                .isEqualTo("invalidArguments");
        assertThat(bob("query", "'sort': [{'property': 'name'}]").get("type").textValue())
                .isEqualTo("unsupportedSort");
        String state = bob("query", "").get("queryState").textValue();
        bob("set", "'destroy': ['N2']");
        JsonNode changes = bob("queryChanges", "'sinceQueryState': '" + state + "', 'calculateTotal': true");
        assertThat(changes.get("removed").toString()).isEqualTo("[\"N2\"]");
        assertThat(changes.get("total").intValue()).isEqualTo(2);
    }

    @Test
    void who_shares_very_much_pushes_out_nobody_elses() throws IOException {
        shared.share(CAROL, "Mine", BOB, "lr");
        for (int i = 0; i < 52; i++) shared.share(ALICE, "Spam." + i, BOB, "lr");
        JsonNode list = all().get("list");
        assertThat(list).hasSize(51);
        assertThat(list.at("/0/name").textValue()).isEqualTo("Mine");
        assertThat(list.at("/1/name").textValue()).isEqualTo("Spam.2");
    }

    @Test
    void who_watches_hears_of_them_and_what_one_does_oneself_is_no_news() throws IOException {
        shared.share(ALICE, "Work", BOB, "lra");
        dismissAll();
        AtomicInteger woken = new AtomicInteger();
        Runnable end = shared.notifications.watch(Address.of(BOB), woken::incrementAndGet);
        shareWithBob(shared.bob, "{'mayReadItems': true}");
        assertThat(woken).hasValue(0);
        assertThat(all().get("list")).isEmpty();
        shared.share(ALICE, "Work", BOB, "lrw");
        assertThat(woken).hasValue(1);
        dismissAll();
        assertThat(woken).hasValue(2);
        end.run();
        shared.share(ALICE, "Work", BOB, "");
        assertThat(woken).hasValue(2);
    }
}
