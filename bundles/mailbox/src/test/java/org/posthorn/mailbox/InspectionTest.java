package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.testkit.TestInspection;

/** Mailboxes with real damage: what a check tells, that it changes nothing, and what is so after a repair. */
class InspectionTest {

    private static final Flags MARKED = new Flags(Flags.SEEN, List.of("Urgent", "$Label1"));

    @TempDir
    Path root;

    private Post post;

    @AfterEach
    void close() {
        if (post != null) post.close();
    }

    /** Damages the home of an account that nobody uses. */
    private interface Hurt {
        void at(Path home) throws IOException;
    }

    /**
     * @param told a word of each finding, in any order
     * @param left how many of the six messages are there afterwards
     * @param same whether they have the same UIDs as before
     */
    record Case(String name, String format, Hurt hurt, List<String> told, int left, boolean same) {
        Case and(String word) {
            List<String> more = new ArrayList<>(told);
            more.add(word);
            return new Case(name, format, hurt, more, left, same);
        }

        @Override
        public String toString() {
            return format + ": " + name;
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case("nothing", "maildir", home -> {}, List.of(), 6, true),
                new Case("nothing", "mbox", home -> {}, List.of(), 6, true),
                both("maildir", "no index", home -> Files.delete(index(home, "maildir")), "index is missing", 6),
                both("mbox", "no index", home -> Files.delete(index(home, "mbox")), "index is missing", 6),
                both("maildir", "half an index", home -> cut(index(home, "maildir")), "index is damaged", 6),
                both("mbox", "half an index", home -> cut(index(home, "mbox")), "index is damaged", 6),
                both("maildir", "no account file", home -> Files.delete(account(home, "maildir")), "is missing", 6),
                both("mbox", "half an account file", home -> cut(account(home, "mbox")), "cannot be read", 6),
                both(
                        "maildir",
                        "a message is gone",
                        home -> Files.delete(messages(home).get(2)),
                        "is gone from the",
                        5),
                both(
                        "mbox",
                        "half a file of threads",
                        home -> Files.writeString(home.resolve("index/mbox/threads"), "posthorn threads 1\nhalf"),
                        "file of threads is damaged",
                        6),
                new Case(
                        "a message that nobody knows",
                        "maildir",
                        home -> Files.writeString(home.resolve("Maildir/new/1.strange"), "Subject: x\n\nx\n"),
                        List.of("does not know 1.strange"),
                        7,
                        false),
                new Case(
                        "a message that was cut",
                        "maildir",
                        home -> cut(messages(home).get(2)),
                        List.of("octets and not"),
                        6,
                        false),
                both("maildir", "a torn uidlist", home -> disorder(uidlist(home)), "from line 4 on", 6),
                both(
                        "maildir",
                        "a uidlist of noise",
                        home -> Files.writeString(uidlist(home), "\0\1noise"),
                        "line 1 on",
                        6),
                both(
                        "maildir",
                        "no keywords",
                        home -> Files.delete(keywords(home)),
                        "does not name the letters a (as in cur/",
                        6),
                both("maildir", "noise in the keywords", InspectionTest::noise, "lines that make no sense", 6),
                both(
                        "maildir",
                        "an index without a mailbox",
                        home -> Files.copy(index(home, "maildir"), home.resolve("index/maildir/Gone.index")),
                        "no longer on the shelf",
                        6),
                both("mbox", "a first From line that is none", InspectionTest::spoiltFrom, "From lines are spoilt", 6)
                        .and("in front of the first message")
                        .and("is gone from the shelf"),
                both("mbox", "a From line that is none", InspectionTest::spoiltFourth, "From lines are spoilt", 6)
                        .and("octets and not")
                        .and("is gone from the shelf"),
                new Case(
                        "the first message is cut out",
                        "mbox",
                        InspectionTest::withoutFirst,
                        List.of("is gone from the shelf"),
                        5,
                        false),
                new Case("a torn end", "mbox", InspectionTest::torn, List.of("torn end of the mbox"), 6, true));
    }

    private static Case both(String format, String name, Hurt hurt, String told, int left) {
        return new Case(name, format, hurt, List.of(told), left, left == 6);
    }

    @ParameterizedTest
    @MethodSource("cases")
    void damage_is_told_and_mended(Case damage) throws Exception {
        post = new Post(damage.format(), root);
        fill();
        Map<Long, String> before = texts(post.inbox());
        post.close();
        damage.hurt().at(post.home());
        post = new Post(damage.format(), root);

        Map<String, String> tree = tree();
        List<String> told = told();
        assertThat(told).hasSameSizeAs(damage.told());
        for (String word : damage.told()) assertThat(told).anyMatch(line -> line.contains(word));
        assertThat(tree()).as("a look changes nothing").isEqualTo(tree);

        // What one mend makes good need not be told once more.
        if (!told.isEmpty()) assertThat(mended()).isNotEmpty().isSubsetOf(told);
        assertThat(told()).as("after the repair").isEmpty();
        assertThat(mended()).as("the second time").isEmpty();
        Map<Long, String> after = texts(post.inbox());
        assertThat(after).hasSize(damage.left());
        if (damage.same()) assertThat(after).isEqualTo(before);
        if (damage.same())
            assertThat(post.inbox().entries(UidSet.of(2)).get(0).flags()).isEqualTo(MARKED);
        post.restart();
        assertThat(texts(post.inbox())).as("after a restart").isEqualTo(after);
    }

    /** Six messages, the second and the third with flags. */
    private void fill() throws IOException {
        Mailbox inbox = post.inbox();
        for (int i = 1; i <= 6; i++)
            inbox.append(
                    Post.message("Subject: " + i + "\r\n\r\n" + "text ".repeat(100 * i) + "\r\n"),
                    i == 2 ? MARKED : i == 3 ? new Flags(0, List.of("Urgent")) : Flags.NONE,
                    Instant.ofEpochSecond(1_700_000_000L + i));
    }

    private List<String> told() throws IOException {
        TestInspection look = TestInspection.looking();
        post.store().inspect(look);
        return look.lines();
    }

    private List<String> mended() throws IOException {
        TestInspection repair = TestInspection.mending();
        post.store().inspect(repair);
        return repair.lines();
    }

    private static Map<Long, String> texts(Mailbox mailbox) throws IOException {
        Map<Long, String> texts = new TreeMap<>();
        for (Entry entry : mailbox.entries(UidSet.ALL))
            texts.put(entry.uid(), Post.text(mailbox.message(entry.uid()).orElseThrow()));
        return texts;
    }

    /** Every file with its octets. */
    private Map<String, String> tree() throws IOException {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.toList())
                tree.put(
                        path.toString(),
                        Files.isDirectory(path) ? "" : Files.readString(path, StandardCharsets.ISO_8859_1));
        }
        return tree;
    }

    private static Path index(Path home, String format) {
        return home.resolve("index").resolve(format).resolve("INBOX.index");
    }

    private static Path account(Path home, String format) {
        return home.resolve("index").resolve(format).resolve("account");
    }

    private static Path uidlist(Path home) {
        return home.resolve("Maildir/dovecot-uidlist");
    }

    private static Path keywords(Path home) {
        return home.resolve("Maildir/dovecot-keywords");
    }

    private static List<Path> messages(Path home) throws IOException {
        List<Path> messages = new ArrayList<>();
        for (String sub : List.of("new", "cur"))
            try (Stream<Path> all = Files.list(home.resolve("Maildir").resolve(sub))) {
                all.sorted().forEach(messages::add);
            }
        return messages;
    }

    private static void cut(Path file) throws IOException {
        byte[] octets = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(octets, octets.length / 2));
    }

    private static void disorder(Path uidlist) throws IOException {
        List<String> lines = new ArrayList<>(Files.readAllLines(uidlist));
        lines.add(3, lines.get(1));
        Files.write(uidlist, lines);
    }

    private static void noise(Path home) throws IOException {
        Files.writeString(keywords(home), "noise\n" + Files.readString(keywords(home)));
    }

    private static void spoiltFrom(Path home) throws IOException {
        Path mbox = home.resolve("mbox");
        Files.writeString(mbox, Files.readString(mbox).replaceFirst("^From ", "Fr\u0001m "));
    }

    private static void spoiltFourth(Path home) throws IOException {
        Path mbox = home.resolve("mbox");
        String text = Files.readString(mbox);
        int at = -1;
        for (int i = 0; i < 3; i++) at = text.indexOf("\nFrom ", at + 1);
        Files.writeString(mbox, text.substring(0, at + 2) + "~~~" + text.substring(at + 5));
    }

    private static void noiseInFront(Path home) throws IOException {
        Path mbox = home.resolve("mbox");
        Files.writeString(mbox, Files.readString(mbox).replaceFirst("^From .*", "\u0001\u0002 noise"));
    }

    private static void withoutFirst(Path home) throws IOException {
        Path mbox = home.resolve("mbox");
        String text = Files.readString(mbox);
        Files.writeString(mbox, text.substring(text.indexOf("\nFrom ") + 1));
    }

    private static void torn(Path home) throws IOException {
        String text = Files.readString(home.resolve("mbox"));
        String last = text.substring(text.lastIndexOf("\nFrom ") + 1);
        String other = last.replace("Subject: 6", "Subject: 7");
        Files.writeString(home.resolve(".mbox.torn-17"), last.substring(0, 300) + "\0\0\0\n\n" + other);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mbox"})
    void octets_in_front_of_an_mbox_become_a_message(String format) throws Exception {
        post = new Post(format, root);
        fill();
        Map<Long, String> before = texts(post.inbox());
        post.close();
        noiseInFront(post.home());
        post = new Post(format, root);
        assertThat(told()).anyMatch(line -> line.contains("in front of the first message"));
        mended();
        assertThat(told()).isEmpty();
        Map<Long, String> after = texts(post.inbox());
        assertThat(after).hasSize(6);
        assertThat(after.values()).anyMatch(text -> text.contains("noise") && text.endsWith(before.get(1L)));
        before.remove(1L);
        assertThat(after).containsAllEntriesOf(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mbox"})
    void mail_of_a_torn_end_that_did_not_come_again_is_in_recovered(String format) throws Exception {
        post = new Post(format, root);
        fill();
        post.close();
        torn(post.home());
        post = new Post(format, root);
        mended();
        Map<Long, String> recovered = texts(post.mailbox("Recovered"));
        assertThat(recovered).hasSize(1);
        assertThat(recovered.values().iterator().next()).startsWith("Subject: 7\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void accounts_and_mailboxes_that_are_being_made_are_not_taken_for_damaged(String format) throws Exception {
        post = new Post(format, root);
        AtomicReference<Exception> broke = new AtomicReference<>();
        Thread people = new Thread(() -> {
            try {
                for (int i = 0; i < 60; i++) {
                    Account account = post.store().account(Address.of("user" + i + "@example.test"));
                    for (int j = 0; j < 3; j++) account.create("Box" + j, Optional.empty());
                    account.delete("Box1");
                }
            } catch (IOException | RuntimeException e) {
                broke.set(e);
            }
        });
        people.start();
        while (people.isAlive()) assertThat(told()).isEmpty();
        people.join();
        assertThat(broke.get()).isNull();
    }

    @Test
    void what_keeps_mailboxes_from_being_made_is_told() throws IOException {
        post = new Post("maildir", root);
        Path domain = Files.createDirectories(root.resolve("mail/example.test"));
        Path file = Files.writeString(domain.resolve("fred"), "in the way");
        Path home = Files.createDirectory(domain.resolve("gina"));
        Path link = Files.createSymbolicLink(home.resolve("Maildir"), Path.of("elsewhere"));
        assertThat(told())
                .containsExactly(
                        "fred@example.test: its mailboxes cannot be used: " + file + " is no folder; is left as it is",
                        "gina@example.test: " + link + " leads to elsewhere, where there is nothing; is left as it is");
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void a_mailbox_in_use_is_looked_at_while_mail_comes(String format) throws Exception {
        post = new Post(format, root);
        fill();
        Thread mail = new Thread(() -> {
            try {
                for (int i = 0; i < 100; i++) post.deliver(Post.mail(Post.message("Subject: " + i + "\r\n\r\nx\r\n")));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        mail.start();
        while (mail.isAlive()) assertThat(told()).isEmpty();
        mail.join();
        assertThat(post.inbox().entries(UidSet.ALL)).hasSize(106);
    }
}
