package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.jmap.mail.Shared.ALICE;
import static org.posthorn.jmap.mail.Shared.BOB;
import static org.posthorn.jmap.mail.Shared.CAROL;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which changes a user is told of in an account of which he sees a part: RFC 8620 5.2. */
class SharedChangesTest {

    private static final String UNKNOWN = "{\"type\":\"cannotCalculateChanges\"}";

    private Shared shared;
    private String plan;
    private String hidden;

    @BeforeEach
    void begin(@TempDir Path folder) throws IOException {
        shared = new Shared(folder);
        shared.share(ALICE, "Work", BOB, "lrs");
        plan = shared.add(ALICE, "Work", "plan");
        hidden = shared.add(ALICE, "INBOX", "hidden");
    }

    @AfterEach
    void end() {
        shared.close();
    }

    private JsonNode bob(String method, String arguments) throws IOException {
        return Shared.in(ALICE, shared.bob, method, arguments);
    }

    private String state(String type) throws IOException {
        return bob(type + "/get", "'ids': []").get("state").textValue();
    }

    private JsonNode since(String type, String state) throws IOException {
        return bob(type + "/changes", "'sinceState': '" + state + "'");
    }

    private static String told(JsonNode changes) {
        return changes.get("created") + " " + changes.get("updated") + " " + changes.get("destroyed");
    }

    private static String ids(String created, String updated, String destroyed) {
        return list(created) + " " + list(updated) + " " + list(destroyed);
    }

    private static String list(String id) {
        return id.isEmpty() ? "[]" : "[\"" + id + "\"]";
    }

    private String threadOf(String email) throws IOException {
        return bob("Email/get", "'ids': ['" + email + "'], 'properties': ['threadId']")
                .at("/list/0/threadId")
                .textValue();
    }

    @Test
    void of_what_happens_in_other_mailboxes_nothing_is_told() throws IOException {
        String mailboxes = state("Mailbox");
        String emails = state("Email");
        String threads = state("Thread");
        String query = bob("Email/query", "").get("queryState").textValue();
        shared.add(ALICE, "INBOX", "new and hidden");
        shared.move(ALICE, "INBOX", hidden, "Else");
        String gone = shared.add(ALICE, "Gone", "gone with its mailbox");
        shared.account(ALICE).delete("Gone");
        shared.mailbox(ALICE, "Else").expunge(shared.uid(ALICE, "Else", hidden));
        assertThat(gone).isNotEmpty();
        assertThat(told(since("Email", emails))).isEqualTo(ids("", "", ""));
        assertThat(told(since("Thread", threads))).isEqualTo(ids("", "", ""));
        assertThat(told(since("Mailbox", mailboxes))).isEqualTo(ids("", "", ""));
        JsonNode changes = bob("Email/queryChanges", "'sinceQueryState': '" + query + "', 'calculateTotal': true");
        assertThat(changes.get("removed")).isEmpty();
        assertThat(changes.get("added")).isEmpty();
        assertThat(changes.get("total").intValue()).isEqualTo(1);
    }

    @Test
    void what_happens_in_other_mailboxes_makes_no_other_state() throws IOException {
        shared.share(ALICE, "Drop", BOB, "li");
        String email = state("Email");
        String thread = state("Thread");
        String mailbox = state("Mailbox");
        shared.add(ALICE, "INBOX", "new and hidden");
        shared.add(ALICE, "Drop", "dropped");
        shared.share(ALICE, "INBOX", CAROL, "lr");
        assertThat(state("Email")).isEqualTo(email);
        assertThat(state("Thread")).isEqualTo(thread);
        assertThat(state("Mailbox")).isEqualTo(mailbox);
        shared.add(ALICE, "Work", "to be seen");
        assertThat(state("Email")).isNotEqualTo(email);
        assertThat(state("Mailbox")).isNotEqualTo(mailbox);
    }

    @Test
    void a_subscription_is_a_part_of_what_one_sees() throws IOException {
        String before = state("Mailbox");
        shared.account(BOB).unsubscribe("Users/" + ALICE + "/Work");
        assertThat(state("Mailbox")).isNotEqualTo(before);
        assertThat(since("Mailbox", before)).hasToString(UNKNOWN);
        shared.account(BOB).subscribe("Users/" + ALICE + "/Work");
        assertThat(state("Mailbox")).isEqualTo(before);
    }

    @Test
    void what_comes_changes_and_goes_in_those_that_one_sees_is_told() throws IOException {
        String mailboxes = state("Mailbox");
        String emails = state("Email");
        String threads = state("Thread");
        String more = shared.add(ALICE, "Work", "more");
        String work = shared.mailboxId(ALICE, "Work");
        assertThat(told(since("Email", emails))).isEqualTo(ids(more, "", ""));
        assertThat(told(since("Thread", threads))).isEqualTo(ids(threadOf(more), "", ""));
        assertThat(told(since("Mailbox", mailboxes))).isEqualTo(ids("", work, ""));
        emails = state("Email");
        String thread = threadOf(plan);
        threads = state("Thread");
        shared.mailbox(ALICE, "Work").expunge(shared.uid(ALICE, "Work", plan));
        assertThat(told(since("Email", emails))).isEqualTo(ids("", "", plan));
        assertThat(told(since("Thread", threads))).isEqualTo(ids("", "", thread));
    }

    @Test
    void what_goes_out_of_sight_is_destroyed_and_what_comes_into_it_is_told() throws IOException {
        String emails = state("Email");
        String thread = threadOf(plan);
        String threads = state("Thread");
        shared.move(ALICE, "Work", plan, "INBOX");
        assertThat(told(since("Email", emails))).isEqualTo(ids("", "", plan));
        assertThat(told(since("Thread", threads))).isEqualTo(ids("", "", thread));
        emails = state("Email");
        threads = state("Thread");
        shared.move(ALICE, "INBOX", plan, "Work");
        assertThat(told(since("Email", emails))).isEqualTo(ids("", plan, ""));
        assertThat(told(since("Thread", threads))).isEqualTo(ids("", thread, ""));
    }

    @Test
    void behind_other_rights_no_changes_can_be_told() throws IOException {
        String mailboxes = state("Mailbox");
        String emails = state("Email");
        String threads = state("Thread");
        shared.share(ALICE, "INBOX", BOB, "lr");
        assertThat(since("Email", emails)).hasToString(UNKNOWN);
        assertThat(since("Thread", threads)).hasToString(UNKNOWN);
        assertThat(since("Mailbox", mailboxes)).hasToString(UNKNOWN);
        mailboxes = state("Mailbox");
        emails = state("Email");
        shared.share(ALICE, "INBOX", BOB, "lrs");
        assertThat(since("Mailbox", mailboxes)).hasToString(UNKNOWN);
        assertThat(told(since("Email", emails))).isEqualTo(ids("", "", ""));
        shared.account(ALICE).delete("Work");
        assertThat(since("Email", emails)).hasToString(UNKNOWN);
    }

    @Test
    void a_state_of_the_owner_is_none_of_another() throws IOException {
        String owners = Shared.in(ALICE, shared.alice, "Email/get", "'ids': []")
                .get("state")
                .textValue();
        assertThat(since("Email", owners)).hasToString(UNKNOWN);
        assertThat(owners).matches("[0-9]+");
    }
}
