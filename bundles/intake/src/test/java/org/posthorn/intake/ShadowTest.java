package org.posthorn.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.posthorn.api.filter.Comparison;
import org.posthorn.api.filter.Comparison.Result;
import org.posthorn.api.filter.Finding;
import org.posthorn.api.filter.MailFilter;
import org.posthorn.api.filter.Verdict;
import org.posthorn.api.intake.Submission;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.routing.Route;
import org.posthorn.mime.Octets;
import org.posthorn.mime.StoredMessage;

/** Filters that see mail and do not count. */
class ShadowTest {

    private static final String MAIL = "Subject: x\r\n\r\nbody\r\n";

    private final BlockingQueue<Comparison> heard = new LinkedBlockingQueue<>();

    private interface OnMessage {
        Verdict on(Mail mail) throws IOException;
    }

    private static MailFilter filter(OnMessage message) {
        return new MailFilter() {
            @Override
            public Verdict message(Mail mail) throws IOException {
                return message.on(mail);
            }
        };
    }

    private static Settings settings(List<String> filters, String shadow, Duration limit) {
        return new Settings(
                filters,
                Duration.ofMillis(50),
                limit,
                Duration.ofSeconds(60),
                8,
                20,
                shadow.isEmpty() ? List.of() : List.of(shadow),
                2,
                2);
    }

    /** With one filter in the chain and one version of it, or another filter, in the shadow. */
    private World world(MailFilter counts, String shadow, MailFilter beside) {
        return world(Duration.ofSeconds(5), counts, shadow, beside);
    }

    private World world(Duration limit, MailFilter counts, String shadow, MailFilter beside) {
        World world = new World(settings(List.of("f0"), shadow, limit), counts);
        int at = shadow.indexOf('@');
        world.intake
                .parts()
                .filters()
                .add(beside, Map.of("name", shadow.substring(0, at)), new Home(shadow.substring(at + 1), true));
        world.intake.addComparisons(heard::add);
        return world;
    }

    private Comparison next() throws InterruptedException {
        Comparison next = heard.poll(20, TimeUnit.SECONDS);
        assertThat(next).as("a comparison").isNotNull();
        return next;
    }

    @Test
    void a_shadow_is_heard_and_its_word_does_not_count() throws Exception {
        try (World world = world(filter(m -> Verdict.PASS), "f0@2", filter(m -> Verdict.refuse("new")))) {
            assertThat(world.send(MAIL).code()).isEqualTo(250);
            Comparison told = next();
            assertThat(told.result()).isEqualTo(Result.DISAGREED);
            assertThat(told.filter()).isEqualTo("f0@2");
            assertThat(told.beside()).isEqualTo("f0");
            assertThat(told.mail()).isEqualTo(world.queued.get(0).id());
            assertThat(told.client()).isEqualTo("[192.0.2.7]");
            assertThat(told.sender()).isEqualTo("<ann@there.test>");
            assertThat(told.recipients()).containsExactly(Address.of("bob@here.test"));
            assertThat(told.counted()).isEqualTo("DATA: pass");
            assertThat(told.said()).isEqualTo("550 5.7.1 new");
            assertThat(told.took()).isPositive();
            assertThat(world.queued).hasSize(1);
        }
    }

    @Test
    void a_version_beside_is_never_taken_for_the_one_that_counts() throws Exception {
        MailFilter counts = filter(m -> Verdict.PASS);
        try (World world = world(counts, "f0@2", filter(m -> Verdict.refuse("new")))) {
            world.intake.removeFilter(counts, Map.of("name", "f0"));
            assertThat(world.send(MAIL).toString()).startsWith("451 4.3.5");
        }
    }

    @Test
    void a_version_is_in_the_chain_when_the_chain_names_it() throws Exception {
        MailFilter next = filter(m -> Verdict.refuse("new"));
        try (World world = world(filter(m -> Verdict.PASS), "f0@2", next)) {
            try (World pinned = new World(settings(List.of("f0@2"), "", Duration.ofSeconds(5)))) {
                var ready = pinned.intake.ready().toCompletableFuture();
                assertThat(ready).isNotDone();
                pinned.intake.parts().filters().add(next, Map.of("name", "f0"), new Home("2", true));
                assertThat(ready).isDone();
                assertThat(pinned.send(MAIL).text()).isEqualTo("new");
            }
            assertThat(world.send(MAIL).code()).isEqualTo(250);
        }
    }

    /** Says the same at each moment, and writes down what it is asked. */
    private static final class Witness implements MailFilter {
        final List<String> asked = new ArrayList<>();

        private synchronized Verdict note(Object... words) {
            asked.add(List.of(words).toString());
            return Verdict.PASS;
        }

        @Override
        public Verdict client(Origin origin) {
            return note("client", origin.helo());
        }

        @Override
        public Verdict sender(Origin origin, Optional<Address> sender) {
            return note("sender", sender.orElseThrow());
        }

        @Override
        public Verdict recipient(Origin origin, Envelope before, Recipient recipient) {
            return note("recipient", before.recipients().size(), recipient.address());
        }

        @Override
        public Verdict message(Mail mail) throws IOException {
            return note("message", mail.id(), World.text(mail.message()));
        }
    }

    @Test
    void a_shadow_is_asked_at_the_same_four_moments_with_the_same_words() throws Exception {
        Witness counts = new Witness();
        Witness beside = new Witness();
        try (World world = world(counts, "f0@2", beside)) {
            world.routes.put("carl@here.test", new org.posthorn.api.routing.Route.Via("local", "carl@here.test", true));
            world.send(World.origin(), MAIL, "bob@here.test", "carl@here.test");
            assertThat(next().result()).isEqualTo(Result.AGREED);
            assertThat(counts.asked).hasSize(5);
            assertThat(beside.asked).isEqualTo(counts.asked);
        }
    }

    @Test
    void a_shadow_reads_what_filters_before_it_found_and_findings_count_as_a_difference() throws Exception {
        Finding none = new Finding("spf", "none", Map.of(), "");
        Finding fail = new Finding("spf", "fail", Map.of(), "");
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        MailFilter beside = filter(m -> {
            seen.add(World.text(m.message()));
            return new Verdict.Pass(List.of(fail), List.of());
        });
        MailFilter first = filter(m -> new Verdict.Pass(List.of(new Finding("dkim", "pass", Map.of(), "")), List.of()));
        MailFilter counts = filter(m -> new Verdict.Pass(List.of(none), List.of()));
        try (World world = new World(settings(List.of("f0", "f1"), "f1@2", Duration.ofSeconds(5)), first, counts)) {
            world.intake.parts().filters().add(beside, Map.of("name", "f1"), new Home("2", true));
            world.intake.addComparisons(heard::add);
            world.send(MAIL);
            Comparison told = next();
            assertThat(told.result()).isEqualTo(Result.DISAGREED);
            assertThat(told.counted()).isEqualTo("DATA: pass (spf=none)");
            assertThat(told.said()).isEqualTo("pass (spf=fail)");
            assertThat(seen.take()).contains("dkim=pass").doesNotContain("spf=");
        }
    }

    @Test
    void a_filter_that_the_chain_does_not_have_is_held_against_the_chain() throws Exception {
        MailFilter counts = filter(m -> m.message().size() > 1000 ? Verdict.refuse("large") : Verdict.PASS);
        MailFilter beside = filter(m -> m.message().size() > 900 ? Verdict.refuse("large, I say") : Verdict.PASS);
        try (World world = world(counts, "other@1", beside)) {
            world.send(MAIL);
            assertThat(next().result()).isEqualTo(Result.AGREED);
            world.send(MAIL + "x".repeat(700) + "\r\n");
            Comparison told = next();
            assertThat(told.result()).isEqualTo(Result.DISAGREED);
            assertThat(told.beside()).isEqualTo("the chain");
            assertThat(told.counted()).isEqualTo("pass");
            assertThat(told.said()).isEqualTo("DATA: 550 5.7.1 large, I say");
            world.send(MAIL + "x".repeat(2000) + "\r\n");
            assertThat(next().result()).isEqualTo(Result.AGREED);
        }
    }

    @Test
    void a_mail_that_ended_before_the_shadow_had_its_say_is_left_open() throws Exception {
        MailFilter counts = new MailFilter() {
            @Override
            public Verdict client(Origin origin) {
                return Verdict.refuse("listed");
            }
        };
        try (World world = world(counts, "other@1", filter(m -> Verdict.PASS))) {
            assertThat(world.send(MAIL).code()).isEqualTo(550);
            Comparison told = next();
            assertThat(told.result()).isEqualTo(Result.OPEN);
            assertThat(world.queued).isEmpty();
        }
    }

    @Test
    void another_version_is_not_blamed_for_what_a_filter_before_it_refused() throws Exception {
        MailFilter first = filter(m -> Verdict.refuse("no"));
        try (World world = new World(
                settings(List.of("f0", "f1"), "f1@2", Duration.ofSeconds(5)), first, filter(m -> Verdict.PASS))) {
            world.intake
                    .parts()
                    .filters()
                    .add(filter(m -> Verdict.refuse("me too")), Map.of("name", "f1"), new Home("2", true));
            world.intake.addComparisons(heard::add);
            assertThat(world.send(MAIL).text()).isEqualTo("no");
            assertThat(next().result()).isEqualTo(Result.OPEN);
        }
    }

    @Test
    void a_stateful_filter_is_not_asked_beside_another_version_of_itself() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        MailFilter beside = filter(m -> {
            calls.incrementAndGet();
            return Verdict.PASS;
        });
        try (World world =
                new World(settings(List.of("f0"), "f0@2", Duration.ofSeconds(5)), filter(m -> Verdict.PASS))) {
            world.intake
                    .parts()
                    .filters()
                    .add(beside, Map.of("name", "f0", MailFilter.STATEFUL, true), new Home("2", true));
            world.intake.addComparisons(heard::add);
            world.send(MAIL);
            Comparison told = next();
            assertThat(told.result()).isEqualTo(Result.SKIPPED);
            assertThat(told.said()).isEqualTo("it would share its memory with f0");
            assertThat(calls).hasValue(0);
        }
    }

    @Test
    void a_large_mail_is_judged_by_its_envelope_alone() throws Exception {
        Witness beside = new Witness();
        try (World world = world(new Witness(), "f0@2", beside)) {
            world.send(MAIL + "x".repeat(Transcript.LARGEST) + "\r\n");
            Comparison told = next();
            assertThat(told.result()).isEqualTo(Result.SKIPPED);
            assertThat(told.said()).isEqualTo("it is larger than 256 KiB");
            assertThat(beside.asked).hasSize(3);
        }
    }

    @Test
    void a_message_outlives_its_transaction() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        BlockingQueue<String> seen = new LinkedBlockingQueue<>();
        MailFilter beside = filter(m -> {
            awaitUninterruptibly(over);
            seen.add(World.text(m.message()));
            return Verdict.PASS;
        });
        try (World world = world(filter(m -> Verdict.PASS), "f0@2", beside)) {
            assertThat(world.send(MAIL).code()).isEqualTo(250);
            // The spool has let go of it.
            world.gone = true;
            over.countDown();
            assertThat(next().result()).isEqualTo(Result.AGREED);
            assertThat(seen.take()).endsWith(MAIL);
            assertThat(world.intake.shadows().room().taken()).isZero();
        }
    }

    @Test
    void a_shadow_that_throws_or_says_nothing_is_a_failure_of_its_own_and_left_alone() throws Exception {
        for (OnMessage bad : List.<OnMessage>of(
                m -> {
                    throw new IllegalStateException("broken");
                },
                m -> {
                    throw new StackOverflowError();
                },
                m -> null))
            try (World world = world(filter(m -> Verdict.PASS), "f0@2", filter(bad))) {
                for (int i = 0; i < 3; i++) {
                    assertThat(world.send(MAIL).code()).isEqualTo(250);
                    assertThat(next().result()).isEqualTo(Result.FAILED);
                }
                assertThat(world.send(MAIL).code()).isEqualTo(250);
                Comparison told = next();
                assertThat(told.result()).isEqualTo(Result.SKIPPED);
                assertThat(told.said()).contains("is left alone");
                FilterCommands.Filter row = new FilterCommands(world.intake)
                        .list().stream()
                                .filter(f -> f.name().equals("f0@2"))
                                .findFirst()
                                .orElseThrow();
                assertThat(row.failures()).isEqualTo(3);
                assertThat(row.shadow()).isEqualTo("shadow");
                assertThat(row.leftAlone()).isNotEmpty();
                assertThat(new FilterCommands(world.intake).chain().get(0).failures())
                        .isZero();
            }
    }

    @Test
    void a_shadow_that_keeps_its_threads_costs_the_mail_nothing_and_gets_no_more() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger calls = new AtomicInteger();
        MailFilter stuck = filter(m -> {
            calls.incrementAndGet();
            awaitUninterruptibly(end);
            return Verdict.PASS;
        });
        // That limit is the other filter's as well, which answers at once: so fast as a machine is that has much to do.
        try (World world = world(Duration.ofSeconds(2), filter(m -> Verdict.PASS), "f0@2", stuck)) {
            for (int i = 0; i < 50; i++) assertThat(world.send(MAIL).code()).isEqualTo(250);
            assertThat(next().result()).isEqualTo(Result.FAILED);
            Comparison told = next();
            if (told.result() == Result.FAILED) told = next();
            assertThat(told.result()).isEqualTo(Result.SKIPPED);
            assertThat(told.said()).isEqualTo("it does not give a thread back");
            assertThat(calls.get()).isBetween(1, 2);
        } finally {
            end.countDown();
        }
    }

    @Test
    void what_a_slow_shadow_cannot_keep_up_with_is_skipped_and_counted_and_memory_stays_bounded() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        MailFilter slow = filter(m -> {
            awaitUninterruptibly(end);
            return Verdict.PASS;
        });
        int mails = 1500;
        try (World world = world(filter(m -> Verdict.PASS), "f0@2", slow)) {
            for (int i = 0; i < mails; i++) assertThat(world.send(MAIL).code()).isEqualTo(250);
            // Two are at work, a thousand wait.
            for (int i = 0; i < mails - 1002; i++) {
                Comparison told = next();
                assertThat(told.result()).isEqualTo(Result.SKIPPED);
                assertThat(told.said()).isEqualTo("too much waits for it");
            }
            assertThat(heard).isEmpty();
            end.countDown();
            for (int i = 0; i < 1002; i++) assertThat(next().result()).isEqualTo(Result.AGREED);
            assertThat(world.intake.shadows().room().taken()).isZero();
        }
    }

    @Test
    void mail_with_very_many_recipients_that_waits_takes_a_bounded_room() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        BlockingQueue<Integer> seen = new LinkedBlockingQueue<>();
        MailFilter slow = new MailFilter() {
            @Override
            public Verdict recipient(Origin origin, Envelope before, Recipient recipient) {
                awaitUninterruptibly(end);
                seen.add(before.recipients().size());
                return Verdict.PASS;
            }
        };
        try (World world = world(Duration.ofMinutes(5), filter(m -> Verdict.PASS), "f0@2", slow)) {
            String[] many = new String[1000];
            for (int i = 0; i < many.length; i++) {
                many[i] = "r" + i + "@far.test";
                world.routes.put(many[i], new Route.Via("smtp", "far.test", false));
            }
            Origin ours = World.origin("ann@here.test");
            Room room = world.intake.shadows().room();
            int mails = 0;
            long before = -1;
            // Until there is no room for one more.
            while (heard.isEmpty()) {
                assertThat(room.taken()).isGreaterThan(before);
                before = room.taken();
                assertThat(world.send(ours, MAIL, many).code()).isEqualTo(250);
                mails++;
            }
            assertThat(next().said()).isEqualTo("too much waits for the shadow");
            assertThat(room.taken()).isEqualTo(before);
            assertThat(mails).isBetween(20, 200);
            end.countDown();
            for (int i = 1; i < mails; i++) assertThat(next().said()).doesNotContain("threads");
            assertThat(room.taken()).isZero();
            assertThat(seen).hasSize(1000 * (mails - 1));
            assertThat(seen).contains(999);
        }
    }

    private static Mail unreadable(Callable<InputStream> open) throws IOException {
        Octets octets = new Octets() {
            @Override
            public long size() {
                return 60;
            }

            @Override
            public InputStream open() throws IOException {
                try {
                    return open.call();
                } catch (IOException | RuntimeException e) {
                    throw e;
                } catch (Exception e) {
                    throw new IOException(e);
                }
            }

            @Override
            public long transferTo(long position, long count, WritableByteChannel to) {
                return 0;
            }
        };
        Envelope envelope = new Envelope(Optional.empty(), MailParameters.NONE, List.of());
        return new Mail(MailId.next(), Instant.EPOCH, World.origin(), envelope, StoredMessage.of(octets), false);
    }

    @Test
    void a_message_that_cannot_be_copied_costs_its_mail_nothing_and_takes_no_room() throws Exception {
        Room room = new Room(100);
        List<Callable<InputStream>> broken = List.of(
                () -> {
                    throw new IOException("gone");
                },
                () -> {
                    throw new IllegalStateException("closed");
                },
                () -> {
                    throw new OutOfMemoryError("Java heap space");
                });
        for (Callable<InputStream> open : broken) {
            new Transcript(MailId.next(), World.origin(), room).message(unreadable(open));
            assertThat(room.taken()).isZero();
        }
    }

    @Test
    void copies_of_mail_that_waits_take_a_bounded_room() throws Exception {
        Room room = new Room(100);
        assertThat(room.take(60)).isTrue();
        assertThat(room.take(60)).isFalse();
        room.give(60);
        assertThat(room.take(100)).isTrue();
    }

    @Test
    void a_shadow_taken_out_of_the_settings_lets_go_of_all_that_waited() throws Exception {
        CountDownLatch end = new CountDownLatch(1);
        MailFilter slow = filter(m -> {
            awaitUninterruptibly(end);
            return Verdict.PASS;
        });
        try (World world = world(filter(m -> Verdict.PASS), "f0@2", slow)) {
            for (int i = 0; i < 10; i++) world.send(MAIL);
            world.intake.shadows().change(settings(List.of("f0"), "", Duration.ofSeconds(5)));
            end.countDown();
            List<String> said = new ArrayList<>();
            for (int i = 0; i < 10; i++) said.add(next().said());
            // Two were at work.
            assertThat(said).filteredOn("the settings have changed"::equals).hasSize(8);
            assertThat(world.intake.shadows().room().taken()).isZero();
            assertThat(world.intake.shadows().transcript(org.posthorn.api.mail.MailId.next(), World.origin()))
                    .isEmpty();
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

    @Test
    void a_mail_that_the_chain_could_not_judge_is_left_open() throws Exception {
        MailFilter broken = filter(m -> {
            throw new IOException("broken");
        });
        try (World world = world(broken, "other@1", filter(m -> Verdict.refuse("no")))) {
            assertThat(world.send(MAIL).code()).isEqualTo(451);
            assertThat(next().result()).isEqualTo(Result.OPEN);
        }
    }

    @Test
    void a_mail_given_up_half_way_is_compared_as_far_as_it_came() throws Exception {
        try (World world = world(new Witness(), "f0@2", new Witness())) {
            try (Submission mail = world.intake.begin(World.origin())) {
                Reply reply = mail.sender(Optional.of(Address.of("ann@there.test")), World.NONE);
                assertThat(reply.positive()).isTrue();
            }
            assertThat(next().result()).isEqualTo(Result.AGREED);
            try (Submission mail = world.intake.begin(World.origin())) {
                assertThat(mail).isNotNull();
            }
            assertThat(heard).isEmpty();
        }
    }
}
