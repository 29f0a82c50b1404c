package org.posthorn.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Entrance;
import org.posthorn.api.users.Login;

class VoidLoginsTest {

    private static final Address ANN = Address.of("ann@example.test");
    private static final Address BOB = Address.of("bob@example.test");

    @TempDir
    Path data;

    private final Town town = new Town();
    private final Backends backends = Town.backends(town);
    private final List<String> ended = new ArrayList<>();
    private Credentials credentials;
    private VoidLogins voids;

    @BeforeEach
    void begin() throws Exception {
        town.addUser(ANN, "secret");
        town.addUser(BOB, "hidden");
        credentials = new Credentials(backends, new ServerSecret(data), Settings.TERMS, Clock.systemUTC());
        voids = withoutClock(credentials);
    }

    /** One to which the test is the clock. */
    static VoidLogins withoutClock(Credentials credentials) {
        ScheduledThreadPoolExecutor never = new ScheduledThreadPoolExecutor(1, new ThreadPoolExecutor.DiscardPolicy());
        never.shutdown();
        return new VoidLogins(credentials, never);
    }

    /** A second ago. */
    private Runnable open(Address account, String name) {
        Runnable leave = enter(account, name);
        voids.lookAtEntered();
        return leave;
    }

    private Runnable enter(Address account, String name) {
        return voids.listen(new Entrance(account), () -> ended.add(name));
    }

    @Test
    void all_connections_of_the_account_end_and_no_others() {
        open(ANN, "ann 1");
        open(Address.of("Ann@Example.test"), "ann 2");
        open(ANN, "ann, gone").run();
        open(BOB, "bob");
        voids.end(ANN);
        voids.end(ANN);
        assertThat(ended).containsExactlyInAnyOrder("ann 1", "ann 2");
    }

    @Test
    void a_password_that_was_changed_elsewhere_ends_those_who_came_by_the_old_one() {
        open(ANN, "by the old one");
        voids.look();
        assertThat(ended).isEmpty();
        town.password(ANN, "another");
        open(ANN, "by the new one");
        voids.look();
        assertThat(ended).containsExactly("by the old one");
    }

    @Test
    void whoever_is_locked_or_gone_is_out_at_the_next_look() {
        open(ANN, "ann");
        open(BOB, "bob");
        town.locked.add(ANN);
        voids.look();
        assertThat(ended).containsExactly("ann");
        town.removeUser(BOB);
        voids.look();
        assertThat(ended).containsExactly("ann", "bob");
    }

    @Test
    void a_directory_that_cannot_be_asked_ends_nobody() {
        open(ANN, "ann");
        town.broken = true;
        open(ANN, "ann, in the dark");
        voids.look();
        town.broken = false;
        voids.look();
        assertThat(ended).isEmpty();
        town.password(ANN, "another");
        voids.look();
        assertThat(ended).containsExactlyInAnyOrder("ann", "ann, in the dark");
    }

    @Test
    void a_directory_that_is_stopped_ends_nobody() throws Exception {
        open(ANN, "ann");
        String mark = credentials.standing(ANN);
        backends.removeAuthenticator(town);
        voids.look();
        backends.addAuthenticator(town, Map.of("name", "town0"));
        assertThat(credentials.standing(ANN)).isEqualTo(mark);
        assertThat(ended).isEmpty();
        town.password(ANN, "another");
        voids.look();
        assertThat(ended).containsExactly("ann");
    }

    @Test
    void what_others_tell_counts_while_a_directory_is_away() {
        Town away = new Town();
        Backends both = Town.backends(town, away);
        credentials = new Credentials(both, new ServerSecret(data), Settings.TERMS, Clock.systemUTC());
        voids = withoutClock(credentials);
        open(ANN, "ann");
        both.removeAuthenticator(away);
        town.password(ANN, "another");
        voids.look();
        assertThat(ended).containsExactly("ann");
    }

    @Test
    void whoever_enters_waits_for_no_directory_and_is_looked_at_soon_after() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        List<Thread> askers = new CopyOnWriteArrayList<>();
        town.reading = a -> {
            askers.add(Thread.currentThread());
            asked.countDown();
        };
        VoidLogins running = new VoidLogins(credentials);
        try {
            running.listen(new Entrance(ANN), () -> {});
            assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(askers).doesNotContain(Thread.currentThread());
        } finally {
            running.stop();
        }
    }

    @Test
    void who_is_asked_when_it_stops_is_not_interrupted_and_nobody_is_asked_behind_him() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch stopping = new CountDownLatch(1);
        List<Boolean> interrupted = new CopyOnWriteArrayList<>();
        town.reading = a -> {
            asked.countDown();
            try {
                stopping.await();
                interrupted.add(false);
            } catch (InterruptedException e) {
                interrupted.add(true);
            }
        };
        VoidLogins running = new VoidLogins(credentials);
        running.listen(new Entrance(ANN), () -> {});
        running.listen(new Entrance(BOB), () -> {});
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        Thread stop = new Thread(() -> {
            try {
                running.stop();
            } catch (InterruptedException e) {
                interrupted.add(true);
            }
        });
        stop.start();
        while (stop.isAlive() && stop.getState() != Thread.State.TIMED_WAITING) Thread.onSpinWait();
        stopping.countDown();
        stop.join();
        assertThat(interrupted).containsExactly(false);
    }

    @Test
    void a_look_that_has_read_the_password_before_ends_nobody_who_came_by_the_new_one() {
        open(ANN, "by the old one");
        town.reading = a -> {
            town.reading = b -> {};
            town.password(ANN, "another");
            voids.end(ANN);
            open(ANN, "by the new one");
        };
        voids.look();
        voids.look();
        assertThat(ended).containsExactly("by the old one");
    }

    @Test
    void whoever_enters_during_a_look_is_not_held_to_be_there_by_the_password_before() {
        open(ANN, "by the old one");
        town.reading = a -> {
            town.reading = b -> {};
            town.password(ANN, "another");
            enter(ANN, "by the new one");
        };
        voids.look();
        voids.lookAtEntered();
        assertThat(ended).containsExactly("by the old one");
    }

    @Test
    void an_account_that_cannot_be_asked_for_hides_no_other() {
        open(ANN, "ann");
        for (int i = 0; i < 4; i++) open(Address.of(i + "@example.test"), "nobody knows");
        town.password(ANN, "another");
        town.reading = a -> {
            if (!a.equals(ANN)) throw new UncheckedIOException(new IOException("no"));
        };
        voids.look();
        assertThat(ended).containsExactly("ann");
    }

    @Test
    void one_that_cannot_be_ended_hides_no_other() {
        voids.listen(new Entrance(ANN), () -> {
            throw new IllegalStateException("no");
        });
        open(ANN, "ann");
        voids.end(ANN);
        assertThat(ended).containsExactly("ann");
    }

    /** The check has read the old one by then. */
    @Test
    void a_password_that_is_changed_while_it_is_checked_lets_nobody_in() throws Exception {
        Failures failures =
                new Failures(Failures.Records.fresh(), System::nanoTime, UserAccounts.delays(new Settings(0, 0, 8)));
        UserAccounts accounts =
                new UserAccounts(backends, Town.routing(), new ServerSecret(data), credentials, voids, failures);
        town.checking = () -> {
            voids.end(ANN);
            town.checking = () -> town.password(ANN, "another");
        };
        Login login = accounts.login("ann", "secret", InetAddress.getLoopbackAddress());
        assertThat(login).isInstanceOf(Login.Denied.class);
    }
}
