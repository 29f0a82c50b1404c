package org.posthorn.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.testkit.TcpLine;

/** Many conversations, when a better service of their protocol comes. */
class MovingTest {

    private static final int MANY = 40;
    /** Four at once; one more for each that has not looked within its second, which a slow machine may do to some. */
    private static final int FEW = 10;

    @TempDir
    Path folder;

    private final List<TcpLine> clients = new ArrayList<>();

    private void connect(House house) throws Exception {
        int port = house.listen(Port.TlsMode.none);
        for (int n = 0; n < MANY; n++) {
            clients.add(TcpLine.to(port));
            assertThat(clients.get(n).read()).isEqualTo("hello v1");
        }
    }

    private void disconnect() throws Exception {
        for (TcpLine client : clients) client.close();
    }

    @Test
    void those_who_say_nothing_are_moved_a_few_at_a_time_and_all_of_them() throws Exception {
        try (House house = new House(folder)) {
            Echo first = house.speaks("v1");
            connect(house);
            AtomicInteger now = new AtomicInteger();
            AtomicInteger most = new AtomicInteger();
            Echo second = new Echo("v2");
            second.resumeAsks = c -> {
                most.accumulateAndGet(now.incrementAndGet(), Math::max);
                LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
                now.decrementAndGet();
            };
            house.add(second, 1);
            house.remove(first);
            assertThat(first.events).hasSize(MANY).containsOnly("closed v1");
            assertThat(most.get()).isLessThanOrEqualTo(FEW);
            disconnect();
        }
    }

    @Test
    void who_gives_a_command_moves_though_others_are_long_about_it() throws Exception {
        try (House house = new House(folder)) {
            house.speaks("v1");
            connect(house);
            CountDownLatch release = new CountDownLatch(1);
            AtomicInteger moving = new AtomicInteger();
            Echo second = new Echo("v2");
            second.resumeAsks = c -> {
                // The last one is the first that goes on: he has said something.
                if (moving.incrementAndGet() == MANY) release.countDown();
                else await(release);
            };
            house.add(second, 1);
            for (TcpLine client : clients) client.send("new\r\n");
            for (TcpLine client : clients) assertThat(client.read()).isEqualTo("v2: new");
            disconnect();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
