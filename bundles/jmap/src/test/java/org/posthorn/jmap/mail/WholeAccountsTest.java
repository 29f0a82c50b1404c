package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mail.Address;
import org.posthorn.jmap.Calls;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.MethodFault;

/** How many calls hold all Emails of one account. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class WholeAccountsTest {

    private final WholeAccounts whole = new WholeAccounts();
    private final Map<Address, CountDownLatch> held = new ConcurrentHashMap<>();
    private final CountDownLatch end = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private Path folder;
    private Shared shared;

    @BeforeEach
    void begin(@TempDir Path folder) throws IOException {
        this.folder = folder;
        shared = new Shared(folder);
    }

    @AfterEach
    void end() throws InterruptedException {
        end.countDown();
        for (Thread thread : threads) thread.join();
        shared.close();
    }

    private void hold(Context context) throws MethodFault {
        whole.take(context, Address.of(Shared.ALICE));
        held.get(context.user()).countDown();
        try {
            end.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private Thread hold(Address user) {
        held.put(user, new CountDownLatch(1));
        Calls calls = new Calls(shared.store(), user, folder.resolve("uploads"), new Within(this::hold));
        Thread thread = new Thread(() -> {
            try {
                Within.call(calls);
            } catch (IOException broken) {
                throw new AssertionError(broken);
            }
        });
        threads.add(thread);
        thread.start();
        return thread;
    }

    @Test
    void of_others_few_at_a_time_and_its_owner_whoever_else_does() throws InterruptedException {
        List<Thread> others = new ArrayList<>();
        for (int i = 0; i < 8; i++) others.add(hold(Address.of("user" + i + "@example.org")));
        Address alice = Address.of(Shared.ALICE);
        hold(alice);
        held.get(alice).await();
        // Each of them holds it or waits for its turn.
        for (Thread other : others)
            while (other.getState() != Thread.State.WAITING && other.getState() != Thread.State.TIMED_WAITING)
                Thread.onSpinWait();
        held.remove(alice);
        long holding =
                held.values().stream().filter(latch -> latch.getCount() == 0).count();
        assertThat(holding).isBetween(1L, 3L);
        List<CountDownLatch> all = List.copyOf(held.values());
        end.countDown();
        for (CountDownLatch latch : all) latch.await();
    }
}
