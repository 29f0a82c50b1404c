package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mailbox.Annotations;
import org.posthorn.api.mailbox.Emails;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.MailboxChanges;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.api.mailbox.SpecialUse;
import org.posthorn.api.mailbox.UidSet;

/** What becomes of mailboxes: RFC 8621 2.2. */
class MailboxChangesTest {

    @TempDir
    Path directory;

    private static Emails emails(Post post) throws Exception {
        return post.store().emails(Post.ALICE);
    }

    private static MailboxChanges since(Post post, long state) throws Exception {
        return emails(post).mailboxChanges(state).orElseThrow();
    }

    private static String id(Post post, String name) throws Exception {
        return post.mailbox(name).status().mailboxId();
    }

    /** Something done to a mailbox. */
    private interface Deed {
        void run() throws Exception;
    }

    private static void updates(Post post, Deed deed, String... names) throws Exception {
        long state = emails(post).state();
        deed.run();
        List<String> ids = new java.util.ArrayList<>();
        for (String name : names) ids.add(id(post, name));
        for (int round = 0; round < 2; round++) {
            MailboxChanges changes = since(post, state);
            assertThat(changes.updated()).containsExactlyInAnyOrderElementsOf(ids);
            assertThat(changes.created()).isEmpty();
            assertThat(changes.counted()).isEmpty();
            assertThat(changes.destroyed()).isEmpty();
            post.restart();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void they_come_and_go(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            post.alice().create("before", Optional.empty());
            long state = emails(post).state();
            String before = id(post, "before");
            String created = post.alice().create("created", Optional.empty());
            post.alice().delete("before");
            post.alice().create("brief", Optional.empty());
            post.alice().delete("brief");
            for (int round = 0; round < 2; round++) {
                assertThat(since(post, state).created()).containsExactly(created);
                assertThat(since(post, state).updated()).isEmpty();
                assertThat(since(post, state).counted()).isEmpty();
                assertThat(since(post, state).destroyed()).containsExactly(before);
                post.restart();
            }
            state = since(post, state).state();
            assertThat(since(post, state).created()).isEmpty();
            assertThat(since(post, state).destroyed()).isEmpty();
            assertThat(emails(post).mailboxChanges(state + 100)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void another_name_use_subscription_or_other_rights_update_them(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            post.alice().create("one", Optional.empty());
            post.alice().create("one.below", Optional.empty());
            updates(post, () -> post.alice().rename("one", "two"), "two", "two.below");
            updates(post, () -> post.alice().subscribe("two"), "two");
            updates(post, () -> post.alice().unsubscribe("two"), "two");
            updates(
                    post,
                    () -> post.store()
                            .annotations(Post.ALICE)
                            .set("Junk", Map.of(Annotations.SPECIAL_USE, Optional.empty())),
                    "Junk");
            updates(
                    post,
                    () -> post.store()
                            .annotations(Post.ALICE)
                            .set("two", Map.of(Annotations.SPECIAL_USE, Optional.of("\\" + SpecialUse.JUNK.mailbox()))),
                    "two");
            updates(
                    post,
                    () -> post.store()
                            .access(Post.ALICE)
                            .change("two", "anyone", before -> Optional.of(new Rights("lr"))),
                    "two");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void other_counts_are_told_apart(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            long state = emails(post).state();
            post.inbox().append(Post.message("a: b\r\n\r\n"), Flags.NONE, Instant.EPOCH);
            assertThat(since(post, state).counted()).containsExactly(id(post, "INBOX"));
            assertThat(since(post, state).updated()).isEmpty();
            state = since(post, state).state();
            post.inbox()
                    .store(UidSet.ALL, new FlagChange(FlagChange.Kind.ADD, Flags.of(Flags.SEEN)), OptionalLong.empty());
            post.alice().unsubscribe("INBOX");
            post.inbox().move(UidSet.ALL, post.mailbox("Archive"));
            assertThat(since(post, state).counted()).containsExactly(id(post, "Archive"));
            assertThat(since(post, state).updated()).containsExactly(id(post, "INBOX"));
        }
    }

    @Test
    void what_others_subscribed_to_is_told() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            post.alice().create("one", Optional.empty());
            java.nio.file.Path file = post.home().resolve("Maildir/subscriptions");
            updates(
                    post,
                    () -> {
                        post.stop();
                        java.nio.file.Files.writeString(file, java.nio.file.Files.readString(file) + "one\n");
                        post.open();
                    },
                    "one");
            // While the account is open, too.
            updates(
                    post,
                    () -> {
                        java.nio.file.Files.writeString(
                                file, java.nio.file.Files.readString(file).replace("one\n", ""));
                        post.alice().subscribe("other");
                    },
                    "one");
        }
    }

    @Test
    void what_other_programs_do_is_found() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            long state = emails(post).state();
            java.nio.file.Files.createDirectories(post.home().resolve("Maildir/.found/cur"));
            java.nio.file.Files.createDirectories(post.home().resolve("Maildir/.found/new"));
            java.nio.file.Files.createDirectories(post.home().resolve("Maildir/.found/tmp"));
            assertThat(since(post, state).created()).containsExactly(id(post, "found"));
        }
    }

    @Test
    void of_many_that_are_gone_the_first_are_forgotten() {
        MailboxRegister register = new MailboxRegister();
        register.begin(Map.of(), 5);
        for (long i = 1; i <= 1001; i++) {
            register.made(i, "m" + i, 10);
            register.gone("m" + i, 10 + i, Optional.of(new Leaving(Map.of(), List.of(), 0)));
        }
        assertThat(register.floor()).isEqualTo(11);
        assertThat(register.gone()).hasSize(1000);
    }

    /** Another program took the one away, and the other got its name. */
    @Test
    void one_that_got_the_name_of_one_that_is_gone_is_not_gone() {
        MailboxRegister register = new MailboxRegister();
        register.begin(Map.of(1L, "a", 2L, "b"), 5);
        register.renamed("b", "a", 6);
        register.agree(Map.of(2L, "a"), 7);
        assertThat(register.gone()).extracting(MailboxRegister.Gone::number).containsExactly(1L);
        assertThat(register.there().get(2L).born()).isZero();
    }

    @Test
    void the_file_of_the_account_keeps_all_of_it() throws Exception {
        AccountFile file = new AccountFile(directory.resolve("account"));
        file.register.begin(Map.of(-1L, "\u00c4 b", 2L, "gone"), 5);
        file.register.gone("gone", 7, Optional.of(new Leaving(Map.of(-3L, 4L), List.of(), 0)));
        file.register.emailsUnknown(6);
        file.save();
        AccountFile again = new AccountFile(directory.resolve("account"));
        assertThat(again.load()).isTrue();
        assertThat(again)
                .usingRecursiveComparison()
                .ignoringFields("register.version")
                .isEqualTo(file);
    }
}
