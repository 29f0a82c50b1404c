package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.jmap.mail.Shared.ALICE;
import static org.posthorn.jmap.mail.Shared.BOB;
import static org.posthorn.jmap.mail.Shared.CAROL;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.ObjectId;
import org.posthorn.jmap.Calls;
import org.posthorn.jmap.Reach;
import org.posthorn.jmap.Refusal;
import org.posthorn.jmap.SetError;
import org.posthorn.mime.Octets;
import org.posthorn.mime.StoredMessage;

/** What a user may change in what others share with him: RFC 8621 2, RFC 8620 5.3. */
class SharedWritingTest {

    private static final byte[] MAIL =
            "From: x@example.net\r\nSubject: new\r\n\r\ntext\r\n".getBytes(StandardCharsets.US_ASCII);

    private Shared shared;
    private String plan;
    private String read;
    private String team;

    @BeforeEach
    void begin(@TempDir Path folder) throws IOException {
        shared = new Shared(folder);
        shared.share(ALICE, "Read", BOB, "lrs");
        shared.share(ALICE, "Team", BOB, "lrswitekx");
        shared.share(ALICE, "Drop", BOB, "li");
        shared.share(ALICE, "Team", CAROL, "lr");
        plan = shared.add(ALICE, "Team", "plan");
        read = shared.mailboxId(ALICE, "Read");
        team = shared.mailboxId(ALICE, "Team");
    }

    @AfterEach
    void end() {
        shared.close();
    }

    private JsonNode bob(String method, String arguments) throws IOException {
        return Shared.in(ALICE, shared.bob, method, arguments);
    }

    private JsonNode update(String email, String patch) throws IOException {
        return bob("Email/set", "'update': {'" + email + "': {" + patch + "}}");
    }

    private static String refused(JsonNode set, String list, String id) {
        return set.at("/" + list + "/" + id + "/type").asText();
    }

    @ParameterizedTest
    @CsvSource({"$seen, true", "$flagged, false", "other, false"})
    void keywords_need_their_rights(String keyword, boolean may) throws IOException {
        String email = shared.add(ALICE, "Read", "one");
        JsonNode set = update(email, "'keywords/" + keyword + "': true");
        assertThat(set.path("updated").has(email)).isEqualTo(may);
        if (!may) assertThat(refused(set, "notUpdated", email)).isEqualTo("forbidden");
        JsonNode now = Shared.in(ALICE, shared.alice, "Email/get", "'ids': ['" + email + "']");
        assertThat(now.at("/list/0/keywords").has(keyword)).isEqualTo(may);
    }

    @Test
    void of_an_email_in_several_mailboxes_all_must_permit_it_and_none_is_changed_else() throws IOException {
        shared.copy(ALICE, "Team", plan, "Read");
        assertThat(refused(update(plan, "'keywords/$flagged': true, 'keywords/$seen': true"), "notUpdated", plan))
                .isEqualTo("forbidden");
        assertThat(update(plan, "'keywords/$seen': true").path("updated").has(plan))
                .isTrue();
        JsonNode destroyed = bob("Email/set", "'destroy': ['" + plan + "']");
        assertThat(refused(destroyed, "notDestroyed", plan)).isEqualTo("forbidden");
        assertThat(shared.places(ALICE, plan)).containsExactly("Read", "Team");
    }

    private JsonNode updateBoth(String one, String other, String patch) throws IOException {
        return bob("Email/set", "'update': {'" + one + "': {" + patch + "}, '" + other + "': {" + patch + "}}");
    }

    @Test
    void what_is_done_to_several_in_one_needs_the_same_rights() throws IOException {
        String one = shared.add(ALICE, "Read", "one");
        String other = shared.add(ALICE, "Read", "other");
        String move = "'mailboxIds/" + team + "': true, 'mailboxIds/" + read + "': null";
        for (String patch : List.of(move, "'keywords/$flagged': true")) {
            JsonNode set = updateBoth(one, other, patch);
            assertThat(refused(set, "notUpdated", one)).isEqualTo("forbidden");
            assertThat(refused(set, "notUpdated", other)).isEqualTo("forbidden");
        }
        JsonNode destroyed = bob("Email/set", "'destroy': ['" + one + "', '" + other + "']");
        assertThat(destroyed.get("notDestroyed")).hasSize(2);
        assertThat(updateBoth(one, other, "'keywords/$seen': true").get("updated"))
                .hasSize(2);
        for (String email : List.of(one, other)) {
            assertThat(shared.places(ALICE, email)).containsExactly("Read");
            assertThat(shared.keywords(ALICE, "Read", email)).containsExactly("$seen");
        }
    }

    @Test
    void what_was_read_is_not_where_several_are_moved_in_one_and_one_may_not_say_so() throws IOException {
        String one = inBoth("One", "Two", "lrswite");
        String other = inBoth("One", "Two", "lrswite");
        for (String email : List.of(one, other)) shared.flag(ALICE, "One", email, FlagChange.Kind.ADD, "$seen");
        shared.share(ALICE, "Unsaid", BOB, "lri");
        String move = "'mailboxIds/" + shared.mailboxId(ALICE, "Unsaid") + "': true, 'mailboxIds/"
                + shared.mailboxId(ALICE, "One") + "': null";
        assertThat(updateBoth(one, other, move).get("updated")).hasSize(2);
        for (String email : List.of(one, other)) {
            assertThat(shared.places(ALICE, email)).containsExactly("Two", "Unsaid");
            assertThat(shared.keywords(ALICE, "Unsaid", email)).isEmpty();
        }
    }

    @Test
    void mail_sleeps_in_ones_own_account_alone() throws IOException {
        JsonNode told = bob("Email/get", "'ids': ['" + plan + "'], 'properties': ['snoozed']");
        assertThat(told.at("/list/0/snoozed").isNull()).isTrue();
        JsonNode set = update(plan, "'snoozed': {'until': '2099-01-01T00:00:00Z'}");
        assertThat(refused(set, "notUpdated", plan)).isEqualTo("invalidProperties");
        assertThat(shared.places(ALICE, plan)).containsExactly("Team");
        JsonNode sorted = bob("Email/query", "'sort': [{'property': 'snoozedUntil'}]");
        assertThat(sorted.path("type").asText()).isEqualTo("unsupportedSort");
    }

    /** In both mailboxes, which Bob may use so far. */
    private String inBoth(String first, String second, String rights) throws IOException {
        shared.share(ALICE, first, BOB, rights);
        shared.share(ALICE, second, BOB, rights);
        String email = shared.add(ALICE, first, "both");
        shared.copy(ALICE, first, email, second);
        return email;
    }

    @ParameterizedTest
    @CsvSource({"lrw, $seen, $flagged", "lrs, $flagged, $seen"})
    void copies_that_differ_in_another_keyword_go_on_doing_so(String rights, String other, String set)
            throws IOException {
        String email = inBoth("One", "Two", rights);
        shared.flag(ALICE, "One", email, FlagChange.Kind.ADD, other);
        assertThat(update(email, "'keywords/" + set + "': true").path("updated").has(email))
                .isTrue();
        assertThat(shared.keywords(ALICE, "One", email)).containsExactlyInAnyOrder(other, set);
        assertThat(shared.keywords(ALICE, "Two", email)).containsExactly(set);
        Shared.in(ALICE, shared.alice, "Email/set", "'update': {'" + email + "': {'keywords/" + set + "': null}}");
        assertThat(shared.keywords(ALICE, "One", email)).containsExactly(other);
        assertThat(shared.keywords(ALICE, "Two", email)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_was_read_elsewhere_is_not_where_one_may_not_say_so(boolean moved) throws IOException {
        String email = inBoth("One", "Two", "lrswite");
        shared.flag(ALICE, "One", email, FlagChange.Kind.ADD, "$seen");
        shared.share(ALICE, "Unsaid", BOB, "lri");
        String target = "'mailboxIds/" + shared.mailboxId(ALICE, "Unsaid") + "': true";
        String left = ", 'mailboxIds/" + shared.mailboxId(ALICE, "One") + "': null";
        assertThat(update(email, target + (moved ? left : "")).path("updated").has(email))
                .isTrue();
        assertThat(shared.places(ALICE, email)).contains("Unsaid").hasSize(moved ? 2 : 3);
        assertThat(shared.keywords(ALICE, "Unsaid", email)).isEmpty();
    }

    @Test
    void what_one_may_not_read_any_more_is_looked_for_anew() throws IOException, Refusal {
        shared.copy(ALICE, "Team", plan, "Drop");
        shared.share(ALICE, "Drop", BOB, "lrswite");
        Permit permit = new Permit(new Reach(shared.store(), Address.of(ALICE), Address.of(BOB)));
        Email email = shared.emails(ALICE)
                .emails(Set.of(ObjectId.emailNumber(plan).orElseThrow()))
                .get(0);
        Placing both = new Placing(new TreeSet<>(Set.of("Drop", "Team")), new TreeSet<>(Set.of("$seen")));
        assertThat(permit.update(email, both)).isTrue();
        assertThat(permit.destroy(email)).isTrue();
        shared.share(ALICE, "Drop", BOB, "lswite");
        assertThat(permit.update(email, both)).isFalse();
        assertThat(permit.destroy(email)).isFalse();
    }

    @Test
    void a_message_that_was_made_is_put_only_where_that_is_still_permitted(@TempDir Path uploads) throws IOException {
        List<SetError> refused = new ArrayList<>();
        Within putting = new Within(context -> {
            MailView mail = MailView.of(context, Address.of(ALICE), new Digests());
            EmailCreation creation = new EmailCreation(context, Address.of(ALICE), mail, Clock.systemUTC());
            Placing placing = new Placing(new TreeSet<>(Set.of("Read")), new TreeSet<>());
            try {
                creation.put(StoredMessage.of(Octets.of(MAIL)), placing, Instant.EPOCH);
            } catch (Refusal refusal) {
                refused.add(refusal.error());
            }
        });
        Within.call(new Calls(shared.store(), Address.of(BOB), uploads, putting));
        assertThat(refused).extracting(SetError::type).containsExactly("forbidden");
        assertThat(shared.mailbox(ALICE, "Read").status().messages()).isZero();
    }

    @Test
    void what_is_taken_out_of_those_one_sees_stays_where_one_does_not() throws IOException {
        shared.copy(ALICE, "Team", plan, "INBOX");
        assertThat(bob("Email/set", "'destroy': ['" + plan + "']").get("destroyed"))
                .hasSize(1);
        assertThat(shared.places(ALICE, plan)).containsExactly("INBOX");
        assertThat(refused(bob("Email/set", "'destroy': ['" + plan + "']"), "notDestroyed", plan))
                .isEqualTo("notFound");
        assertThat(refused(update(plan, "'keywords/$seen': true"), "notUpdated", plan))
                .isEqualTo("notFound");
    }

    @Test
    void moving_needs_the_rights_of_both_sides() throws IOException {
        assertThat(refused(update(plan, "'mailboxIds': {'" + read + "': true}"), "notUpdated", plan))
                .isEqualTo("forbidden");
        String email = shared.add(ALICE, "Read", "one");
        assertThat(refused(update(email, "'mailboxIds': {'" + team + "': true}"), "notUpdated", email))
                .isEqualTo("forbidden");
        assertThat(update(email, "'mailboxIds/" + team + "': true")
                        .path("updated")
                        .has(email))
                .isTrue();
        assertThat(shared.places(ALICE, email)).containsExactly("Read", "Team");
        String inbox = shared.mailboxId(ALICE, "INBOX");
        JsonNode unknown = update(plan, "'mailboxIds/" + inbox + "': true");
        assertThat(refused(unknown, "notUpdated", plan)).isEqualTo("invalidProperties");
        String drop = shared.mailboxId(ALICE, "Drop");
        assertThat(update(plan, "'mailboxIds': {'" + drop + "': true}")
                        .path("updated")
                        .has(plan))
                .isTrue();
        assertThat(shared.places(ALICE, plan)).containsExactly("Drop");
    }

    @Test
    void new_emails_need_the_right_to_insert_and_to_have_their_keywords() throws IOException {
        String draft = "{'mailboxIds': {'%s': true}, 'subject': 's', 'bodyValues': {'1': {'value': 'x'}},"
                + " 'textBody': [{'partId': '1'}]%s}";
        String drop = shared.mailboxId(ALICE, "Drop");
        JsonNode set = bob(
                "Email/set",
                "'create': {'a': " + draft.formatted(read, "") + ", 'b': " + draft.formatted(team, "") + ", 'c': "
                        + draft.formatted(drop, "") + ", 'd': " + draft.formatted(drop, ", 'keywords': {'$seen': true}")
                        + "}");
        assertThat(refused(set, "notCreated", "a")).isEqualTo("forbidden");
        assertThat(set.at("/created/b/threadId").asText()).startsWith("T");
        assertThat(set.at("/created/c/id").asText()).startsWith("M");
        assertThat(refused(set, "notCreated", "d")).isEqualTo("forbidden");
        String blob = shared.bob.upload(MAIL);
        JsonNode imported = bob(
                "Email/import",
                "'emails': {'r': {'blobId': '" + blob + "', 'mailboxIds': {'" + read + "': true}}, 't': {'blobId': '"
                        + blob + "', 'mailboxIds': {'" + team + "': true}}}");
        assertThat(refused(imported, "notCreated", "r")).isEqualTo("forbidden");
        assertThat(shared.places(ALICE, imported.at("/created/t/id").asText())).containsExactly("Team");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Email/set", "Email/import"})
    void an_account_in_which_nothing_may_be_changed_is_read_only(String method) throws IOException {
        String arguments = method.endsWith("import") ? "'emails': {}" : "";
        assertThat(Shared.in(ALICE, shared.carol, method, arguments)).hasToString("{\"type\":\"accountReadOnly\"}");
    }

    private JsonNode copy(String from, String to, String more) throws IOException {
        return shared.bob.all(("['Email/copy', {'fromAccountId': '" + Shared.id(from) + "', 'accountId': '"
                        + Shared.id(to) + "'," + more + "}, '0']")
                .replace('\'', '"'));
    }

    @Test
    void a_copy_goes_to_another_account_and_its_original_goes_on_success() throws IOException {
        String inbox = shared.mailboxId(BOB, "INBOX");
        update(plan, "'keywords/$flagged': true");
        String locked = shared.add(ALICE, "Read", "locked");
        JsonNode answer = copy(
                ALICE,
                BOB,
                "'onSuccessDestroyOriginal': true, 'create': {'p': {'id': '" + plan + "', 'mailboxIds': {'" + inbox
                        + "': true}}, 'l': {'id': '" + locked + "', 'mailboxIds': {'" + inbox
                        + "': true}, 'keywords': {'$seen': true}, 'receivedAt': '2020-02-02T02:02:02Z'}, 'n': {'id': 'M0', 'mailboxIds': {'"
                        + inbox + "': true}}}");
        JsonNode copied = answer.at("/0/1");
        assertThat(copied.get("fromAccountId").textValue()).isEqualTo(Shared.id(ALICE));
        assertThat(refused(copied, "notCreated", "n")).isEqualTo("notFound");
        assertThat(copied.has("destroyed")).isFalse();
        JsonNode there = Shared.in(
                BOB,
                shared.bob,
                "Email/get",
                "'ids': ['" + copied.at("/created/p/id").textValue() + "', '"
                        + copied.at("/created/l/id").textValue() + "']");
        assertThat(there.at("/list/0/subject").textValue()).isEqualTo("plan");
        assertThat(there.at("/list/0/keywords")).hasToString("{\"$flagged\":true}");
        assertThat(there.at("/list/0/receivedAt").textValue()).isEqualTo("2026-01-01T00:00:00Z");
        assertThat(there.at("/list/1/keywords")).hasToString("{\"$seen\":true}");
        assertThat(there.at("/list/1/receivedAt").textValue()).isEqualTo("2020-02-02T02:02:02Z");
        assertThat(answer.at("/1/0").textValue()).isEqualTo("Email/set");
        assertThat(answer.at("/1/2").textValue()).isEqualTo("0");
        assertThat(answer.at("/1/1/destroyed/0").textValue()).isEqualTo(plan);
        assertThat(refused(answer.at("/1/1"), "notDestroyed", locked)).isEqualTo("forbidden");
        assertThat(shared.places(ALICE, plan)).isEmpty();
        assertThat(shared.places(ALICE, locked)).containsExactly("Read");
    }

    @Test
    void a_copy_needs_rights_on_both_sides_and_the_states_that_were_asked_for() throws IOException {
        String hidden = shared.add(ALICE, "INBOX", "hidden");
        String inbox = shared.mailboxId(BOB, "INBOX");
        String mine = shared.add(BOB, "INBOX", "mine");
        JsonNode answer =
                copy(ALICE, BOB, "'create': {'h': {'id': '" + hidden + "', 'mailboxIds': {'" + inbox + "': true}}}");
        assertThat(refused(answer.at("/0/1"), "notCreated", "h")).isEqualTo("notFound");
        answer = copy(BOB, ALICE, "'create': {'m': {'id': '" + mine + "', 'mailboxIds': {'" + read + "': true}}}");
        assertThat(refused(answer.at("/0/1"), "notCreated", "m")).isEqualTo("forbidden");
        answer = copy(
                BOB,
                ALICE,
                "'create': {'m': {'id': '" + mine + "', 'mailboxIds': {'" + team + "': true}, 'subject': 'other'}}");
        assertThat(refused(answer.at("/0/1"), "notCreated", "m")).isEqualTo("invalidProperties");
        answer = copy(BOB, ALICE, "'create': {'m': {'id': '" + mine + "', 'mailboxIds': {'" + team + "': true}}}");
        assertThat(shared.places(ALICE, answer.at("/0/1/created/m/id").asText()))
                .containsExactly("Team");
        assertThat(answer).hasSize(1);
        for (String state : new String[] {"ifInState", "ifFromInState"})
            assertThat(copy(BOB, ALICE, "'" + state + "': '0', 'create': {}")
                            .at("/0/1/type")
                            .textValue())
                    .isEqualTo("stateMismatch");
        assertThat(copy(CAROL, BOB, "'create': {}").at("/0/1/type").textValue()).isEqualTo("fromAccountNotFound");
        assertThat(copy(BOB, BOB, "'create': {}").at("/0/1/type").textValue()).isEqualTo("invalidArguments");
    }

    @Test
    void mailboxes_are_made_renamed_and_deleted_as_far_as_the_rights_go() throws IOException {
        JsonNode made = bob(
                "Mailbox/set",
                "'create': {'t': {'name': 'New', 'parentId': '" + team
                        + "', 'isSubscribed': true}, 'r': {'name': 'New', 'parentId': '"
                        + read + "'}, 'top': {'name': 'New'}, 'role': {'name': 'Old', 'role': 'archive', 'parentId': '"
                        + team + "'}}");
        String fresh = made.at("/created/t/id").asText();
        assertThat(refused(made, "notCreated", "r")).isEqualTo("forbidden");
        assertThat(refused(made, "notCreated", "top")).isEqualTo("forbidden");
        assertThat(refused(made, "notCreated", "role")).isEqualTo("invalidProperties");
        assertThat(shared.account(BOB).subscriptions()).contains("Users/" + ALICE + "/Team/New");
        JsonNode set =
                bob("Mailbox/set", "'update': {'" + fresh + "': {'name': 'Newer'}, '" + read + "': {'name': 'x'}}");
        assertThat(set.path("updated").has(fresh)).isTrue();
        assertThat(refused(set, "notUpdated", read)).isEqualTo("forbidden");
        assertThat(shared.account(BOB).subscriptions())
                .contains("Users/" + ALICE + "/Team/Newer")
                .doesNotContain("Users/" + ALICE + "/Team/New");
        assertThat(bob("Mailbox/get", "'ids': ['" + fresh + "']")
                        .at("/list/0/isSubscribed")
                        .booleanValue())
                .isTrue();
        assertThat(shared.account(ALICE).subscriptions()).doesNotContain("Team.Newer");
        JsonNode gone = bob("Mailbox/set", "'destroy': ['" + fresh + "', '" + read + "']");
        assertThat(gone.get("destroyed")).hasSize(1);
        assertThat(refused(gone, "notDestroyed", read)).isEqualTo("forbidden");
        String inbox = shared.mailboxId(ALICE, "INBOX");
        JsonNode hidden = bob("Mailbox/set", "'destroy': ['" + inbox + "']");
        assertThat(refused(hidden, "notDestroyed", inbox)).isEqualTo("notFound");
    }

    @Test
    void who_is_subscribed_to_what_lies_above_is_so_to_what_he_makes_unless_he_says_otherwise() throws IOException {
        String prefix = "Users/" + ALICE + "/Team";
        shared.account(BOB).subscribe(prefix);
        JsonNode made = bob(
                "Mailbox/set",
                "'create': {'m': {'name': 'Mine', 'parentId': '" + team
                        + "', 'isSubscribed': false}, 'o': {'name': 'Other', 'parentId': '" + team + "'}}");
        assertThat(made.get("created")).as(made.toString()).hasSize(2);
        assertThat(made.at("/created/m/isSubscribed").isMissingNode()).isTrue();
        assertThat(made.at("/created/o/isSubscribed").booleanValue()).isTrue();
        assertThat(shared.account(BOB).subscriptions())
                .contains(prefix + "/Other")
                .doesNotContain(prefix + "/Mine");
    }

    @Test
    void what_a_guest_calls_otherwise_its_owner_stays_subscribed_to() throws IOException {
        JsonNode made = bob("Mailbox/set", "'create': {'t': {'name': 'New', 'parentId': '" + team + "'}}");
        String fresh = made.at("/created/t/id").asText();
        shared.account(ALICE).subscribe("Team.New");
        JsonNode undone = bob("Mailbox/set", "'update': {'" + fresh + "': {'name': 'Newer', 'sortOrder': -1}}");
        assertThat(undone.get("notUpdated")).hasSize(1);
        assertThat(shared.account(ALICE).subscriptions()).contains("Team.New");
        bob("Mailbox/set", "'update': {'" + fresh + "': {'name': 'Newer'}}");
        assertThat(shared.account(ALICE).subscriptions()).contains("Team.Newer").doesNotContain("Team.New");
    }

    @Test
    void names_that_are_swapped_leave_none_of_the_servers_with_guests() throws IOException {
        shared.share(ALICE, "One", BOB, "lr");
        shared.share(ALICE, "Two", BOB, "lr");
        String one = shared.mailboxId(ALICE, "One");
        String two = shared.mailboxId(ALICE, "Two");
        String prefix = "Users/" + ALICE + "/";
        shared.account(BOB).unsubscribe(prefix + "Two");
        List<String> before = shared.account(BOB).subscriptions();
        String swap = "'" + one + "': {'name': 'Two'}, '" + two + "': {'name': 'One'}";
        JsonNode undone = Shared.in(
                ALICE,
                shared.alice,
                "Mailbox/set",
                "'update': {" + swap.replace("'One'", "'One', 'sortOrder': -1") + "}");
        assertThat(undone.get("notUpdated")).isNotEmpty();
        assertThat(shared.account(BOB).subscriptions()).containsExactlyElementsOf(before);
        JsonNode swapped = Shared.in(ALICE, shared.alice, "Mailbox/set", "'update': {" + swap + "}");
        assertThat(swapped.get("updated")).hasSize(2);
        assertThat(shared.account(BOB).subscriptions())
                .contains(prefix + "Two")
                .doesNotContain(prefix + "One")
                .hasSameSizeAs(before);
    }

    @Test
    void what_lies_below_a_mailbox_goes_along_only_if_it_may() throws IOException {
        shared.mailbox(ALICE, "Team.Sub");
        shared.share(ALICE, "Team.Sub.Below", BOB, "lrx");
        shared.mailbox(ALICE, "Team.Sub.Below.Private");
        shared.share(ALICE, "Team.Sub.Below.Private", BOB, "");
        String below = shared.mailboxId(ALICE, "Team.Sub.Below");
        JsonNode set = bob("Mailbox/set", "'update': {'" + below + "': {'parentId': '" + team + "', 'name': 'Moved'}}");
        assertThat(refused(set, "notUpdated", below)).isEqualTo("forbidden");
        assertThat(shared.account(ALICE).mailbox("Team.Sub.Below")).isPresent();
    }

    @Test
    void one_subscribes_for_oneself_where_nothing_may_be_changed() throws IOException {
        JsonNode set =
                Shared.in(ALICE, shared.carol, "Mailbox/set", "'update': {'" + team + "': {'isSubscribed': true}}");
        assertThat(set.path("updated").has(team)).isTrue();
        assertThat(shared.account(CAROL).subscriptions()).contains("Users/" + ALICE + "/Team");
        set = Shared.in(ALICE, shared.carol, "Mailbox/set", "'update': {'" + team + "': {'name': 'x'}}");
        assertThat(refused(set, "notUpdated", team)).isEqualTo("forbidden");
    }

    @Test
    void nothing_goes_below_a_mailbox_that_does_not_let_it_though_one_does_not_see_that() throws IOException {
        shared.share(ALICE, "Team.Hidden", BOB, "");
        shared.share(ALICE, "Team.Hidden.Sub", BOB, "lrx");
        shared.share(ALICE, "Other", BOB, "lrk");
        shared.share(ALICE, "Other.Hidden", BOB, "");
        String sub = shared.mailboxId(ALICE, "Team.Hidden.Sub");
        String other = shared.mailboxId(ALICE, "Other");
        JsonNode set = bob("Mailbox/set", "'update': {'" + sub + "': {'parentId': '" + other + "'}}");
        assertThat(refused(set, "notUpdated", sub)).isEqualTo("forbidden");
        set = bob("Mailbox/set", "'update': {'" + sub + "': {'parentId': '" + other + "', 'name': 'Sub'}}");
        assertThat(set.path("updated").has(sub)).isTrue();
        assertThat(shared.account(ALICE).mailbox("Other.Sub")).isPresent();
    }
}
