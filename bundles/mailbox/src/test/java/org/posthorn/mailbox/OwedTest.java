package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.api.spool.ShelfNote;

/** What the journal is told of mail on the shelf, when all goes well and when the disk fails. */
class OwedTest {

    @TempDir
    Path directory;

    private final Mail mail = Post.mail(Post.message("Subject: x\r\n\r\n" + "line\r\n".repeat(100)));

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void mail_that_its_reader_expunges_is_noted_as_gone_before_he_hears_of_it(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            post.inbox().expunge(UidSet.of(post.deliver(mail).uid()));
            assertThat(post.spool.notes).last().isEqualTo(new ShelfNote.Gone(0));
        }
    }

    @Test
    void a_settlement_that_may_not_be_forced_yet_is_not_relied_upon() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            Entry entry = post.deliver(mail);
            flag(post, entry);
            assertThat(post.spool.settled).containsExactly(mail.id());
            post.inbox().expunge(UidSet.of(entry.uid()));
            assertThat(post.spool.notes).last().isEqualTo(new ShelfNote.Gone(0));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void moved_mail_leaves_its_mailbox_only_when_the_journal_knows(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            Entry entry = post.deliver(mail);
            post.spool.broken = note -> true;
            assertThatThrownBy(() -> post.inbox().move(UidSet.of(entry.uid()), post.mailbox("Archive")))
                    .isInstanceOf(IOException.class);
            assertThat(post.inbox().entries(UidSet.ALL)).containsExactly(entry);
            post.spool.broken = note -> false;
            post.inbox().move(UidSet.of(entry.uid()), post.mailbox("Archive"));
            assertThat(post.spool.notes).last().isEqualTo(new ShelfNote.Gone(0));
            assertThat(post.inbox().entries(UidSet.ALL)).isEmpty();
        }
    }

    @Test
    void the_mail_of_a_mailbox_that_is_deleted_is_noted_as_gone() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            post.deliver(mail, "Archive");
            post.alice().delete("Archive");
            assertThat(post.spool.notes).last().isEqualTo(new ShelfNote.Gone(0));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void after_a_failed_force_mail_is_written_again_before_it_is_settled(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            post.faults.fail("force", 0);
            Entry entry = post.deliver(mail);
            assertThatThrownBy(() -> flag(post, entry)).isInstanceOf(IOException.class);
            assertThat(post.spool.settled).isEmpty();
            post.faults.end();
            flag(post, entry);
            post.spool.awaitSettled(mail.id());
            assertThat(post.inbox().entries(UidSet.ALL)).hasSize(1);
            Entry now = post.inbox().entries(UidSet.ALL).get(0);
            assertThat(now.uid()).isGreaterThan(entry.uid());
            assertThat(Post.text(post.inbox().message(now.uid()).orElseThrow())).isEqualTo(Post.text(mail.message()));
            assertThat(post.spool.notes).last().isInstanceOfSatisfying(ShelfNote.Shelved.class, note -> assertThat(
                            note.uid())
                    .isEqualTo(now.uid()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void mail_that_is_written_again_stays_once_when_what_it_replaces_cannot_be_removed(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            post.faults.fail("force", 0);
            Entry entry = post.deliver(mail);
            assertThatThrownBy(() -> flag(post, entry)).isInstanceOf(IOException.class);
            post.faults.end();
            post.faults.failOnce("remove");
            assertThatThrownBy(() -> flag(post, entry)).isInstanceOf(IOException.class);
            assertThat(post.inbox().entries(UidSet.ALL)).containsExactly(entry);
            flag(post, entry);
            post.spool.awaitSettled(mail.id());
            assertThat(post.inbox().entries(UidSet.ALL)).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void mail_that_is_written_again_stays_when_the_disk_fails_behind_the_removal_of_what_it_replaces(String format)
            throws Exception {
        try (Post post = new Post(format, directory)) {
            post.faults.fail("force", 0);
            Entry entry = post.deliver(mail);
            assertThatThrownBy(() -> flag(post, entry)).isInstanceOf(IOException.class);
            post.faults.end();
            post.faults.failBehind("remove", "stamp");
            // On a slow machine the checkpoint is faster, and hears of it instead.
            assertThat(catchThrowable(() -> flag(post, entry)))
                    .satisfiesAnyOf(
                            e -> assertThat(e).isNull(), e -> assertThat(e).isInstanceOf(IOException.class));
            assertThat(post.inbox().entries(UidSet.ALL)).hasSize(1);
            flag(post, post.inbox().entries(UidSet.ALL).get(0));
            post.spool.awaitSettled(mail.id());
            assertThat(post.inbox().entries(UidSet.ALL)).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void mail_found_by_a_restart_is_written_again_too_when_its_force_fails(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            Entry entry = post.deliver(mail);
            post.crash(post.boot());
            post.spool.settled.clear();
            post.faults.fail("force", 0);
            assertThat(post.store().shelved(post.pending(mail, false))).containsExactly(0);
            assertThatThrownBy(() -> flag(post, entry)).isInstanceOf(IOException.class);
            post.faults.end();
            flag(post, entry);
            post.spool.awaitSettled(mail.id());
            Entry now = post.inbox().entries(UidSet.ALL).get(0);
            assertThat(now.uid()).isGreaterThan(entry.uid());
            assertThat(Post.text(post.inbox().message(now.uid()).orElseThrow())).isEqualTo(Post.text(mail.message()));
        }
    }

    @Test
    void mail_of_a_box_that_failed_is_settled_by_the_next() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            fail(post, "INBOX");
            post.inbox().status();
            post.spool.awaitSettled(mail.id());
        }
    }

    @Test
    void mail_of_a_box_that_failed_is_settled_before_its_mailbox_gets_another_name() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            fail(post, "Archive");
            post.alice().rename("Archive", "Old");
            assertThat(post.spool.settled).containsExactly(mail.id());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void a_box_that_found_no_memory_is_read_anew(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            Entry entry = post.deliver(mail);
            post.faults.starve("remove");
            assertThatThrownBy(() -> post.inbox().expunge(UidSet.of(entry.uid())))
                    .isInstanceOf(OutOfMemoryError.class);
            post.faults.end();
            assertThat(post.inbox().entries(UidSet.ALL)).extracting(Entry::uid).containsExactly(entry.uid());
            post.inbox().expunge(UidSet.of(entry.uid()));
            assertThat(post.inbox().entries(UidSet.ALL)).isEmpty();
        }
    }

    @Test
    void a_checkpoint_that_found_no_memory_is_made_up_for() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            post.faults.starve("force");
            Entry entry = post.deliver(mail);
            assertThatThrownBy(() -> flag(post, entry)).isInstanceOf(OutOfMemoryError.class);
            post.faults.end();
            post.inbox().status();
            post.spool.awaitSettled(mail.id());
        }
    }

    /** A mail is delivered; then the disk fails under the box. */
    private void fail(Post post, String mailbox) throws IOException {
        Entry entry = post.deliver(mail, mailbox);
        post.faults.fail("remove", 0);
        assertThatThrownBy(() -> post.mailbox(mailbox).expunge(UidSet.of(entry.uid())))
                .isInstanceOf(IOException.class);
        post.faults.end();
    }

    @Test
    void the_index_of_a_box_that_failed_is_written_anew() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            Path index = post.home().resolve("index/maildir/INBOX.index");
            post.inbox().status();
            Object before = key(index);
            fail(post, "INBOX");
            assertThat(post.inbox().status().messages()).isEqualTo(1);
            assertThat(key(index)).isNotEqualTo(before);
        }
    }

    private static Object key(Path file) throws IOException {
        return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
    }

    @Test
    void a_box_that_cannot_be_closed_is_given_up_and_its_mail_still_owed() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            post.faults.fail("force", 0);
            post.deliver(mail);
            post.swapFormat();
            post.faults.end();
            Mail other = Post.mail(Post.message("Subject: y\r\n\r\n"));
            post.deliver(other);
            post.spool.awaitSettled(other.id());
            post.spool.awaitSettled(mail.id());
            assertThat(post.inbox().status().messages()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void what_cannot_be_forced_is_taken_away_again_when_its_bringer_hears_of_it(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            post.inbox().append(mail.message(), Flags.NONE, Instant.now());
            post.faults.fail("force", 0);
            assertThatThrownBy(() -> post.inbox().append(mail.message(), Flags.NONE, Instant.now()))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> post.inbox().copy(UidSet.ALL, post.mailbox("Archive")))
                    .isInstanceOf(IOException.class);
            assertThatThrownBy(() -> post.inbox().move(UidSet.ALL, post.mailbox("Archive")))
                    .isInstanceOf(IOException.class);
            post.faults.end();
            assertThat(post.inbox().status().messages()).isEqualTo(1);
            assertThat(post.mailbox("Archive").status().messages()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void what_was_placed_and_could_not_be_taken_away_is_found_when_it_is_brought_again(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            post.inbox().append(Post.message("a: 1\r\n\r\n"), Flags.NONE, Instant.now());
            post.inbox().status();
            post.faults.fail("stamp", 1);
            post.faults.fail("remove", 0);
            assertThatThrownBy(() -> post.deliver(mail)).isInstanceOf(IOException.class);
            post.faults.end();
            post.deliver(mail);
            assertThat(post.inbox().status().messages()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void what_was_placed_and_not_written_down_is_taken_away_before_it_is_brought_again(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            post.inbox().append(Post.message("a: 1\r\n\r\n"), Flags.NONE, Instant.now());
            post.inbox().status();
            // The first stamp is taken before it gets its place, the second behind that.
            post.faults.fail("stamp", 1);
            assertThatThrownBy(() -> post.deliver(mail)).isInstanceOf(IOException.class);
            post.faults.end();
            assertThat(post.inbox().status().messages()).isEqualTo(1);
            post.deliver(mail);
            assertThat(post.inbox().status().messages()).isEqualTo(2);
        }
    }

    private static void flag(Post post, Entry entry) throws IOException {
        FlagChange seen = new FlagChange(FlagChange.Kind.ADD, Flags.of(Flags.SEEN));
        post.inbox().store(UidSet.of(entry.uid()), seen, OptionalLong.empty());
    }
}
