package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Annotations;
import org.posthorn.api.mailbox.Annotations.Change;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.MailboxReading;
import org.posthorn.api.mailbox.SpecialUse;
import org.posthorn.testkit.TestInspection;

class AnnotationsTest {

    private static final String COMMENT = "/private/comment";

    @TempDir
    Path directory;

    private static Annotations notes(Post post) throws IOException {
        return post.store().annotations(Post.ALICE);
    }

    private static void set(Post post, String mailbox, String entry, String value) throws IOException {
        notes(post).set(mailbox, Map.of(entry, Optional.of(value)));
    }

    private static Path file(Post post, String format) {
        return post.home().resolve("annotations." + format);
    }

    private static List<Path> aside(Post post) throws IOException {
        try (Stream<Path> all = Files.list(post.home())) {
            return all.filter(p -> p.toString().contains(".damaged-")).toList();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void what_is_set_outlives_restart_swap_and_the_index(String format) throws Exception {
        String octets = "\0\u00ff\r\n\t" + "x".repeat(60_000);
        try (Post post = new Post(format, directory)) {
            set(post, "inbox", COMMENT, octets);
            set(post, "Sent", "/shared/a b", "");
            set(post, "", "/private/vendor/x/y", "server");
            post.restart();
            assertThat(notes(post).of("INBOX")).containsExactly(Map.entry(COMMENT, octets));
            post.swapFormat();
            stop(post);
            delete(post.home().resolve("index"));
            post.restart();
            assertThat(notes(post).of("Sent")).containsEntry("/shared/a b", "");
            assertThat(notes(post).of("")).containsExactly(Map.entry("/private/vendor/x/y", "server"));
            long before = notes(post).since(0).stream()
                    .mapToLong(Change::modSeq)
                    .max()
                    .orElseThrow();
            assertThat(notes(post).set("INBOX", Map.of(COMMENT, Optional.empty())))
                    .isGreaterThan(before);
            assertThat(notes(post).of("INBOX")).isEmpty();
            fails(MailboxFault.Kind.NONEXISTENT, () -> notes(post).of("nowhere"));
            fails(MailboxFault.Kind.NONEXISTENT, () -> set(post, "nowhere", COMMENT, "x"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void annotations_go_where_their_mailbox_goes_and_with_it(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            Account alice = post.alice();
            alice.create("a.b.c", Optional.empty());
            set(post, "a.b.c", COMMENT, "mailbox");
            set(post, "a.b", COMMENT, "level");
            alice.rename("a.b", "z\u00fc.b");
            assertThat(notes(post).of("z\u00fc.b.c")).containsEntry(COMMENT, "mailbox");
            assertThat(notes(post).of("z\u00fc.b")).containsEntry(COMMENT, "level");
            alice.create("a.b.c", Optional.empty());
            assertThat(notes(post).of("a.b.c")).isEmpty();
            assertThat(notes(post).of("a.b")).isEmpty();
            set(post, "z\u00fc", COMMENT, "top");
            alice.delete("z\u00fc.b.c");
            alice.create("z\u00fc.b.c", Optional.empty());
            for (String name : List.of("z\u00fc", "z\u00fc.b", "z\u00fc.b.c"))
                assertThat(notes(post).of(name)).isEmpty();
            alice.create("p.q", Optional.empty());
            alice.create("p", Optional.empty());
            set(post, "p", COMMENT, "parent");
            alice.delete("p");
            assertThat(notes(post).of("p")).isEmpty();
            set(post, "INBOX", COMMENT, "inbox");
            alice.rename("INBOX", "old");
            assertThat(notes(post).of("INBOX")).containsEntry(COMMENT, "inbox");
            assertThat(notes(post).of("old")).containsEntry(COMMENT, "inbox");
        }
    }

    @Test
    void a_mailbox_that_is_made_has_nothing_of_an_earlier_one() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            post.alice().create("x", Optional.empty());
            set(post, "x", COMMENT, "earlier");
            set(post, "Trash", COMMENT, "earlier");
            post.alice().create("x.below", Optional.empty());
            post.alice().create("Trash.below", Optional.empty());
            // As a crash in the middle of DELETE leaves it.
            stop(post);
            delete(post.home().resolve("Maildir/.x"));
            delete(post.home().resolve("Maildir/.Trash"));
            post.restart();
            assertThat(notes(post).of("Trash")).doesNotContainKey(Annotations.SPECIAL_USE);
            post.alice().create("x", Optional.empty());
            assertThat(notes(post).of("x")).isEmpty();
            post.alice().create("Bin", Optional.of(SpecialUse.TRASH));
            post.alice().create("Trash", Optional.empty());
            post.restart();
            assertThat(notes(post).of("Trash")).isEmpty();
            assertThat(notes(post).of("Bin")).containsExactly(Map.entry(Annotations.SPECIAL_USE, "\\Trash"));
        }
    }

    @Test
    void what_goes_up_a_level_takes_its_annotations_along() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            for (String name : List.of("a.b", "a.b.b.c")) {
                post.alice().create(name, Optional.empty());
                set(post, name, COMMENT, name);
            }
            post.alice().rename("a.b", "a");
            post.restart();
            assertThat(notes(post).of("a")).containsEntry(COMMENT, "a.b");
            assertThat(notes(post).of("a.b.c")).containsEntry(COMMENT, "a.b.b.c");
            assertThat(notes(post).of("a.b")).isEmpty();
        }
    }

    @Test
    void deleting_fails_before_it_begins_or_leaves_nothing_of_the_mailbox() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            set(post, "Trash", COMMENT, "x");
            Path inTheWay = inTheWay(post);
            assertThatThrownBy(() -> post.alice().delete("Trash")).isInstanceOf(IOException.class);
            delete(inTheWay);
            post.alice().create("Bin", Optional.of(SpecialUse.TRASH));
            post.alice().create("Trash", Optional.empty());
            assertThat(notes(post).of("Trash")).isEmpty();
            stop(post);
            Files.delete(file(post, "maildir"));
            Files.createDirectory(file(post, "maildir"));
            post.restart();
            assertThatThrownBy(() -> post.alice().delete("Bin")).isInstanceOf(IOException.class);
            assertThat(post.alice().mailbox("Bin")).isPresent();
        }
    }

    @Test
    void they_are_bounded_and_a_change_is_made_as_a_whole() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            for (int i = 0; i < Annotations.MOST; i++) set(post, "INBOX", "/private/" + i, "");
            fails(MailboxFault.Kind.LIMIT, () -> notes(post)
                    .set("INBOX", Map.of(COMMENT, Optional.of("x"), "/private/1", Optional.of("y"))));
            assertThat(notes(post).of("INBOX")).hasSize(Annotations.MOST).containsEntry("/private/1", "");
            String large = "x".repeat(Annotations.LONGEST);
            fails(MailboxFault.Kind.OVERQUOTA, () -> set(post, "Sent", COMMENT, large + "x"));
            fails(MailboxFault.Kind.OVERQUOTA, () -> {
                for (int i = 0; i < 100; i++) set(post, "Sent", "/private/" + i, large);
            });
            assertThat(notes(post).of("Sent")).hasSizeBetween(10, 20);
            assertThat(Files.size(file(post, "maildir"))).isLessThan(2 << 20);
            fails(MailboxFault.Kind.CANNOT, () -> set(post, "INBOX", "/private/\n", "x"));
            // What is removed leaves room.
            notes(post).set("Sent", Map.of("/private/0", Optional.empty()));
            set(post, "Junk", COMMENT, "x".repeat(1000));
        }
    }

    @Test
    void copies_by_renaming_inbox_are_bounded() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            String large = "x".repeat(Annotations.LONGEST);
            for (int i = 0; i < 5; i++) set(post, "INBOX", "/private/" + i, large);
            for (int i = 0; i < 3; i++) post.alice().rename("INBOX", "copy" + i);
            assertThat(notes(post).of("copy1")).hasSize(5);
            assertThat(notes(post).of("copy2")).isEmpty();
            assertThat(notes(post).of("INBOX")).hasSize(5);
        }
    }

    @Test
    void what_has_grown_too_large_by_a_longer_name_can_become_smaller() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            post.alice().create("a", Optional.empty());
            Map<String, Optional<String>> all = new TreeMap<>();
            for (int i = 0; i < 16; i++) all.put("/private/" + i, Optional.of("x".repeat(65_440)));
            notes(post).set("a", all);
            post.alice().rename("a", "a".repeat(150));
            fails(MailboxFault.Kind.OVERQUOTA, () -> set(post, "INBOX", COMMENT, ""));
            notes(post).set("a".repeat(150), Map.of("/private/0", Optional.empty()));
            set(post, "INBOX", COMMENT, "");
        }
    }

    @Test
    void those_of_what_a_list_has_told_need_no_look_at_the_folders() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            set(post, "Sent", COMMENT, "x");
            List<Listed> listed = post.alice().list();
            post.faults.fail("names", 0);
            Listed sent = listed.stream()
                    .filter(l -> l.name().equals("Sent"))
                    .findFirst()
                    .orElseThrow();
            assertThat(notes(post).of(sent))
                    .containsExactly(Map.entry(COMMENT, "x"), Map.entry(Annotations.SPECIAL_USE, "\\Sent"));
            post.faults.end();
        }
    }

    @Test
    void a_change_is_later_than_all_that_the_file_knows() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            set(post, "Sent", COMMENT, "x");
            stop(post);
            long late = 1L << 50;
            AnnotationFile.load(file(post, "maildir")).set("INBOX", Map.of(COMMENT, Optional.of("x")), late);
            post.restart();
            assertThat(notes(post).set("INBOX", Map.of(COMMENT, Optional.of("y"))))
                    .isGreaterThan(late);
        }
    }

    @Test
    void what_could_not_be_written_is_not_there() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            set(post, "INBOX", COMMENT, "before");
            Path inTheWay = inTheWay(post);
            assertThatThrownBy(() -> set(post, "INBOX", COMMENT, "x")).isInstanceOf(IOException.class);
            assertThatThrownBy(() -> notes(post)
                            .set("Sent", Map.of(Annotations.SPECIAL_USE, Optional.empty(), COMMENT, Optional.of("x"))))
                    .isInstanceOf(IOException.class);
            delete(inTheWay);
            assertThat(notes(post).of("INBOX")).containsEntry(COMMENT, "before");
            assertThat(notes(post).of("Sent")).containsExactly(Map.entry(Annotations.SPECIAL_USE, "\\Sent"));
            post.restart();
            assertThat(notes(post).of("INBOX")).containsEntry(COMMENT, "before");
            assertThat(notes(post).of("Sent")).containsExactly(Map.entry(Annotations.SPECIAL_USE, "\\Sent"));
        }
    }

    @Test
    void special_uses_are_those_of_the_list() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            post.alice().create("Mine", Optional.empty());
            post.alice().create("level.x", Optional.empty());
            String use = Annotations.SPECIAL_USE;
            fails(MailboxFault.Kind.USEATTR, () -> set(post, "Mine", use, "\\Trash"));
            for (String wrong : List.of("", "Trash", "\\All", "\\Sent \\Trash"))
                fails(MailboxFault.Kind.CANNOT, () -> set(post, "Mine", use, wrong));
            set(post, "Trash", use, "\\TRASH");
            notes(post).set("Trash", Map.of(use, Optional.empty()));
            fails(MailboxFault.Kind.CANNOT, () -> set(post, "level", use, "\\Trash"));
            fails(MailboxFault.Kind.CANNOT, () -> set(post, "", use, "\\Trash"));
            set(post, "Mine", use, "\\trash");
            post.restart();
            assertThat(notes(post).of("Mine")).containsExactly(Map.entry(use, "\\Trash"));
            assertThat(notes(post).of("Trash")).isEmpty();
            assertThat(post.alice().list())
                    .filteredOn(l -> l.use().equals(Optional.of(SpecialUse.TRASH)))
                    .extracting(Listed::name)
                    .containsExactly("Mine");
            post.alice().rename("Mine", "Yours");
            assertThat(notes(post).of("Yours")).containsEntry(use, "\\Trash");
        }
    }

    @Test
    void changes_are_told_and_those_who_watch_are_woken() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            AtomicInteger woken = new AtomicInteger();
            MailboxReading.Watch watch = post.inbox().watch(woken::incrementAndGet);
            try {
                long first = notes(post).set("Sent", Map.of(COMMENT, Optional.of("x")));
                assertThat(woken).hasValue(1);
                long second = notes(post)
                        .set("INBOX", Map.of(COMMENT, Optional.of("x"), "/shared/comment", Optional.of("y")));
                post.restart();
                assertThat(notes(post).since(first))
                        .containsExactly(
                                new Change("INBOX", COMMENT, second), new Change("INBOX", "/shared/comment", second));
                long third = notes(post).set("Sent", Map.of(COMMENT, Optional.empty(), "/x", Optional.empty()));
                assertThat(notes(post).since(second)).containsExactly(new Change("Sent", COMMENT, third));
            } finally {
                watch.close();
            }
        }
    }

    @Test
    void of_what_was_removed_the_last_hundred_are_remembered_and_who_knows_less_looks_at_all() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            long before = notes(post).set("Sent", Map.of(COMMENT, Optional.of("x")));
            Map<String, Optional<String>> all = new TreeMap<>();
            for (int i = 0; i < 90; i++) all.put("/private/" + (100 + i), Optional.of("x"));
            long set = notes(post).set("INBOX", all);
            all.replaceAll((entry, value) -> Optional.empty());
            long removed = notes(post).set("INBOX", all);
            assertThat(notes(post).since(set)).hasSize(90).allMatch(c -> c.modSeq() == removed);
            all.keySet().removeIf(entry -> entry.compareTo("/private/120") >= 0);
            all.replaceAll((entry, value) -> Optional.of("x"));
            notes(post).set("Sent", all);
            all.replaceAll((entry, value) -> Optional.empty());
            long last = notes(post).set("Sent", all);
            post.restart();
            assertThat(notes(post).since(last)).isEmpty();
            assertThat(notes(post).since(removed)).hasSize(20).allMatch(c -> c.modSeq() == last);
            // Of the ninety ten are forgotten, by their names.
            assertThat(notes(post).since(set))
                    .hasSize(101)
                    .contains(new Change("INBOX", "/private/110", removed), new Change("Sent", COMMENT, removed))
                    .doesNotContain(new Change("INBOX", "/private/109", removed));
            assertThat(notes(post).since(before)).hasSize(101);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void a_damaged_file_is_set_aside_and_what_of_it_is_sound_is_kept(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            set(post, "INBOX", COMMENT, "inbox");
            set(post, "Sent", COMMENT, "sent");
            stop(post);
            String text = WholeFile.read(file(post, format));
            WholeFile.write(file(post, format), text.replaceFirst("\t(\\d+)\tSent\t", "\t1$1\tSent\t"));
            post.restart();
            assertThat(told(post))
                    .containsExactly(
                            "alice@example.test: the file of annotations is damaged; is written anew with what of it is sound");
            assertThat(aside(post)).isEmpty();
            TestInspection repair = TestInspection.mending();
            post.store().inspect(repair);
            assertThat(repair.lines()).hasSize(1);
            assertThat(told(post)).isEmpty();
            assertThat(notes(post).of("INBOX")).containsEntry(COMMENT, "inbox");
            assertThat(notes(post).of("Sent")).doesNotContainKey(COMMENT);
            assertThat(aside(post)).hasSize(1);
            stop(post);
            Files.writeString(file(post, format), text.substring(0, text.length() - "end\n".length()));
            post.restart();
            assertThat(notes(post).of("Sent")).containsEntry(COMMENT, "sent");
            assertThat(told(post)).isEmpty();
            for (String nonsense : List.of("\0\u00ff\n\t\t\t\n", "\n\n", "")) {
                stop(post);
                Files.writeString(file(post, format), nonsense);
                post.restart();
                assertThat(notes(post).of("INBOX")).isEmpty();
            }
        }
    }

    @Test
    void a_damaged_file_is_set_aside_once_though_it_cannot_be_written_anew() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            set(post, "INBOX", COMMENT, "x");
            stop(post);
            String text = WholeFile.read(file(post, "maildir"));
            Files.writeString(file(post, "maildir"), text.replace("end\n", ""));
            Path inTheWay = inTheWay(post);
            for (int i = 0; i < 3; i++) {
                post.restart();
                assertThat(notes(post).of("INBOX")).containsEntry(COMMENT, "x");
            }
            assertThat(aside(post)).hasSize(1);
            delete(inTheWay);
            set(post, "Sent", COMMENT, "y");
            post.restart();
            assertThat(notes(post).of("INBOX")).containsEntry(COMMENT, "x");
            assertThat(told(post)).isEmpty();
        }
    }

    @Test
    void what_cannot_be_put_in_its_place_does_not_stay_beside_it() throws Exception {
        Path place = Files.createDirectories(directory.resolve("file/below")).getParent();
        assertThatThrownBy(() -> WholeFile.write(place, "x")).isInstanceOf(IOException.class);
        assertThat(directory.resolve("file.new")).doesNotExist();
    }

    /** No annotations can be written from now on, until it is deleted. */
    private static Path inTheWay(Post post) throws IOException {
        return Files.createDirectory(post.home().resolve("annotations.maildir.new"));
    }

    private static void delete(Path top) throws IOException {
        try (Stream<Path> all = Files.walk(top)) {
            for (Path path : all.sorted((a, b) -> b.compareTo(a)).toList()) Files.delete(path);
        }
    }

    /** Until it is restarted. */
    private static void stop(Post post) {
        post.close();
    }

    private static List<String> told(Post post) throws IOException {
        TestInspection look = TestInspection.looking();
        post.store().inspect(look);
        return look.lines();
    }

    private static void fails(MailboxFault.Kind kind, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(MailboxFault.class, f -> assertThat(f.kind())
                .isEqualTo(kind));
    }
}
