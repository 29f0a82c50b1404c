package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mailbox.Filed;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Folder;
import org.posthorn.api.mailbox.Found;
import org.posthorn.api.mailbox.Scan;
import org.posthorn.api.mailbox.Staged;
import org.posthorn.mime.StoredMessage;

/** Files that other programs wrote, or broke. */
class ForeignFilesTest {

    @TempDir
    Path home;

    private final OddFiles oddFiles = new OddFiles();
    private final PrintStream before = System.err;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    @BeforeEach
    void listen() {
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void listenNoMore() {
        System.setErr(before);
    }

    private List<String> told() {
        return log.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private Folder open() throws IOException {
        MaildirShelf shelf = new MaildirShelf(
                home.resolve("Maildir"),
                new UniqueName(java.time.Clock.systemUTC(), 1, "a/b:c"),
                oddFiles,
                new OpenFiles(1, System::nanoTime));
        if (shelf.names().isEmpty()) shelf.create("INBOX");
        return shelf.open("INBOX");
    }

    @Test
    void a_host_name_that_is_no_file_name_does_no_harm() throws IOException {
        try (Folder folder = open();
                Staged staged = folder.stage(StoredMessage.of("a: b\r\n\r\n"), Instant.now())) {
            staged.place(1, 1, Flags.of(Flags.SEEN));
            assertThat(staged.key(1)).contains(".a\\057b\\072c,S=8,W=8");
            assertThat(folder.scan(k -> false).found()).extracting(Found::key).containsExactly(staged.key(1));
        }
    }

    @Test
    void a_uid_list_that_somebody_has_locked_fails_no_message_and_is_written_later() throws IOException {
        Path list = home.resolve("Maildir/dovecot-uidlist");
        Path lock = home.resolve("Maildir/dovecot-uidlist.lock");
        List<String> keys = new ArrayList<>();
        try (Folder folder = open()) {
            Files.createFile(lock);
            for (long uid = 1; uid <= 2; uid++) {
                try (Staged staged = folder.stage(StoredMessage.of("a: b\r\n\r\n"), Instant.now())) {
                    staged.place(7, uid, Flags.NONE);
                    keys.add(staged.key(uid));
                    folder.force(7, List.of(new Filed(uid, staged.key(uid), Flags.NONE)));
                }
            }
            assertThat(list).doesNotExist();
            // Its owner died: after two minutes it is anybody's.
            Files.setLastModifiedTime(lock, FileTime.from(Instant.now().minus(3, ChronoUnit.MINUTES)));
        }
        assertThat(lock).doesNotExist();
        assertThat(Files.readAllLines(list)).containsExactly("3 V7 N3", "1 :" + keys.get(0), "2 :" + keys.get(1));
        assertThat(told()).hasSize(1);
    }

    @Test
    void a_lock_from_before_its_owner_began_is_anybodys() throws IOException {
        Path list = Files.createDirectories(home.resolve("Maildir")).resolve("dovecot-uidlist");
        Path lock = home.resolve("Maildir/dovecot-uidlist.lock");
        // The number has come again: it is ours now.
        Files.writeString(lock, ProcessHandle.current().pid() + "\n");
        assertThatThrownBy(() -> DotLock.take(list, Duration.ZERO)).isInstanceOf(IOException.class);
        Instant began = ProcessHandle.current().info().startInstant().orElseThrow();
        Files.setLastModifiedTime(lock, FileTime.from(began.minusSeconds(10)));
        DotLock.take(list, Duration.ofSeconds(5)).close();
        assertThat(lock).doesNotExist();
    }

    @Test
    void a_message_that_did_not_get_its_place_stays_so_that_it_is_not_taken_for_one_that_somebody_took()
            throws IOException {
        try (Folder folder = open()) {
            String key;
            Path fresh = home.resolve("Maildir/new");
            try (Staged staged = folder.stage(StoredMessage.of("a: b\r\n\r\n"), Instant.now())) {
                key = staged.key(1);
                Files.move(fresh, home.resolve("away"));
                assertThatThrownBy(() -> staged.place(1, 1, Flags.NONE)).isInstanceOf(IOException.class);
            }
            Files.move(home.resolve("away"), fresh);
            assertThat(folder.unplaced(key)).isTrue();
            assertThat(folder.unplaced(key)).isFalse();
        }
    }

    @Test
    void more_keywords_than_letters_do_not_stop_a_change_of_flags() throws IOException {
        try (Folder folder = open();
                Staged staged = folder.stage(StoredMessage.of("a: b\r\n\r\n"), Instant.now())) {
            staged.place(1, 1, Flags.NONE);
            Filed filed = new Filed(1, staged.key(1), Flags.NONE);
            for (int i = 0; i < 40; i++) {
                Flags flags = new Flags(Flags.SEEN, List.of("keyword" + i));
                assertThat(folder.flag(filed, flags)).isTrue();
                filed = new Filed(1, filed.key(), flags);
                Scan scan = folder.scan(k -> false);
                assertThat(scan.found().get(0).flags()).isEqualTo(i < 26 ? flags : Flags.of(Flags.SEEN));
                assertThat(scan.keeps().test("keyword" + i)).isEqualTo(i < 26);
            }
        }
    }

    @Test
    void a_letter_that_stands_for_nothing_is_not_given_to_a_new_keyword() throws IOException {
        open().close();
        Path maildir = home.resolve("Maildir");
        Files.writeString(maildir.resolve("cur/1:2,Sa"), "a: b\n");
        Files.writeString(maildir.resolve("cur/2:2,S"), "a: b\n");
        try (Folder folder = open()) {
            Flags flags = new Flags(Flags.SEEN, List.of("work"));
            assertThat(folder.flag(new Filed(2, "2", Flags.of(Flags.SEEN)), flags))
                    .isTrue();
            assertThat(folder.scan(k -> false).found())
                    .extracting(Found::key, Found::flags)
                    .containsExactlyInAnyOrder(tuple("1", Flags.of(Flags.SEEN)), tuple("2", flags));
        }
    }

    @Test
    void broken_lists_of_uids_and_keywords_are_read_as_far_as_they_make_sense() throws IOException {
        open().close();
        Path maildir = home.resolve("Maildir");
        Files.writeString(maildir.resolve("cur/1.a.h:2,Sab"), "a: b\r\n\r\n");
        Files.writeString(maildir.resolve("cur/2.b.h:2,z"), "a: b\r\n\r\n");
        String uids = "3 V77 N50 G00\n3 :1.a.h\n9 W8 :2.b.h:2,S\n";
        Random random = new Random(2);
        for (int round = 0; round < 3000; round++) {
            Files.write(maildir.resolve("dovecot-uidlist"), broken(uids, random));
            Files.write(maildir.resolve("dovecot-keywords"), broken("0 one\n1 two\n25 last\n", random));
            try (Folder folder = open()) {
                Scan scan = folder.scan(k -> false);
                assertThat(scan.found()).extracting(Found::key).containsExactlyInAnyOrder("1.a.h", "2.b.h");
                assertThat(scan.uidNext()).isBetween(1L, 0x100000000L);
                for (Found found : scan.found()) assertThat(found.uid()).isBetween(0L, scan.uidNext() - 1);
            }
        }
    }

    private static byte[] broken(String text, Random random) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        byte[] cut =
                random.nextInt(3) == 0 ? java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes.clone();
        for (int i = random.nextInt(3); i > 0 && cut.length > 0; i--)
            cut[random.nextInt(cut.length)] =
                    (byte) (random.nextInt(4) == 0 ? random.nextInt(256) : "0:N V\n9".charAt(random.nextInt(7)));
        return cut;
    }

    @Test
    void what_others_left_in_tmp_long_ago_goes_and_the_rest_stays() throws IOException {
        open().close();
        Path tmp = home.resolve("Maildir/tmp");
        Files.writeString(tmp.resolve("fresh"), "x");
        Files.setLastModifiedTime(tmp.resolve("fresh"), FileTime.from(Instant.EPOCH));
        TmpFile.sweep(tmp, Instant.now());
        assertThat(tmp.resolve("fresh")).as("only its internal date is old").exists();
        TmpFile.sweep(tmp, Instant.now().plus(37, ChronoUnit.HOURS));
        assertThat(tmp.resolve("fresh")).doesNotExist();
    }

    @Test
    void a_name_that_has_no_room_for_flags_is_changed_and_keeps_its_flags_and_uid() throws IOException {
        open().close();
        Path maildir = home.resolve("Maildir");
        String full = "1.a." + "x".repeat(251);
        String tight = "2.b." + "x".repeat(220);
        Files.writeString(maildir.resolve("new/" + full), "a: 1\n\n");
        Files.writeString(maildir.resolve("cur/" + tight + ":2,FS"), "a: 22\r\n\r\n");
        Files.writeString(maildir.resolve("dovecot-uidlist"), "3 V77 N50 G00\n3 :" + full + "\n9 :" + tight + "\n");
        try (Folder folder = open()) {
            Scan scan = folder.scan(k -> false);
            assertThat(scan.found()).extracting(Found::uid).containsExactlyInAnyOrder(3L, 9L);
            for (Found found : scan.found()) {
                assertThat(found.flags())
                        .isEqualTo(found.uid() == 3 ? Flags.NONE : Flags.named(List.of("\\Flagged", "\\Seen")));
                Filed filed = new Filed(found.uid(), found.key(), found.flags());
                assertThat(folder.read(filed).orElseThrow().size()).isEqualTo(found.uid() == 3 ? 8 : 9);
                assertThat(folder.flag(filed, Flags.of(Flags.DELETED))).isTrue();
            }
            assertThat(folder.scan(k -> false).found()).hasSize(2).allMatch(f -> f.flags()
                    .equals(Flags.of(Flags.DELETED)));
        }
        try (Folder folder = open()) {
            assertThat(folder.scan(k -> false).found()).extracting(Found::uid).containsExactlyInAnyOrder(3L, 9L);
        }
        assertThat(told()).hasSize(1);
        assertThat(told().get(0)).contains("2 messages in").contains("the first was new/1.a.xxx");
    }

    @Test
    void messages_whose_names_cannot_be_read_get_others() throws Exception {
        open().close();
        String write =
                "printf 'a: b\\n\\n' > \"$(printf '1.\\377.h:2,S')\"; printf 'a: b\\n\\n' > \"$(printf '1.\\376.h:2,S')\"";
        Process shell = new ProcessBuilder("sh", "-c", write)
                .directory(home.resolve("Maildir/cur").toFile())
                .start();
        assertThat(shell.waitFor()).isZero();
        try (Folder folder = open()) {
            List<Found> found = folder.scan(k -> false).found();
            assertThat(found).hasSize(2).allMatch(f -> f.flags().equals(Flags.of(Flags.SEEN)));
            for (Found one : found)
                assertThat(folder.flag(new Filed(1, one.key(), one.flags()), Flags.NONE))
                        .isTrue();
            assertThat(folder.scan(k -> false).found())
                    .extracting(Found::key)
                    .containsExactlyInAnyOrderElementsOf(
                            found.stream().map(Found::key).toList());
        }
        assertThat(told()).hasSize(1);
        assertThat(told().get(0)).contains("2 messages in").contains("the first was cur/1.?.h:2,S");
    }

    @Test
    void a_name_of_two_lines_is_changed() throws IOException {
        open().close();
        Path odd = home.resolve("Maildir/cur/1.a\nb:2,S");
        Files.writeString(odd, "a: b\r\n\r\n");
        try (Folder folder = open()) {
            Found found = folder.scan(k -> false).found().get(0);
            assertThat(found.key()).doesNotContain("\n");
            assertThat(found.flags()).isEqualTo(Flags.of(Flags.SEEN));
        }
        assertThat(odd).doesNotExist();
    }

    @Test
    @Timeout(60)
    void pipes_in_the_place_of_lists_are_nothing() throws Exception {
        open().close();
        for (String list : List.of("dovecot-uidlist", "dovecot-keywords")) {
            Path pipe = home.resolve("Maildir").resolve(list);
            Files.deleteIfExists(pipe);
            assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                    .isZero();
        }
        Files.writeString(home.resolve("Maildir/new/1.a"), "a: b\r\n\r\n");
        try (Folder folder = open()) {
            assertThat(folder.scan(k -> false).found()).extracting(Found::key).containsExactly("1.a");
        }
    }

    @Test
    void nothing_is_made_where_a_link_leads() throws IOException {
        open().close();
        Path elsewhere = Files.createDirectory(home.resolve("elsewhere"));
        Files.createSymbolicLink(home.resolve("Maildir/.out"), elsewhere);
        MaildirShelf shelf = new MaildirShelf(
                home.resolve("Maildir"),
                new UniqueName(java.time.Clock.systemUTC(), 1, "a"),
                oddFiles,
                new OpenFiles(1, System::nanoTime));
        assertThatThrownBy(() -> shelf.create("out")).isInstanceOf(IOException.class);
        assertThat(elsewhere).isEmptyDirectory();
    }

    @Test
    void what_is_no_message_is_told_once() throws IOException {
        open().close();
        Path cur = home.resolve("Maildir/cur");
        Files.createDirectory(cur.resolve("directory:2,S"));
        Files.createSymbolicLink(home.resolve("Maildir/new/link"), cur);
        for (int i = 0; i < 2; i++) {
            try (Folder folder = open()) {
                assertThat(folder.scan(k -> false).found()).isEmpty();
                assertThat(folder.scan(k -> false).found()).isEmpty();
            }
        }
        assertThat(told()).hasSize(1);
        assertThat(told().get(0)).contains("WARN").contains("2 entries in").contains("new/link");
        Files.createDirectory(cur.resolve("\u001bother" + "x".repeat(230)));
        try (Folder folder = open()) {
            assertThat(folder.scan(k -> false).found()).isEmpty();
        }
        assertThat(told()).hasSize(2);
        assertThat(told().get(1)).contains("3 entries in").contains("cur/?otherxx");
    }

    @Test
    void what_is_no_message_hides_none_that_has_the_same_key() throws IOException {
        open().close();
        Path cur = home.resolve("Maildir/cur");
        for (int i = 0; i < 20; i++) {
            Files.createDirectory(cur.resolve(i + ".a.h,S=8,W=8:2," + (i < 10 ? "" : "SF")));
            Files.writeString(cur.resolve(i + ".a.h,S=8,W=8:2,S"), "a: b\r\n\r\n");
        }
        try (Folder folder = open()) {
            assertThat(folder.scan(k -> false).found())
                    .hasSize(20)
                    .allMatch(f -> f.size() == 8 && f.flags().equals(Flags.of(Flags.SEEN)));
            for (Found found : folder.scan(k -> false).found())
                try (InputStream in = folder.read(new Filed(1, found.key(), found.flags()))
                        .orElseThrow()
                        .open()) {
                    assertThat(in.readAllBytes()).hasSize(8);
                }
        }
    }

    @Test
    void what_is_known_is_told_by_its_name_alone() throws IOException {
        open().close();
        Path maildir = home.resolve("Maildir");
        Files.writeString(maildir.resolve("new/1.M2P1.h,S=8,W=8"), "a: b\r\n\r\n");
        Files.writeString(maildir.resolve("cur/1.M1P1.h,S=8,W=8:2,S"), "a: b\r\n\r\n");
        Files.writeString(maildir.resolve("cur/0.M9P1.h,S=8,W=8:2,F"), "a: b\r\n\r\n");
        try (Folder folder = open()) {
            Scan scan = folder.scan(key -> key.startsWith("1.M2"));
            assertThat(scan.found())
                    .extracting(f -> f.key().substring(0, 4), Found::size, Found::flags)
                    .containsExactly(
                            tuple("1.M2", -1L, Flags.NONE),
                            tuple("0.M9", 8L, Flags.of(Flags.FLAGGED)),
                            tuple("1.M1", 8L, Flags.of(Flags.SEEN)));
        }
    }

    @Test
    void the_log_does_not_grow_with_what_is_laid_there() throws IOException {
        open().close();
        Path cur = home.resolve("Maildir/cur");
        for (int i = 0; i < 110; i++) {
            Files.createDirectory(cur.resolve("d" + i));
            try (Folder folder = open()) {
                folder.scan(k -> false);
            }
        }
        assertThat(told()).hasSize(100);
    }
}
