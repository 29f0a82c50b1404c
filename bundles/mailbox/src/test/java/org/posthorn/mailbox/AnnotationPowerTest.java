package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Annotations;
import org.posthorn.testkit.disk.Disk;
import org.posthorn.testkit.disk.PowerCut;

/** The power fails, or the process dies, behind each operation on the disk while annotations are set and their mailboxes renamed and deleted. */
class AnnotationPowerTest {

    private static final List<String> NAMES = List.of("INBOX", "Work", "Play", "Play.below");
    private static final String COMMENT = "/private/comment";

    @TempDir
    Path real;

    /** What is noted of mailboxes that are there, one of these ways; those of which nothing is noted are left out. */
    private record Notes(Set<Map<String, SortedMap<String, String>>> ways) {}

    private interface Deed {
        void run() throws Exception;
    }

    private Disk disk;
    private Mailboxes store;

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void what_was_answered_is_there(String format) throws Exception {
        disk = new Disk(real);
        run(format, () -> {});
        disk = new Disk(real);
        run(format, this::work);
        assertThat(PowerCut.each(disk, 1, (left, cut) -> holds(format, left, cut)))
                .isGreaterThan(40);
    }

    private void run(String format, Deed deed) throws Exception {
        store = PowerTest.open(format, disk.root(), "first boot", disk);
        try {
            store.account(Post.ALICE);
            deed.run();
        } finally {
            store.deactivate();
        }
    }

    private void work() throws Exception {
        Account account = store.account(Post.ALICE);
        String large = "x".repeat(5000);
        to(way("INBOX", "1"), () -> set("INBOX", "1"));
        account.create("Work", Optional.empty());
        to(way("INBOX", "1", "Work", "2"), () -> set("Work", "2"));
        to(way("INBOX", large, "Work", "2"), () -> set("INBOX", large));
        to(way("INBOX", large, "Play.below", "2"), () -> account.rename("Work", "Play.below"));
        to(way("INBOX", large, "Play.below", "2", "Play", "3"), () -> set("Play", "3"));
        to(way("INBOX", large), () -> account.delete("Play.below"));
        to(way(), () -> store.annotations(Post.ALICE).set("INBOX", Map.of(COMMENT, Optional.empty())));
    }

    private Map<String, SortedMap<String, String>> now = Map.of();

    private void to(Map<String, SortedMap<String, String>> next, Deed deed) throws Exception {
        disk.mark(new Notes(Set.of(now, next)));
        deed.run();
        disk.mark(new Notes(Set.of(next)));
        now = next;
    }

    private static Map<String, SortedMap<String, String>> way(String... mailboxAndComment) {
        Map<String, SortedMap<String, String>> way = new TreeMap<>();
        for (int i = 0; i < mailboxAndComment.length; i += 2)
            way.put(mailboxAndComment[i], new TreeMap<>(Map.of(COMMENT, mailboxAndComment[i + 1])));
        return way;
    }

    private void set(String mailbox, String comment) throws Exception {
        store.annotations(Post.ALICE).set(mailbox, Map.of(COMMENT, Optional.of(comment)));
    }

    private void holds(String format, Path left, PowerCut cut) throws Exception {
        if (cut.machine()) PowerTest.boot(left);
        PowerTest.age(left);
        Disk beside = new Disk(Files.createDirectory(left.resolve("journal")));
        store = PowerTest.open(format, left, cut.machine() ? "second boot" : "first boot", beside);
        try {
            Annotations annotations = store.annotations(Post.ALICE);
            List<Notes> told = cut.told(Notes.class);
            if (!told.isEmpty()) assertThat(told.get(told.size() - 1).ways()).contains(found(annotations));
            // A mailbox that is made has nothing of one before.
            for (String name : NAMES)
                if (store.account(Post.ALICE).list().stream()
                        .noneMatch(l -> l.name().equals(name))) {
                    store.account(Post.ALICE).create(name, Optional.empty());
                    assertThat(annotations.of(name)).isEmpty();
                }
            assertThat(left.resolve("mail/example.test/alice")).isDirectoryNotContaining("glob:**.damaged-*");
        } finally {
            store.deactivate();
        }
    }

    private Map<String, SortedMap<String, String>> found(Annotations annotations) throws Exception {
        Map<String, SortedMap<String, String>> found = new TreeMap<>();
        List<String> there = store.account(Post.ALICE).list().stream()
                .map(l -> l.name())
                .filter(NAMES::contains)
                .toList();
        for (String name : there) if (!annotations.of(name).isEmpty()) found.put(name, annotations.of(name));
        return found;
    }
}
