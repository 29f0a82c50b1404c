package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mailbox.Changes;
import org.posthorn.api.mailbox.Draft;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.Placed;
import org.posthorn.api.mailbox.SentMail;
import org.posthorn.api.mailbox.SpecialUse;
import org.posthorn.api.mailbox.UidSet;

/** What is sent lies in Sent once. */
class SentTest {

    private static final Instant DATE = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private static final String FROM_TO = "From: Alice <alice@example.test>\r\nTo: bob@far.test\r\n";
    private static final String DATE_ID = "Date: Sun, 29 Nov 2026 12:00:00 +0100\r\nMessage-ID: <1@example.test>\r\n";
    private static final String HEADER = DATE_ID + FROM_TO + "Subject: hello\r\n";
    static final String MAIL = HEADER + "\r\nHello!\r\n";

    @TempDir
    Path directory;

    private Post post(String format) throws IOException {
        Post post = new Post(format, directory);
        post.alice();
        return post;
    }

    /** With the trace fields of this server in front. */
    static SentMail sent(String mail, boolean dated, boolean identified) {
        List<HeaderField> trace = new ArrayList<>();
        trace.add(
                new HeaderField("Received", " by mx.example.test with ESMTPSA;\r\n\tSun, 29 Nov 2026 12:00:01 +0100"));
        if (!dated) trace.add(new HeaderField("Date", " Sun, 29 Nov 2026 12:00:01 +0100"));
        if (!identified) trace.add(new HeaderField("Message-ID", " <made@mx.example.test>"));
        return new SentMail(Post.ALICE, Post.mail(Post.message(mail).withTrace(trace)), dated, identified);
    }

    private static Optional<Placed> send(Post post, String mail) throws IOException {
        return post.store().keep(sent(mail, true, true));
    }

    private static Entry append(Post post, String mailbox, String mail) throws IOException {
        return append(post, mailbox, mail, Flags.of(Flags.SEEN | Flags.ANSWERED), DATE);
    }

    private static Entry append(Post post, String mailbox, String mail, Flags flags, Instant date) throws IOException {
        return post.mailbox(mailbox)
                .appendOwn(List.of(new Draft(Post.message(mail), flags, date)))
                .get(0);
    }

    private static List<Entry> in(Post post, String mailbox) throws IOException {
        return post.mailbox(mailbox).entries(UidSet.ALL);
    }

    private static String text(Post post, String mailbox, long uid) throws IOException {
        return Post.text(post.mailbox(mailbox).message(uid).orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void what_is_sent_is_filed_as_seen(String format) throws Exception {
        try (Post post = post(format)) {
            Placed placed = send(post, MAIL).orElseThrow();
            assertThat(placed.mailbox()).isEqualTo("Sent");
            assertThat(in(post, "Sent")).containsExactly(placed.entry());
            assertThat(placed.entry().flags()).isEqualTo(Flags.of(Flags.SEEN));
            assertThat(text(post, "Sent", 1)).startsWith("Received: by mx").endsWith(MAIL);
            assertThat(in(post, "INBOX")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void the_copy_that_a_client_appends_takes_its_place(String format) throws Exception {
        try (Post post = post(format)) {
            send(post, MAIL);
            Mailbox sent = post.mailbox("Sent");
            long before = sent.status().highestModSeq();
            Entry copy = append(post, "Sent", "Bcc: carol@far.test\r\n" + MAIL);
            assertThat(in(post, "Sent")).containsExactly(copy);
            assertThat(copy.flags()).isEqualTo(Flags.of(Flags.SEEN | Flags.ANSWERED));
            assertThat(copy.internalDate()).isEqualTo(DATE);
            assertThat(text(post, "Sent", copy.uid())).startsWith("Bcc: carol@far.test");
            Changes changes = sent.since(before);
            assertThat(changes.entries()).containsExactly(copy);
            assertThat(changes.vanished()).isEqualTo(UidSet.of(1));
            post.restart();
            assertThat(in(post, "Sent")).extracting(Entry::uid).containsExactly(copy.uid());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void nothing_is_filed_when_the_client_has_appended_its_copy_before(String format) throws Exception {
        try (Post post = post(format)) {
            Entry copy = append(post, "Sent", MAIL);
            assertThat(send(post, MAIL)).isEmpty();
            assertThat(in(post, "Sent")).containsExactly(copy);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "X-Mozilla-Status: 0001\r\nX-Own: x\r\n" + MAIL,
                DATE_ID
                        + "To: bob@far.test\r\nFrom:\r\n Alice\r\n <alice@example.test>\r\nSubject: hello\r\n\r\nHello!\r\n",
                "Date: Sun, 29 Nov 2026 11:00:00 GMT\r\nMessage-Id:<1@example.test>\r\n" + FROM_TO
                        + "Subject: =?utf-8?q?hello?=\r\n\r\nHello!\r\n",
                "Message-ID: <1@example.test>\r\nDate: Sun, 29 Nov 2026 12:00:01 +0100\r\n" + FROM_TO
                        + "Subject: hello\r\n\r\nHello!\r\n",
                HEADER + "Content-Transfer-Encoding: base64\r\n\r\nSGVsbG8hDQo=\r\n",
            })
    void a_copy_may_be_written_otherwise(String copy) throws Exception {
        try (Post post = post("maildir")) {
            send(post, MAIL);
            Entry kept = append(post, "Sent", copy);
            assertThat(in(post, "Sent")).containsExactly(kept);
            assertThat(send(post, MAIL)).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({"true,false", "false,true", "false,false"})
    void a_copy_lacks_what_this_server_added(boolean dated, boolean identified) throws Exception {
        String mail = (dated ? "Date: Sun, 29 Nov 2026 12:00:00 +0100\r\n" : "")
                + (identified ? "Message-ID: <1@example.test>\r\n" : "")
                + FROM_TO + "Subject: hello\r\n\r\nHello!\r\nÄ\r\n";
        try (Post post = post("maildir")) {
            post.store().keep(sent(mail, dated, identified));
            Entry copy = append(post, "Sent", mail.replace("\r\n", "\n").stripTrailing());
            assertThat(in(post, "Sent")).containsExactly(copy);
            assertThat(post.store().keep(sent(mail, dated, identified))).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                DATE_ID + FROM_TO + "Subject: another\r\n\r\nHello!\r\n",
                "Message-ID: <2@example.test>\r\nDate: Sun, 29 Nov 2026 12:00:00 +0100\r\n" + FROM_TO
                        + "Subject: hello\r\n\r\nHello!\r\n",
                "Received: from a by b; Sun, 29 Nov 2026 12:00:00 +0100\r\n" + MAIL,
                FROM_TO + "Subject: hello\r\n\r\nHello!\r\n",
            })
    void what_is_another_message_stays_beside_it(String other) throws Exception {
        try (Post post = post("maildir")) {
            send(post, MAIL);
            append(post, "Sent", other);
            assertThat(in(post, "Sent")).hasSize(2);
        }
    }

    @Test
    void without_a_message_id_the_body_tells() throws Exception {
        try (Post post = post("maildir")) {
            String mail = FROM_TO + "Subject: hello\r\n\r\nHello!\r\n";
            post.store().keep(sent(mail, false, false));
            append(post, "Sent", mail + "P. S.\r\n");
            append(post, "Sent", "Cc: carol@far.test\r\n" + mail);
            assertThat(in(post, "Sent")).hasSize(3);
        }
    }

    @Test
    void what_a_program_sends_again_and_again_without_a_message_id_is_there_as_often() throws Exception {
        try (Post post = post("maildir")) {
            String mail = FROM_TO + "Subject: tick\r\n\r\n";
            post.store().keep(sent(mail, false, false));
            assertThat(post.store().keep(sent(mail, false, false))).isPresent();
            assertThat(in(post, "Sent")).hasSize(2);
        }
    }

    @Test
    void one_that_is_sent_twice_is_there_once_and_two_under_one_message_id_are_two() throws Exception {
        try (Post post = post("maildir")) {
            send(post, MAIL);
            assertThat(send(post, MAIL)).isEmpty();
            assertThat(in(post, "Sent")).hasSize(1);
            assertThat(send(post, HEADER + "\r\nSomething else\r\n")).isPresent();
            assertThat(in(post, "Sent")).hasSize(2);
        }
    }

    @Test
    void of_two_under_one_message_id_none_is_lost() throws Exception {
        String second = HEADER + "\r\nSomething else\r\n";
        try (Post post = post("maildir")) {
            send(post, MAIL);
            send(post, second);
            append(post, "Sent", MAIL);
            assertThat(texts(post, "Sent")).anyMatch(text -> text.endsWith("Something else\r\n"));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_copy_is_one_of_the_mail_that_it_met_and_of_no_other(boolean first) throws Exception {
        String second = HEADER + "\r\nSomething else\r\n";
        try (Post post = post("maildir")) {
            if (first) append(post, "Sent", MAIL);
            send(post, MAIL);
            if (!first) append(post, "Sent", MAIL);
            assertThat(send(post, MAIL)).isEmpty();
            assertThat(send(post, second)).isPresent();
            assertThat(in(post, "Sent")).hasSize(2);
        }
    }

    private static List<String> texts(Post post, String mailbox) throws IOException {
        List<String> texts = new ArrayList<>();
        for (Entry entry : in(post, mailbox)) texts.add(text(post, mailbox, entry.uid()));
        return texts;
    }

    @Test
    void a_second_copy_that_a_client_appends_is_a_second_copy() throws Exception {
        try (Post post = post("maildir")) {
            send(post, MAIL);
            append(post, "Sent", MAIL);
            append(post, "Sent", MAIL);
            assertThat(in(post, "Sent")).hasSize(2);
        }
    }

    @ParameterizedTest
    @CsvSource({"9,1", "11,2", "-11,2"})
    void some_minutes_later_it_is_another(long minutes, int copies) throws Exception {
        try (Post post = new Post("maildir", directory)) {
            Shifted clock = new Shifted();
            post.clock = clock;
            post.restart();
            post.alice();
            send(post, MAIL);
            clock.shift = Duration.ofMinutes(minutes);
            append(post, "Sent", MAIL);
            assertThat(in(post, "Sent")).hasSize(copies);
        }
    }

    /** The real time, and somewhat more. */
    private static final class Shifted extends Clock {
        private Duration shift = Duration.ZERO;

        @Override
        public java.time.ZoneId getZone() {
            return java.time.ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.now().plus(shift);
        }
    }

    @Test
    void a_client_may_keep_it_elsewhere() throws Exception {
        try (Post post = post("maildir")) {
            post.alice().create("Gesendet", Optional.empty());
            send(post, MAIL);
            append(post, "Gesendet", MAIL);
            assertThat(in(post, "Sent")).isEmpty();
            assertThat(in(post, "Gesendet")).hasSize(1);
            assertThat(send(post, MAIL)).isEmpty();
        }
    }

    @Test
    void old_mail_that_is_brought_here_is_not_about_to_be_sent() throws Exception {
        try (Post post = post("maildir")) {
            append(post, "Sent", MAIL, Flags.of(Flags.SEEN), DATE.minus(2, ChronoUnit.DAYS));
            assertThat(send(post, MAIL)).isPresent();
        }
    }

    @Test
    void what_lies_in_a_mailbox_called_sent_need_not_be_filed() throws Exception {
        try (Post post = post("maildir")) {
            post.alice().create("Sent Messages", Optional.empty());
            append(post, "Sent Messages", MAIL);
            assertThat(send(post, MAIL)).isEmpty();
        }
    }

    @Test
    void a_draft_is_no_copy_wherever_it_lies() throws Exception {
        try (Post post = post("maildir")) {
            post.alice().create("Unfinished", Optional.empty());
            append(post, "Drafts", MAIL);
            append(post, "Unfinished", MAIL);
            append(post, "Sent", MAIL, Flags.of(Flags.DRAFT), DATE);
            assertThat(send(post, MAIL)).isPresent();
            append(post, "Drafts", MAIL);
            assertThat(in(post, "Sent")).hasSize(2);
        }
    }

    @Test
    void a_copy_that_was_expunged_is_none() throws Exception {
        try (Post post = post("maildir")) {
            append(post, "Sent", MAIL);
            post.mailbox("Sent").expunge(UidSet.ALL);
            assertThat(send(post, MAIL)).isPresent();
            post.mailbox("Sent").expunge(UidSet.ALL);
            assertThat(send(post, MAIL)).isPresent();
            assertThat(in(post, "Sent")).hasSize(1);
        }
    }

    @Test
    void one_that_was_moved_away_stays_where_it_was_put() throws Exception {
        try (Post post = post("maildir")) {
            send(post, MAIL);
            post.mailbox("Sent").move(UidSet.ALL, post.mailbox("Archive"));
            append(post, "Sent", MAIL);
            assertThat(in(post, "Archive")).hasSize(1);
            assertThat(in(post, "Sent")).hasSize(1);
        }
    }

    @Test
    void of_several_that_are_appended_at_once_each_takes_the_place_of_its_own() throws Exception {
        try (Post post = post("maildir")) {
            String second = MAIL.replace("<1@", "<2@");
            send(post, MAIL);
            send(post, second);
            List<Draft> drafts = List.of(
                    new Draft(Post.message(second), Flags.NONE, DATE),
                    new Draft(Post.message("Subject: x\r\n\r\n"), Flags.NONE, DATE),
                    new Draft(Post.message(MAIL), Flags.NONE, DATE));
            List<Entry> entries = post.mailbox("Sent").appendOwn(drafts);
            assertThat(in(post, "Sent")).isEqualTo(entries);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"move", "copy", "replace"})
    void what_comes_otherwise_than_by_append_takes_nothing_away(String how) throws Exception {
        try (Post post = post("maildir")) {
            post.alice().create("Deleted Messages", Optional.empty());
            append(post, "Drafts", MAIL);
            send(post, MAIL);
            Mailbox drafts = post.mailbox("Drafts");
            Mailbox other = post.mailbox("Deleted Messages");
            switch (how) {
                case "move" -> drafts.move(UidSet.ALL, other);
                case "copy" -> drafts.copy(UidSet.ALL, other);
                default -> drafts.replace(UidSet.of(1), new Draft(Post.message(MAIL), Flags.NONE, DATE), other);
            }
            assertThat(in(post, "Sent")).hasSize(1);
            assertThat(in(post, "Deleted Messages")).hasSize(1);
        }
    }

    @Test
    void what_is_appended_by_others_or_by_a_program_that_may_take_it_back_takes_nothing_away() throws Exception {
        try (Post post = post("maildir")) {
            post.alice().create("Projects", Optional.empty());
            Entry filed = send(post, MAIL).orElseThrow().entry();
            post.mailbox("Projects").append(Post.message(MAIL), Flags.NONE, DATE);
            post.mailbox("Sent").append(Post.message(MAIL), Flags.NONE, DATE);
            assertThat(in(post, "Sent")).hasSize(2).contains(filed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"Drafts", "Trash", "Drafts.Old", "Trash.2026.May"})
    void what_is_put_among_drafts_or_waste_takes_nothing_away(String mailbox) throws Exception {
        try (Post post = post("maildir")) {
            if (mailbox.contains(".")) post.alice().create(mailbox, Optional.empty());
            Entry filed = send(post, MAIL).orElseThrow().entry();
            append(post, mailbox, MAIL);
            assertThat(in(post, "Sent")).containsExactly(filed);
        }
    }

    @Test
    void the_mailbox_is_the_one_for_that_use() throws Exception {
        try (Post post = post("maildir")) {
            post.alice().rename("Sent", "Gesendet");
            post.alice().create("Sent", Optional.empty());
            assertThat(send(post, MAIL).orElseThrow().mailbox()).isEqualTo("Gesendet");
        }
    }

    @Test
    void one_that_is_not_there_is_made_with_its_use() throws Exception {
        try (Post post = post("maildir")) {
            post.alice().delete("Sent");
            post.alice().unsubscribe("Sent");
            assertThat(send(post, MAIL).orElseThrow().mailbox()).isEqualTo("Sent");
            assertThat(post.alice().list())
                    .anyMatch(l -> l.use().equals(Optional.of(SpecialUse.SENT)) && l.subscribed());
        }
    }

    @Test
    void one_of_that_name_is_given_the_use() throws Exception {
        try (Post post = post("maildir")) {
            post.alice().delete("Sent");
            post.alice().create("Sent", Optional.empty());
            send(post, MAIL);
            assertThat(post.alice().list()).anyMatch(l -> l.use().equals(Optional.of(SpecialUse.SENT)));
            assertThat(in(post, "Sent")).hasSize(1);
        }
    }

    @Test
    void one_of_that_name_for_another_use_is_left_alone() throws Exception {
        try (Post post = post("maildir")) {
            post.alice().delete("Sent");
            post.alice().rename("Drafts", "Sent");
            assertThatThrownBy(() -> send(post, MAIL)).hasMessageContaining("something else");
            assertThat(in(post, "Sent")).isEmpty();
        }
    }

    @Test
    void who_has_no_mailboxes_gets_none() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            assertThat(send(post, MAIL)).isEmpty();
            assertThat(post.store().exists(Post.ALICE)).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"false,,false", "false,example.test=true,true", "true,alice@example.test=false,false"})
    void settings_say_for_whom(boolean usual, String other, boolean filed) throws Exception {
        String[] others = other == null ? new String[0] : new String[] {other};
        try (Post post = new Post("maildir", directory, Map.of("sentCopy", usual, "sentCopies", others))) {
            post.alice();
            assertThat(send(post, MAIL).isPresent()).isEqualTo(filed);
        }
    }

    @Test
    void settings_that_make_no_sense_are_told() {
        assertThat(new SentCheck().check(Map.of("sentCopies", new String[] {"example.test=true", "b@c=no", "true"})))
                .extracting(p -> p.value())
                .containsExactly("b@c=no", "true");
    }

    @Test
    void a_full_account_gets_no_copy() throws Exception {
        try (Post post = new Post("maildir", directory, Map.of("quota", "/1"))) {
            append(post, "INBOX", "A: 1\r\n\r\n");
            assertThatThrownBy(() -> send(post, MAIL))
                    .isInstanceOfSatisfying(
                            MailboxFault.class, f -> assertThat(f.kind()).isEqualTo(MailboxFault.Kind.OVERQUOTA));
            assertThat(in(post, "Sent")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/1", "700"})
    void who_has_no_room_for_both_has_the_one_that_was_filed(String quota) throws Exception {
        try (Post post = new Post("maildir", directory, Map.of("quota", quota))) {
            post.alice();
            String mail = MAIL + "x".repeat(200) + "\r\n";
            Entry filed = send(post, mail).orElseThrow().entry();
            assertThatThrownBy(() -> append(post, "Sent", mail))
                    .isInstanceOfSatisfying(
                            MailboxFault.class, f -> assertThat(f.kind()).isEqualTo(MailboxFault.Kind.OVERQUOTA));
            assertThat(in(post, "Sent")).containsExactly(filed);
        }
    }

    @Test
    void nobody_is_warned_of_what_goes_at_once() throws Exception {
        Map<String, ?> settings = Map.of("quota", "/5", "quotaWarnings", new String[] {"40"});
        try (Post post = new Post("maildir", directory, settings)) {
            post.alice();
            send(post, MAIL);
            append(post, "Sent", MAIL);
            assertThat(in(post, "INBOX")).isEmpty();
            append(post, "Archive", "A: 1\r\n\r\n");
            assertThat(in(post, "INBOX")).hasSize(1);
        }
    }

    @Test
    void another_account_is_another() throws Exception {
        try (Post post = post("maildir")) {
            send(post, MAIL);
            Mailbox bobs = post.store()
                    .account(Address.of("bob@example.test"))
                    .mailbox("Sent")
                    .orElseThrow();
            bobs.appendOwn(List.of(new Draft(Post.message(MAIL), Flags.NONE, DATE)));
            assertThat(in(post, "Sent")).hasSize(1);
        }
    }

    @Test
    void a_copy_that_cannot_be_removed_costs_the_client_nothing() throws Exception {
        try (Post post = post("maildir")) {
            send(post, MAIL);
            post.faults.failOnce("remove");
            Entry copy = append(post, "Sent", MAIL);
            assertThat(in(post, "Sent")).hasSize(2).contains(copy);
        }
    }

    @Test
    void one_that_is_filed_is_told_so_whatever_cannot_be_looked_at_behind_it() throws Exception {
        try (Post post = post("maildir")) {
            post.alice().create("Sent Messages", Optional.empty());
            send(post, MAIL);
            append(post, "Sent Messages", MAIL);
            post.swapFormat();
            // When the second is safe it is held against what lies there.
            post.faults.failBehind("force", "open");
            Placed placed = send(post, HEADER + "\r\nSomething else\r\n").orElseThrow();
            assertThat(post.faults.none()).isTrue();
            assertThat(in(post, "Sent")).containsExactly(placed.entry());
            append(post, "Sent", HEADER + "\r\nSomething else\r\n");
            assertThat(in(post, "Sent")).hasSize(1);
        }
    }

    @Test
    void a_copy_of_the_client_that_fails_leaves_the_one_that_is_there() throws Exception {
        try (Post post = post("maildir")) {
            send(post, MAIL);
            post.faults.failOnce("stage");
            assertThatThrownBy(() -> append(post, "Sent", MAIL)).isInstanceOf(IOException.class);
            assertThat(in(post, "Sent")).hasSize(1);
            append(post, "Sent", MAIL);
            assertThat(in(post, "Sent")).hasSize(1);
        }
    }

    @Test
    void a_restart_forgets_and_a_crash_leaves_two_at_worst() throws Exception {
        try (Post post = post("maildir")) {
            send(post, MAIL);
            post.crash("another boot");
            assertThat(in(post, "Sent")).hasSize(1);
            append(post, "Sent", MAIL);
            assertThat(in(post, "Sent")).hasSize(2);
        }
    }

    @Test
    void the_next_version_knows_what_was_sent() throws Exception {
        Path root = directory.resolve("mail");
        Clock clock = Clock.systemUTC();
        Mailboxes one = new Mailboxes(root, clock, "boot", Post.config("maildir"), "the mailboxes of a test of swaps");
        one.addFormat(Post.format("maildir"), Map.of("name", "maildir"));
        one.account(Post.ALICE);
        one.keep(sent(MAIL, true, true));
        Mailboxes next = new Mailboxes(root, clock, "boot", Post.config("maildir"), "the mailboxes of a test of swaps");
        next.addFormat(Post.format("maildir"), Map.of("name", "maildir"));
        one.deactivate();
        try {
            Mailbox sent = next.account(Post.ALICE).mailbox("Sent").orElseThrow();
            Entry copy = sent.appendOwn(List.of(new Draft(Post.message(MAIL), Flags.NONE, DATE)))
                    .get(0);
            assertThat(sent.entries(UidSet.ALL)).containsExactly(copy);
            assertThat(next.keep(sent(MAIL, true, true))).isEmpty();
        } finally {
            next.deactivate();
        }
    }

    private static void remember(SentMemory memory, Address account, int copy) {
        SentMemory.Place place = new SentMemory.Place("Sent", 1, copy + 1, true, "");
        assertThat(memory.replace(account, "print " + copy, Optional.empty(), Optional.of(place)))
                .isTrue();
    }

    @Test
    void memory_is_bounded() {
        SentMemory memory = new SentMemory("a test of its bound", Clock.systemUTC());
        for (int i = 0; i <= SentMemory.MOST; i++) remember(memory, Address.of(i % 100 + "@example.test"), i);
        assertThat(memory.last(Address.of("0@example.test"), "print 0")).isEmpty();
        assertThat(memory.last(Address.of("1@example.test"), "print 1")).isPresent();
        assertThat(memory.last(Address.of("0@example.test"), "print " + SentMemory.MOST))
                .isPresent();
    }

    @Test
    void nobody_has_what_others_have_sent_forgotten() {
        SentMemory memory = new SentMemory("a test of shares", Clock.systemUTC());
        Address bob = Address.of("bob@example.test");
        remember(memory, bob, 0);
        for (int i = 0; i <= SentMemory.MOST; i++) remember(memory, Post.ALICE, i);
        assertThat(memory.last(bob, "print 0")).isPresent();
        int eldest = SentMemory.MOST - SentMemory.MOST_OF_ONE;
        assertThat(memory.last(Post.ALICE, "print " + eldest)).isEmpty();
        assertThat(memory.last(Post.ALICE, "print " + (eldest + 1))).isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void whoever_comes_first_there_is_one(String format) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try (Post post = post(format)) {
            for (int i = 0; i < 40; i++) {
                String mail = MAIL.replace("<1@", "<" + i + "@");
                List<Callable<Boolean>> deeds = List.of(
                        () -> send(post, mail).isPresent(),
                        () -> append(post, "Sent", mail).uid() > 0,
                        () -> send(post, mail).isPresent());
                for (Future<Boolean> done : threads.invokeAll(deeds)) done.get();
                assertThat(in(post, "Sent")).as("mail %s", i).hasSize(i + 1);
                assertThat(in(post, "Sent").get(i).flags().has(Flags.ANSWERED)).isTrue();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void flags_that_were_set_on_it_since_do_not_keep_it() throws Exception {
        try (Post post = post("maildir")) {
            send(post, MAIL);
            FlagChange flagged = new FlagChange(FlagChange.Kind.ADD, Flags.of(Flags.FLAGGED));
            post.mailbox("Sent").store(UidSet.ALL, flagged, OptionalLong.empty());
            Entry copy = append(post, "Sent", MAIL);
            assertThat(in(post, "Sent")).containsExactly(copy);
        }
    }
}
