package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mailbox.Changes;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.UidSet;

/** Several threads at work on the same mailboxes. */
class ConcurrencyTest {

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void nothing_is_lost_doubled_or_missed_by_a_session(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            AtomicBoolean over = new AtomicBoolean();
            Future<TreeMap<Long, Flags>> session = threads.submit(() -> follow(post.inbox(), over));
            List<Callable<Void>> work = new ArrayList<>();
            for (String sender : List.of("a", "b", "c")) work.add(() -> deliver(post, sender));
            work.add(() -> flag(post.inbox()));
            work.add(() -> shuttle(post.inbox(), post.mailbox("Archive")));
            work.add(() -> shuttle(post.mailbox("Archive"), post.inbox()));
            for (Future<Void> one : threads.invokeAll(work)) one.get();
            over.set(true);
            TreeMap<Long, Flags> expected = new TreeMap<>();
            post.inbox().entries(UidSet.ALL).forEach(e -> expected.put(e.uid(), e.flags()));
            assertThat(session.get()).isEqualTo(expected);
            List<String> texts = texts(post.inbox());
            texts.addAll(texts(post.mailbox("Archive")));
            assertThat(texts).hasSize(150).doesNotHaveDuplicates();
            post.restart();
            assertThat(post.spool.settled).hasSize(150);
            assertThat(texts(post.inbox()).size()
                            + texts(post.mailbox("Archive")).size())
                    .isEqualTo(150);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Void deliver(Post post, String sender) throws Exception {
        for (int i = 0; i < 50; i++) post.deliver(Post.mail(Post.message("T: " + sender + " " + i + "\r\n\r\n")));
        return null;
    }

    private static Void flag(Mailbox box) throws Exception {
        for (int i = 0; i < 40; i++) {
            FlagChange change =
                    new FlagChange(i % 2 == 0 ? FlagChange.Kind.ADD : FlagChange.Kind.REMOVE, Flags.of(Flags.SEEN));
            box.store(UidSet.range(1 + i, 20 + i), change, OptionalLong.empty());
        }
        return null;
    }

    private static Void shuttle(Mailbox from, Mailbox to) throws Exception {
        for (int i = 0; i < 15; i++) {
            List<Entry> entries = from.entries(UidSet.ALL);
            if (!entries.isEmpty())
                from.move(UidSet.of(entries.get(entries.size() / 2).uid()), to);
        }
        return null;
    }

    /** A session that knows only what since() tells; an exact one, or the end of the log would not be enough. */
    private static TreeMap<Long, Flags> follow(Mailbox box, AtomicBoolean over) throws Exception {
        TreeMap<Long, Flags> view = new TreeMap<>();
        TreeSet<Long> gone = new TreeSet<>();
        long seen = 0;
        for (boolean last = false; !last; ) {
            last = over.get();
            Changes changes = box.since(seen);
            assertThat(changes.complete()).isTrue();
            changes.entries().forEach(e -> view.put(e.uid(), e.flags()));
            changes.vanished().stream().forEach(gone::add);
            view.keySet().removeAll(gone);
            seen = changes.highestModSeq();
        }
        return view;
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void two_who_copy_in_opposite_directions_do_not_wait_for_each_other_for_ever(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            post.inbox().append(Post.message("a: 1\r\n\r\n"), Flags.NONE, java.time.Instant.now());
            post.inbox().copy(UidSet.ALL, post.mailbox("Archive"));
            List<Callable<Void>> work =
                    List.of(() -> copy(post, "INBOX", "Archive"), () -> copy(post, "Archive", "INBOX"));
            for (Future<Void> one : threads.invokeAll(work)) one.get(60, java.util.concurrent.TimeUnit.SECONDS);
            assertThat(post.inbox().status().messages()).isEqualTo(21);
        } finally {
            threads.shutdownNow();
        }
    }

    private static Void copy(Post post, String from, String to) throws Exception {
        for (int i = 0; i < 20; i++) post.mailbox(from).copy(UidSet.of(1), post.mailbox(to));
        return null;
    }

    private static List<String> texts(Mailbox box) throws Exception {
        List<String> texts = new ArrayList<>();
        for (Entry entry : box.entries(UidSet.ALL))
            texts.add(Post.text(box.message(entry.uid()).orElseThrow()));
        return texts;
    }
}
