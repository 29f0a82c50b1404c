package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.Emails;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.IdChanges;
import org.posthorn.api.mailbox.IdChanges.Change;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.UidSet;

/** Messages across mailboxes, and what becomes of them: RFC 8621 4, RFC 8620 5.2. */
class EmailsTest {

    private static final FlagChange SEEN = new FlagChange(FlagChange.Kind.ADD, Flags.of(Flags.SEEN));

    private static final FlagChange FLAGGED = new FlagChange(FlagChange.Kind.ADD, Flags.of(Flags.FLAGGED));

    @TempDir
    Path directory;

    private final ExecutorService workers = Executors.newCachedThreadPool();

    private static Emails emails(Post post) throws IOException {
        return post.store().emails(Post.ALICE);
    }

    private static Entry append(Post post, String mailbox, String text) throws IOException {
        return post.mailbox(mailbox).append(Post.message(text), Flags.NONE, Instant.ofEpochSecond(1_000_000_000));
    }

    private static Entry append(Post post, String mailbox) throws IOException {
        return append(post, mailbox, "Subject: a\r\n\r\nb\r\n");
    }

    private static List<Long> numbers(List<Change> changes) {
        return changes.stream().map(Change::number).toList();
    }

    private static void changed(
            Optional<IdChanges> changes, List<Long> created, List<Long> updated, List<Long> destroyed) {
        assertThat(numbers(changes.orElseThrow().created())).as("created").containsExactlyInAnyOrderElementsOf(created);
        assertThat(numbers(changes.orElseThrow().updated())).as("updated").containsExactlyInAnyOrderElementsOf(updated);
        assertThat(numbers(changes.orElseThrow().destroyed()))
                .as("destroyed")
                .containsExactlyInAnyOrderElementsOf(destroyed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void an_email_is_one_wherever_its_copies_lie(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            Entry one = append(post, "INBOX");
            Entry other = append(post, "INBOX", "Subject: c\r\n\r\nd\r\n");
            post.inbox().copy(UidSet.of(one.uid()), post.mailbox("Archive"));
            post.inbox().copy(UidSet.of(one.uid()), post.inbox());
            Email email = emails(post).emails(Set.of(one.emailId(), 99L)).get(0);
            assertThat(emails(post).emails(Set.of(one.emailId(), 99L))).hasSize(1);
            assertThat(email.number()).isEqualTo(one.emailId());
            assertThat(email.places()).extracting(Email.Place::mailbox).containsExactly("Archive", "INBOX", "INBOX");
            for (Email.Place place : email.places()) {
                Mailbox there = post.mailbox(place.mailbox());
                assertThat(place.mailboxId()).isEqualTo(there.status().mailboxId());
                assertThat(there.entries(UidSet.of(place.entry().uid()))).containsExactly(place.entry());
            }
            assertThat(emails(post).all()).extracting(Email::number).containsOnly(one.emailId(), other.emailId());
            assertThat(emails(post).mailbox("inbox", UidSet.ALL))
                    .extracting(threaded -> threaded.entry().uid())
                    .containsExactly(1L, 2L, 3L);
            assertThat(emails(post).mailboxes())
                    .containsEntry("Archive", post.mailbox("Archive").status().mailboxId())
                    .hasSize(post.alice().list().size());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void what_comes_is_created_and_what_goes_elsewhere_is_updated(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            Entry before = append(post, "INBOX");
            long state = emails(post).state();
            changed(emails(post).changes(state), List.of(), List.of(), List.of());
            Entry appended = append(post, "INBOX");
            Entry delivered = post.deliver(Post.mail(Post.message("a: b\r\n\r\n")));
            post.inbox().copy(UidSet.of(before.uid()), post.mailbox("Archive"));
            post.inbox().move(UidSet.of(appended.uid()), post.mailbox("Archive"));
            for (int round = 0; round < 2; round++) {
                changed(
                        emails(post).changes(state),
                        List.of(appended.emailId(), delivered.emailId()),
                        List.of(before.emailId()),
                        List.of());
                post.restart();
            }
            state = emails(post).changes(state).orElseThrow().state();
            changed(emails(post).changes(state), List.of(), List.of(), List.of());
            post.mailbox("Archive").move(UidSet.ALL, post.mailbox("Sent"));
            post.inbox().store(UidSet.of(delivered.uid()), SEEN, OptionalLong.empty());
            changed(
                    emails(post).changes(state),
                    List.of(),
                    List.of(before.emailId(), appended.emailId(), delivered.emailId()),
                    List.of());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void one_is_destroyed_when_it_is_in_no_mailbox_any_more(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            Entry copied = append(post, "INBOX");
            Entry moved = append(post, "INBOX");
            Entry own = append(post, "INBOX");
            post.inbox().move(UidSet.of(moved.uid()), post.mailbox("Trash"));
            post.inbox().copy(UidSet.of(copied.uid()), post.mailbox("Archive"));
            long state = emails(post).state();
            Entry brief = append(post, "INBOX");
            post.inbox().expunge(UidSet.ALL);
            post.mailbox("Trash").expunge(UidSet.ALL);
            for (int round = 0; round < 2; round++) {
                changed(
                        emails(post).changes(state),
                        List.of(),
                        List.of(copied.emailId()),
                        List.of(own.emailId(), moved.emailId()));
                post.restart();
            }
            assertThat(emails(post).emails(Set.of(own.emailId(), brief.emailId())))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void one_that_came_and_went_is_not_told(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            append(post, "INBOX");
            long state = emails(post).state();
            Entry brief = append(post, "INBOX");
            Entry moved = append(post, "INBOX");
            post.inbox().move(UidSet.of(moved.uid()), post.mailbox("Trash"));
            post.inbox().expunge(UidSet.of(brief.uid()));
            post.mailbox("Trash").expunge(UidSet.ALL);
            for (int round = 0; round < 2; round++) {
                changed(emails(post).changes(state), List.of(), List.of(), List.of());
                post.restart();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void a_copy_from_another_account_is_created_there(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            var bob = org.posthorn.api.mail.Address.of("bob@example.test");
            // His count goes before hers.
            for (int i = 0; i < 5; i++)
                post.store()
                        .account(bob)
                        .mailbox("INBOX")
                        .orElseThrow()
                        .append(Post.message("a: b\r\n\r\n"), Flags.NONE, Instant.EPOCH);
            long state = emails(post).state();
            post.store().account(bob).mailbox("INBOX").orElseThrow().copy(UidSet.of(1), post.inbox());
            Entry there = post.inbox().entries(UidSet.ALL).get(0);
            assertThat(there.born()).isEqualTo(there.modSeq());
            changed(emails(post).changes(state), List.of(there.emailId()), List.of(), List.of());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void what_goes_while_nobody_looks_is_destroyed(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            Entry own = append(post, "INBOX");
            Entry copy = append(post, "Archive");
            post.mailbox("Archive").move(UidSet.ALL, post.inbox());
            long state = emails(post).state();
            post.stop();
            empty(post.home(), format);
            post.open();
            changed(emails(post).changes(state), List.of(), List.of(), List.of(own.emailId(), copy.emailId()));
        }
    }

    /** Another program takes all out of INBOX. */
    private static void empty(Path home, String format) throws IOException {
        if (format.equals("mbox")) {
            Files.write(home.resolve("mbox"), new byte[0]);
            return;
        }
        try (var files = Files.walk(home.resolve("Maildir/cur"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) Files.delete(file);
        }
        try (var files = Files.walk(home.resolve("Maildir/new"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) Files.delete(file);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void a_lost_index_a_lost_account_or_a_power_failure_leaves_nothing_to_be_told(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            append(post, "INBOX");
            long state = emails(post).state();
            assertThat(emails(post).changes(state + 1)).isEmpty();
            post.stop();
            Path indexes = AccountShelf.indexes(post.home(), format);
            Files.delete(AccountShelf.indexPath(indexes, "INBOX"));
            post.open();
            assertThat(emails(post).changes(state)).isEmpty();
            state = emails(post).state();
            assertThat(emails(post).changes(state)).isPresent();
            post.stop();
            Files.delete(indexes.resolve(AccountFile.NAME));
            post.open();
            assertThat(emails(post).changes(state)).isEmpty();
            state = emails(post).state();
            append(post, "INBOX");
            post.crash(post.boot());
            changed(
                    emails(post).changes(state),
                    List.of(post.inbox().entries(UidSet.ALL).get(1).emailId()),
                    List.of(),
                    List.of());
            state = emails(post).state();
            append(post, "INBOX");
            post.crash("another boot");
            assertThat(emails(post).changes(state)).isEmpty();
            assertThat(emails(post).changes(emails(post).state())).isPresent();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void a_power_failure_is_one_however_often_the_account_is_opened(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            append(post, "INBOX");
            post.restart();
            post.inbox().store(UidSet.ALL, SEEN, OptionalLong.empty());
            long state = emails(post).state();
            // What lies on the shelf is as the index has it.
            post.stop();
            post.open();
            post.inbox().store(UidSet.ALL, FLAGGED, OptionalLong.empty());
            post.crash("another boot");
            assertThat(emails(post).changes(state)).isEmpty();
            state = emails(post).state();
            for (int round = 0; round < 2; round++) {
                post.restart();
                changed(emails(post).changes(state), List.of(), List.of(), List.of());
            }
        }
    }

    @Test
    void what_left_a_mailbox_long_before_it_was_deleted_is_not_told_anew() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            post.alice().create("one", Optional.empty());
            emails(post).state();
            List<org.posthorn.api.mailbox.Draft> many = new ArrayList<>();
            for (int i = 0; i <= MailboxRegister.MOST_EMAILS; i++)
                many.add(new org.posthorn.api.mailbox.Draft(Post.message("a: b\r\n\r\n"), Flags.NONE, Instant.EPOCH));
            post.mailbox("one").append(many);
            post.mailbox("one").expunge(UidSet.ALL);
            Entry last = append(post, "one");
            long state = emails(post).state();
            post.alice().delete("one");
            for (int round = 0; round < 2; round++) {
                changed(emails(post).changes(state), List.of(), List.of(), List.of(last.emailId()));
                post.restart();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void what_goes_with_its_mailbox_is_destroyed(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            post.alice().create("one", Optional.empty());
            Entry expunged = append(post, "one");
            Entry gone = append(post, "one");
            Entry kept = append(post, "one");
            post.mailbox("one").copy(UidSet.of(kept.uid()), post.inbox());
            long state = emails(post).state();
            append(post, "one");
            post.mailbox("one").expunge(UidSet.of(expunged.uid()));
            post.alice().delete("one");
            for (int round = 0; round < 2; round++) {
                changed(
                        emails(post).changes(state),
                        List.of(),
                        List.of(kept.emailId()),
                        List.of(expunged.emailId(), gone.emailId()));
                post.restart();
            }
        }
    }

    @Test
    void of_too_many_changes_none_is_told() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            AllBoxes boxes = ((UserEmails) emails(post)).boxes();
            long state = emails(post).state();
            append(post, "Archive");
            append(post, "INBOX");
            post.inbox().expunge(UidSet.ALL);
            append(post, "Trash");
            long now = emails(post).state();
            assertThat(EmailHistory.between(boxes, 3, state, now)).isPresent();
            assertThat(EmailHistory.between(boxes, 2, state, now)).isEmpty();
        }
    }

    @Test
    void nobody_knows_what_went_with_too_large_a_mailbox_or_with_one_that_another_program_took() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            post.alice().create("one", Optional.empty());
            long state = emails(post).state();
            List<org.posthorn.api.mailbox.Draft> many = new ArrayList<>();
            for (int i = 0; i <= MailboxRegister.MOST_EMAILS; i++)
                many.add(new org.posthorn.api.mailbox.Draft(Post.message("a: b\r\n\r\n"), Flags.NONE, Instant.EPOCH));
            post.mailbox("one").append(many);
            post.alice().delete("one");
            assertThat(emails(post).changes(state)).isEmpty();
            post.alice().create("two", Optional.empty());
            state = emails(post).state();
            post.stop();
            try (var files = Files.walk(post.home().resolve("Maildir/.two"))) {
                for (Path file :
                        files.sorted(java.util.Comparator.reverseOrder()).toList()) Files.delete(file);
            }
            post.open();
            assertThat(emails(post).changes(state)).isEmpty();
            assertThat(emails(post).mailboxChanges(state).orElseThrow().destroyed())
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void who_follows_the_changes_knows_what_is_there(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            AtomicBoolean over = new AtomicBoolean();
            // Before anything comes: what he saw later than the state, and is gone by the time he asks, he is not told
            // of.
            long state = emails(post).state();
            Future<Set<Long>> follower = workers.submit(() -> follow(post, state, over));
            List<Callable<Void>> work = new ArrayList<>();
            work.add(() -> deliver(post));
            work.add(() -> shuttle(post, "INBOX", "Archive"));
            work.add(() -> shuttle(post, "Archive", "INBOX"));
            work.add(() -> expunge(post));
            for (Future<Void> one : workers.invokeAll(work)) one.get();
            over.set(true);
            Set<Long> there = new TreeSet<>();
            emails(post).all().forEach(email -> there.add(email.number()));
            assertThat(follower.get()).isEqualTo(there).isNotEmpty();
        } finally {
            workers.shutdownNow();
        }
    }

    /** As a client does that keeps a list. One that is destroyed never comes again. */
    private static Set<Long> follow(Post post, long first, AtomicBoolean over) throws IOException {
        Set<Long> known = new TreeSet<>();
        Set<Long> destroyed = new HashSet<>();
        long state = first;
        while (true) {
            boolean last = over.get();
            IdChanges changes = emails(post).changes(state).orElseThrow();
            for (Change change : changes.created()) known.add(change.number());
            for (Change change : changes.updated())
                assertThat(known).as("updated").contains(change.number());
            for (Change change : changes.destroyed()) {
                known.remove(change.number());
                destroyed.add(change.number());
            }
            assertThat(known.stream().filter(destroyed::contains)).isEmpty();
            state = changes.state();
            if (last) return known;
        }
    }

    private static Void deliver(Post post) throws Exception {
        for (int i = 0; i < 60; i++) post.deliver(Post.mail(Post.message("Subject: " + i + "\r\n\r\n")));
        return null;
    }

    private static Void shuttle(Post post, String from, String to) throws Exception {
        for (int i = 0; i < 40; i++) {
            List<Entry> there = post.mailbox(from).entries(UidSet.ALL);
            if (!there.isEmpty())
                post.mailbox(from).move(UidSet.of(there.get(there.size() / 2).uid()), post.mailbox(to));
        }
        return null;
    }

    private static Void expunge(Post post) throws Exception {
        for (int i = 0; i < 20; i++) {
            List<Entry> there = post.inbox().entries(UidSet.ALL);
            if (!there.isEmpty()) post.inbox().expunge(UidSet.of(there.get(0).uid()));
        }
        return null;
    }
}
