package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Copied;
import org.posthorn.api.mailbox.Delivery;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Folder;
import org.posthorn.api.mailbox.MailboxFormat;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.api.mailbox.Shelf;
import org.posthorn.api.mailbox.Staged;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.api.spool.Spool;

/** Accounts that are closed while others are at them. */
class ClosingTest {

    @TempDir
    Path directory;

    private final Post.Journal journal = new Post.Journal();
    private final Leased<Spool> spools = new Leased<>();
    private final Checkpoint checkpoint = new Checkpoint(spools);
    /** What comes before a call of a folder by that name. */
    private volatile Before before = call -> {};

    private interface Before {
        void call(String name) throws IOException;
    }

    private Accounts accounts(String format) throws IOException {
        spools.add(journal, Map.of());
        MailboxFormat real = Post.format(format);
        Leased<MailboxFormat> formats = new Leased<>();
        formats.add(home -> watched(Shelf.class, real.shelf(home)), Map.of("name", format));
        return new Accounts(
                formats,
                new Accounts.Settings(new Homes(directory), Choice.of(format), Choice.of(Allowance.ENDLESS), 100),
                new AccountShelf.Surroundings(Clock.systemUTC(), "boot", checkpoint, new Watches()),
                Duration.ofMinutes(1));
    }

    private <T> T watched(Class<T> type, T real) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (real instanceof Folder) before.call(method.getName());
                    if (real instanceof Staged) before.call("staged " + method.getName());
                    try {
                        Object result = method.invoke(real, arguments);
                        if (result instanceof Staged staged) return watched(Staged.class, staged);
                        return result instanceof Folder folder ? watched(Folder.class, folder) : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    /** A thread whose state tells how far it has come. */
    private record Doer<T>(Thread thread, FutureTask<T> task) {

        static <T> Doer<T> of(Callable<T> what) {
            FutureTask<T> task = new FutureTask<>(what);
            Thread thread = new Thread(task);
            thread.setDaemon(true);
            thread.start();
            return new Doer<>(thread, task);
        }

        /** Comes back when it is done or waits for another. */
        Doer<T> stuck() {
            Thread.State now;
            do now = thread.getState();
            while (now == Thread.State.NEW || now == Thread.State.RUNNABLE || now == Thread.State.BLOCKED);
            return this;
        }

        T get() throws Exception {
            return task.get(30, TimeUnit.SECONDS);
        }
    }

    private static Doer<Void> close(Accounts accounts) {
        return Doer.of(() -> {
            accounts.closeAll(shelf -> true);
            return null;
        });
    }

    private static Mail deliver(Accounts accounts) throws IOException {
        return deliver(accounts, Post.ALICE);
    }

    private static Mail deliver(Accounts accounts, Address to) throws IOException {
        Mail mail = Post.mail(Post.message("Subject: x\r\n\r\n"));
        Delivery delivery = new Delivery(mail, 0, mail.message(), to, "INBOX", Flags.NONE);
        accounts.use(to, shelf -> shelf.use("INBOX", box -> new Arrival(box).delivered(delivery, Instant.EPOCH)));
        return mail;
    }

    private static void await(CountDownLatch event) throws IOException {
        try {
            if (!event.await(30, TimeUnit.SECONDS)) throw new IOException("It did not happen");
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void a_mailbox_that_is_closed_while_it_is_forced_is_not_taken_for_a_disk_that_failed(String format)
            throws Exception {
        Accounts accounts = accounts(format);
        Mail mail = deliver(accounts);
        Box box = accounts.use(Post.ALICE, shelf -> shelf.use("INBOX", b -> b));
        CountDownLatch goOn = new CountDownLatch(1);
        Thread[] forcing = new Thread[1];
        before = call -> {
            if (call.equals("force") && Thread.currentThread() == forcing[0]) await(goOn);
        };
        Doer<Void> settling = Doer.of(() -> {
            forcing[0] = Thread.currentThread();
            box.settle();
            return null;
        });
        settling.stuck();
        Doer<Void> closing = close(accounts).stuck();
        goOn.countDown();
        closing.get();
        assertThatThrownBy(settling::get).hasCauseInstanceOf(Box.Gone.class);
        assertThat(journal.settled).containsExactly(mail.id());
        assertThat(checkpoint.owed().failed(box.where())).isFalse();
    }

    @Test
    void accounts_are_closed_side_by_side() throws Exception {
        Accounts accounts = accounts("maildir");
        for (Address one : List.of(Post.ALICE, Address.of("bob@example.test")))
            accounts.use(one, shelf -> shelf.use("INBOX", box -> box.with(b -> b)));
        CountDownLatch both = new CountDownLatch(2);
        List<Boolean> met = new CopyOnWriteArrayList<>();
        before = call -> {
            if (call.equals("close")) met.add(met(both));
        };
        close(accounts).get();
        assertThat(met).containsExactly(true, true);
    }

    private static boolean met(CountDownLatch all) throws IOException {
        all.countDown();
        try {
            return all.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void what_waits_to_be_settled_is_settled_while_calls_still_run() throws Exception {
        Accounts accounts = accounts("maildir");
        Mail mail = deliver(accounts);
        CountDownLatch over = new CountDownLatch(1);
        Doer<AccountShelf> call = Doer.of(() -> accounts.use(Post.ALICE, shelf -> {
                    await(over);
                    return shelf;
                }))
                .stuck();
        Doer<Void> closing = close(accounts);
        journal.awaitSettled(mail.id());
        over.countDown();
        closing.get();
        call.get();
    }

    @Test
    void who_comes_while_an_account_is_closed_waits_for_the_calls_that_run_and_not_for_its_patience() throws Exception {
        Slot slot = new Slot();
        assertThat(slot.enter()).isTrue();
        Doer<Slot.Claim> closing =
                Doer.of(() -> slot.claim(TimeUnit.MINUTES.toNanos(1))).stuck();
        Doer<Boolean> next = Doer.of(slot::enter).stuck();
        slot.leave();
        assertThat(closing.get()).isEqualTo(Slot.Claim.OURS);
        assertThat(next.task().isDone()).isFalse();
        slot.end();
        assertThat(next.get()).isFalse();
    }

    @Test
    void a_second_who_closes_an_account_comes_back_when_the_first_has_done_so() throws Exception {
        Slot slot = new Slot();
        assertThat(slot.claim(1)).isEqualTo(Slot.Claim.OURS);
        Doer<Slot.Claim> second = Doer.of(() -> slot.claim(1)).stuck();
        assertThat(second.task().isDone()).isFalse();
        slot.end();
        assertThat(second.get()).isEqualTo(Slot.Claim.OVER);
    }

    @Test
    void callers_go_on_when_a_call_that_runs_takes_longer_than_they_are_to_wait() throws Exception {
        Slot slot = new Slot();
        assertThat(slot.enter()).isTrue();
        Doer<Slot.Claim> closing =
                Doer.of(() -> slot.claim(TimeUnit.MILLISECONDS.toNanos(200))).stuck();
        Doer<Boolean> next = Doer.of(slot::enter).stuck();
        assertThat(closing.get()).isEqualTo(Slot.Claim.IN_USE);
        assertThat(next.get()).isTrue();
        slot.leave();
        assertThat(slot.claim(0)).isEqualTo(Slot.Claim.IN_USE);
        assertThat(slot.take()).isEqualTo(Slot.Claim.OURS);
    }

    @Test
    void an_account_with_a_call_that_takes_long_is_in_use_by_others_until_it_is_closed() throws Exception {
        Accounts accounts = accounts("maildir");
        CountDownLatch over = new CountDownLatch(1);
        Doer<AccountShelf> call = Doer.of(() -> accounts.use(Post.ALICE, shelf -> {
                    await(over);
                    return shelf;
                }))
                .stuck();
        Doer<Void> closing = close(accounts).stuck();
        AccountShelf same =
                Doer.of(() -> accounts.use(Post.ALICE, shelf -> shelf)).get();
        assertThat(closing.task().isDone()).isFalse();
        over.countDown();
        closing.get();
        assertThat(call.get()).isSameAs(same);
        assertThat(accounts.inUse(Post.ALICE)).isEmpty();
    }

    @Test
    void a_copy_within_an_account_that_is_to_be_closed_does_not_wait_for_that() throws Exception {
        Accounts accounts = accounts("maildir");
        deliver(accounts);
        AccountShelf shelf = accounts.use(Post.ALICE, s -> s);
        shelf.unload("INBOX");
        UserMailbox inbox = new UserMailbox(accounts, Post.ALICE, "INBOX");
        shelf.structure.lock();
        Doer<Copied> copying = Doer.of(() -> inbox.copy(UidSet.ALL, new UserMailbox(accounts, Post.ALICE, "Archive")))
                .stuck();
        Doer<Void> closing = close(accounts).stuck();
        shelf.structure.unlock();
        assertThat(copying.get().to()).containsExactly(1L);
        closing.get();
    }

    @Test
    void a_mailbox_is_everybodys_while_messages_are_copied_from_it() throws Exception {
        Accounts accounts = accounts("maildir");
        for (int i = 0; i < 20; i++) deliver(accounts);
        List<String> calls = new CopyOnWriteArrayList<>();
        before = call -> {
            if (!call.equals("stage") && !call.equals("staged force")) return;
            calls.add(call);
            if (call.equals("stage")) return;
            CountDownLatch used = new CountDownLatch(1);
            Doer.of(() -> accounts.use(
                    Post.ALICE,
                    shelf -> shelf.use(
                            "INBOX",
                            box -> box.with(b -> {
                                used.countDown();
                                return b;
                            }))));
            await(used);
        };
        UserMailbox archive = new UserMailbox(accounts, Post.ALICE, "Archive");
        Copied copied = new UserMailbox(accounts, Post.ALICE, "INBOX").copy(UidSet.ALL, archive, Rights.ALL);
        assertThat(copied.to()).hasSize(20);
        assertThat(calls.indexOf("staged force")).isEqualTo(16);
        assertThat(calls.lastIndexOf("stage")).isGreaterThan(16);
    }

    @Test
    void a_checkpoint_that_ends_leaves_the_other_mailboxes_to_many() throws Exception {
        Accounts accounts = accounts("maildir");
        for (String name : List.of("alice", "bob", "carol")) deliver(accounts, Address.of(name + "@example.test"));
        CountDownLatch goOn = new CountDownLatch(1);
        CountDownLatch others = new CountDownLatch(2);
        List<String> forced = new CopyOnWriteArrayList<>();
        CountDownLatch begun = new CountDownLatch(1);
        before = call -> {
            if (!call.equals("force")) return;
            String thread = Thread.currentThread().getName();
            begun.countDown();
            if (thread.equals("mailbox-checkpoint")) await(goOn);
            forced.add(thread.equals("mailbox-checkpoint") ? thread : "others " + met(others));
        };
        checkpoint.start(where -> {});
        await(begun);
        Doer<Void> ending = Doer.<Void>of(() -> {
                    checkpoint.close();
                    return null;
                })
                .stuck();
        goOn.countDown();
        ending.get();
        checkpoint.finish();
        assertThat(forced).containsExactly("mailbox-checkpoint", "others true", "others true");
        assertThat(journal.settled).hasSize(3);
    }

    @Test
    void a_store_that_has_let_go_opens_no_account_any_more() throws Exception {
        Post post = new Post("maildir", directory);
        Account alice = post.alice();
        post.close();
        assertThatThrownBy(alice::list).hasMessage("The mailboxes are another version's now");
    }
}
