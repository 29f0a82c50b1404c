package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mailbox.MailboxFormat;
import org.posthorn.api.mailbox.MailboxReading;
import org.posthorn.api.spool.Spool;

class AccountsTest {

    @TempDir
    Path directory;

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @Test
    void an_account_that_cannot_be_opened_is_not_tried_again_by_itself() {
        AtomicInteger tries = new AtomicInteger();
        MailboxFormat broken = home -> {
            tries.incrementAndGet();
            throw new IOException("Not a directory");
        };
        Accounts accounts = accounts(broken);
        assertThatThrownBy(() -> accounts.use(Post.ALICE, shelf -> shelf)).hasMessage("Not a directory");
        for (int look = 0; look < 3; look++) accounts.tend(0);
        assertThat(tries).hasValue(1);
    }

    /** They have patience with calls that run for a moment alone. */
    private Accounts accounts(MailboxFormat format) {
        return accounts(format, Duration.ofMillis(20));
    }

    private Accounts accounts(MailboxFormat format, Duration patience) {
        Leased<MailboxFormat> formats = new Leased<>();
        formats.add(format, Map.of("name", "only"));
        Checkpoint checkpoint = new Checkpoint(new Leased<Spool>());
        return new Accounts(
                formats,
                new Accounts.Settings(new Homes(directory), Choice.of("only"), Choice.of(Allowance.ENDLESS), 100),
                new AccountShelf.Surroundings(Clock.systemUTC(), "boot", checkpoint, new Watches()),
                patience);
    }

    @Test
    void a_format_that_goes_waits_for_no_account_of_another() throws Exception {
        Accounts accounts = accounts(Post.format("maildir"), Duration.ofMinutes(1));
        LongCall call = new LongCall(accounts);
        Future<?> closing = threads.submit(() -> accounts.closeAll(shelf -> false));
        assertThat(closing).succeedsWithin(Duration.ofSeconds(8));
        call.end();
    }

    @Test
    void who_ends_late_does_not_have_an_account_opened_twice() throws Exception {
        AtomicInteger opened = new AtomicInteger();
        CountDownLatch opening = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        MailboxFormat maildir = Post.format("maildir");
        Accounts accounts = accounts(home -> {
            if (opened.incrementAndGet() == 2) {
                opening.countDown();
                await(goOn);
            }
            return maildir.shelf(home);
        });
        LongCall late = new LongCall(accounts);
        accounts.closeAll(shelf -> true);
        Future<AccountShelf> one = threads.submit(() -> accounts.use(Post.ALICE, shelf -> shelf));
        await(opening);
        late.end();
        goOn.countDown();
        assertThat(accounts.<AccountShelf>use(Post.ALICE, shelf -> shelf)).isSameAs(one.get());
        assertThat(opened).hasValue(2);
    }

    @Test
    void who_ends_late_does_not_have_an_account_in_use_closed() throws Exception {
        Accounts accounts = accounts(Post.format("maildir"));
        LongCall late = new LongCall(accounts);
        accounts.closeAll(shelf -> true);
        LongCall next = new LongCall(accounts);
        late.end();
        accounts.tend(0);
        assertThat(accounts.<AccountShelf>use(Post.ALICE, shelf -> shelf)).isSameAs(next.end());
    }

    @Test
    void who_comes_late_opens_no_mailbox_in_an_account_that_was_closed() throws Exception {
        Accounts accounts = accounts(Post.format("maildir"));
        List<AccountShelf> given = new ArrayList<>();
        Box box = accounts.use(Post.ALICE, shelf -> {
            given.add(shelf);
            if (given.size() == 1) closeElsewhere(accounts);
            return shelf.use("INBOX", b -> b);
        });
        assertThat(given).hasSize(2);
        assertThat(box.account()).isSameAs(given.get(1)).isNotSameAs(given.get(0));
        assertThat(given.get(0).inUse("INBOX")).isEmpty();
        assertThatThrownBy(given.get(0)::save).isInstanceOf(AccountShelf.Closed.class);
    }

    @Test
    void who_waited_to_make_a_mailbox_while_its_account_was_closed_makes_it_in_the_next() throws Exception {
        Accounts accounts = accounts(Post.format("maildir"));
        closedBefore(accounts, alice -> alice.create("Work", Optional.empty()));
        assertThat(new UserAccount(accounts, Post.ALICE).mailbox("Work")).isPresent();
    }

    @Test
    void who_waited_to_subscribe_while_the_account_was_closed_subscribes_in_the_next() throws Exception {
        Accounts accounts = accounts(Post.format("maildir"));
        closedBefore(accounts, alice -> alice.subscribe("Work"));
        assertThat(new UserAccount(accounts, Post.ALICE).subscriptions()).contains("Work");
    }

    @Test
    void who_asks_what_was_noted_waits_for_nobody() throws Exception {
        Accounts accounts = accounts(Post.format("maildir"));
        UserAnnotations annotations = new UserAnnotations(accounts, Post.ALICE);
        annotations.set("INBOX", Map.of("/private/comment", Optional.of("x")));
        AccountShelf shelf = accounts.use(Post.ALICE, alice -> alice);
        shelf.structure.lock();
        try {
            assertThat(threads.submit(() -> annotations.since(0).size()))
                    .succeedsWithin(Duration.ofSeconds(8))
                    .isEqualTo(1);
        } finally {
            shelf.structure.unlock();
        }
    }

    private interface Deed {
        void on(UserAccount account) throws IOException;
    }

    /** Has the account closed, and opened again, before somebody who has it already gets to what he wants to do. */
    private void closedBefore(Accounts accounts, Deed deed) throws Exception {
        AccountShelf before = accounts.use(Post.ALICE, shelf -> shelf);
        before.structure.lock();
        Future<?> late = threads.submit(() -> {
            deed.on(new UserAccount(accounts, Post.ALICE));
            return null;
        });
        while (!before.structure.hasQueuedThreads()) Thread.onSpinWait();
        accounts.closeAll(shelf -> true);
        assertThat(accounts.<AccountShelf>use(Post.ALICE, shelf -> shelf)).isNotSameAs(before);
        before.structure.unlock();
        late.get();
    }

    private void closeElsewhere(Accounts accounts) throws IOException {
        try {
            threads.submit(() -> accounts.closeAll(shelf -> true)).get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IOException(e);
        }
    }

    /** A call on an account that lasts until it is told to end. */
    private final class LongCall {
        private final CountDownLatch begun = new CountDownLatch(1);
        private final CountDownLatch over = new CountDownLatch(1);
        private final Future<AccountShelf> call;

        LongCall(Accounts accounts) throws IOException {
            call = threads.submit(() -> accounts.use(Post.ALICE, shelf -> {
                begun.countDown();
                await(over);
                return shelf;
            }));
            await(begun);
        }

        /** @return what it was about */
        AccountShelf end() throws Exception {
            over.countDown();
            return call.get();
        }
    }

    private static void await(CountDownLatch event) throws IOException {
        try {
            if (!event.await(30, TimeUnit.SECONDS)) throw new IOException("It did not happen");
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @AfterEach
    void end() {
        threads.shutdownNow();
    }

    @Test
    void an_account_file_that_is_damaged_is_made_anew_and_nothing_else_is_lost() throws Exception {
        try (Post post = new Post("maildir", directory)) {
            post.deliver(Post.mail(Post.message("Subject: x\r\n\r\n")));
            post.alice().subscribe("elsewhere");
        }
        Path file = directory.resolve("mail/example.test/alice/index/maildir/account");
        String text = Files.readString(file, StandardCharsets.ISO_8859_1);
        for (String damaged : List.of(text.replaceFirst("modseq \\d+", "modseq 12x"), "\n\n")) {
            Files.writeString(file, damaged, StandardCharsets.ISO_8859_1);
            try (Post post = new Post("maildir", directory)) {
                assertThat(post.inbox().status().messages()).isEqualTo(1);
                assertThat(post.alice().list()).hasSize(6);
            }
        }
    }

    @Test
    void an_account_that_is_let_go_of_and_has_not_changed_rings_no_more() throws Exception {
        Accounts accounts = accounts(Post.format("maildir"));
        AtomicInteger rung = new AtomicInteger();
        MailboxReading.Watch watch = accounts.watches().add(Post.ALICE, name -> false, name -> rung.incrementAndGet());
        for (int look = 0; look < 3; look++) {
            accounts.tend(0);
            assertThat(accounts.inUse(Post.ALICE)).isEmpty();
        }
        // For what has come since it was listed.
        assertThat(rung).hasValue(1);
        accounts.use(Post.ALICE, shelf -> shelf.make("New"));
        accounts.tend(0);
        assertThat(rung).hasValue(2);
        watch.close();
        assertThat(accounts.watches().accounts()).isEmpty();
    }
}
