package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Access;
import org.posthorn.api.mailbox.AccessList;
import org.posthorn.api.mailbox.Copied;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.MailboxReading;
import org.posthorn.api.mailbox.Namespaces;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.testkit.TestInspection;

/** Who may do what with mailboxes, RFC 4314, and who finds them. */
class AccessTest {

    private static final Address BOB = Address.of("bob@example.test");
    private static final String TO_BOB = "bob@example.test";

    @TempDir
    Path directory;

    private static Access access(Post post) throws IOException {
        return post.store().access(Post.ALICE);
    }

    private static void give(Post post, String mailbox, String identifier, String rights) throws IOException {
        access(post).change(mailbox, identifier, before -> Rights.parse(rights));
    }

    private static void take(Post post, String mailbox, String identifier) throws IOException {
        access(post).change(mailbox, identifier, before -> Optional.empty());
    }

    private static String bobs(Post post, String mailbox) throws IOException {
        return access(post).of(mailbox).of(BOB).letters();
    }

    private static Namespaces found(Post post) throws IOException {
        return post.store().namespaces(BOB);
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void rights_outlive_restart_and_swap(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            give(post, "inbox", TO_BOB, "lrs");
            give(post, "Sent", "-anyone", "w");
            give(post, "Sent", "j\u00f6rg@example.test", "lr");
            post.restart();
            post.swapFormat();
            assertThat(bobs(post, "INBOX")).isEqualTo("lrs");
            assertThat(access(post).of("Sent").entries().keySet())
                    .containsExactly("-anyone", "alice@example.test", "j\u00f6rg@example.test");
            assertThat(found(post).others()).containsExactly(Post.ALICE);
        }
    }

    @Test
    void rights_add_up_and_those_taken_away_count_more() {
        Map<String, Rights> entries = Map.of(
                TO_BOB,
                new Rights("lrw"),
                "anyone",
                new Rights("si"),
                "-bob@example.test",
                new Rights("w"),
                "-anyone",
                new Rights("ai"));
        AccessList list = new AccessList(Post.ALICE, new TreeMap<>(entries));
        assertThat(list.of(Address.of("Bob@Example.Test")).letters()).isEqualTo("lrs");
        assertThat(list.of(Address.of("else@example.test")).letters()).isEqualTo("s");
        assertThat(list.of(Post.ALICE).letters()).isEqualTo("lrswpkxtea");
    }

    @Test
    void who_is_called_like_an_entry_that_takes_rights_away_has_none_by_it() {
        Address dash = Address.of("-bob@example.test");
        TreeMap<String, Rights> entries = new TreeMap<>(Map.of("-bob@example.test", new Rights("rw")));
        assertThat(new AccessList(Post.ALICE, entries).of(dash)).isEqualTo(Rights.NONE);
        entries.put("anyone", new Rights("lrw"));
        AccessList own = new AccessList(dash, entries);
        assertThat(own.of(dash)).isEqualTo(Rights.ALL);
        assertThat(own.of(BOB).letters()).isEqualTo("l");
        assertThat(new AccessList(dash, new TreeMap<>()).entries()).isEmpty();
        assertThat(AccessList.names("-bob@example.test", dash)).isFalse();
        assertThat(AccessList.names("bob@example.test", BOB)).isTrue();
    }

    @Test
    void inbox_is_not_renamed_into_what_was_given_of_an_earlier_mailbox() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            post.alice().create("Work", Optional.empty());
            give(post, "Work", TO_BOB, "lr");
            delete(post.home().resolve("Maildir/.Work"));
            post.alice().rename("INBOX", "Work");
            assertThat(bobs(post, "Work")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void lists_go_where_their_mailbox_goes_and_with_it(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            post.alice().create("Work", Optional.empty());
            give(post, "Work", TO_BOB, "lr");
            post.alice().create("Work.level.below", Optional.empty());
            assertThat(bobs(post, "Work.level.below")).isEqualTo("lr");
            give(post, "Work.level.below", TO_BOB, "lri");
            post.alice().rename("Work", "Play");
            assertThat(bobs(post, "Play") + bobs(post, "Play.level.below")).isEqualTo("lrlri");
            assertThat(bobs(post, "Work")).isEmpty();
            post.alice().create("Work", Optional.empty());
            assertThat(bobs(post, "Work")).isEmpty();
            post.alice().delete("Play");
            assertThat(found(post).others()).containsExactly(Post.ALICE);
            post.alice().delete("Play.level.below");
            assertThat(found(post).others()).isEmpty();
            give(post, "INBOX", TO_BOB, "lr");
            post.alice().rename("INBOX", "Old");
            assertThat(bobs(post, "INBOX") + bobs(post, "Old")).isEqualTo("lr");
        }
    }

    @Test
    void only_who_has_been_given_something_finds_it() throws Exception {
        try (Post post = new Post("maildir", directory, Map.of("publicAccount", "Public@example.test"))) {
            assertThat(found(post).others()).isEmpty();
            give(post, "INBOX", TO_BOB, "lr");
            give(post, "Sent", TO_BOB, "lr");
            give(post, "Sent", "-carol@example.test", "lr");
            take(post, "INBOX", TO_BOB);
            assertThat(found(post).hasOther(Post.ALICE)).isTrue();
            assertThat(post.store().namespaces(Address.of("carol@example.test")).others())
                    .isEmpty();
            give(post, "Sent", TO_BOB, "");
            assertThat(found(post).others()).isEmpty();
            assertThat(found(post).hasOther(Post.ALICE)).isFalse();
            give(post, "Sent", "anyone", "l");
            assertThat(found(post).others()).containsExactly(Post.ALICE);
            assertThat(post.store().namespaces(Post.ALICE).others()).isEmpty();
            assertThat(found(post).shared()).contains(Address.of("public@example.test"));
            assertThat(post.store()
                            .namespaces(Address.of("public@example.test"))
                            .shared())
                    .isEmpty();
            for (String one : new String[] {"bob", "carol", "public"})
                assertThat(post.store().exists(Address.of(one + "@example.test")))
                        .isFalse();
        }
    }

    @Test
    void what_nobody_shares_any_more_leaves_no_folder() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            give(post, "Sent", TO_BOB, "lr");
            give(post, "Sent", TO_BOB, "");
            give(post, "Sent", "anyone", "l");
            Path shared = directory.resolve("mail/.shared");
            assertThat(shared.resolve(TO_BOB)).doesNotExist();
            post.store().access(BOB).change("INBOX", "anyone", before -> Rights.parse("l"));
            take(post, "Sent", "anyone");
            assertThat(post.store().namespaces(Post.ALICE).others()).containsExactly(BOB);
            post.store().access(BOB).change("INBOX", "anyone", before -> Optional.empty());
            assertThat(shared).isEmptyDirectory();
        }
    }

    @Test
    void lists_are_bounded_and_for_users_only() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            for (int i = 1; i < Access.MOST; i++) give(post, "INBOX", "user" + i + "@example.test", "l");
            fails(MailboxFault.Kind.LIMIT, () -> give(post, "INBOX", TO_BOB, "l"));
            assertThat(found(post).others()).isEmpty();
            give(post, "INBOX", "user1@example.test", "lr");
            fails(MailboxFault.Kind.NONEXISTENT, () -> give(post, "nowhere", TO_BOB, "l"));
            for (String wrong : new String[] {"bob", "--anyone", "Bob@example.test", "$team", "../x", ""})
                fails(MailboxFault.Kind.CANNOT, () -> give(post, "Sent", wrong, "l"));
        }
    }

    @Test
    void who_watches_is_woken() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            AtomicInteger woken = new AtomicInteger();
            MailboxReading.Watch watch = post.inbox().watch(woken::incrementAndGet);
            give(post, "INBOX", TO_BOB, "lr");
            watch.close();
            assertThat(woken).hasPositiveValue();
        }
    }

    @Test
    void what_changes_no_rights_wakes_nobody() throws Exception {
        try (Post post = new Post("maildir", directory, Map.of("poll", 3600))) {
            AtomicInteger woken = new AtomicInteger();
            MailboxReading.Watch alices = post.alice().watch(name -> true, name -> woken.incrementAndGet());
            MailboxReading.Watch bobs = post.store().account(BOB).watch(name -> true, name -> woken.incrementAndGet());
            give(post, "INBOX", "anyone", "lr");
            give(post, "INBOX", TO_BOB, "lrs");
            int before = woken.getAndSet(0);
            give(post, "INBOX", "anyone", "rl");
            give(post, "INBOX", TO_BOB, "lrs");
            give(post, "INBOX", "alice@example.test", Rights.ALL.letters());
            take(post, "Sent", TO_BOB);
            // Of anyone's rights Bob hears later.
            assertThat(before).isEqualTo(3);
            assertThat(woken).hasValue(0);
            alices.close();
            bobs.close();
        }
    }

    @Test
    void whoever_watches_hears_of_what_anyone_is_given() throws Exception {
        try (Post post = new Post("maildir", directory, Map.of("poll", 1))) {
            BlockingQueue<String> heard = new LinkedBlockingQueue<>();
            MailboxReading.Watch bobs = post.store().account(BOB).watch(name -> true, heard::add);
            // The first look.
            assertThat(heard.poll(20, TimeUnit.SECONDS)).isEmpty();
            give(post, "INBOX", "anyone", "lr");
            assertThat(heard.poll(20, TimeUnit.SECONDS)).isEmpty();
            take(post, "INBOX", "anyone");
            assertThat(heard.poll(20, TimeUnit.SECONDS)).isEmpty();
            bobs.close();
        }
    }

    @Test
    void flags_are_changed_and_copied_as_far_as_rights_permit() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            Flags all = Flags.named(List.of("\\Seen", "\\Deleted", "\\Flagged", "$Label"));
            for (int i = 0; i < 3; i++) post.inbox().append(Post.message("Subject: x\r\n\r\n"), all, Instant.EPOCH);
            Mailbox sent = post.mailbox("Sent");
            Copied copied = post.inbox().copy(UidSet.of(1), sent, new Rights("s"));
            Copied moved = post.inbox().move(UidSet.of(2), sent, new Rights("tw"));
            assertThat(sent.entries(UidSet.of(copied.to().get(0))).get(0).flags())
                    .isEqualTo(Flags.of(Flags.SEEN));
            assertThat(sent.entries(UidSet.of(moved.to().get(0))).get(0).flags().names())
                    .containsExactly("\\Flagged", "\\Deleted", "$Label");
            FlagChange change = new FlagChange(FlagChange.Kind.REPLACE, Flags.of(Flags.ANSWERED), new Rights("w"));
            post.inbox().store(UidSet.of(3), change, OptionalLong.empty());
            assertThat(post.inbox().entries(UidSet.of(3)).get(0).flags().names())
                    .containsExactly("\\Answered", "\\Deleted", "\\Seen");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void messages_go_from_one_account_to_another(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            for (int i = 0; i < 2; i++)
                post.inbox().append(Post.message("Subject: " + i + "\r\n\r\n"), Flags.of(Flags.SEEN), Instant.EPOCH);
            Mailbox bobs = post.store().account(BOB).mailbox("Archive").orElseThrow();
            post.inbox().copy(UidSet.of(1), bobs, Rights.NONE);
            post.inbox().move(UidSet.of(2), bobs, new Rights("s"));
            assertThat(post.inbox().entries(UidSet.ALL)).hasSize(1);
            assertThat(bobs.entries(UidSet.ALL))
                    .extracting(e -> e.flags().has(Flags.SEEN))
                    .containsExactly(false, true);
            assertThat(Post.text(bobs.message(2).orElseThrow())).isEqualTo("Subject: 1\r\n\r\n");
        }
    }

    @Test
    void damage_is_told_and_mended() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            give(post, "INBOX", TO_BOB, "lr");
            give(post, "Sent", "carol@example.test", "lr");
            post.restart();
            Path file = post.home().resolve("access.maildir");
            String text = Files.readString(file);
            Files.writeString(file, text.replaceFirst("bob", "eve"));
            delete(directory.resolve("mail/.shared"));
            TestInspection repair = TestInspection.mending();
            post.store().inspect(repair);
            assertThat(repair.lines())
                    .containsExactly(
                            "alice@example.test: the file of access is damaged; is written anew with what of it is sound",
                            "alice@example.test: shares mailboxes with carol@example.test, who does not find them; it is noted among those who do");
            assertThat(access(post).of("Sent").entries()).containsKey("carol@example.test");
            assertThat(access(post).of("INBOX").entries()).hasSize(1);
            assertThat(post.store().namespaces(Address.of("carol@example.test")).others())
                    .containsExactly(Post.ALICE);
            TestInspection again = TestInspection.looking();
            post.store().inspect(again);
            assertThat(again.lines()).isEmpty();
        }
    }

    private static void delete(Path top) throws IOException {
        try (var all = Files.walk(top)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) Files.delete(path);
        }
    }

    @Test
    void administrators_make_public_mailboxes_and_set_rights() throws Exception {
        try (Post post = new Post("maildir", directory, Map.of("publicAccount", "public@example.test"))) {
            assertThat(shell(post, "create", "public@example.test", "News").toString())
                    .isEqualTo("[Given[identifier=public@example.test, rights=lrswipkxtea]]");
            shell(post, "acl", "public@example.test", "News", "anyone", "lrs");
            shell(post, "acl", "public@example.test", "News", "bob", "a");
            shell(post, "acl", "public@example.test", "News", "bob", "+ik");
            shell(post, "acl", "public@example.test", "News", "anyone", "-s");
            assertThat(shell(post, "acl", "public@example.test", "News").toString())
                    .isEqualTo(
                            "[Given[identifier=anyone, rights=lr], Given[identifier=bob@example.test, rights=ika], Given[identifier=public@example.test, rights=lrswipkxtea]]");
            shell(post, "acl", "public@example.test", "News", "bob", "none");
            assertThat(shell(post, "acl", "public@example.test", "News").toString())
                    .doesNotContain("bob");
            for (String[] wrong : new String[][] {
                {"acl", "nobody@example.test", "News"},
                {"acl", "public@example.test", "None"},
                {"acl", "public@example.test", "News", "anyone", "q"},
                {"acl", "public@example.test", "News", "a b@c@d", "l"},
                {"acl", "public@example.test", "News", "anyone"},
                {"create", "nobody@example.test", "News"}
            }) assertThatThrownBy(() -> shell(post, wrong)).isInstanceOf(IllegalArgumentException.class);
            assertThat(post.store().exists(Address.of("nobody@example.test"))).isFalse();
        }
    }

    private static Object shell(Post post, String... words) throws Exception {
        CommandLine line = new CommandLine(List.of(words).subList(1, words.length), Map.of(), told -> {});
        return post.store().commands().stream()
                .filter(c -> c.name().equals(words[0]))
                .findFirst()
                .orElseThrow()
                .action()
                .run(line);
    }

    private static void fails(MailboxFault.Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(MailboxFault.class, f -> assertThat(f.kind())
                .isEqualTo(kind));
    }
}
