package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.IdChanges;
import org.posthorn.api.mailbox.IdChanges.Change;
import org.posthorn.api.mailbox.MailboxChanges;
import org.posthorn.api.mailbox.UidSet;

/** What happens while emails are looked for: whoever asks goes through the mailboxes in order of name, and is held at one of them. */
class EmailRacesTest {

    @TempDir
    Path directory;

    private final ExecutorService workers = Executors.newCachedThreadPool();
    private Post post;

    @BeforeEach
    void open() throws IOException {
        post = new Post("maildir", directory);
    }

    @AfterEach
    void close() {
        workers.shutdownNow();
        post.close();
    }

    private UserEmails emails() throws IOException {
        return (UserEmails) post.store().emails(Post.ALICE);
    }

    private Entry append(String mailbox, String text) throws IOException {
        return post.mailbox(mailbox).append(Post.message(text), Flags.NONE, Instant.EPOCH);
    }

    /** Something done. */
    private interface Deed {
        void run() throws Exception;
    }

    /** Somebody asks, and comes to that mailbox for the first time when all before it were looked at, and the deed is done. */
    private <T> T heldAt(String mailbox, Callable<T> question, Deed deed) throws Exception {
        Box box = emails().boxes().use(shelf -> shelf.use(mailbox, b -> b.with(open -> open)));
        Future<T> asked;
        box.lock.lock();
        try {
            asked = workers.submit(question);
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (!box.lock.hasQueuedThreads()) {
                assertThat(System.nanoTime()).as("nobody came").isLessThan(end);
                Thread.onSpinWait();
            }
            deed.run();
        } finally {
            box.lock.unlock();
        }
        return asked.get(60, TimeUnit.SECONDS);
    }

    private Set<Long> all() throws IOException {
        return emails().all().stream().map(Email::number).collect(java.util.stream.Collectors.toSet());
    }

    @Test
    void other_counts_of_a_mailbox_that_was_looked_at_are_told_now_or_the_next_time() throws Exception {
        long state = emails().state();
        MailboxChanges first = heldAt(
                "Trash", () -> emails().mailboxChanges(state).orElseThrow(), () -> append("INBOX", "a: b\r\n\r\n"));
        MailboxChanges next = emails().mailboxChanges(first.state()).orElseThrow();
        String inbox = post.inbox().status().mailboxId();
        assertThat(first.counted().contains(inbox) || next.counted().contains(inbox))
                .isTrue();
    }

    @Test
    void mail_of_a_mailbox_that_gets_another_name_is_found() throws Exception {
        post.alice().create("one", Optional.empty());
        long number = append("one", "a: b\r\n\r\n").emailId();
        assertThat(heldAt("Sent", this::all, () -> post.alice().rename("one", "Another")))
                .containsExactly(number);
    }

    @Test
    void changes_in_a_mailbox_that_gets_another_name_are_told() throws Exception {
        post.alice().create("one", Optional.empty());
        long state = emails().state();
        long number = append("one", "a: b\r\n\r\n").emailId();
        long now = emails().state();
        IdChanges changes = heldAt(
                "Sent", () -> EmailHistory.between(emails().boxes(), state, now).orElseThrow(), () -> post.alice()
                        .rename("one", "Another"));
        assertThat(changes.created()).extracting(Change::number).containsExactly(number);
    }

    @Test
    void a_new_email_that_is_moved_to_where_somebody_has_looked_is_created() throws Exception {
        long state = emails().state();
        long number = append("INBOX", "a: b\r\n\r\n").emailId();
        long now = emails().state();
        IdChanges changes = heldAt(
                "INBOX",
                () -> EmailHistory.between(emails().boxes(), state, now).orElseThrow(),
                () -> post.inbox().move(UidSet.ALL, post.mailbox("Archive")));
        assertThat(changes.created()).extracting(Change::number).containsExactly(number);
        IdChanges next = emails().changes(now).orElseThrow();
        assertThat(next.created()).isEmpty();
        assertThat(next.updated()).extracting(Change::number).containsExactly(number);
    }

    @Test
    void one_that_is_expunged_while_somebody_asks_is_destroyed_once() throws Exception {
        long number = append("INBOX", "a: b\r\n\r\n").emailId();
        long state = emails().state();
        append("Trash", "a: b\r\n\r\n");
        long now = emails().state();
        IdChanges changes = heldAt(
                "INBOX",
                () -> EmailHistory.between(emails().boxes(), state, now).orElseThrow(),
                () -> post.inbox().expunge(UidSet.ALL));
        assertThat(changes.destroyed()).isEmpty();
        assertThat(emails().changes(now).orElseThrow().destroyed())
                .extracting(Change::number)
                .containsExactly(number);
    }

    @Test
    void what_comes_while_its_mailbox_is_about_to_be_deleted_is_destroyed() throws Exception {
        post.alice().create("one", Optional.empty());
        long before = append("one", "a: b\r\n\r\n").emailId();
        emails().state();
        Owed owed = emails().boxes().use(shelf -> shelf.checkpoint().owed());
        Thread deleter = new Thread(() -> {
            try {
                post.alice().delete("one");
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        long late;
        long state;
        // Asked for before the mailbox is closed.
        synchronized (owed) {
            deleter.start();
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            while (deleter.getState() != Thread.State.BLOCKED) {
                assertThat(System.nanoTime()).as("nobody deletes").isLessThan(end);
                Thread.onSpinWait();
            }
            late = append("one", "a: b\r\n\r\n").emailId();
            state = emails().state();
        }
        deleter.join();
        assertThat(emails().changes(state).orElseThrow().destroyed())
                .extracting(Change::number)
                .containsExactlyInAnyOrder(before, late);
    }

    @Test
    void what_is_moved_to_where_somebody_has_looked_is_found() throws Exception {
        long number = append("INBOX", "a: b\r\n\r\n").emailId();
        assertThat(heldAt("INBOX", this::all, () -> post.inbox().move(UidSet.ALL, post.mailbox("Archive"))))
                .containsExactly(number);
    }

    @Test
    void what_is_moved_while_threads_are_worked_out_is_found() throws Exception {
        long one = append("INBOX", "a: b\r\n\r\n").emailId();
        long other = append("INBOX", "c: d\r\n\r\n").emailId();
        post.faults.header = () -> {
            post.faults.header = () -> {};
            post.inbox().move(UidSet.ALL, post.mailbox("Archive"));
        };
        assertThat(all()).containsExactlyInAnyOrder(one, other);
    }

    @Test
    void a_thread_whose_mail_is_moved_meanwhile_is_no_new_one() throws Exception {
        append("INBOX", "Message-ID: <a@x>\r\n\r\n");
        long state = emails().state();
        append("INBOX", "References: <a@x>\r\n\r\n");
        IdChanges changed = emails().changes(state).orElseThrow();
        IdChanges threads = heldAt(
                "INBOX",
                () -> ThreadHistory.of(emails().boxes(), emails().look(), changed, state)
                        .orElseThrow(),
                () -> post.inbox().move(UidSet.ALL, post.mailbox("Archive")));
        assertThat(threads.created()).isEmpty();
        assertThat(threads.updated()).hasSize(1);
    }

    @Test
    void one_message_that_cannot_be_read_keeps_no_others_from_being_told() throws Exception {
        long one = append("INBOX", "Message-ID: <a@x>\r\n\r\n").emailId();
        long other = append("INBOX", "Message-ID: <b@x>\r\n\r\n").emailId();
        post.faults.failOnce("header");
        assertThat(all()).containsExactlyInAnyOrder(one, other);
    }

    @Test
    void what_was_worked_out_is_kept_when_the_mailbox_is_deleted_meanwhile() throws Exception {
        post.alice().create("one", Optional.empty());
        for (int i = 0; i < 3; i++) append("one", "a: " + i + "\r\n\r\n");
        long kept = append("Trash", "a: b\r\n\r\n").emailId();
        AtomicInteger read = new AtomicInteger();
        post.faults.header = () -> {
            if (read.incrementAndGet() == 2) post.alice().delete("one");
        };
        assertThat(all()).containsOnly(kept);
    }
}
