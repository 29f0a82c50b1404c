package org.posthorn.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.spool.Pending;
import org.posthorn.api.spool.ShelfNote;
import org.posthorn.mime.StoredMessage;

class JournalTest {

    private static final JournalSpool.Limits SMALL_SEGMENTS = new JournalSpool.Limits(1 << 20, 20_000, 0, 0);
    private static final String BODY = "x".repeat(3000);

    @TempDir
    Path root;

    private long segments() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("journal"))) {
            return files.count();
        }
    }

    @Test
    void commits_at_the_same_time_share_a_force() throws Exception {
        int mails = 2000;
        ExecutorService clients = Executors.newFixedThreadPool(20);
        try (JournalSpool spool = Mails.open(root)) {
            List<Callable<Mail>> commits = new ArrayList<>();
            for (int i = 0; i < mails; i++) commits.add(() -> Mails.commit(spool, BODY, "a@example.test"));
            List<String> ids = new ArrayList<>();
            for (Future<Mail> done : clients.invokeAll(commits))
                ids.add(done.get().id().text());
            assertThat(Mails.ids(spool)).containsExactlyInAnyOrderElementsOf(ids);
            assertThat(spool.status().forces()).isLessThan(mails / 2);
        } finally {
            clients.shutdown();
        }
    }

    @Test
    void segments_go_when_their_mail_is_settled() throws IOException {
        try (JournalSpool spool = Mails.open(root, SMALL_SEGMENTS, Mails.BOOT)) {
            for (int i = 0; i < 100; i++) {
                Mail mail = Mails.commit(spool, BODY, "a@example.test");
                spool.settle(mail.id(), List.of(0));
            }
            assertThat(segments()).isLessThanOrEqualTo(2);
        }
    }

    @Test
    void a_settled_mail_stays_settled_while_an_older_one_is_open() throws IOException {
        Mail stuck;
        try (JournalSpool spool = Mails.open(root, SMALL_SEGMENTS, Mails.BOOT)) {
            stuck = Mails.commit(spool, BODY, "a@example.test");
            List<Mail> others = new ArrayList<>();
            for (int i = 0; i < 12; i++) others.add(Mails.commit(spool, BODY, "a@example.test"));
            for (Mail mail : others) spool.settle(mail.id(), List.of(0));
        }
        try (JournalSpool spool = Mails.open(root, SMALL_SEGMENTS, Mails.BOOT)) {
            assertThat(Mails.ids(spool)).containsExactly(stuck.id().text());
        }
    }

    @Test
    void one_stuck_mail_is_carried_on_with_all_that_is_known_of_it() throws IOException {
        Mail stuck;
        ShelfNote note = new ShelfNote.Shelved(1, "b@example.test", "INBOX", 1, 2, "key", 3);
        try (JournalSpool spool = Mails.open(root, SMALL_SEGMENTS, Mails.BOOT)) {
            stuck = Mails.commit(spool, BODY, "a@example.test", "b@example.test");
            spool.settle(stuck.id(), List.of(0));
            spool.note(stuck.id(), note);
            for (int i = 0; i < 200; i++)
                spool.settle(Mails.commit(spool, BODY, "a@example.test").id(), List.of(0));
            assertThat(segments()).isLessThanOrEqualTo(Journal.MANY + 2);
            assertThat(root.resolve("journal/0000000000000001.seg")).doesNotExist();
            assertThat(Mails.text(stuck.message())).isEqualTo(BODY);
        }
        try (JournalSpool spool = Mails.open(root, SMALL_SEGMENTS, Mails.BOOT)) {
            Pending pending = spool.replay().get(0);
            assertThat(spool.replay()).hasSize(1);
            assertThat(pending.settled()).containsExactly(0);
            assertThat(pending.notes()).containsExactly(note);
            assertThat(Mails.text(pending.mail().message())).isEqualTo(BODY);
        }
    }

    @Test
    void a_damaged_mail_is_not_carried_on_as_if_it_were_whole() throws IOException {
        Path first = root.resolve("journal/0000000000000001.seg");
        Mail hurt;
        Mail whole;
        try (JournalSpool spool = Mails.open(root, SMALL_SEGMENTS, Mails.BOOT)) {
            hurt = Mails.commit(spool, BODY, "a@example.test");
            whole = Mails.commit(spool, BODY, "a@example.test");
            try (FileChannel channel = FileChannel.open(first, StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(new byte[] {'y'}), hurtPlace(first));
            }
            for (int i = 0; i < 60; i++)
                spool.settle(Mails.commit(spool, BODY, "a@example.test").id(), List.of(0));
            assertThat(first).exists();
        }
        try (JournalSpool spool = Mails.open(root, SMALL_SEGMENTS, Mails.BOOT)) {
            assertThat(Mails.ids(spool)).containsExactly(whole.id().text());
            assertThat(Mails.text(spool.replay().get(0).mail().message())).isEqualTo(BODY);
            assertThat(root.resolve("damaged").resolve(hurt.id() + Remains.ENDING))
                    .exists();
            assertThat(Directories.list(root.resolve("damaged"), ".seg")).hasSize(1);
            assertThat(first).doesNotExist();
        }
    }

    /** In the middle of the first mail. */
    private static int hurtPlace(Path segment) throws IOException {
        return Files.readString(segment, StandardCharsets.ISO_8859_1).indexOf(BODY) + BODY.length() / 2;
    }

    @Test
    void an_interrupted_sender_neither_breaks_its_mail_nor_that_of_others() throws IOException {
        try (JournalSpool spool = Mails.open(root)) {
            Thread.currentThread().interrupt();
            Mail mail = Mails.commit(spool, BODY, "a@example.test");
            assertThat(Thread.interrupted()).isTrue();
            Mails.commit(spool, BODY, "b@example.test");
            assertThat(Mails.text(mail.message())).isEqualTo(BODY);
        }
    }

    @Test
    void a_disk_that_fails_is_told_to_the_sender_and_forgotten_when_it_works_again() throws IOException {
        Path journal = root.resolve("journal");
        Path away = root.resolve("away");
        Mail before;
        Mail after;
        try (JournalSpool spool = Mails.open(root, SMALL_SEGMENTS, Mails.BOOT)) {
            before = Mails.commit(spool, BODY, "a@example.test");
            Files.move(journal, away);
            Mail settled = null;
            List<Throwable> failures = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                try {
                    settled = Mails.commit(spool, BODY, "a@example.test");
                } catch (IOException e) {
                    failures.add(e);
                }
            }
            assertThat(failures).isNotEmpty();
            spool.settle(settled.id(), List.of(0));
            assertThatThrownBy(() -> Mails.commit(spool, BODY, "a@example.test"))
                    .isInstanceOf(IOException.class);
            Files.move(away, journal);
            after = Mails.commit(spool, BODY, "a@example.test");
            for (String id : Mails.ids(spool))
                if (!id.equals(before.id().text()) && !id.equals(after.id().text()))
                    spool.settle(new org.posthorn.api.mail.MailId(id), List.of(0));
        }
        try (JournalSpool spool = Mails.open(root)) {
            assertThat(Mails.ids(spool))
                    .containsExactly(before.id().text(), after.id().text());
        }
    }

    @Test
    void what_stands_in_a_full_segment_is_safe_though_the_next_cannot_be_begun() throws Exception {
        Directories folders = Directories.in(root);
        try (Journal journal = new Journal(folders, new Ledger(new Replay(folders), Mails.BOOT), 1000, () -> 7)) {
            journal.commit(Waiting.of(ByteBuffer.allocate(10)));
            CountDownLatch busy = new CountDownLatch(1);
            CountDownLatch go = new CountDownLatch(1);
            Runnable wait = () -> {
                busy.countDown();
                try {
                    go.await();
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
            };
            journal.append(Waiting.lazy(wait, ByteBuffer.allocate(10)));
            busy.await();
            Files.move(root.resolve("journal"), root.resolve("away"));
            Waiting fits = Waiting.of(ByteBuffer.allocate(100));
            Committed mail = Committed.small(Mails.draft(StoredMessage.of(""), "a@example.test"), Mails.BOOT, 0);
            Waiting overflows = Waiting.of(mail, ByteBuffer.allocate(2000));
            journal.append(fits);
            journal.append(overflows);
            go.countDown();
            assertThat(overflows.safe())
                    .failsWithin(Duration.ofSeconds(30))
                    .withThrowableOfType(ExecutionException.class);
            assertThat(fits.safe()).succeedsWithin(Duration.ofSeconds(30));
            Files.move(root.resolve("away"), root.resolve("journal"));
        }
    }

    @Test
    void a_carrying_that_breaks_in_an_unforeseen_way_keeps_nobody_waiting() throws Exception {
        Directories folders = Directories.in(root);
        try (Journal journal = new Journal(folders, new Ledger(new Replay(folders), Mails.BOOT), 1000, () -> 7)) {
            Committed odd = Committed.small(Mails.draft(StoredMessage.of(""), "a@example.test"), Mails.BOOT, 0);
            journal.commit(Waiting.of(odd, ByteBuffer.allocate(100)));
            odd.at(new Committed.Spot(odd.spot().segment(), 0, -1, 0));
            for (int i = 0; i < 20; i++) succeeds(journal, Waiting.of(ByteBuffer.allocate(500)));
        }
    }

    private static void succeeds(Journal journal, Waiting record) throws IOException {
        journal.append(record);
        assertThat(record.safe()).succeedsWithin(Duration.ofSeconds(30));
    }

    @Test
    void when_the_thread_ends_nobody_waits_for_it() throws Exception {
        Directories folders = Directories.in(root);
        LongSupplier lots = () -> {
            throw new IllegalStateException() {
                private static final long serialVersionUID = 1;

                @Override
                public String toString() {
                    throw new IllegalStateException("even that cannot be said");
                }
            };
        };
        try (Journal journal = new Journal(folders, new Ledger(new Replay(folders), Mails.BOOT), 1000, lots)) {
            Waiting waits = Waiting.of(ByteBuffer.allocate(10));
            journal.append(waits);
            assertThatThrownBy(() -> waits.safe().get(30, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
            assertThatThrownBy(() -> journal.append(Waiting.of(ByteBuffer.allocate(10))))
                    .hasMessage("the spool is closed");
        }
    }

    @Test
    void gone_makes_safe_what_was_settled_before() throws IOException {
        try (JournalSpool spool = Mails.open(root)) {
            Mail mail = Mails.commit(spool, BODY, "a@example.test");
            spool.settle(mail.id(), List.of(0));
            long forces = spool.status().forces();
            spool.note(mail.id(), new ShelfNote.Gone(0));
            assertThat(spool.status().forces()).isGreaterThan(forces);
        }
        try (JournalSpool spool = Mails.open(root)) {
            assertThat(spool.replay()).isEmpty();
        }
    }

    @Test
    void what_is_known_of_a_mail_outlives_a_carrying_that_was_cut_short() throws IOException {
        ShelfNote note = new ShelfNote.Shelved(1, "b@example.test", "INBOX", 1, 2, "key", 3);
        try (JournalSpool spool = Mails.open(root)) {
            Mail mail = Mails.commit(spool, BODY, "a@example.test", "b@example.test");
            spool.settle(mail.id(), List.of(0));
            spool.note(mail.id(), note);
        }
        Path first = root.resolve("journal/0000000000000001.seg");
        try (FileChannel channel = FileChannel.open(first)) {
            SegmentReader reader = new SegmentReader(channel);
            assertThat(reader.next()).isTrue();
            ByteBuffer carried = ByteBuffer.wrap(reader.record(), 0, reader.length());
            SegmentWriter writer = new SegmentWriter(new Segment(root.resolve("journal"), 2, 7));
            writer.add(Frame.around(carried));
            writer.flush();
            writer.force();
            writer.close();
        }
        try (JournalSpool spool = Mails.open(root)) {
            assertThat(spool.replay()).hasSize(1);
            Pending pending = spool.replay().get(0);
            assertThat(pending.settled()).containsExactly(0);
            assertThat(pending.notes()).containsExactly(note);
            assertThat(Mails.text(pending.mail().message())).isEqualTo(BODY);
        }
    }

    @Test
    void a_closed_spool_takes_nothing_and_leaves_no_thread() throws IOException {
        // Other tests leave spools open, as a crash does.
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        JournalSpool spool = Mails.open(root);
        Mails.commit(spool, BODY, "a@example.test");
        assertThat(Thread.getAllStackTraces().keySet())
                .anyMatch(t -> t.getName().equals("spool-journal") && !before.contains(t));
        spool.close();
        assertThatThrownBy(() -> Mails.commit(spool, BODY, "a@example.test")).isInstanceOf(IOException.class);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(t -> t.getName().equals("spool-journal") && !before.contains(t) && t.isAlive());
    }
}
