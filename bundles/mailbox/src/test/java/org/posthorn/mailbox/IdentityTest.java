package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.UidSet;

/** MAILBOXID and EMAILID of RFC 8474, and the save date of RFC 8514. */
class IdentityTest {

    @TempDir
    Path directory;

    private static String id(Post post, String name) throws Exception {
        return post.mailbox(name).status().mailboxId();
    }

    private static Entry append(Post post, String name, String text) throws Exception {
        return post.mailbox(name).append(Post.message(text), Flags.NONE, Instant.ofEpochSecond(1_000_000_000));
    }

    private static List<Entry> all(Post post, String name) throws Exception {
        return post.mailbox(name).entries(UidSet.ALL);
    }

    /** All indexes are lost. The file of the account stays. */
    private static void lose(Post post) throws Exception {
        post.close();
        try (var files = Files.walk(post.home().resolve("index"))) {
            for (Path path :
                    files.filter(p -> p.toString().endsWith(AccountShelf.INDEX)).toList()) Files.delete(path);
        }
        post.restart();
    }

    /** It cannot be read from now on. */
    private static void spoil(Post post, Path index) throws Exception {
        post.close();
        Files.delete(index);
        Files.createDirectory(index);
        post.restart();
    }

    private static void later(Post post) throws Exception {
        post.clock = Clock.offset(post.clock, Duration.ofDays(1));
        post.restart();
    }

    private static void justNow(Post post, Instant time) {
        assertThat(Duration.between(time, post.clock.instant())).isBetween(Duration.ZERO, Duration.ofMinutes(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void an_index_that_cannot_be_read_keeps_nobody_from_making_other_mailboxes(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            post.alice().create("one", Optional.empty());
            spoil(post, AccountShelf.indexPath(AccountShelf.indexes(post.home(), format), "one"));
            assertThat(post.alice().create("two", Optional.empty())).isEqualTo(id(post, "two"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void a_mailbox_keeps_its_id_over_a_rename_and_its_name_gets_another(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            Account alice = post.alice();
            String id = alice.create("one.two", Optional.empty());
            assertThat(id).matches("F[0-9a-f]{16}").isEqualTo(id(post, "one.two"));
            alice.rename("one", "three");
            assertThat(id(post, "three.two")).isEqualTo(id);
            post.restart();
            assertThat(id(post, "three.two")).isEqualTo(id);
            Set<String> known = new HashSet<>(Set.of(id));
            for (int i = 0; i < 3; i++) {
                assertThat(known.add(post.alice().create("one.two", Optional.empty())))
                        .isTrue();
                post.alice().delete("one.two");
            }
            assertThat(known.add(id(post, "INBOX")) & known.add(id(post, "Sent")))
                    .isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void renaming_inbox_makes_another_mailbox_and_moves_the_messages(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            String inbox = id(post, "INBOX");
            long email = append(post, "INBOX", "a: b\r\n\r\n").emailId();
            post.alice().rename("INBOX", "before");
            assertThat(id(post, "INBOX")).isEqualTo(inbox).isNotEqualTo(id(post, "before"));
            assertThat(all(post, "before")).extracting(Entry::emailId).containsExactly(email);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void copies_have_the_id_of_the_message_and_others_do_not(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            Entry one = append(post, "INBOX", "a: b\r\n\r\n");
            Entry two = append(post, "INBOX", "a: b\r\n\r\n");
            Entry delivered = post.deliver(Post.mail(Post.message("a: b\r\n\r\n")));
            assertThat(List.of(one, two, delivered)).extracting(Entry::emailId).doesNotHaveDuplicates();
            post.inbox().copy(UidSet.of(one.uid()), post.mailbox("Archive"));
            post.inbox().copy(UidSet.of(one.uid()), post.inbox());
            post.mailbox("Archive").move(UidSet.ALL, post.mailbox("Sent"));
            append(post, "Sent", "c: d\r\n\r\n");
            post.mailbox("Sent").store(UidSet.ALL, new FlagChange(FlagChange.Kind.ADD, Flags.of(Flags.SEEN)), empty());
            for (int round = 0; round < 2; round++) {
                assertThat(all(post, "INBOX"))
                        .extracting(Entry::emailId)
                        .containsExactly(one.emailId(), two.emailId(), delivered.emailId(), one.emailId());
                assertThat(all(post, "Sent").get(0).emailId()).isEqualTo(one.emailId());
                assertThat(all(post, "Sent").get(1).emailId()).isNotIn(one.emailId(), two.emailId());
                post.restart();
            }
            post.inbox().expunge(UidSet.of(one.uid()));
            assertThat(all(post, "INBOX"))
                    .extracting(Entry::emailId)
                    .containsExactly(two.emailId(), delivered.emailId(), one.emailId());
        }
    }

    private static java.util.OptionalLong empty() {
        return java.util.OptionalLong.empty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void ids_outlive_the_index_where_the_shelf_notes_uids(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            String inbox = id(post, "INBOX");
            long email = append(post, "INBOX", "a: b\r\n\r\n").emailId();
            post.restart();
            lose(post);
            assertThat(all(post, "INBOX")).extracting(Entry::emailId).containsExactly(email);
            assertThat(id(post, "INBOX")).isEqualTo(inbox);
        }
    }

    @Test
    void mailboxes_of_other_programs_with_the_same_uidvalidity_have_ids_of_their_own() throws Exception {
        Path maildir = directory.resolve("mail/example.test/alice/Maildir");
        for (String name : List.of("", ".One", ".Two")) {
            Path box = maildir.resolve(name);
            for (String sub : List.of("cur", "new", "tmp")) Files.createDirectories(box.resolve(sub));
            Files.writeString(box.resolve("cur/1.a.h:2,"), name + ": b\n\n");
            Files.writeString(
                    box.resolve("dovecot-uidlist"), "3 V1234567 N2 G0123456789abcdef0123456789abcdef\n1 :1.a.h\n");
        }
        try (Post post = new Post("maildir", directory)) {
            Set<String> ids = new HashSet<>();
            Set<Long> emails = new HashSet<>();
            for (String name : List.of("INBOX", "One", "Two")) {
                Mailbox box = post.mailbox(name);
                assertThat(box.status().uidValidity()).isEqualTo(1234567);
                ids.add(box.status().mailboxId());
                all(post, name).forEach(e -> emails.add(e.emailId()));
            }
            assertThat(ids).hasSize(3);
            assertThat(emails).hasSize(3);
        }
    }

    @Test
    void what_is_put_back_by_hand_under_the_old_name_of_another_has_an_id_of_its_own() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            String id = post.alice().create("old", Optional.empty());
            Entry entry = append(post, "old", "a: b\r\n\r\n");
            post.restart();
            Path backup = directory.resolve("backup");
            copy(post.home().resolve("Maildir/.old"), backup);
            post.alice().rename("old", "new");
            copy(backup, post.home().resolve("Maildir/.old"));
            assertThat(post.mailbox("old").status().uidValidity())
                    .isEqualTo(post.mailbox("new").status().uidValidity());
            String other = id(post, "old");
            assertThat(other).isNotEqualTo(id).isNotEqualTo(id(post, "new"));
            assertThat(id(post, "new")).isEqualTo(id);
            assertThat(all(post, "old").get(0).emailId()).isNotEqualTo(entry.emailId());
            post.restart();
            assertThat(id(post, "old")).isEqualTo(other);
        }
    }

    private static void copy(Path from, Path to) throws Exception {
        try (var files = Files.walk(from)) {
            for (Path path : files.toList()) Files.copy(path, to.resolve(from.relativize(path)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void the_save_date_is_when_a_message_came_into_its_mailbox(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            Entry appended = append(post, "INBOX", "a: b\r\n\r\n");
            justNow(post, appended.saved());
            Instant delivered =
                    post.deliver(Post.mail(Post.message("c: d\r\n\r\n"))).saved();
            justNow(post, delivered);
            later(post);
            assertThat(all(post, "INBOX")).extracting(Entry::saved).containsExactly(appended.saved(), delivered);
            post.inbox().copy(UidSet.of(appended.uid()), post.mailbox("Archive"));
            post.inbox().move(UidSet.of(appended.uid()), post.mailbox("Trash"));
            later(post);
            for (String name : List.of("Archive", "Trash")) {
                Entry entry = all(post, name).get(0);
                assertThat(entry.internalDate()).isEqualTo(appended.internalDate());
                assertThat(Duration.between(appended.saved(), entry.saved()).toHours())
                        .isEqualTo(24);
            }
            post.alice().rename("Trash", "Bin");
            assertThat(Duration.between(
                                    appended.saved(), all(post, "Bin").get(0).saved())
                            .toHours())
                    .isEqualTo(24);
        }
    }

    @Test
    void a_message_that_another_program_brings_is_saved_when_it_is_found() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            post.inbox().status();
            Path file = Files.writeString(post.home().resolve("Maildir/new/1.x.y"), "a: b\n\n");
            Files.setLastModifiedTime(
                    file, java.nio.file.attribute.FileTime.from(Instant.ofEpochSecond(1_000_000_000)));
            Instant saved = all(post, "INBOX").get(0).saved();
            justNow(post, saved);
            later(post);
            assertThat(all(post, "INBOX")).extracting(Entry::saved).containsExactly(saved);
        }
    }

    /** INBOX as an earlier version left it. */
    private static void earlier(Post post) throws Exception {
        Path maildir = post.home().resolve("Maildir");
        Path index = AccountShelf.indexes(post.home(), "maildir").resolve("INBOX" + AccountShelf.INDEX);
        post.close();
        Files.writeString(maildir.resolve("cur/key1:2,FS"), "a: b\n\n");
        Files.writeString(maildir.resolve("cur/key2:2,"), "c: d\n\n");
        // It noted nothing of a mailbox that never had a message, and the index has another UIDVALIDITY.
        Files.delete(maildir.resolve("dovecot-uidlist"));
        Files.write(index, HexFormat.of().parseHex(IndexTest.OLD));
        post.restart();
    }

    @Test
    void what_an_earlier_version_knew_was_saved_by_the_time_this_one_came() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            post.inbox().status();
            earlier(post);
            List<Entry> before = all(post, "INBOX");
            String id = id(post, "INBOX");
            assertThat(before).extracting(Entry::uid).containsExactly(1L, 2L);
            assertThat(before).extracting(Entry::emailId).doesNotHaveDuplicates();
            assertThat(id).matches("F[0-9a-f]{16}");
            Instant saved = before.get(0).saved();
            justNow(post, saved);
            assertThat(before.get(1).saved()).isEqualTo(saved);
            // Though nobody has changed anything.
            post.crash("second boot");
            later(post);
            assertThat(id(post, "INBOX")).isEqualTo(id);
            assertThat(all(post, "INBOX")).extracting(Entry::saved).containsExactly(saved, saved);
            assertThat(all(post, "INBOX"))
                    .extracting(Entry::emailId)
                    .containsExactly(before.get(0).emailId(), before.get(1).emailId());
            post.alice().rename("INBOX", "old");
            later(post);
            assertThat(all(post, "old"))
                    .extracting(Entry::emailId)
                    .contains(before.get(0).emailId());
        }
    }
}
