package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mailbox.Amount;
import org.posthorn.api.mailbox.Draft;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.Quota;
import org.posthorn.api.mailbox.UidSet;

class QuotaTest {

    /** Of a hundred octets. */
    private static final String HUNDRED = "Subject: x\r\n\r\n" + "y".repeat(84) + "\r\n";

    @TempDir
    Path directory;

    private Post post(String format, String quota, String... warnings) throws IOException {
        return new Post(format, directory, Map.of("quota", quota, "quotaWarnings", warnings));
    }

    private static Entry append(Post post, String mailbox) throws IOException {
        return post.mailbox(mailbox).append(Post.message(HUNDRED), Flags.NONE, Instant.now());
    }

    private static Amount used(Post post) throws IOException {
        return post.store().quota(Post.ALICE).used();
    }

    private static void refused(ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(MailboxFault.class, f -> assertThat(f.kind())
                .isEqualTo(MailboxFault.Kind.OVERQUOTA));
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void what_would_make_an_account_too_full_is_refused_and_leaves_nothing(String format) throws Exception {
        try (Post post = post(format, "350")) {
            append(post, "INBOX");
            append(post, "Sent");
            post.deliver(Post.mail(Post.message(HUNDRED)));
            refused(() -> append(post, "Trash"));
            refused(() -> post.deliver(Post.mail(Post.message(HUNDRED))));
            refused(() -> post.inbox().copy(UidSet.ALL, post.mailbox("Sent")));
            assertThat(used(post)).isEqualTo(new Amount(300, 3));
            assertThat(post.inbox().status().messages()).isEqualTo(2);
            assertThat(post.mailbox("Trash").status().messages()).isZero();
        }
    }

    @Test
    void several_are_refused_together() throws Exception {
        try (Post post = post("maildir", "/2")) {
            Draft draft = new Draft(Post.message(HUNDRED), Flags.NONE, Instant.now());
            refused(() -> post.inbox().append(List.of(draft, draft, draft)));
            assertThat(post.inbox().append(List.of(draft, draft))).hasSize(2);
            assertThat(used(post)).isEqualTo(new Amount(200, 2));
        }
    }

    @Test
    void line_ends_count_as_they_are_kept() throws Exception {
        try (Post post = post("maildir", "199")) {
            refused(() -> post.inbox().append(Post.message("\n".repeat(100)), Flags.NONE, Instant.now()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void a_full_account_moves_and_expunges(String format) throws Exception {
        try (Post post = post(format, "/2")) {
            append(post, "INBOX");
            append(post, "INBOX");
            post.inbox().move(UidSet.of(1), post.mailbox("Trash"));
            assertThat(used(post)).isEqualTo(new Amount(200, 2));
            post.alice().rename("INBOX", "Old");
            refused(() -> append(post, "INBOX"));
            post.mailbox("Trash").expunge(UidSet.ALL);
            append(post, "INBOX");
        }
    }

    @Test
    void a_full_account_replaces_a_message_by_one_no_larger() throws Exception {
        try (Post post = post("maildir", "100")) {
            append(post, "Drafts");
            Draft same = new Draft(Post.message(HUNDRED), Flags.NONE, Instant.now());
            Draft larger = new Draft(Post.message(HUNDRED + "z"), Flags.NONE, Instant.now());
            refused(() -> post.mailbox("Drafts").replace(UidSet.of(1), larger, post.mailbox("Sent")));
            assertThat(post.mailbox("Drafts")
                            .replace(UidSet.of(1), same, post.mailbox("Sent"))
                            .uid())
                    .isEqualTo(1);
            assertThat(post.mailbox("Drafts").status().messages()).isZero();
            assertThat(used(post)).isEqualTo(new Amount(100, 1));
        }
    }

    @Test
    void mail_that_is_there_already_needs_no_room() throws Exception {
        try (Post post = post("maildir", "/1")) {
            Mail mail = Post.mail(Post.message(HUNDRED));
            post.spool.noted = () -> {
                throw new IOException("The journal is full");
            };
            assertThatThrownBy(() -> post.deliver(mail)).isInstanceOf(IOException.class);
            post.spool.noted = () -> {};
            post.deliver(mail);
            assertThat(used(post)).isEqualTo(new Amount(100, 1));
            post.store().shelved(post.pending(mail, false));
            post.deliver(mail);
            assertThat(used(post)).isEqualTo(new Amount(100, 1));
        }
    }

    private static Path usage(Post post) {
        return AccountShelf.indexes(post.home(), "maildir").resolve(UsageFile.NAME);
    }

    @Test
    void what_was_noted_counts_as_long_as_the_index_is_the_same() throws Exception {
        try (Post post = post("maildir", "1M")) {
            append(post, "INBOX");
            append(post, "Sent");
            post.restart();
            assertThat(used(post)).isEqualTo(new Amount(200, 2));
            post.restart();
            // Nobody could know that without the note.
            Files.writeString(usage(post), Files.readString(usage(post)).replace("\n1 100 ", "\n7 700 "));
            assertThat(used(post)).isEqualTo(new Amount(1400, 14));
            assertThat(post.mailbox("Sent").status().messages()).isEqualTo(1);
            assertThat(used(post)).isEqualTo(new Amount(800, 8));
            post.restart();
            Path inbox = usage(post).resolveSibling("INBOX.index");
            Files.setLastModifiedTime(inbox, FileTime.from(Instant.EPOCH));
            assertThat(used(post)).isEqualTo(new Amount(200, 2));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "nonsense", "posthorn usage 1\n1 x 3 4 INBOX\n9\nend\n", "posthorn usage 1\n9 9 0 0 INBOX\n"
            })
    void a_damaged_note_is_as_good_as_none(String note) throws Exception {
        try (Post post = post("maildir", "1M")) {
            append(post, "INBOX");
            post.restart();
            Files.writeString(usage(post), note);
            assertThat(used(post)).isEqualTo(new Amount(100, 1));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void it_is_right_after_a_crash_and_without_indexes(String format) throws Exception {
        try (Post post = post(format, "1M")) {
            append(post, "INBOX");
            assertThat(used(post)).isEqualTo(new Amount(100, 1));
            post.restart();
            append(post, "Sent");
            append(post, "INBOX");
            post.crash("first boot");
            assertThat(used(post)).isEqualTo(new Amount(300, 3));
            post.mailbox("Sent").expunge(UidSet.ALL);
            post.crash("second boot");
            assertThat(used(post)).isEqualTo(new Amount(200, 2));
            post.store().modified(Post.config(format, Map.of("quota", "1M")));
            Path indexes = AccountShelf.indexes(post.home(), format);
            Files.delete(indexes.resolve("INBOX.index"));
            assertThat(used(post)).isEqualTo(new Amount(200, 2));
        }
    }

    @Test
    void what_other_programs_did_counts_when_it_is_seen() throws Exception {
        try (Post post = post("maildir", "1M")) {
            append(post, "INBOX");
            post.restart();
            Path inbox;
            try (var all = Files.walk(post.home())) {
                inbox = all.filter(p -> p.endsWith("new") || p.endsWith("cur"))
                        .min(Comparator.comparing(Path::getNameCount).thenComparing(p -> p))
                        .orElseThrow();
            }
            Files.writeString(inbox.resolveSibling("new").resolve("1.foreign.host"), HUNDRED);
            assertThat(used(post).messages()).isEqualTo(1);
            assertThat(post.inbox().status().messages()).isEqualTo(2);
            assertThat(used(post).messages()).isEqualTo(2);
            post.restart();
            assertThat(used(post).messages()).isEqualTo(2);
        }
    }

    @Test
    void mailboxes_that_are_deleted_or_renamed_count_no_more_or_once() throws Exception {
        try (Post post = post("maildir", "1M")) {
            append(post, "INBOX");
            append(post, "Sent");
            append(post, "Trash");
            assertThat(used(post)).isEqualTo(new Amount(300, 3));
            post.alice().rename("Sent", "Other");
            post.alice().delete("Trash");
            assertThat(used(post)).isEqualTo(new Amount(200, 2));
            append(post, "Other");
            post.restart();
            assertThat(used(post)).isEqualTo(new Amount(300, 3));
        }
    }

    @Test
    void a_limit_that_is_set_below_what_is_there_stops_what_adds() throws Exception {
        try (Post post = post("maildir", "")) {
            append(post, "INBOX");
            append(post, "INBOX");
            assertThat(post.store().quota(Post.ALICE).limited()).isFalse();
            String[] own = {"alice@example.test=1K/1", "example.test=none"};
            post.store().modified(Post.config("maildir", Map.of("quotas", own)));
            assertThat(post.store().quota(Post.ALICE)).isEqualTo(new Quota(new Amount(200, 2), new Amount(1024, 1)));
            refused(() -> append(post, "INBOX"));
            post.inbox().copy(UidSet.EMPTY, post.mailbox("Sent"));
            post.inbox().expunge(UidSet.ALL);
            append(post, "INBOX");
        }
    }

    @Test
    void who_has_no_mailboxes_gets_none_by_being_asked_for() throws Exception {
        try (Post post = post("maildir", "1K")) {
            Address nobody = Address.of("nobody@example.test");
            assertThat(post.store().quota(nobody))
                    .isEqualTo(new Quota(Amount.NOTHING, new Amount(1024, Long.MAX_VALUE)));
            assertThat(post.store().exists(nobody)).isFalse();
        }
    }

    @Test
    void those_who_come_at_once_do_not_take_the_same_room() throws Exception {
        ExecutorService many = Executors.newFixedThreadPool(8);
        try (Post post = post("maildir", "/20")) {
            List<Callable<Boolean>> arrivals = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                String mailbox = i % 2 == 0 ? "INBOX" : "Sent";
                arrivals.add(() -> {
                    try {
                        append(post, mailbox);
                        return true;
                    } catch (MailboxFault full) {
                        return false;
                    }
                });
            }
            int in = 0;
            for (Future<Boolean> arrival : many.invokeAll(arrivals)) if (arrival.get()) in++;
            assertThat(in).isBetween(1, 20);
            assertThat(used(post).messages()).isEqualTo(in);
        } finally {
            many.shutdown();
        }
    }

    @Test
    void what_has_arrived_stays_when_its_owner_cannot_be_told() throws Exception {
        try (Post post = post("maildir", "/2", "50")) {
            post.faults.fail("stage", 1);
            append(post, "Sent");
            post.faults.end();
            assertThat(used(post)).isEqualTo(new Amount(100, 1));
        }
    }

    @Test
    void the_word_on_it_takes_no_room_that_is_not_there() throws Exception {
        try (Post post = post("maildir", "/2", "100")) {
            append(post, "Sent");
            append(post, "Sent");
            assertThat(used(post)).isEqualTo(new Amount(200, 2));
        }
        try (Post post = new Post(
                "maildir", directory.resolve("octets"), Map.of("quota", "300", "quotaWarnings", new String[] {"50"}))) {
            append(post, "Sent");
            append(post, "Sent");
            assertThat(used(post)).isEqualTo(new Amount(200, 2));
            append(post, "Sent");
            assertThat(used(post)).isEqualTo(new Amount(300, 3));
        }
    }

    @Test
    void the_owner_is_not_told_by_a_mail_that_takes_the_last_room() throws Exception {
        try (Post post = post("maildir", "/5", "80")) {
            for (int i = 0; i < 5; i++) append(post, "Sent");
            assertThat(post.inbox().status().messages()).isZero();
            assertThat(used(post).messages()).isEqualTo(5);
        }
    }

    @Test
    void the_owner_is_not_told_that_so_much_is_there_as_there_is_for_a_moment_only() throws Exception {
        try (Post post = post("maildir", "/20", "50")) {
            for (int i = 0; i < 9; i++) append(post, "Sent");
            Mailbox sent = post.mailbox("Sent");
            sent.replace(UidSet.of(1), new Draft(Post.message(HUNDRED), Flags.NONE, Instant.now()), sent);
            assertThat(sent.status().messages()).isEqualTo(9);
            assertThat(post.inbox().status().messages()).isZero();
        }
    }

    @Test
    void the_owner_is_told_once_when_a_threshold_is_reached() throws Exception {
        try (Post post = post("maildir", "/20", "50", "80")) {
            for (int i = 0; i < 9; i++) append(post, "Sent");
            assertThat(post.inbox().status().messages()).isZero();
            append(post, "Sent");
            assertThat(post.inbox().status().messages()).isEqualTo(1);
            String text = Post.text(post.inbox().message(1).orElseThrow());
            assertThat(text)
                    .contains("To: <alice@example.test>\r\n", "Auto-Submitted: auto-generated\r\n", "are 50 % full")
                    .contains("0.0 MiB\r\n", "10 messages of 20\r\n");
            append(post, "Sent");
            post.restart();
            append(post, "Sent");
            assertThat(post.inbox().status().messages()).isEqualTo(1);
            for (int i = 0; i < 3; i++) append(post, "Sent");
            assertThat(Post.text(post.inbox().message(2).orElseThrow())).contains("are 80 % full");
            post.mailbox("Sent").expunge(UidSet.ALL);
            for (int i = 0; i < 8; i++) append(post, "Sent");
            assertThat(Post.text(post.inbox().message(3).orElseThrow())).contains("are 50 % full");
        }
    }
}
