package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.SpecialUse;
import org.posthorn.api.mailbox.UidSet;

class UserAccountTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void an_account_begins_with_inbox_and_the_special_ones(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            assertThat(post.alice().list())
                    .extracting(Listed::name)
                    .containsExactly("INBOX", "Archive", "Drafts", "Junk", "Sent", "Trash");
            assertThat(post.alice().list()).allMatch(l -> l.selectable() && l.subscribed());
            assertThat(post.alice().list().get(4).use()).contains(SpecialUse.SENT);
            assertThat(post.alice().mailbox("inBox").orElseThrow().name()).isEqualTo("INBOX");
            assertThat(post.alice().mailbox("sent")).isEmpty();
        }
    }

    private static Path file(Post post) {
        return AccountShelf.indexes(post.home(), "maildir").resolve(AccountFile.NAME);
    }

    @Test
    void mod_sequences_that_could_not_be_reserved_are_not_given() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            post.inbox().append(Post.message("a: b\r\n\r\n"), Flags.NONE, Instant.now());
            post.restart();
            Path inTheWay = Files.createDirectory(file(post).resolveSibling(AccountFile.NAME + ".new"));
            Callable<Entry> append = () -> post.inbox().append(Post.message("c: d\r\n\r\n"), Flags.NONE, Instant.now());
            for (int i = 0; i < 2; i++) assertThatThrownBy(append::call).isInstanceOf(IOException.class);
            Files.delete(inTheWay);
            append.call();
            assertThat(post.inbox().status().messages()).isEqualTo(2);
        }
    }

    @Test
    void a_change_is_heard_of_though_the_count_of_mod_sequences_was_set_back() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            for (int i = 0; i < 5; i++)
                post.inbox().append(Post.message("a: " + i + "\r\n\r\n"), Flags.NONE, Instant.now());
            // Nothing is read before it is asked for.
            post.restart();
            String text = Files.readString(file(post));
            Files.writeString(file(post), text.replaceFirst("modseq [0-9]+", "modseq 1"));
            long known = post.inbox().status().highestModSeq();
            long uid = post.inbox()
                    .append(Post.message("c: d\r\n\r\n"), Flags.NONE, Instant.now())
                    .uid();
            assertThat(post.inbox().since(known).entries())
                    .extracting(Entry::uid)
                    .containsExactly(uid);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void an_account_has_so_many_mailboxes_and_subscriptions_and_no_more(String format) throws Exception {
        // Six are there from the beginning.
        try (Post post = new Post(format, directory, Map.of("mailboxes", 7))) {
            Account alice = post.alice();
            alice.create("one", Optional.empty());
            fails(MailboxFault.Kind.LIMIT, () -> alice.create("two", Optional.empty()));
            fails(MailboxFault.Kind.ALREADYEXISTS, () -> alice.create("one", Optional.empty()));
            post.inbox().append(Post.message("a: b\r\n\r\n"), Flags.NONE, Instant.now());
            fails(MailboxFault.Kind.LIMIT, () -> alice.rename("INBOX", "two"));
            assertThat(post.inbox().status().messages()).isEqualTo(1);
            alice.rename("one", "two");
            alice.delete("two");
            alice.rename("INBOX", "two");

            alice.subscribe("one");
            fails(MailboxFault.Kind.LIMIT, () -> alice.subscribe("two"));
            alice.subscribe("one");
            alice.unsubscribe("one");
            alice.subscribe("two");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void levels_above_are_listed_and_what_lies_below_outlives_its_parent(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            Account before = post.alice();
            before.create("Entw\u00fcrfe.a & b.c", Optional.empty());
            before.create("Entw\u00fcrfe.a & b.", Optional.empty());
            before.delete("Entw\u00fcrfe.a & b");
            post.restart();
            Account alice = post.alice();
            assertThat(alice.list())
                    .extracting(Listed::name)
                    .contains("Entw\u00fcrfe", "Entw\u00fcrfe.a & b", "Entw\u00fcrfe.a & b.c");
            assertThat(alice.mailbox("Entw\u00fcrfe.a & b")).isEmpty();
            fails(MailboxFault.Kind.CANNOT, () -> alice.delete("Entw\u00fcrfe"));
            fails(MailboxFault.Kind.ALREADYEXISTS, () -> alice.create("Entw\u00fcrfe.a & b.c", Optional.empty()));
            fails(MailboxFault.Kind.NONEXISTENT, () -> alice.delete("nowhere"));
            fails(MailboxFault.Kind.CANNOT, () -> alice.delete("inbox"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void a_renamed_mailbox_takes_along_what_lies_below_it_its_uids_and_its_use(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            Account alice = post.alice();
            alice.create("Sent.2026", Optional.empty());
            long uid = post.mailbox("Sent.2026")
                    .append(Post.message("a: b\r\n\r\n"), Flags.NONE, Instant.now())
                    .uid();
            long validity = post.mailbox("Sent.2026").status().uidValidity();
            alice.rename("Sent", "Old.Sent");
            Mailbox moved = post.mailbox("Old.Sent.2026");
            assertThat(moved.status().uidValidity()).isEqualTo(validity);
            assertThat(moved.message(uid)).isPresent();
            assertThat(alice.list())
                    .filteredOn(l -> l.use().equals(Optional.of(SpecialUse.SENT)))
                    .extracting(Listed::name)
                    .containsExactly("Old.Sent");
            fails(MailboxFault.Kind.USEATTR, () -> alice.create("More", Optional.of(SpecialUse.SENT)));
            fails(MailboxFault.Kind.CANNOT, () -> alice.rename("Old", "Old.below"));
            fails(MailboxFault.Kind.ALREADYEXISTS, () -> alice.rename("Old", "Junk"));
            alice.create("Sent", Optional.empty());
            assertThat(post.mailbox("Sent").status().uidValidity()).isGreaterThan(validity);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void renaming_inbox_moves_its_messages_and_leaves_it_empty(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            post.inbox().append(Post.message("a: b\r\n\r\n"), Flags.of(Flags.SEEN), Instant.now());
            post.alice().rename("INBOX", "before");
            assertThat(post.inbox().entries(UidSet.ALL)).isEmpty();
            assertThat(post.mailbox("before").entries(UidSet.ALL))
                    .singleElement()
                    .matches(e -> e.flags().has(Flags.SEEN));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void subscriptions_are_names_and_outlive_a_restart(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            post.alice().subscribe("not.there");
            post.alice().unsubscribe("Junk");
            post.restart();
            assertThat(post.alice().subscriptions())
                    .containsExactly("INBOX", "Archive", "Drafts", "Sent", "Trash", "not.there");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void names_that_lead_elsewhere_are_refused(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            Account alice = post.alice();
            for (String name : List.of(
                    "",
                    ".",
                    "..",
                    "a..b",
                    ".a",
                    "../../bob",
                    "a/b",
                    "a\u0000b",
                    "a\nb",
                    "a\u2028b",
                    "a\u2029b",
                    "a*",
                    "x".repeat(300))) fails(MailboxFault.Kind.CANNOT, () -> alice.create(name, Optional.empty()));
            for (String name : List.of("", "..", "../mbox", "x".repeat(5000)))
                assertThat(alice.mailbox(name)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void recent_messages_belong_to_the_first_who_claims_them(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            long uid = post.deliver(Post.mail(Post.message("a: b\r\n\r\n"))).uid();
            assertThat(post.inbox().status().recent()).isEqualTo(1);
            assertThat(post.inbox().claimRecent(Long.MAX_VALUE)).isLessThanOrEqualTo(uid);
            assertThat(post.inbox().claimRecent(Long.MAX_VALUE)).isGreaterThan(uid);
            long next = post.deliver(Post.mail(Post.message("c: d\r\n\r\n"))).uid();
            assertThat(post.inbox().claimRecent(uid)).isEqualTo(next);
            assertThat(post.inbox().claimRecent(next)).as("nobody had seen it").isEqualTo(next);
            post.restart();
            assertThat(post.inbox().status().recent()).isZero();
        }
    }

    private static void fails(MailboxFault.Kind kind, ThrowingCallable call) throws IOException {
        assertThatThrownBy(call).isInstanceOfSatisfying(MailboxFault.class, f -> assertThat(f.kind())
                .isEqualTo(kind));
    }
}
