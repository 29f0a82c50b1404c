package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.FlagChange;

/** RFC 8621 1.5. */
class DeliveriesTest {

    private final Deliveries deliveries = new Deliveries();

    @TempDir
    private Path folder;

    private Shared shared;

    @BeforeEach
    void begin() throws IOException {
        shared = new Shared(folder);
        shared.mailbox(Shared.ALICE, "Other");
        shared.add(Shared.ALICE, "INBOX", "before");
    }

    @AfterEach
    void end() {
        shared.close();
    }

    private String state() throws IOException {
        MailView view = MailView.of(shared.store(), Address.of(Shared.ALICE), new Digests());
        return deliveries.state(view, view.state());
    }

    @Test
    void it_is_another_one_when_an_email_has_come() throws IOException {
        String before = state();
        assertThat(state()).isEqualTo(before);
        shared.add(Shared.ALICE, "INBOX", "one");
        String one = state();
        assertThat(one).isNotEqualTo(before);
        assertThat(state()).isEqualTo(one);
        shared.add(Shared.ALICE, "Other", "two");
        assertThat(state()).isNotIn(before, one);
    }

    @Test
    void nothing_else_changes_it() throws IOException {
        String email = shared.add(Shared.ALICE, "INBOX", "one");
        String other = shared.add(Shared.ALICE, "INBOX", "two");
        String before = state();
        shared.flag(Shared.ALICE, "INBOX", email, FlagChange.Kind.ADD, "$seen");
        assertThat(state()).as("read").isEqualTo(before);
        shared.copy(Shared.ALICE, "INBOX", email, "Other");
        assertThat(state()).as("copied").isEqualTo(before);
        shared.move(Shared.ALICE, "INBOX", other, "Other");
        assertThat(state()).as("moved").isEqualTo(before);
        shared.mailbox(Shared.ALICE, "Other").expunge(shared.uid(Shared.ALICE, "Other", other));
        assertThat(state()).as("gone").isEqualTo(before);
        shared.account(Shared.ALICE).delete("Other");
        assertThat(state()).as("gone with its mailbox").isEqualTo(before);
    }

    @Test
    void what_came_and_was_changed_since_is_news() throws IOException {
        String before = state();
        String email = shared.add(Shared.ALICE, "INBOX", "one");
        shared.flag(Shared.ALICE, "INBOX", email, FlagChange.Kind.ADD, "$seen");
        shared.move(Shared.ALICE, "INBOX", email, "Other");
        assertThat(state()).isNotEqualTo(before);
    }
}
