package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.UidSet;

/** Who watches an account hears of its mailboxes, and of what happens in those that are meant. */
class WatchesTest {

    @TempDir
    Path directory;

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    private void hears(String... names) throws InterruptedException {
        for (String name : names) {
            assertThat(heard.poll(20, TimeUnit.SECONDS)).isEqualTo(name);
            // Perhaps more often than needed.
            while (name.equals(heard.peek())) heard.remove();
        }
        assertThat(heard).isEmpty();
    }

    private static void put(Mailbox mailbox) throws Exception {
        mailbox.append(Post.message("a: b\r\n\r\n"), Flags.NONE, Instant.now());
    }

    @Test
    void mailboxes_subscriptions_annotations_and_messages_ring() throws Exception {
        try (Post post = new Post("maildir", directory, Map.of("poll", 3600))) {
            Mailbox.Watch watch = post.alice().watch(name -> name.startsWith("New"), heard::add);
            BlockingQueue<String> inbox = new LinkedBlockingQueue<>();
            Mailbox.Watch other = post.inbox().watch(() -> inbox.add("INBOX"));
            post.alice().create("New", Optional.empty());
            hears("New", "");
            put(post.mailbox("New"));
            hears("New");
            put(post.mailbox("Sent"));
            assertThat(heard).isEmpty();
            post.alice().rename("New", "Newer");
            hears("New", "Newer", "");
            post.mailbox("Newer").expunge(UidSet.ALL);
            hears("Newer");
            post.alice().subscribe("Newer");
            hears("");
            post.alice().unsubscribe("Newer");
            hears("");
            post.alice().delete("Newer");
            hears("");
            assertThat(inbox).isEmpty();
            post.store().annotations(Post.ALICE).set("", Map.of("/private/x", Optional.of("y")));
            hears("");
            assertThat(inbox).hasSize(1);
            other.close();
            watch.close();
            post.alice().create("New", Optional.empty());
            assertThat(heard).isEmpty();
        }
    }

    @Test
    void what_other_programs_do_rings() throws Exception {
        try (Post post = new Post("maildir", directory);
                Mailbox.Watch watch = post.alice().watch("Sent"::equals, heard::add)) {
            assertThat(watch).isNotNull();
            hears("");
            for (String sub : new String[] {"cur", "new", "tmp"})
                Files.createDirectories(post.home().resolve("Maildir/.Other").resolve(sub));
            hears("");
            Files.writeString(post.home().resolve("Maildir/.Sent/new/1.x.y"), "a: b\n\n");
            hears("Sent");
        }
    }

    @Test
    void what_changes_nothing_does_not_ring() throws Exception {
        try (Post post = new Post("maildir", directory, Map.of("poll", 3600));
                Mailbox.Watch watch = post.alice().watch(name -> true, heard::add)) {
            assertThat(watch).isNotNull();
            post.alice().subscribe("Sent");
            post.alice().unsubscribe("nothing");
            assertThatThrownBy(() -> post.alice().create("Sent", Optional.empty()))
                    .isInstanceOf(MailboxFault.class);
            assertThatThrownBy(() -> post.alice().rename("Sent", "Trash")).isInstanceOf(MailboxFault.class);
            assertThatThrownBy(() -> post.alice().delete("nothing")).isInstanceOf(MailboxFault.class);
            assertThat(heard).isEmpty();
        }
    }

    @Test
    void what_everybody_may_find_rings_with_the_next_look_and_once() {
        Watches watches = new Watches();
        Set<String> names = Set.of("INBOX");
        watches.add(Post.ALICE, name -> true, heard::add);
        watches.add(Post.ALICE, "INBOX", () -> heard.add("INBOX"));
        watches.looked(Post.ALICE, names);
        assertThat(heard).containsExactly("");
        for (int i = 0; i < 3; i++) watches.foundAnew();
        assertThat(heard).hasSize(1);
        for (int i = 0; i < 3; i++) watches.looked(Post.ALICE, names);
        assertThat(heard).containsExactly("", "");
    }

    @Test
    void of_many_who_mean_a_mailbox_one_is_asked() {
        Watches watches = new Watches();
        AtomicInteger asked = new AtomicInteger();
        for (int i = 0; i < 100; i++)
            watches.add(Post.ALICE, name -> asked.incrementAndGet() > 0 && name.startsWith("a"), heard::add);
        watches.add(Post.ALICE, "c", () -> heard.add("c"));
        assertThat(watches.mailboxes(Post.ALICE, Set.of("a", "ab"))).containsExactlyInAnyOrder("a", "ab", "c");
        assertThat(asked).hasValue(2);
        assertThat(watches.mailboxes(Post.ALICE, Set.of("b"))).containsExactly("c");
    }
}
