package org.posthorn.mailbox.mbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Filed;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Folder;
import org.posthorn.api.mailbox.Found;
import org.posthorn.api.mailbox.Scan;
import org.posthorn.api.mailbox.Staged;
import org.posthorn.api.store.Damage;
import org.posthorn.api.store.Inspection;
import org.posthorn.mime.StoredMessage;

class MboxTest {

    private static final String FOREIGN = "From x@example.org Thu Nov 24 18:22:48 1986\nSubject: foreign\n\nline\n\n";

    @TempDir
    Path home;

    private final OpenFiles files = new OpenFiles();
    private MboxShelf shelf;
    private Path mbox;

    @BeforeEach
    void create() throws IOException {
        shelf = new MboxShelf(home, files);
        shelf.create("INBOX");
        mbox = home.resolve("mbox");
    }

    @Test
    void the_lock_outlives_readers_in_this_process_and_keeps_another_one_out() throws Exception {
        try (Folder folder = shelf.open("INBOX")) {
            // Too large to be kept: it is read again.
            Message message = folder.read(place(folder, 40_000)).orElseThrow();
            Mbox open = files.take(mbox);
            boolean[] free = open.writing(m -> {
                // Whoever opens and closes the same file here would drop the lock, were it not the same channel.
                shelf.open("INBOX").close();
                CompletableFuture<String> reader = CompletableFuture.supplyAsync(() -> text(message));
                boolean during = OtherProcess.free(mbox);
                assertThat(reader).isNotDone();
                return new boolean[] {during, reader.isDone()};
            });
            files.release(open);
            assertThat(free[0]).isFalse();
            assertThat(text(message)).startsWith("n: 40000");
            assertThat(OtherProcess.free(mbox)).isTrue();
        }
    }

    @Test
    void a_little_message_is_read_to_its_end_though_it_has_gone() throws IOException {
        try (Folder folder = shelf.open("INBOX")) {
            Filed filed = place(folder, 1);
            Message message = folder.read(filed).orElseThrow();
            folder.remove(List.of(filed));
            assertThat(folder.read(filed)).isEmpty();
            assertThat(text(message)).isEqualTo("n: 1\r\n\r\nx\r\n");
        }
    }

    @Test
    void who_gives_back_a_file_twice_does_not_take_it_from_who_opened_it_since() throws IOException {
        Mbox before = files.take(mbox);
        files.release(before);
        Mbox now = files.take(mbox);
        files.release(before);
        assertThat(files.take(mbox)).isSameAs(now);
        files.release(now);
        files.release(now);
    }

    @Test
    void of_messages_that_are_alike_but_for_their_bodies_each_stays_who_it_is() throws IOException {
        String header = "From x@example.org Thu Nov 24 18:22:48 1986\nSubject: alike\n\n";
        Files.writeString(mbox, header + "1\n\n" + header + "2\n\n" + header + "3\n\n" + header + "3\n\n");
        try (Folder folder = shelf.open("INBOX")) {
            List<Filed> all = folder.scan(k -> false).found().stream()
                    .map(f -> new Filed(0, f.key(), f.flags()))
                    .toList();
            assertThat(all).doesNotHaveDuplicates();
            folder.remove(List.of(all.get(0)));
            assertThat(folder.read(all.get(1))).isEmpty();
            assertThat(text(folder.read(all.get(2)).orElseThrow())).endsWith("\r\n3\r\n");
            place(folder, 5);
            Files.writeString(mbox, header + "3", StandardOpenOption.APPEND);
            assertThat(folder.scan(k -> false).found())
                    .hasSize(5)
                    .extracting(Found::key)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void a_writer_waits_for_the_lock_of_another_process() throws Exception {
        try (Folder folder = shelf.open("INBOX")) {
            CompletableFuture<Filed> placed;
            try (OtherProcess other = OtherProcess.holding(mbox)) {
                placed = CompletableFuture.supplyAsync(() -> {
                    try {
                        return place(folder, 1);
                    } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                });
                Files.writeString(mbox, FOREIGN, StandardOpenOption.APPEND);
                assertThat(placed).isNotDone();
                assertThat(other).isNotNull();
            }
            placed.get();
            assertThat(Files.readString(mbox)).startsWith(FOREIGN).contains("n: 1");
            assertThat(Files.exists(home.resolve("mbox.lock"))).isFalse();
        }
    }

    @Test
    void a_lock_of_a_number_that_has_come_again_is_anybodys() throws IOException {
        ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
        Path dot = Files.writeString(home.resolve("mbox.lock"), parent.pid() + "\n");
        Instant began = parent.info().startInstant().orElseThrow();
        Files.setLastModifiedTime(dot, FileTime.from(began.minusSeconds(10)));
        try (Folder folder = shelf.open("INBOX")) {
            place(folder, 1);
        }
        assertThat(dot).doesNotExist();
    }

    private Path dot(long pid, long length) throws IOException {
        String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id"));
        return Files.writeString(home.resolve("mbox.lock"), pid + "\n" + length + "\n" + boot);
    }

    private static long deadProcess() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        return gone.pid();
    }

    @Test
    void what_somebody_was_writing_who_was_killed_is_set_aside_and_spoils_no_other_message() throws Exception {
        try (Folder folder = shelf.open("INBOX")) {
            place(folder, 1);
        }
        long whole = Files.size(mbox);
        Files.writeString(mbox, "Fro", StandardOpenOption.APPEND);
        Path dot = dot(deadProcess(), whole);
        try (Folder folder = shelf.open("INBOX")) {
            assertThat(folder.scan(k -> false).found()).hasSize(1);
            assertThat(Files.size(mbox)).isEqualTo(whole);
            assertThat(dot).doesNotExist();
            try (Stream<Path> beside = Files.list(mbox.getParent())) {
                assertThat(beside.filter(p -> p.getFileName().toString().startsWith(".mbox.torn-")))
                        .singleElement()
                        .satisfies(torn -> assertThat(torn).hasContent("Fro"));
            }
        }
    }

    @Test
    void what_lies_whole_behind_a_dead_lock_stays() throws Exception {
        try (Folder folder = shelf.open("INBOX")) {
            place(folder, 1);
        }
        dot(deadProcess(), Files.size(mbox));
        Files.writeString(mbox, FOREIGN, StandardOpenOption.APPEND);
        try (Folder folder = shelf.open("INBOX")) {
            assertThat(folder.scan(k -> false).found()).hasSize(2);
        }
    }

    @Test
    void an_append_alone_tells_how_long_the_file_was() throws IOException {
        Path dot = home.resolve("mbox.lock");
        String ours = ProcessHandle.current().pid() + "\n";
        try (FileChannel channel = FileChannel.open(mbox, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            // A rewrite makes it longer, and is done when its plan is gone.
            MboxLock rewrite = MboxLock.take(channel, mbox, MboxLock.Work.WRITE);
            assertThat(dot).hasContent(ours);
            rewrite.close();
            MboxLock append = MboxLock.take(channel, mbox, MboxLock.Work.APPEND);
            assertThat(dot).content().startsWith(ours + "0\n");
            append.close();
        }
        assertThat(dot).doesNotExist();
    }

    @Test
    void what_was_done_under_a_lock_that_could_not_be_taken_away_stays() throws IOException {
        try (Folder folder = shelf.open("INBOX")) {
            place(folder, 1);
            long before = Files.size(mbox);
            place(folder, 2);
            dot(ProcessHandle.current().pid(), before);
            place(folder, 3);
            assertThat(folder.scan(k -> false).found()).hasSize(3);
        }
    }

    @Test
    void fields_of_the_file_are_not_the_messages_and_those_that_come_along_are_dropped() throws IOException {
        try (Folder folder = shelf.open("INBOX")) {
            String text =
                    "Return-Path: <bob@example.org>\r\nStatus: RO\r\nX-UID: 4000000000\r\n folded\r\nSubject: s\r\n\r\nStatus: body\r\n";
            try (Staged staged = folder.stage(StoredMessage.of(text), Instant.EPOCH)) {
                staged.place(77, 5, Flags.named(List.of("\\Flagged", "k")));
                Message message =
                        folder.read(new Filed(5, staged.key(5), Flags.NONE)).orElseThrow();
                assertThat(text(message))
                        .isEqualTo("Return-Path: <bob@example.org>\r\nSubject: s\r\n\r\nStatus: body\r\n");
            }
            assertThat(Files.readString(mbox))
                    .startsWith(
                            "From bob@example.org Thu Jan  1 00:00:00 1970\nReturn-Path: <bob@example.org>\nSubject: s\n")
                    .contains("X-IMAPbase: 77 0000000005\nX-UID: 5\nStatus: O \nX-Status: F   \nX-Keywords: k ")
                    .endsWith(" \n\nStatus: body\n\n");
            assertThat(folder.scan(k -> false).found().get(0).flags())
                    .isEqualTo(Flags.named(List.of("\\Flagged", "k")));
        }
    }

    @Test
    void a_uid_that_nobody_gave_is_not_believed() throws IOException {
        try (Folder folder = shelf.open("INBOX")) {
            place(folder, 1);
            Files.writeString(
                    mbox, FOREIGN.replace("\n\nline", "\nX-UID: 4294967295\n\nline"), StandardOpenOption.APPEND);
            place(folder, 2);
            assertThat(folder.scan(k -> false).found()).extracting(Found::uid).containsExactly(1L, 0L, 2L);
            assertThat(folder.scan(k -> false).uidNext()).isEqualTo(3);
        }
    }

    @Test
    void a_lock_that_could_not_be_had_in_full_keeps_nobody_out_afterwards() throws IOException {
        try (Folder folder = shelf.open("INBOX")) {
            place(folder, 1);
            // As a disk that takes no file: who looks whose it is fails.
            Path dot = Files.createDirectory(home.resolve("mbox.lock"));
            assertThatThrownBy(() -> place(folder, 2)).isInstanceOf(IOException.class);
            Files.delete(dot);
            place(folder, 2);
            assertThat(folder.scan(k -> false).found()).hasSize(2);
        }
    }

    @Test
    void the_last_message_goes_though_there_is_no_room_for_a_plan() throws IOException {
        try (Folder folder = shelf.open("INBOX")) {
            place(folder, 1);
            String before = Files.readString(mbox, StandardCharsets.ISO_8859_1);
            Filed last = place(folder, 2);
            // No file can be made there now.
            Path plan = Files.createDirectory(home.resolve("away"));
            Files.createSymbolicLink(
                    Rewrite.beside(mbox), plan.resolve("nowhere").resolve("plan"));
            folder.remove(List.of(last));
            assertThat(Files.readString(mbox, StandardCharsets.ISO_8859_1)).hasSameSizeAs(before);
            assertThat(folder.scan(k -> false).found()).hasSize(1);
        }
    }

    @Test
    void a_rewrite_that_a_crash_cut_short_is_finished_and_what_came_since_is_kept() throws IOException {
        Random random = new Random(5);
        for (int round = 0; round < 120; round++) {
            boolean shrink = random.nextBoolean();
            int target = random.nextInt(4);
            List<String> expected = new ArrayList<>();
            Files.write(mbox, new byte[0]);
            try (Folder folder = shelf.open("INBOX")) {
                for (int i = 0; i < 4; i++) {
                    place(folder, i + 1);
                    if (!shrink || i != target) expected.add("n: " + (i + 1) + "\r\n\r\n" + "x".repeat(i + 1) + "\r\n");
                }
            }
            interrupt(shrink, target, random);
            if (random.nextBoolean()) {
                Files.writeString(mbox, FOREIGN, StandardOpenOption.APPEND);
                expected.add("Subject: foreign\r\n\r\nline\r\n");
            }
            try (Folder folder = shelf.open("INBOX")) {
                List<String> now = new ArrayList<>();
                for (Found found : folder.scan(k -> false).found())
                    now.add(text(folder.read(new Filed(0, found.key(), found.flags()))
                            .orElseThrow()));
                assertThat(now).as("round %d", round).isEqualTo(expected);
            }
            assertThat(Rewrite.interrupted(mbox)).isFalse();
        }
    }

    /** Plans a rewrite and carries out a part of it, as {@link Rewrite#finish} would. */
    private void interrupt(boolean shrink, int target, Random random) throws IOException {
        Mbox open = files.take(mbox);
        open.reading(m -> {
            BitSet gone = new BitSet();
            if (shrink) gone.set(target);
            Map<Integer, Flags> flags = shrink ? Map.of() : Map.of(target, Flags.named(List.of("k".repeat(100))));
            new Rewrite(m, gone, flags).plan();
            return m;
        });
        long start = open.parts().get(target).start();
        files.release(open);
        byte[] plan = Files.readAllBytes(Rewrite.beside(mbox));
        byte[] tail = java.util.Arrays.copyOfRange(plan, 40, plan.length);
        byte[] before = Files.readAllBytes(mbox);
        int done = random.nextInt(tail.length + 1);
        int end = (int) start + tail.length;
        byte[] now = java.util.Arrays.copyOf(before, done == 0 ? before.length : Math.max(before.length, end));
        System.arraycopy(tail, 0, now, (int) start, done);
        boolean truncated = done == tail.length && random.nextBoolean();
        Files.write(mbox, truncated ? java.util.Arrays.copyOf(now, end) : now);
    }

    @Test
    void whatever_a_file_holds_is_read_as_long_as_it_is_said_to_be() throws IOException {
        Random random = new Random(9);
        List<String> words = List.of(
                "\n",
                "\n\n",
                "\r\n",
                "From a 10:10\n",
                "From ",
                ">From x\n",
                "a: b\n",
                " folded\n",
                "Status: RO\n",
                "X-UID: 7\n",
                "X-IMAPbase: 1 9\n",
                "X-Keywords: a b\n",
                "Status:\n",
                "X-Status: AFDT",
                "\0",
                "\u00ff:",
                ":",
                "x".repeat(70_000));
        for (int round = 0; round < 300; round++) {
            StringBuilder file = new StringBuilder();
            for (int i = random.nextInt(30); i > 0; i--)
                file.append(words.get(random.nextInt(words.size() - (random.nextInt(50) == 0 ? 0 : 1))));
            Files.writeString(mbox, file, StandardCharsets.ISO_8859_1);
            try (Folder folder = shelf.open("INBOX")) {
                List<Found> found = folder.scan(k -> false).found();
                for (Found one : found) {
                    Message message =
                            folder.read(new Filed(1, one.key(), one.flags())).orElseThrow();
                    assertThat(text(message)).as(file.toString()).hasSize((int) one.size());
                }
                if (found.isEmpty()) continue;
                Found last = found.get(found.size() - 1);
                String text =
                        text(folder.read(new Filed(1, last.key(), last.flags())).orElseThrow());
                place(folder, 3);
                assertThat(folder.flag(
                                new Filed(1, last.key(), last.flags()), Flags.named(List.of("\\Seen", "k".repeat(50)))))
                        .isTrue();
                folder.remove(found.subList(0, found.size() - 1).stream()
                        .map(f -> new Filed(1, f.key(), f.flags()))
                        .toList());
                assertThat(folder.scan(k -> false).found()).as(file.toString()).hasSize(2);
                assertThat(folder.scan(k -> false).found().get(0).flags().has("k".repeat(50)))
                        .isTrue();
                Found still = folder.scan(k -> false).found().get(0);
                assertThat(still.size()).as(file.toString()).isEqualTo(last.size());
                assertThat(text(folder.read(new Filed(1, still.key(), still.flags()))
                                .orElseThrow()))
                        .isEqualTo(text);
            }
        }
    }

    private static final String INTERNAL = """
            From MAILER-DAEMON Thu Jan  1 00:00:00 1970
            Subject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA
            X-IMAP: 1234567890 0000000009 kwA kwB
            Status: RO

            This text is part of the internal format of your mail folder.

            """;

    /** As Pine and the University of Washington's servers leave it. */
    @Test
    void the_first_message_of_c_client_is_none_and_tells_of_the_others() throws IOException {
        String five = FOREIGN.replace("foreign\n", "five\nX-UID: 5\nStatus: RO\nX-Status: F\nX-Keywords: kwA\n");
        String eight = FOREIGN.replace("foreign\n", "eight\nX-UID: 8\nStatus: O\n");
        Files.writeString(mbox, INTERNAL + five + eight + FOREIGN);
        try (Folder folder = shelf.open("INBOX")) {
            Scan scan = folder.scan(k -> false);
            assertThat(scan.uidValidity()).isEqualTo(1234567890);
            assertThat(scan.uidNext()).isEqualTo(10);
            assertThat(scan.found()).extracting(Found::uid).containsExactly(5L, 8L, 0L);
            assertThat(scan.found().get(0).flags()).isEqualTo(new Flags(Flags.SEEN | Flags.FLAGGED, List.of("kwA")));
            place(folder, 1234567890, 10);
            String counted = INTERNAL.replace("0000000009", "0000000010");
            assertThat(Files.readString(mbox)).startsWith(counted + five);
            scan = folder.scan(k -> false);
            assertThat(scan.found()).extracting(Found::uid).containsExactly(5L, 8L, 0L, 10L);
            // The first of the others goes, and then all.
            for (List<Found> gone :
                    List.of(scan.found().subList(0, 1), scan.found().subList(1, 4))) {
                folder.remove(
                        gone.stream().map(f -> new Filed(0, f.key(), f.flags())).toList());
                assertThat(Files.readString(mbox)).startsWith(counted).doesNotContain("X-IMAPbase");
            }
            assertThat(Files.readString(mbox)).isEqualTo(counted);
            assertThat(folder.scan(k -> false).uidValidity()).isEqualTo(1234567890);
            place(folder, 1234567890, 11);
            assertThat(Files.readString(mbox)).startsWith(INTERNAL.replace("0000000009", "0000000011") + "From ");
        }
    }

    @Test
    void what_c_client_says_of_a_file_is_no_damage() throws IOException {
        Files.writeString(mbox, INTERNAL);
        Inspection nothing = new Inspection() {
            @Override
            public Optional<Address> account() {
                return Optional.empty();
            }

            @Override
            public void found(Damage damage, Mend mend) {
                fail(damage.toString());
            }

            @Override
            public void found(Damage damage) {
                fail(damage.toString());
            }

            @Override
            public void at(String place) {}
        };
        shelf.inspect("INBOX", key -> Optional.empty(), nothing);
    }

    @Test
    void a_mail_that_bears_the_field_of_c_client_is_shown() throws IOException {
        Files.writeString(mbox, FOREIGN.replace("Subject", "X-IMAP: 1234567890 0000000009\nSubject"));
        try (Folder folder = shelf.open("INBOX")) {
            assertThat(folder.scan(k -> false).found()).hasSize(1);
        }
    }

    private static Filed place(Folder folder, int uid) throws IOException {
        return place(folder, 77, uid);
    }

    private static Filed place(Folder folder, long uidValidity, int uid) throws IOException {
        try (Staged staged =
                folder.stage(StoredMessage.of("n: " + uid + "\r\n\r\n" + "x".repeat(uid) + "\r\n"), Instant.EPOCH)) {
            staged.place(uidValidity, uid, Flags.NONE);
            return new Filed(uid, staged.key(uid), Flags.NONE);
        }
    }

    private static String text(Message message) {
        try (var in = message.open()) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
