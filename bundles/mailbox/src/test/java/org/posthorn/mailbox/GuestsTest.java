package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
                        BOB, Post.ALICE, Optional.of(Post.ALICE), id, "Work.Plans", Rights.NONE, new Rights("lr")));
        give("Work", BOB.toString(), "l");
        post.store().access(Post.ALICE).change("Work.Plans", BOB.toString(), before -> Optional.empty());
        assertThat(last())
                .isEqualTo(
                        new RightsNews(BOB, Post.ALICE, Optional.empty(), id, "Plans", new Rights("lr"), Rights.NONE));
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
        assertThat(subscriptions()).contains("Users/alice@example.test/Play", "Users/alice@example.test/Play/Plans");
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
