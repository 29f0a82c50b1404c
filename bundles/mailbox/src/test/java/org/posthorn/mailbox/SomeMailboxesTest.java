package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.Emails;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.IdChanges;
import org.posthorn.api.mailbox.IdChanges.Change;
import org.posthorn.api.mailbox.MailboxChanges;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.UidSet;

/** An account of which some mailboxes count, as if it had no others. */
class SomeMailboxesTest {

    private final Set<String> meant = new HashSet<>(Set.of("Seen"));
    private Post post;
    private Emails emails;

    @BeforeEach
    void begin(@TempDir Path directory) throws IOException {
        post = new Post("maildir", directory);
        for (String name : List.of("Seen", "Other")) post.alice().create(name, Optional.empty());
        emails = post.store().emails(Post.ALICE, () -> meant);
    }

    @AfterEach
    void end() {
        post.close();
    }

    private Entry append(String mailbox) throws IOException {
        return post.mailbox(mailbox).append(Post.message("Subject: a\r\n\r\nb\r\n"), Flags.NONE, Instant.EPOCH);
    }

    private static List<Long> numbers(List<Change> changes) {
        return changes.stream().map(Change::number).toList();
    }

    private static void changed(Optional<IdChanges> changes, List<Long> created, List<Long> updated, List<Long> gone) {
        assertThat(numbers(changes.orElseThrow().created())).isEqualTo(created);
        assertThat(numbers(changes.orElseThrow().updated())).isEqualTo(updated);
        assertThat(numbers(changes.orElseThrow().destroyed())).isEqualTo(gone);
    }

    @Test
    void an_email_has_the_places_that_count_and_is_not_there_without_one() throws IOException {
        long other = append("Other").emailId();
        Entry both = append("Seen");
        post.mailbox("Seen").copy(UidSet.of(both.uid()), post.mailbox("Other"));
        assertThat(emails.mailboxes()).containsOnlyKeys("Seen");
        assertThat(emails.all()).extracting(Email::number).containsExactly(both.emailId());
        assertThat(emails.all().get(0).places())
                .extracting(Email.Place::mailbox)
                .containsExactly("Seen");
        assertThat(emails.emails(Set.of(other, both.emailId()))).hasSize(1);
        assertThat(emails.threads(Set.of(emails.all().get(0).thread())))
                .extracting(Email::number)
                .containsExactly(both.emailId());
        assertThat(emails.mailbox("Seen", UidSet.ALL)).hasSize(1);
        assertThatThrownBy(() -> emails.mailbox("Other", UidSet.ALL))
                .isInstanceOfSatisfying(
                        MailboxFault.class, fault -> assertThat(fault.kind()).isEqualTo(MailboxFault.Kind.NONEXISTENT));
    }

    @Test
    void what_happens_in_others_is_not_told() throws IOException {
        Entry moved = append("Other");
        emails.all();
        long since = emails.state();
        append("Other");
        post.mailbox("Other").move(UidSet.of(moved.uid()), post.inbox());
        post.inbox().expunge(UidSet.ALL);
        post.alice().delete("Other");
        changed(emails.changes(since), List.of(), List.of(), List.of());
        changed(emails.threadChanges(since), List.of(), List.of(), List.of());
        MailboxChanges mailboxes = emails.mailboxChanges(since).orElseThrow();
        assertThat(mailboxes.counted()).isEmpty();
        assertThat(mailboxes.destroyed()).isEmpty();
        changed(post.store().emails(Post.ALICE).changes(since), List.of(), List.of(), List.of(moved.emailId()));
    }

    @Test
    void the_state_is_another_one_when_something_happens_in_those_that_count() throws IOException {
        Entry seen = append("Seen");
        long since = emails.state();
        append("Other");
        post.alice().create("More", Optional.empty());
        assertThat(emails.state()).isEqualTo(since);
        assertThat(emails.changes(since).orElseThrow().state()).isEqualTo(since);
        assertThat(emails.mailboxChanges(since).orElseThrow().state()).isEqualTo(since);
        post.mailbox("Seen").expunge(UidSet.of(seen.uid()));
        assertThat(emails.state()).isGreaterThan(since);
        changed(emails.changes(since), List.of(), List.of(), List.of(seen.emailId()));
        assertThat(emails.mailboxChanges(since).orElseThrow().counted())
                .containsExactly(emails.mailboxes().get("Seen"));
    }

    @Test
    void others_are_not_opened() throws IOException {
        long since = emails.state();
        append("Seen");
        post.restart();
        Path index = AccountShelf.indexPath(AccountShelf.indexes(post.home(), "maildir"), "Other");
        Files.delete(index);
        emails = post.store().emails(Post.ALICE, () -> meant);
        assertThat(emails.state()).isGreaterThan(since);
        assertThat(emails.mailboxes()).containsOnlyKeys("Seen");
        assertThat(emails.all()).hasSize(1);
        assertThat(emails.changes(since).orElseThrow().created()).hasSize(1);
        assertThat(emails.threadChanges(since).orElseThrow().created()).hasSize(1);
        assertThat(emails.mailboxChanges(since).orElseThrow().counted()).hasSize(1);
        assertThat(index).doesNotExist();
        post.store().emails(Post.ALICE).mailboxes();
        assertThat(index).exists();
    }

    @Test
    void what_is_moved_out_is_gone_and_what_is_moved_in_is_updated_with_its_thread() throws IOException {
        Entry out = append("Seen");
        Entry in = append("Other");
        List<Email> all = post.store().emails(Post.ALICE).all();
        long thread = all.stream()
                .filter(e -> e.number() == in.emailId())
                .findFirst()
                .orElseThrow()
                .thread();
        long since = emails.state();
        post.mailbox("Seen").move(UidSet.of(out.uid()), post.mailbox("Other"));
        changed(emails.changes(since), List.of(), List.of(), List.of(out.emailId()));
        post.mailbox("Other").move(UidSet.of(in.uid()), post.mailbox("Seen"));
        changed(emails.changes(since), List.of(), List.of(in.emailId()), List.of(out.emailId()));
        assertThat(numbers(emails.threadChanges(since).orElseThrow().updated())).contains(thread);
    }
}
