package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

/** What a restart makes of mail that was shelved and not settled. */
class ReplayTest {

    private static final String POWER_FAILED = "another boot";

    @TempDir
    Path directory;

    private final Mail mail = Post.mail(Post.message("Subject: x\r\n\r\n" + "line\r\n".repeat(100)));

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void mail_on_its_shelf_is_not_delivered_again_and_settled(String format) throws Exception {
        for (boolean power : new boolean[] {false, true}) {
            try (Post post = new Post(format, directory.resolve("" + power))) {
                Entry entry = post.deliver(mail);
                post.spool.settled.clear();
                post.crash(power ? POWER_FAILED : post.boot());
                post.spool.settled.clear();
                assertThat(post.store().shelved(post.pending(mail, power))).containsExactly(0);
                assertThat(post.inbox().entries(UidSet.ALL)).containsExactly(entry);
                post.restart();
                assertThat(post.spool.settled).containsExactly(mail.id());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void mail_on_its_shelf_that_was_not_noted_in_time_is_recognised_when_it_is_delivered_again(String format)
            throws Exception {
        try (Post post = new Post(format, directory)) {
            Entry entry = post.deliver(mail);
            post.crash(post.boot());
            post.spool.notes.clear();
            post.spool.settled.clear();
            assertThat(post.store().shelved(post.pending(mail, false))).isEmpty();
            assertThat(post.deliver(mail)).isEqualTo(entry);
            Mail other = Post.mail(Post.message("Subject: y\r\n\r\n" + "line\r\n".repeat(100)));
            assertThat(post.deliver(other).uid()).isGreaterThan(entry.uid());
            post.restart();
            assertThat(post.spool.settled).containsExactlyInAnyOrder(mail.id(), other.id());
            assertThat(post.inbox().status().messages()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void mail_is_settled_when_it_is_forced_and_before_its_reader_removes_it(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            post.inbox().expunge(UidSet.of(post.deliver(mail).uid()));
            assertThat(post.spool.settled).containsExactly(mail.id());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void mail_that_the_power_tore_is_taken_away_and_gets_another_uid(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            Entry entry = post.deliver(mail);
            post.crash(POWER_FAILED);
            Path file = format.equals("mbox") ? post.home().resolve("mbox") : only(post, "new");
            byte[] bytes = Files.readAllBytes(file);
            java.util.Arrays.fill(bytes, bytes.length - 100, bytes.length - 50, (byte) 0);
            Files.write(file, bytes);
            assertThat(post.store().shelved(post.pending(mail, true))).isEmpty();
            assertThat(post.deliver(mail).uid()).isGreaterThan(entry.uid());
            assertThat(post.inbox().entries(UidSet.ALL)).hasSize(1);
        }
    }

    @Test
    void mail_that_its_reader_took_from_a_maildir_does_not_come_back() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            post.deliver(mail);
            post.crash(post.boot());
            post.spool.settled.clear();
            Files.delete(only(post, "new"));
            assertThat(post.store().shelved(post.pending(mail, false))).containsExactly(0);
            assertThat(post.spool.settled).containsExactly(mail.id());
            assertThat(post.inbox().status().messages()).isZero();
        }
    }

    @Test
    void mail_that_was_still_on_its_way_into_a_maildir_is_delivered_again() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            post.deliver(mail);
            post.crash(post.boot());
            Path placed = only(post, "new");
            Files.move(placed, placed.getParent().resolveSibling("tmp").resolve(placed.getFileName()));
            assertThat(post.store().shelved(post.pending(mail, false))).isEmpty();
            post.deliver(mail);
            assertThat(post.inbox().status().messages()).isEqualTo(1);
            assertThat(files(post, "tmp")).isEmpty();
        }
    }

    @Test
    void mail_that_was_noted_and_not_placed_is_delivered_again_though_its_file_was_swept_away() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            post.crashAtNote();
            post.deliver(mail);
            post.crash(post.boot());
            Files.delete(only(post, "tmp"));
            deliverOnce(post);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void mail_that_was_noted_and_not_placed_is_delivered_again_by_the_second_restart_too(String format)
            throws Exception {
        try (Post post = new Post(format, directory)) {
            post.crashAtNote();
            post.deliver(mail);
            post.crash(post.boot());
            assertThat(post.store().shelved(post.pending(mail, false))).isEmpty();
            deliverOnce(post);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void mail_that_was_taken_from_its_place_because_the_disk_failed_is_delivered_again(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            post.inbox().status();
            // The first stamp is taken before it gets its place, the second when the index has it.
            post.faults.fail("stamp", 1);
            assertThatThrownBy(() -> post.deliver(mail)).isInstanceOf(IOException.class);
            post.crash(post.boot());
            post.faults.end();
            deliverOnce(post);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void mail_for_which_the_account_has_no_count_is_delivered_again(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            post.inbox().status();
            post.restart();
            Path inTheWay = Files.createDirectory(
                    post.home().resolve("index").resolve(format).resolve(AccountFile.NAME + ".new"));
            assertThatThrownBy(() -> post.deliver(mail)).isInstanceOf(IOException.class);
            Files.delete(inTheWay);
            post.crash(post.boot());
            deliverOnce(post);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void mail_keeps_its_place_on_a_failing_disk_when_the_journal_cannot_be_told(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            post.inbox().status();
            post.faults.fail("stamp", 1);
            post.spool.broken = ShelfNote.Moved.class::isInstance;
            assertThatThrownBy(() -> post.deliver(mail)).isInstanceOf(IOException.class);
            post.crash(post.boot());
            post.faults.end();
            assertThat(post.store().shelved(post.pending(mail, false))).containsExactly(0);
            assertThat(post.inbox().status().messages()).isEqualTo(1);
        }
    }

    private void deliverOnce(Post post) throws IOException {
        post.spool.settled.clear();
        assertThat(post.store().shelved(post.pending(mail, false))).isEmpty();
        assertThat(post.spool.settled).isEmpty();
        post.deliver(mail);
        assertThat(post.inbox().status().messages()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void mail_that_was_flagged_is_recognised_though_its_settlement_was_lost(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            Entry entry = post.deliver(mail);
            FlagChange change = new FlagChange(FlagChange.Kind.ADD, new Flags(Flags.SEEN, List.of("important")));
            post.inbox().store(UidSet.of(entry.uid()), change, OptionalLong.empty());
            post.crash(POWER_FAILED);
            assertThat(post.store().shelved(post.pending(mail, true))).containsExactly(0);
            assertThat(post.inbox().entries(UidSet.ALL)).singleElement().satisfies(e -> {
                assertThat(e.uid()).isEqualTo(entry.uid());
                assertThat(e.flags()).isEqualTo(change.flags());
            });
        }
    }

    @Test
    void flags_whose_names_were_not_forced_are_set_again_after_a_power_failure() throws Exception {
        for (boolean power : new boolean[] {false, true}) {
            try (Post post = new Post("maildir", directory.resolve("" + power))) {
                Entry entry = post.deliver(mail);
                Path before = only(post, "new");
                FlagChange seen = new FlagChange(FlagChange.Kind.ADD, Flags.of(Flags.SEEN));
                // The message is forced before it gets a flag; the checkpoint, however early it comes, forces no more
                // than that.
                post.faults.fail("force", 1);
                post.inbox().store(UidSet.of(entry.uid()), seen, OptionalLong.empty());
                post.crash(power ? POWER_FAILED : post.boot());
                post.faults.end();
                Files.move(
                        only(post, "cur"),
                        only(post, "cur").getParent().resolveSibling("new").resolve(before.getFileName()));
                Flags flags = post.inbox().entries(UidSet.ALL).get(0).flags();
                // Without one, another program must have renamed it.
                assertThat(flags.has(Flags.SEEN)).isEqualTo(power);
                assertThat(files(post, "cur")).hasSize(power ? 1 : 0);
            }
        }
    }

    private static Path only(Post post, String sub) throws IOException {
        List<Path> files = files(post, sub);
        assertThat(files).hasSize(1);
        return files.get(0);
    }

    private static List<Path> files(Post post, String sub) throws IOException {
        try (var files = Files.list(post.home().resolve("Maildir").resolve(sub))) {
            return files.toList();
        }
    }
}
