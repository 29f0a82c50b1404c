package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Emails;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.api.mailbox.RightsListener;
import org.posthorn.api.mailbox.RightsNews;

/** Who is given something hears of it, and is subscribed to it. */
class GuestsTest {

    private static final Address BOB = Address.of("bob@example.test");
    private static final Address CAROL = Address.of("carol@example.test");
    private static final String WORK = "Users/alice@example.test/Work";

    private final List<RightsNews> heard = new ArrayList<>();
    private final RightsListener listener = heard::add;
    private Post post;

    @TempDir
    Path directory;

    @BeforeEach
    void open() throws Exception {
        post = new Post("maildir", directory, Map.of("publicAccount", "public@example.test"));
        post.store().addRightsListener(listener, Map.of());
        post.store().account(BOB);
        post.alice().create("Work", Optional.empty());
    }

    @AfterEach
    void close() {
        post.close();
    }

    private void give(String mailbox, String identifier, String rights) throws IOException {
        post.store().access(Post.ALICE).by(Post.ALICE).change(mailbox, identifier, before -> Rights.parse(rights));
    }

    private List<String> subscriptions() throws IOException {
        Account bob = post.store().account(BOB);
        return bob.subscriptions().stream().filter(name -> name.contains("/")).toList();
    }

    private RightsNews last() {
        return heard.get(heard.size() - 1);
    }

    @Test
    void who_may_look_something_up_is_subscribed_once_and_stays_unsubscribed() throws Exception {
        give("Work", BOB.toString(), "r");
        assertThat(subscriptions()).isEmpty();
        give("Work", BOB.toString(), "lr");
        assertThat(subscriptions()).containsExactly(WORK);
        post.store().account(BOB).unsubscribe(WORK);
        give("Work", BOB.toString(), "lrsw");
        assertThat(subscriptions()).isEmpty();
        post.restart();
        assertThat(subscriptions()).isEmpty();
    }

    @Test
    void what_is_given_outlives_a_restart_with_its_subscription() throws Exception {
        give("Work", BOB.toString(), "lr");
        post.restart();
        assertThat(subscriptions()).containsExactly(WORK);
    }

    @Test
    void nobody_is_subscribed_to_what_anyone_is_given_and_nobody_hears_of_it() throws Exception {
        give("Work", "anyone", "lr");
        assertThat(subscriptions()).isEmpty();
        assertThat(heard).isEmpty();
        give("Work", "-bob@example.test", "l");
        assertThat(last().before()).isEqualTo(new Rights("lr"));
        assertThat(last().after()).isEqualTo(new Rights("r"));
        give("Work", BOB.toString(), "lr");
        assertThat(subscriptions()).isEmpty();
        assertThat(heard).hasSize(1);
    }

    @Test
    void who_has_no_mailboxes_is_told_nothing_and_given_none() throws Exception {
        give("Work", CAROL.toString(), "lr");
        give("Work", Post.ALICE.toString(), "lr");
        assertThat(heard).isEmpty();
        assertThat(Files.exists(post.home().resolveSibling("carol"))).isFalse();
    }

    @Test
    void news_say_who_may_do_what_where_and_by_whom() throws Exception {
        post.alice().create("Work.Plans", Optional.empty());
        give("Work.Plans", BOB.toString(), "lr");
        Emails emails = post.store().emails(Post.ALICE);
        String id = emails.mailboxes().get("Work.Plans");
        assertThat(last())
                .isEqualTo(new RightsNews(
                        BOB,
                        Post.ALICE,
                        Optional.of(Post.ALICE),
                        id,
                        "Work.Plans",
                        false,
                        Rights.NONE,
                        new Rights("lr")));
        give("Work", BOB.toString(), "l");
        post.store().access(Post.ALICE).change("Work.Plans", BOB.toString(), before -> Optional.empty());
        assertThat(last())
                .isEqualTo(new RightsNews(
                        BOB, Post.ALICE, Optional.empty(), id, "Plans", false, new Rights("lr"), Rights.NONE));
        int told = heard.size();
        give("Work", BOB.toString(), "l");
        assertThat(heard).hasSize(told);
    }

    @Test
    void subscriptions_follow_what_is_made_below_and_what_is_renamed() throws Exception {
        give("Work", BOB.toString(), "lr");
        post.alice().create("Work.Plans", Optional.empty());
        assertThat(subscriptions()).containsExactly(WORK, WORK + "/Plans");
        post.alice().rename("Work", "Play");
        assertThat(subscriptions())
                .containsExactly("Users/alice@example.test/Play", "Users/alice@example.test/Play/Plans");
        post.store().account(BOB).unsubscribe("Users/alice@example.test/Play");
        post.alice().create("Play.More", Optional.empty());
        assertThat(subscriptions()).noneMatch(name -> name.endsWith("/More"));
        assertThat(heard).hasSize(1);
    }

    @Test
    void who_shares_very_much_takes_nobodys_room() throws Exception {
        for (int i = 0; i < 102; i++) {
            post.alice().create("Spam." + i, Optional.empty());
            give("Spam." + i, BOB.toString(), "lr");
        }
        assertThat(subscriptions()).hasSize(100);
        post.store().account(BOB).subscribe("Users/alice@example.test/Spam/101");
        assertThat(subscriptions()).hasSize(101);
    }

    @Test
    void what_was_shared_and_is_gone_leaves_room_for_what_is_shared_next() throws Exception {
        give("Work", BOB.toString(), "lr");
        for (int i = 0; i < 100; i++) {
            post.alice().create("Old." + i, Optional.empty());
            give("Old." + i, BOB.toString(), "lr");
            post.alice().delete("Old." + i);
        }
        post.alice().create("New", Optional.empty());
        give("New", BOB.toString(), "lr");
        post.alice().create("Work.Plans", Optional.empty());
        assertThat(subscriptions()).hasSize(100).contains(WORK, WORK + "/Plans", "Users/alice@example.test/New");
        post.restart();
        assertThat(subscriptions()).hasSize(100).contains(WORK + "/Plans", "Users/alice@example.test/New");
    }

    @Test
    void a_name_that_one_may_not_look_up_is_disclosed_to_nobody() throws Exception {
        give("Work", BOB.toString(), "lr");
        give("Work", BOB.toString(), "r");
        post.alice().rename("Work", "Layoffs");
        post.alice().create("Layoffs.Names", Optional.empty());
        assertThat(subscriptions()).containsExactly(WORK);
        post.alice().create("Other", Optional.empty());
        give("Other", BOB.toString(), "lr");
        give("Other", "-bob@example.test", "lr");
        post.alice().rename("Other", "Secret");
        assertThat(subscriptions()).containsExactly("Users/alice@example.test/Other", WORK);
    }

    @Test
    void who_makes_very_much_below_what_he_shares_takes_nobodys_room() throws Exception {
        give("Work", BOB.toString(), "lr");
        for (int i = 0; i < 101; i++) post.alice().create("Work." + i, Optional.empty());
        assertThat(subscriptions()).hasSize(100);
    }

    @Test
    void a_tree_that_is_renamed_takes_its_subscriptions_along_however_many_and_no_more_room() throws Exception {
        give("Work", BOB.toString(), "lr");
        for (int i = 0; i < 110; i++) {
            post.alice().create("Work." + i, Optional.empty());
            post.store().account(BOB).subscribe(WORK + "/" + i);
        }
        post.alice().rename("Work", "Play");
        post.alice().rename("Play", "Rest");
        assertThat(subscriptions()).hasSize(111).allMatch(name -> name.startsWith("Users/alice@example.test/Rest"));
        post.restart();
        assertThat(subscriptions()).hasSize(111);
    }

    @Test
    void what_is_renamed_twice_leaves_room_for_what_is_shared_next() throws Exception {
        give("Work", BOB.toString(), "lr");
        for (int i = 0; i < 40; i++) post.alice().create("Work." + i, Optional.empty());
        post.alice().rename("Work", "Play");
        post.alice().rename("Play", "Rest");
        post.alice().create("New", Optional.empty());
        give("New", BOB.toString(), "lr");
        assertThat(subscriptions()).hasSize(42).contains("Users/alice@example.test/New");
    }

    @Test
    void what_is_called_otherwise_for_a_moment_leaves_no_name_behind() throws Exception {
        post.alice().create("Play", Optional.empty());
        give("Work", BOB.toString(), "lr");
        post.alice().rename("Work", "F1");
        post.alice().rename("Play", "Work");
        post.alice().rename("F1", "Play");
        assertThat(subscriptions()).containsExactly("Users/alice@example.test/Play");
    }

    @Test
    void a_guest_who_is_subscribed_to_nothing_of_it_holds_up_nobody() throws Exception {
        give("Work", BOB.toString(), "lr");
        post.store().account(BOB).unsubscribe(WORK);
        post.store().account(BOB).create("Play", Optional.empty());
        Account alice = post.alice();
        // It hears of what Bob gives while nothing else of his is told.
        RightsListener making = news -> CompletableFuture.runAsync(() -> make(alice, "Work."))
                .orTimeout(60, TimeUnit.SECONDS)
                .join();
        post.store().addRightsListener(making, Map.of());
        post.store().access(BOB).change("Play", Post.ALICE.toString(), before -> Rights.parse("lr"));
        assertThat(alice.mailbox("Work.29")).isPresent();
        assertThat(subscriptions()).isEmpty();
    }

    @Test
    void of_changes_at_once_what_is_told_last_is_how_it_stays() throws Exception {
        for (int i = 0; i < 100; i++) {
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> giveBob("lr"));
            giveBob("lrs");
            other.join();
            assertThat(last().after())
                    .isEqualTo(post.store().access(Post.ALICE).of("Work").of(BOB));
            giveBob("");
        }
    }

    /** As one does that is being swapped. */
    @Test
    void a_listener_that_waits_holds_up_nothing_else_of_the_owner() throws Exception {
        Account alice = post.alice();
        RightsListener waiting = news -> {
            CompletableFuture.runAsync(() -> make(alice, "Play."))
                    .orTimeout(30, TimeUnit.SECONDS)
                    .join();
            heard.add(news);
        };
        post.store().addRightsListener(waiting, Map.of());
        give("Work", BOB.toString(), "lr");
        assertThat(heard).hasSize(2);
    }

    private void giveBob(String rights) {
        try {
            give("Work", BOB.toString(), rights);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void owners_who_make_mailboxes_for_each_other_at_once_wait_for_none() throws Exception {
        give("Work", BOB.toString(), "lr");
        Account bob = post.store().account(BOB);
        bob.create("Play", Optional.empty());
        post.store().access(BOB).change("Play", Post.ALICE.toString(), before -> Rights.parse("lr"));
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> make(bob, "Play."));
        make(post.alice(), "Work.");
        other.orTimeout(60, TimeUnit.SECONDS).join();
        assertThat(subscriptions()).hasSize(31);
    }

    private static void make(Account account, String above) {
        try {
            for (int i = 0; i < 30; i++) account.create(above + i, Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void a_listener_that_fails_takes_nothing_back_and_keeps_nobody_from_hearing() throws Exception {
        post.store().removeRightsListener(listener);
        RightsListener broken = news -> {
            throw new IOException("the disk is full");
        };
        post.store().addRightsListener(broken, Map.of());
        post.store().addRightsListener(listener, Map.of());
        give("Work", BOB.toString(), "lr");
        assertThat(heard).hasSize(1);
        assertThat(post.store().access(Post.ALICE).of("Work").of(BOB)).isEqualTo(new Rights("lr"));
    }
}
