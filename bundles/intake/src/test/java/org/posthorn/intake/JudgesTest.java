package org.posthorn.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.posthorn.api.filter.MailFilter;
import org.posthorn.api.filter.Verdict;
import org.posthorn.api.intake.Submission;
import org.posthorn.api.lease.Probation;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.routing.Router;

/** Filters and routers that misbehave. */
class JudgesTest {

    private static final String MAIL = "Subject: x\r\n\r\nbody\r\n";
    /** Long enough for a plug-in that answers, on a machine that has much to do. */
    private static final Duration PATIENT = Duration.ofSeconds(2);

    private interface Message {
        Verdict on(Mail mail) throws IOException;
    }

    private static MailFilter filter(Message message) {
        return new MailFilter() {
            @Override
            public Verdict message(Mail mail) throws IOException {
                return message.on(mail);
            }
        };
    }

    @Test
    void a_filter_that_does_not_answer_is_interrupted_and_the_mail_put_off() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        try (World world = new World(World.settings(PATIENT, List.of("f0")), filter(mail -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
            }
            return Verdict.PASS;
        }))) {
            assertThat(world.send(MAIL).toString()).startsWith("451 4.3.0");
            assertThat(interrupted.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(world.queued).isEmpty();
            assertThat(new FilterCommands(world.intake).list().get(0).lastFailure())
                    .contains("no answer within");
        }
    }

    @Test
    void a_filter_that_loops_for_ever_costs_its_mail_and_nothing_else() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        boolean[] end = new boolean[1];
        try (World world = new World(World.settings(PATIENT, List.of("f0")), filter(mail -> {
            while (calls.get() == 0 && !stopped(end)) Thread.onSpinWait();
            return Verdict.PASS;
        }))) {
            assertThat(world.send(MAIL).code()).isEqualTo(451);
            calls.incrementAndGet();
            assertThat(world.send(MAIL).code()).isEqualTo(250);
        } finally {
            synchronized (end) {
                end[0] = true;
            }
        }
    }

    private static boolean stopped(boolean[] end) {
        synchronized (end) {
            return end[0];
        }
    }

    @Test
    void a_filter_that_fails_three_times_is_left_alone_for_a_while_but_never_skipped() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (World world = new World(filter(mail -> {
            if (calls.incrementAndGet() <= 4) throw new IllegalStateException("broken");
            return Verdict.PASS;
        }))) {
            for (int i = 0; i < 10; i++) assertThat(world.send(MAIL).code()).isEqualTo(451);
            assertThat(calls).hasValue(3);
            world.now = world.now.plusSeconds(61);
            assertThat(world.send(MAIL).code()).isEqualTo(451);
            assertThat(world.send(MAIL).code()).isEqualTo(451);
            assertThat(calls).hasValue(4);
            world.now = world.now.plusSeconds(61);
            assertThat(world.send(MAIL).code()).isEqualTo(250);
            FilterCommands.Filter told =
                    new FilterCommands(world.intake).chain().get(0);
            assertThat(told)
                    .isEqualTo(new FilterCommands.Filter(
                            "f0", 1, "", true, 4, "", "java.lang.IllegalStateException: broken"));
        }
    }

    @Test
    void saying_nothing_and_errors_are_failures_too() throws Exception {
        try (World world = new World(filter(mail -> null))) {
            assertThat(world.send(MAIL).code()).isEqualTo(451);
        }
        try (World world = new World(filter(mail -> {
            throw new StackOverflowError();
        }))) {
            assertThat(world.send(MAIL).code()).isEqualTo(451);
        }
    }

    @Test
    void a_filter_that_keeps_its_thread_is_asked_on_another() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        Settings one = new Settings(List.of("f0"), Duration.ZERO, Duration.ofMillis(50), Duration.ofSeconds(60), 1, 20);
        try (World world = new World(one, filter(mail -> {
            awaitUninterruptibly(end);
            return Verdict.PASS;
        }))) {
            assertThat(world.send(MAIL).code()).isEqualTo(451);
            assertThat(world.send(MAIL).code()).isEqualTo(451);
            assertThat(world.intake.watchdog().breaker("filter f0").state().failures())
                    .isEqualTo(2);
        } finally {
            end.countDown();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        while (latch.getCount() > 0) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                // This filter does not listen.
                continue;
            }
        }
    }

    /** A mail whose recipient has been accepted. */
    private static Submission underWay(World world) throws IOException {
        Submission mail = world.intake.begin(World.origin());
        assertThat(mail.sender(Optional.empty(), World.NONE).code()).isEqualTo(250);
        assertThat(mail.recipient(new Recipient(Address.of("bob@here.test"))).code())
                .isEqualTo(250);
        mail.data().write(World.bytes(MAIL));
        return mail;
    }

    @Test
    void a_swap_does_not_wait_for_a_mail_that_is_under_way_which_is_judged_by_the_new_one() throws Exception {
        MailFilter old = filter(mail -> Verdict.PASS);
        try (World world = new World(old);
                Submission mail = underWay(world)) {
            world.intake.addFilter(filter(m -> Verdict.refuse("new")), Map.of("name", "f0", "service.id", 1L));
            assertTimeout(Duration.ofSeconds(20), () -> world.intake.removeFilter(old, Map.of("name", "f0")));
            assertThat(mail.finish().text()).isEqualTo("new");
        }
    }

    @Test
    void a_mail_does_not_slip_through_between_two_versions_that_judge_at_different_moments() throws Exception {
        MailFilter old = filter(mail -> Verdict.PASS);
        MailFilter other = new MailFilter() {
            @Override
            public Verdict sender(Origin origin, Optional<Address> sender) {
                return Verdict.refuse("new");
            }
        };
        try (World world = new World(old);
                Submission mail = underWay(world)) {
            world.intake.addFilter(other, Map.of("name", "f0", "service.id", 1L));
            world.intake.removeFilter(old, Map.of("name", "f0"));
            assertThat(mail.finish()).hasToString("451 4.3.0 Mail could not be judged; try again later");
            assertThat(world.send(MAIL).text()).isEqualTo("new");
        }
    }

    @Test
    void a_mail_under_way_is_put_off_when_a_filter_or_all_routers_are_gone() throws Exception {
        MailFilter filter = filter(mail -> Verdict.PASS);
        try (World world = new World(filter);
                Submission mail = underWay(world)) {
            world.intake.removeRouter(world, Map.of());
            assertThat(mail.recipient(new Recipient(Address.of("eve@far.test"))).code())
                    .isEqualTo(451);
            world.intake.addRouter(world, Map.of());
            world.intake.removeFilter(filter, Map.of("name", "f0"));
            assertThat(mail.finish().code()).isEqualTo(451);
        }
    }

    @Test
    void a_mail_under_way_waits_for_a_filter_that_is_being_changed() throws Exception {
        MailFilter filter = filter(mail -> Verdict.PASS);
        Settings patient = new Settings(List.of("f0"), Duration.ofSeconds(20), PATIENT, Duration.ofSeconds(60), 8, 20);
        try (World world = new World(patient, filter);
                Submission mail = underWay(world)) {
            world.intake.removeFilter(filter, Map.of("name", "f0"));
            FutureTask<Integer> finish = new FutureTask<>(() -> mail.finish().code());
            Thread client = new Thread(finish);
            client.start();
            while (client.getState() != Thread.State.WAITING && client.isAlive()) Thread.onSpinWait();
            world.intake.addFilter(filter, Map.of("name", "f0"));
            assertThat(finish.get()).isEqualTo(250);
        }
    }

    @Test
    void a_closed_intake_leaves_no_thread() throws Exception {
        // Those of other tests may still be at a filter that takes its time.
        Set<Thread> before = Thread.getAllStackTraces().keySet();
        World world = new World(filter(mail -> Verdict.PASS));
        world.send(MAIL);
        Thread[] workers = Thread.getAllStackTraces().keySet().stream()
                .filter(t -> t.getName().equals("intake-plugin") && !before.contains(t))
                .toArray(Thread[]::new);
        assertThat(workers).isNotEmpty();
        world.close();
        for (Thread worker : workers) worker.join(5000);
        assertThat(workers).noneMatch(Thread::isAlive);
    }

    /** A filter that fails as long as that says so. */
    private static MailFilter failing(AtomicBoolean broken) {
        return filter(mail -> {
            if (broken.get()) throw new IllegalStateException("broken");
            return Verdict.PASS;
        });
    }

    @Test
    void the_failures_of_one_version_are_not_held_against_the_next() throws Exception {
        MailFilter old = failing(new AtomicBoolean(true));
        AtomicBoolean slips = new AtomicBoolean();
        try (World world = new World(old)) {
            for (int mail = 0; mail < 3; mail++)
                assertThat(world.send(MAIL).code()).isEqualTo(451);
            assertThat(world.intake.watchdog().breaker("filter f0").open()).isTrue();
            Map<String, Object> next = Map.of("name", "f0", "service.id", 1L, "service.bundleid", 4713L);
            Probation.begin(4713);
            world.intake.addFilter(failing(slips), next);
            assertThat(world.send(MAIL).code()).as("while the next is on trial").isEqualTo(451);
            Probation.end(4713);
            world.intake.removeFilter(old, Map.of("name", "f0"));
            assertThat(world.send(MAIL).code()).isEqualTo(250);
            slips.set(true);
            assertThat(world.send(MAIL).code()).isEqualTo(451);
            slips.set(false);
            assertThat(world.send(MAIL).code()).as("behind one slip").isEqualTo(250);
        }
    }

    @Test
    void a_version_that_does_not_stand_its_trial_leaves_the_other_as_it_was() throws Exception {
        MailFilter bad = failing(new AtomicBoolean(true));
        try (World world = new World(bad)) {
            for (int mail = 0; mail < 3; mail++)
                assertThat(world.send(MAIL).code()).isEqualTo(451);
            MailFilter next = filter(mail -> Verdict.PASS);
            Map<String, Object> tried = Map.of("name", "f0", "service.id", 1L, "service.bundleid", 4714L);
            Probation.begin(4714);
            world.intake.addFilter(next, tried);
            world.intake.removeFilter(next, tried);
            Probation.end(4714);
            assertThat(world.intake.watchdog().breaker("filter f0").open()).isTrue();
        }
    }

    @Test
    void so_with_a_router() throws Exception {
        try (World world = new World(World.settings(PATIENT, List.of()))) {
            Router broken = router(world, address -> {
                throw new IllegalStateException("broken");
            });
            for (int mail = 0; mail < 3; mail++)
                assertThat(world.send(MAIL).code()).isEqualTo(451);
            world.intake.removeRouter(broken, Map.of());
            assertThat(world.send(MAIL).code()).isEqualTo(250);
        }
    }

    private static Router router(World world, Router broken) {
        world.intake.addRouter(broken, Map.of("service.ranking", 1));
        return broken;
    }

    @Test
    void a_router_that_does_not_answer_is_interrupted_and_the_recipient_put_off() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);
        try (World world = new World(World.settings(PATIENT, List.of()))) {
            Router broken = router(world, address -> {
                try {
                    new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
                return Optional.empty();
            });
            assertThat(world.send(MAIL).toString()).startsWith("451 4.3.0");
            assertThat(interrupted.await(5, TimeUnit.SECONDS)).isTrue();
            assertThat(new FilterCommands(world.intake).list().get(0))
                    .isEqualTo(new FilterCommands.Filter(
                            "router org.posthorn.intake", 0, "", true, 1, "", "no answer within 2 s"));
            world.intake.removeRouter(broken, Map.of());
            assertThat(world.send(MAIL).code()).isEqualTo(250);
        }
    }

    @Test
    void a_router_that_fails_three_times_is_left_alone_but_never_skipped() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (World world = new World()) {
            router(world, address -> {
                if (calls.incrementAndGet() <= 3) throw new IllegalStateException("broken");
                return Optional.empty();
            });
            for (int i = 0; i < 10; i++) assertThat(world.send(MAIL).code()).isEqualTo(451);
            assertThat(calls).hasValue(3);
            world.now = world.now.plusSeconds(61);
            assertThat(world.send(MAIL).code()).isEqualTo(250);
        }
    }

    @Test
    void a_router_that_cannot_tell_now_has_not_failed() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        try (World world = new World()) {
            router(world, address -> {
                // Of each mail twice.
                if (calls.incrementAndGet() <= 10) throw new IOException("the directory is down");
                return Optional.empty();
            });
            for (int i = 0; i < 5; i++) assertThat(world.send(MAIL).code()).isEqualTo(451);
            assertThat(world.send(MAIL).code()).isEqualTo(250);
        }
    }

    @Test
    void who_finds_all_workers_at_work_waits_for_one() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch end = new CountDownLatch(1);
        Settings one = new Settings(List.of(), Duration.ZERO, Duration.ofSeconds(30), Duration.ofSeconds(60), 1, 20);
        try (World world = new World(one)) {
            router(world, address -> {
                asked.countDown();
                awaitUninterruptibly(end);
                return Optional.empty();
            });
            FutureTask<Integer> first = new FutureTask<>(() -> world.send(MAIL).code());
            FutureTask<Integer> second = new FutureTask<>(() -> world.send(MAIL).code());
            new Thread(first).start();
            asked.await();
            Thread waiting = new Thread(second);
            waiting.start();
            while (!second.isDone() && waiting.getState() != Thread.State.TIMED_WAITING) Thread.onSpinWait();
            end.countDown();
            assertThat(first.get()).isEqualTo(250);
            assertThat(second.get()).isEqualTo(250);
        }
    }
}
