package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.Emails;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.IdChanges;
import org.posthorn.api.mailbox.IdChanges.Change;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.mime.StoredMessage;

/** Which emails belong together: RFC 8621 3. */
class ThreadsTest {

    @TempDir
    Path directory;

    private static Emails emails(Post post) throws IOException {
        return post.store().emails(Post.ALICE);
    }

    private static Entry append(Post post, String header) throws IOException {
        return post.inbox().append(Post.message(header + "\r\n"), Flags.NONE, Instant.ofEpochSecond(1_000_000_000));
    }

    private static long thread(String header, long emailId) throws IOException {
        return ThreadNumber.of(
                StoredMessage.of(header.replace("|", "\r\n") + "\r\n\r\n").header(), emailId);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                // Of the first message
                "Message-ID: <a@x>|Subject: s ~ References: <a@x>|Message-ID: <b@x>|Subject: Re: s ~ true",
                "Message-ID: <a@x>|Subject: s ~ References: <a@x> <b@x>|In-Reply-To: <b@x>|Subject: Re: s ~ true",
                "Message-ID: <a@x>|Subject: s ~ In-Reply-To: <a@x>|Message-ID: <b@x>|Subject: s ~ true",
                "Message-ID: <a@x>|Subject: s ~ In-Reply-To: Your message of today <a@x>|Subject: Re: s ~ true",
                "Message-ID: <a@x>|Subject: s ~ References: |In-Reply-To: <a@x>|Subject: Re: s ~ true",
                "In-Reply-To: <a@x>|Subject: s ~ References: <a@x>|Subject: RE: [list] s (fwd) ~ true",
                "Message-ID: <a@x>|Subject: s ~ Message-ID: <b@x>|Subject: Re: s ~ false",
                "Message-ID: <a@x>|Subject: s ~ References: <b@x> <a@x>|Subject: Re: s ~ false",
                // The subject
                "Message-ID: <a@x>|Subject: s ~ In-Reply-To: <a@x>|Subject: other ~ false",
                "Message-ID: <a@x>|Subject: a long  one ~ In-Reply-To: <a@x>|Subject: Re: a|\tlongone ~ true",
                "Message-ID: <a@x>|Subject: Gr\u00fc\u00dfe ~ In-Reply-To: <a@x>|Subject: Re: =?utf-8?q?Gr=C3=BC=C3=9Fe?= ~ true",
                "Message-ID: <a@x> ~ In-Reply-To: <a@x> ~ true",
                "Message-ID: <a@x> ~ In-Reply-To: <a@x>|Subject: ~ true",
                "Message-ID: <a@x>|Subject: ~ In-Reply-To: <a@x>|Subject: Re: ~ true",
                "Message-ID: <a@x>|Subject: s ~ In-Reply-To: <a@x> ~ false",
                // Nothing to go by
                "Subject: s ~ Subject: s ~ false",
                "Subject: s ~ Message-ID: <>|Subject: s ~ false",
                "Message-ID: none|Subject: s ~ Message-ID: none|Subject: s ~ false"
            })
    void replies_belong_to_what_they_answer_unless_the_subject_is_another(String one, String other, boolean together)
            throws Exception {
        String plain = new String(
                one.getBytes(java.nio.charset.StandardCharsets.UTF_8), java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(thread(plain, 1) == thread(other, 2)).isEqualTo(together);
    }

    /** It stands in files and in clients: it is not to become another. */
    @Test
    void a_number_stays() throws Exception {
        assertThat(thread("Message-ID: <a@x>|Subject: s", 1)).isEqualTo(thread("Message-ID: <a@x>|Subject: s", 2));
        assertThat(thread("Message-ID: <a@x>|Subject: Re: S", 1)).isEqualTo(8509448052477984848L);
        assertThat(thread("A: b", 5)).isEqualTo(thread("A: c", 5)).isPositive();
    }

    @Test
    void they_do_not_depend_on_what_came_first() throws Exception {
        List<String> headers = new java.util.ArrayList<>(List.of(
                "Message-ID: <a@x>\r\nSubject: s\r\n",
                "Message-ID: <b@x>\r\nIn-Reply-To: <a@x>\r\nSubject: Re: s\r\n",
                "Message-ID: <c@x>\r\nReferences: <a@x> <b@x>\r\nSubject: Re: s\r\n",
                "Message-ID: <d@x>\r\nReferences: <a@x>\r\nSubject: new\r\n"));
        Map<String, Long> before = new HashMap<>();
        for (int round = 0; round < 4; round++) {
            Collections.shuffle(headers, new Random(round));
            try (Post post = new Post("maildir", directory.resolve("round" + round))) {
                for (String header : headers) {
                    Entry entry = append(post, header);
                    long thread =
                            emails(post).emails(Set.of(entry.emailId())).get(0).thread();
                    assertThat(before.computeIfAbsent(header, h -> thread)).isEqualTo(thread);
                }
            }
        }
        assertThat(before.values().stream().distinct()).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void they_survive_a_restart_a_lost_index_and_the_loss_of_their_file(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            append(post, "Message-ID: <a@x>\r\nSubject: s\r\n");
            Entry reply = append(post, "In-Reply-To: <a@x>\r\nSubject: Re: s\r\n");
            append(post, "Subject: alone\r\n");
            post.inbox().copy(UidSet.of(reply.uid()), post.mailbox("Archive"));
            Map<Long, Long> before = threads(post);
            assertThat(before).hasSize(3);
            Path file = AccountShelf.indexes(post.home(), format).resolve(Threads.NAME);
            post.restart();
            assertThat(threads(post)).isEqualTo(before);
            for (Hurt hurt : List.<Hurt>of(Files::delete, ThreadsTest::cut, ThreadsTest::disturb)) {
                post.stop();
                hurt.at(file);
                post.open();
                assertThat(threads(post)).isEqualTo(before);
                assertThat(ThreadFile.sound(file)).isTrue();
            }
            long thread = before.get(reply.emailId());
            List<Email> together = emails(post).threads(Set.of(thread, 7L));
            assertThat(together).extracting(Email::thread).containsExactly(thread, thread);
            assertThat(together.get(1).places()).hasSize(2);
            post.stop();
            Files.delete(AccountShelf.indexPath(AccountShelf.indexes(post.home(), format), "INBOX"));
            Files.delete(file);
            post.open();
            if (format.equals("maildir")) assertThat(threads(post)).isEqualTo(before);
            assertThat(emails(post).threads(Set.of(thread))).isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void headers_are_read_when_somebody_asks_and_once(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            AtomicInteger read = new AtomicInteger();
            Entry one = append(post, "Subject: s\r\n");
            post.inbox().copy(UidSet.of(one.uid()), post.mailbox("Archive"));
            post.faults.header = read::incrementAndGet;
            post.deliver(Post.mail(Post.message("Subject: s\r\n\r\n")));
            post.restart();
            post.inbox().status();
            emails(post).mailboxes();
            emails(post).changes(emails(post).state());
            assertThat(read.get()).isZero();
            emails(post).emails(Set.of(one.emailId()));
            assertThat(read.get()).isEqualTo(1);
            for (int round = 0; round < 2; round++) {
                assertThat(emails(post).all()).hasSize(2);
                assertThat(emails(post).mailbox("Archive", UidSet.ALL)).hasSize(1);
                assertThat(read.get()).isEqualTo(2);
                post.restart();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void others_go_on_while_headers_are_read(String format) throws Exception {
        ExecutorService worker = Executors.newSingleThreadExecutor();
        try (Post post = new Post(format, directory)) {
            Entry first = append(post, "Subject: s\r\n");
            append(post, "Subject: t\r\n");
            CountDownLatch reading = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            post.faults.header = () -> {
                reading.countDown();
                try {
                    goOn.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            };
            Future<List<Email>> looking = worker.submit(() -> emails(post).all());
            reading.await();
            post.faults.header = () -> {};
            append(post, "Subject: u\r\n");
            post.inbox().expunge(UidSet.of(first.uid()));
            post.alice().create("new", Optional.empty());
            assertThat(emails(post).all()).hasSize(2);
            goOn.countDown();
            assertThat(looking.get()).extracting(Email::number).doesNotContain(first.emailId());
        } finally {
            worker.shutdownNow();
        }
    }

    private interface Hurt {
        void at(Path file) throws IOException;
    }

    private static void cut(Path file) throws IOException {
        byte[] all = Files.readAllBytes(file);
        Files.write(file, java.util.Arrays.copyOf(all, all.length - 7));
    }

    private static void disturb(Path file) throws IOException {
        byte[] all = Files.readAllBytes(file);
        all[all.length - 30] ^= 4;
        Files.write(file, all);
    }

    private static Map<Long, Long> threads(Post post) throws IOException {
        Map<Long, Long> threads = new HashMap<>();
        emails(post).all().forEach(email -> threads.put(email.number(), email.thread()));
        return threads;
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void emails_of_a_thread_are_in_order_of_time(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            for (int day : new int[] {3, 1, 2})
                post.inbox()
                        .append(
                                Post.message("References: <a@x>\r\n\r\n" + day),
                                Flags.NONE,
                                Instant.parse("2020-01-0" + day + "T00:00:00Z"));
            long thread = emails(post).mailbox("INBOX", UidSet.of(1)).get(0).thread();
            assertThat(emails(post).threads(Set.of(thread)))
                    .extracting(e -> e.places().get(0).entry().uid())
                    .containsExactly(2L, 3L, 1L);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void a_thread_is_created_updated_and_destroyed_with_its_emails(String format) throws Exception {
        try (Post post = new Post(format, directory)) {
            Entry joined = append(post, "Message-ID: <a@x>\r\n");
            Entry parted = append(post, "Message-ID: <b@x>\r\n");
            append(post, "References: <b@x>\r\n");
            Entry alone = append(post, "Message-ID: <c@x>\r\n");
            Entry flagged = append(post, "Message-ID: <d@x>\r\n");
            Map<Long, Long> threads = threads(post);
            long state = emails(post).state();
            append(post, "References: <a@x>\r\n");
            Entry fresh = append(post, "Message-ID: <e@x>\r\n");
            append(post, "References: <e@x>\r\n");
            post.inbox().expunge(UidSet.ofUids(java.util.stream.LongStream.of(parted.uid(), alone.uid())));
            post.inbox().move(UidSet.of(flagged.uid()), post.mailbox("Archive"));
            IdChanges changes = emails(post).threadChanges(state).orElseThrow();
            assertThat(changes.created())
                    .extracting(Change::number)
                    .containsExactly(threads(post).get(fresh.emailId()));
            assertThat(changes.updated())
                    .extracting(Change::number)
                    .containsExactlyInAnyOrder(threads.get(joined.emailId()), threads.get(parted.emailId()));
            assertThat(changes.destroyed()).extracting(Change::number).containsExactly(threads.get(alone.emailId()));
            assertThat(emails(post).threadChanges(changes.state()).orElseThrow().updated())
                    .isEmpty();
            post.stop();
            Files.delete(AccountShelf.indexes(post.home(), format).resolve(Threads.NAME));
            post.open();
            assertThat(emails(post).threadChanges(state)).isEmpty();
        }
    }

    @Test
    void a_file_that_holds_mostly_what_is_gone_is_made_small() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            Entry there = append(post, "Message-ID: <a@x>\r\n");
            long thread = emails(post).all().get(0).thread();
            Path file = AccountShelf.indexes(post.home(), "maildir").resolve(Threads.NAME);
            post.stop();
            long[] gone = new Random(1).longs(5000).toArray();
            new ThreadFile(file)
                    .append(
                            gone,
                            java.util.Arrays.stream(gone)
                                    .map(g -> 1 + g & Long.MAX_VALUE)
                                    .toArray());
            post.open();
            assertThat(Files.size(file)).isGreaterThan(100_000);
            assertThat(emails(post).all()).extracting(Email::thread).containsExactly(thread);
            assertThat(Files.size(file)).isLessThan(100);
            post.restart();
            assertThat(emails(post).emails(Set.of(there.emailId())).get(0).thread())
                    .isEqualTo(thread);
        }
    }

    @Test
    void an_account_that_is_closed_writes_none() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            AccountShelf shelf = ((UserEmails) emails(post)).boxes().use(s -> s);
            Path file = AccountShelf.indexes(post.home(), "maildir").resolve(Threads.NAME);
            post.stop();
            shelf.threads().add(new long[] {1}, new long[] {2});
            shelf.threads().save();
            assertThat(file).doesNotExist();
            post.open();
        }
    }

    @Test
    void what_could_not_be_written_is_written_with_the_next() throws Exception {
        Path file = directory.resolve("threads");
        Threads threads = new Threads(file);
        threads.add(new long[] {1}, new long[] {11});
        Files.delete(file);
        Files.createDirectory(file);
        threads.add(new long[] {2}, new long[] {12});
        Files.delete(file);
        threads.add(new long[] {3}, new long[] {13});
        assertThat(new Threads(file).of(new long[] {1, 2, 3})).containsExactly(11, 12, 13);
    }

    @Test
    void numbers_are_found_by_number() {
        LongMap map = new LongMap();
        Map<Long, Long> expected = new HashMap<>();
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            long key = i % 2 == 0 ? i : random.nextLong();
            map.put(key, i + 1);
            expected.put(key, i + 1L);
        }
        map.put(0, 9);
        expected.put(0L, 9L);
        assertThat(map.size()).isEqualTo(expected.size());
        expected.forEach((key, value) -> assertThat(map.get(key)).isEqualTo(value));
        assertThat(map.get(-5)).isZero();
        Map<Long, Long> each = new HashMap<>();
        map.each(each::put);
        assertThat(each).isEqualTo(expected);
    }
}
