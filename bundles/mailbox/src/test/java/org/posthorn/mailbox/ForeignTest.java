package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mailbox.Changes;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.UidSet;

/** What other programs do to the files. */
class ForeignTest {

    @TempDir
    Path directory;

    @Test
    void files_that_come_and_go_and_are_renamed_in_a_maildir_are_seen_at_once() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            Path maildir = post.home().resolve("Maildir");
            Mailbox inbox = post.inbox();
            Files.writeString(maildir.resolve("new/1700000000.M2P1.host"), "Subject: two\n\nlf\n");
            Files.writeString(maildir.resolve("new/1700000000.M1P1.host"), "Subject: one\r\n\r\ncrlf\r\n");
            List<Entry> entries = inbox.entries(UidSet.ALL);
            assertThat(Post.text(inbox.message(entries.get(0).uid()).orElseThrow()))
                    .startsWith("Subject: one\r\n");
            assertThat(Post.text(inbox.message(entries.get(1).uid()).orElseThrow()))
                    .isEqualTo("Subject: two\r\n\r\nlf\r\n");
            assertThat(entries.get(1).size()).isEqualTo(20);
            long before = inbox.status().highestModSeq();
            Files.move(maildir.resolve("new/1700000000.M1P1.host"), maildir.resolve("cur/1700000000.M1P1.host:2,RS"));
            Files.delete(maildir.resolve("new/1700000000.M2P1.host"));
            Changes changes = inbox.since(before);
            assertThat(changes.vanished()).isEqualTo(UidSet.of(entries.get(1).uid()));
            assertThat(changes.entries())
                    .extracting(Entry::uid)
                    .containsExactly(entries.get(0).uid());
            assertThat(changes.entries().get(0).flags()).isEqualTo(Flags.of(Flags.SEEN | Flags.ANSWERED));
            assertThat(inbox.message(entries.get(1).uid())).isEmpty();
        }
    }

    @Test
    void thousands_that_another_program_brought_have_uids_in_their_order() throws Exception {
        List<Integer> sizes =
                IntStream.range(0, 2500).map(n -> 8 + n % 10).boxed().toList();
        try (Post post = new Post("maildir", directory)) {
            post.inbox().status();
            Path cur = post.home().resolve("Maildir/cur");
            for (int n = 0; n < sizes.size(); n++)
                Files.writeString(cur.resolve(1700000000 + n + ".M1P1.host:2,S"), "a: b\r\n\r\n" + "x".repeat(n % 10));
            assertThat(post.inbox().entries(UidSet.ALL))
                    .extracting(e -> (int) e.size())
                    .isEqualTo(sizes);
            assertThat(post.inbox().entries(UidSet.ALL)).extracting(Entry::uid).isSorted();
        }
        try (Post post = new Post("maildir", directory)) {
            assertThat(post.inbox().entries(UidSet.ALL))
                    .extracting(e -> (int) e.size())
                    .isEqualTo(sizes);
        }
    }

    @Test
    void who_has_looked_is_told_what_was_there_then() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            Mailbox inbox = post.inbox();
            long before = inbox.status().highestModSeq();
            Files.writeString(post.home().resolve("Maildir/new/1700000000.M1P1.host"), "a: b\n\n");
            assertThat(inbox.noticed(before).entries()).isEmpty();
            assertThat(inbox.since(before).entries()).hasSize(1);
            assertThat(inbox.noticed(before).entries()).hasSize(1);
        }
    }

    @Test
    void a_name_as_long_as_names_can_be_takes_flags() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            Mailbox inbox = post.inbox();
            inbox.status();
            Files.writeString(post.home().resolve("Maildir/new/1." + "x".repeat(253)), "a: b\n\n");
            Entry entry = inbox.entries(UidSet.ALL).get(0);
            FlagChange seen = new FlagChange(FlagChange.Kind.ADD, Flags.of(Flags.SEEN));
            inbox.store(UidSet.ALL, seen, OptionalLong.empty());
            assertThat(inbox.entries(UidSet.ALL)).extracting(Entry::uid).containsExactly(entry.uid());
            assertThat(inbox.entries(UidSet.ALL).get(0).flags()).isEqualTo(Flags.of(Flags.SEEN));
            assertThat(Post.text(inbox.message(entry.uid()).orElseThrow())).isEqualTo("a: b\r\n\r\n");
        }
    }

    @Test
    void odd_names_in_a_maildir_harm_nobody() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            Path cur = post.home().resolve("Maildir/cur");
            post.inbox().status();
            for (String name : List.of(
                    "plain",
                    "a:1,S",
                    "b:2,ZSQ",
                    "c:2,S,x",
                    "d:",
                    "e:2,SF",
                    "1:2:3",
                    ",W=9,",
                    "f,W=99999999999999999999:2,")) Files.writeString(cur.resolve(name), "a: b\n\n");
            Files.createDirectory(cur.resolve("directory:2,S"));
            Files.createSymbolicLink(cur.resolve("link:2,S"), cur.resolve("plain"));
            Files.createDirectory(post.home().resolve("Maildir/.broken"));
            Files.createDirectories(post.home().resolve("Maildir/.&&&&/cur"));
            Files.createDirectories(post.home().resolve("Maildir/.a..b/cur"));
            List<Entry> entries = post.inbox().entries(UidSet.ALL);
            assertThat(entries).hasSize(9).allMatch(e -> e.size() == 8);
            for (Entry entry : entries)
                assertThat(post.inbox().message(entry.uid())).isPresent();
            assertThat(entries.stream().filter(e -> e.flags().has(Flags.SEEN))).hasSize(3);
            assertThat(post.alice().list()).hasSize(6);
            post.inbox().expunge(UidSet.ALL);
            assertThat(post.inbox().status().messages()).isZero();
            assertThat(cur.resolve("directory:2,S")).exists();
        }
    }

    @Test
    void who_watches_is_told_of_a_file_that_another_program_put_there_even_when_the_format_was_replaced()
            throws Exception {
        try (Post post = new Post("maildir", directory)) {
            post.inbox().status();
            CountDownLatch told = new CountDownLatch(1);
            try (Mailbox.Watch watch = post.inbox().watch(told::countDown)) {
                post.swapFormat();
                Files.writeString(post.home().resolve("Maildir/new/1.x.y"), "a: b\n\n");
                assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
                assertThat(watch).isNotNull();
            }
        }
    }

    @Test
    void a_maildir_of_dovecot_keeps_its_uids_and_keywords() throws Exception {
        Path maildir = directory.resolve("mail/example.test/alice/Maildir");
        for (String sub : List.of("cur", "new", "tmp")) Files.createDirectories(maildir.resolve(sub));
        Files.writeString(maildir.resolve("cur/1.a.h,S=6,W=8:2,Sb"), "a: b\n\n");
        Files.writeString(maildir.resolve("cur/2.b.h:2,"), "a: b\n\n");
        Files.writeString(maildir.resolve("new/0.c.h"), "a: b\n\n");
        Files.writeString(maildir.resolve("dovecot-keywords"), "0 Junk\n1 Work\n");
        Files.writeString(
                maildir.resolve("dovecot-uidlist"),
                "3 V1234567 N50 G0123456789abcdef0123456789abcdef\n17 W8 :2.b.h\n23 :1.a.h,S=6,W=8\n");
        try (Post post = new Post("maildir", directory)) {
            List<Entry> entries = post.inbox().entries(UidSet.ALL);
            assertThat(entries).extracting(Entry::uid).startsWith(17L, 23L);
            assertThat(entries.get(2).uid()).isGreaterThanOrEqualTo(50);
            assertThat(entries.get(1).flags()).isEqualTo(Flags.named(List.of("\\Seen", "Work")));
            assertThat(post.inbox().status().uidValidity()).isEqualTo(1234567);
            long added = post.inbox()
                    .append(Post.message("a: b\r\n\r\n"), Flags.named(List.of("New")), Instant.now())
                    .uid();
            post.restart();
            assertThat(Files.readString(maildir.resolve("dovecot-uidlist")))
                    .startsWith("3 V1234567 N")
                    .contains("\n" + added + " :");
            assertThat(Files.readString(maildir.resolve("dovecot-keywords"))).isEqualTo("0 Junk\n1 Work\n2 New\n");
        }
    }

    /** As Dovecot writes the list: a fresh file under the name. */
    private void uidList(String text) throws Exception {
        Path maildir = directory.resolve("mail/example.test/alice/Maildir");
        Files.writeString(maildir.resolve("fresh"), text);
        Files.move(maildir.resolve("fresh"), maildir.resolve("dovecot-uidlist"), StandardCopyOption.REPLACE_EXISTING);
    }

    /** A mail in the Maildir, with that name and no UID yet. */
    private void lay(String name) throws Exception {
        Path maildir = directory.resolve("mail/example.test/alice/Maildir");
        for (String sub : List.of("cur", "new", "tmp")) Files.createDirectories(maildir.resolve(sub));
        Files.writeString(maildir.resolve("cur").resolve(name), "a: b\n\n");
    }

    private static long append(Post post) throws Exception {
        return post.inbox()
                .append(Post.message("a: b\r\n\r\n"), Flags.NONE, Instant.now())
                .uid();
    }

    @Test
    void uids_that_dovecot_gave_and_took_between_two_starts_are_not_given_again() throws Exception {
        lay("1.a.h:2,");
        uidList("3 V77 N5\n4 :1.a.h\n");
        try (Post post = new Post("maildir", directory)) {
            assertThat(append(post)).isEqualTo(5);
            post.inbox().expunge(UidSet.of(5));
            post.stop();
            // Nothing lies there that was not there before.
            assertThat(Files.readString(post.home().resolve("Maildir/dovecot-uidlist")))
                    .startsWith("3 V77 N");
            uidList("3 V77 N20\n4 :1.a.h\n");
            post.open();
            assertThat(post.inbox().status().uidNext()).isEqualTo(20);
            assertThat(append(post)).isEqualTo(20);
        }
    }

    @Test
    void mail_that_comes_before_any_client_gets_no_uid_that_dovecot_gave() throws Exception {
        lay("1.a.h:2,");
        uidList("3 V77 N5\n4 :1.a.h\n");
        try (Post post = new Post("maildir", directory)) {
            assertThat(post.inbox().status().uidNext()).isEqualTo(5);
            post.stop();
            lay("2.b.h:2,S");
            uidList("3 V77 N20\n4 :1.a.h\n5 :2.b.h\n");
            post.open();
            assertThat(append(post)).isEqualTo(20);
            assertThat(post.inbox().entries(UidSet.ALL)).extracting(Entry::uid).containsExactly(4L, 5L, 20L);
        }
    }

    @Test
    void uid_that_dovecot_did_not_give_renumbers_nothing() throws Exception {
        lay("1.a.h:2,");
        lay("2.b.h:2,");
        uidList("3 V77 N9\n3 :1.a.h\n8 :2.b.h\n");
        try (Post post = new Post("maildir", directory)) {
            assertThat(post.inbox().entries(UidSet.ALL)).extracting(Entry::uid).containsExactly(3L, 8L);
            post.stop();
            lay("3.c.h:2,");
            uidList("3 V77 N9\n3 :1.a.h\n5 :2.b.h\n");
            post.open();
            assertThat(post.inbox().entries(UidSet.ALL)).extracting(Entry::uid).containsExactly(3L, 8L, 9L);
            post.stop();
            assertThat(post.home().resolve("Maildir/dovecot-uidlist")).content().contains("\n8 :2.b.h\n");
        }
    }

    @Test
    void dovecot_hears_how_far_uids_go_when_their_messages_are_gone() throws Exception {
        lay("1.a.h:2,");
        uidList("3 V77 N5 G00\n4 :1.a.h\n");
        try (Post post = new Post("maildir", directory)) {
            for (int i = 0; i < 3; i++) append(post);
            post.inbox().expunge(UidSet.ALL);
            post.alice().create("Fresh", Optional.empty());
            long validity = post.mailbox("Fresh").status().uidValidity();
            post.stop();
            List<String> inbox = Files.readAllLines(post.home().resolve("Maildir/dovecot-uidlist"));
            assertThat(inbox.get(0)).matches("3 V77 N[1-9][0-9]* G00");
            assertThat(inbox.get(inbox.size() - 1)).startsWith("7 :");
            assertThat(post.home().resolve("Maildir/.Fresh/dovecot-uidlist")).hasContent("3 V" + validity + " N1");
        }
    }

    @Test
    void a_message_that_dovecot_has_given_another_uid_has_that_one() throws Exception {
        lay("1.a.h:2,S");
        lay("2.b.h:2,");
        uidList("3 V77 N5\n3 :1.a.h\n4 :2.b.h\n");
        try (Post post = new Post("maildir", directory)) {
            assertThat(post.inbox().entries(UidSet.ALL)).extracting(Entry::uid).containsExactly(3L, 4L);
            post.stop();
            lay("3.c.h:2,");
            uidList("3 V77 N9\n4 :2.b.h\n7 :1.a.h\n8 :3.c.h\n");
            post.open();
            List<Entry> now = post.inbox().entries(UidSet.ALL);
            assertThat(now).extracting(Entry::uid).containsExactly(4L, 7L, 8L);
            assertThat(now.get(1).flags()).isEqualTo(Flags.of(Flags.SEEN));
            assertThat(now.get(1).size()).isEqualTo(8);
        }
    }

    @Test
    void a_uid_that_was_another_messages_is_believed_of_nobody() throws Exception {
        lay("1.a.h:2,");
        uidList("3 V77 N5\n4 :1.a.h\n");
        try (Post post = new Post("maildir", directory)) {
            long gone = append(post);
            post.inbox().expunge(UidSet.of(gone));
            post.stop();
            lay("2.b.h:2,");
            uidList("3 V77 N5\n4 :1.a.h\n" + gone + " :2.b.h\n");
            post.open();
            List<Entry> now = post.inbox().entries(UidSet.ALL);
            assertThat(now).hasSize(2);
            assertThat(now.get(1).uid()).isGreaterThan(gone);
            post.stop();
            // What it has instead is told, or Dovecot would go on with the other.
            assertThat(Files.readString(post.home().resolve("Maildir/dovecot-uidlist")))
                    .contains("\n" + now.get(1).uid() + " :2.b.h\n");
        }
    }

    @Test
    void another_uidvalidity_of_dovecots_is_believed_with_its_uids() throws Exception {
        lay("1.a.h:2,S");
        uidList("3 V77 N5\n4 :1.a.h\n");
        try (Post post = new Post("maildir", directory)) {
            String before = post.inbox().status().mailboxId();
            assertThat(post.inbox().status().uidValidity()).isEqualTo(77);
            post.stop();
            uidList("3 V99 N3\n2 :1.a.h\n");
            post.open();
            assertThat(post.inbox().status().uidValidity()).isEqualTo(99);
            assertThat(post.inbox().entries(UidSet.ALL)).extracting(Entry::uid).containsExactly(2L);
            assertThat(post.inbox().status().mailboxId()).isNotEqualTo(before);
            assertThat(append(post)).isEqualTo(3);
        }
    }

    @Test
    void mail_that_another_program_laid_there_has_its_uid_noted_without_a_delivery() throws Exception {
        lay("1.a.h:2,");
        uidList("3 V77 N5\n4 :1.a.h\n");
        try (Post post = new Post("maildir", directory)) {
            lay("2.b.h:2,");
            assertThat(post.inbox().entries(UidSet.ALL)).extracting(Entry::uid).containsExactly(4L, 5L);
            post.stop();
            assertThat(Files.readString(post.home().resolve("Maildir/dovecot-uidlist")))
                    .endsWith("\n5 :2.b.h\n");
        }
    }

    @Test
    void subscriptions_of_dovecot_are_taken_over_and_kept_up_to_date() throws Exception {
        lay("1.a.h:2,");
        Path file = directory.resolve("mail/example.test/alice/Maildir/subscriptions");
        Files.writeString(file, "V\t2\n\nWork\t2026\nGr&APwA3w-e\n");
        try (Post post = new Post("maildir", directory)) {
            assertThat(post.alice().subscriptions())
                    .contains("Work.2026", "Grüße")
                    .doesNotContain("INBOX");
            post.alice().subscribe("INBOX");
            post.alice().subscribe("Shared/bob/x");
            post.alice().unsubscribe("Grüße");
            assertThat(Files.readAllLines(file))
                    .startsWith("V\t2", "", "Work\t2026")
                    .contains("INBOX")
                    .doesNotContain("Gr&APwA3w-e", "Shared/bob/x");
            post.stop();
            Files.writeString(file, "V\t2\n\nWork\t2026\nTheirs\n");
            post.open();
            assertThat(post.alice().subscriptions()).containsExactly("Shared/bob/x", "Theirs", "Work.2026");
        }
    }

    @Test
    void subscriptions_from_before_they_were_noted_for_other_programs_stay() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            post.alice().subscribe("Ours");
            post.stop();
            Path account = post.home().resolve("index/maildir/account");
            Files.writeString(account, Files.readString(account).replace("noted yes\n", ""));
            Files.writeString(post.home().resolve("Maildir/subscriptions"), "Theirs\n");
            post.open();
            assertThat(post.alice().subscriptions()).contains("INBOX", "Ours", "Theirs");
            assertThat(Files.readAllLines(post.home().resolve("Maildir/subscriptions")))
                    .contains("INBOX", "Ours", "Theirs");
        }
    }

    @Test
    void mail_that_another_program_adds_to_an_mbox_or_takes_from_it_is_seen_and_uids_stay() throws Exception {
        try (Post post = new Post("mbox", directory)) {
            Path mbox = post.home().resolve("mbox");
            Mailbox inbox = post.inbox();
            Files.writeString(
                    mbox,
                    "From a@example.org Thu Nov 24 18:22:48 1986\nSubject: one\nStatus: RO\nX-Status: F\n\nline\n>From me\n\n"
                            + "From b@example.org Thu Nov 24 18:22:49 1986\nSubject: two\n\nno line end");
            List<Entry> entries = inbox.entries(UidSet.ALL);
            assertThat(entries)
                    .extracting(Entry::flags)
                    .containsExactly(Flags.of(Flags.SEEN | Flags.FLAGGED), Flags.NONE);
            assertThat(entries.get(0).internalDate()).isEqualTo(Instant.parse("1986-11-24T18:22:48Z"));
            assertThat(Post.text(inbox.message(entries.get(0).uid()).orElseThrow()))
                    .isEqualTo("Subject: one\r\n\r\nline\r\nFrom me\r\n");
            long uid = inbox.append(Post.message("Subject: three\r\n\r\n"), Flags.of(Flags.SEEN), Instant.now())
                    .uid();
            assertThat(inbox.entries(UidSet.ALL))
                    .extracting(Entry::uid)
                    .containsExactly(entries.get(0).uid(), entries.get(1).uid(), uid);
            String all = Files.readString(mbox);
            Files.writeString(
                    mbox,
                    all.substring(all.indexOf("From b@")),
                    StandardCharsets.ISO_8859_1,
                    StandardOpenOption.TRUNCATE_EXISTING);
            assertThat(inbox.entries(UidSet.ALL))
                    .extracting(Entry::uid)
                    .containsExactly(entries.get(1).uid(), uid);
            post.restart();
            assertThat(post.inbox().entries(UidSet.ALL))
                    .extracting(Entry::uid)
                    .containsExactly(entries.get(1).uid(), uid);
            assertThat(Post.text(post.inbox().message(uid).orElseThrow())).isEqualTo("Subject: three\r\n\r\n");
        }
    }
}
