package org.posthorn.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.Placed;
import org.posthorn.api.mailbox.SentCopies;
import org.posthorn.api.mailbox.SentMail;

/** What a user sends is kept for him, and the mail goes whatever comes of that. */
class SentKeepingTest {

    private static final String MAIL = "Subject: x\r\n\r\nbody\r\n";

    /** Remembers what it was given. */
    private static final class Keeper implements SentCopies {
        final List<SentMail> kept = new ArrayList<>();

        @Override
        public Optional<Placed> keep(SentMail sent) {
            kept.add(sent);
            return Optional.empty();
        }
    }

    private static World world(SentCopies keeper) {
        World world = new World();
        world.intake.addSentCopies(keeper, Map.of());
        return world;
    }

    private static Reply submit(World world, String mail) throws IOException {
        return world.send(World.origin("bob@here.test"), mail, "eve@far.test");
    }

    private static void isQueued(World world, Reply reply) {
        assertThat(reply)
                .hasToString("250 2.0.0 Ok: queued as " + world.queued.get(0).id());
    }

    @Test
    void it_is_the_logins_whatever_the_envelope_says() throws IOException {
        Keeper keeper = new Keeper();
        try (World world = world(keeper)) {
            submit(world, MAIL);
            SentMail sent = keeper.kept.get(0);
            assertThat(sent.account()).hasToString("bob@here.test");
            assertThat(sent.mail()).isSameAs(world.queued.get(0));
            assertThat(World.text(sent.mail().message())).endsWith(MAIL);
        }
    }

    @Test
    void it_is_told_what_the_client_left_out() throws IOException {
        Keeper keeper = new Keeper();
        try (World world = world(keeper)) {
            submit(world, MAIL);
            submit(world, "Date: Sun, 22 Nov 2026 19:30:00 +0100\r\n" + MAIL);
            submit(world, "Message-ID: <a@b>\r\n" + MAIL);
            assertThat(keeper.kept).extracting(SentMail::dated).containsExactly(false, true, false);
            assertThat(keeper.kept).extracting(SentMail::identified).containsExactly(false, false, true);
        }
    }

    @Test
    void mail_of_strangers_and_what_came_otherwise_is_kept_for_nobody() throws IOException {
        Keeper keeper = new Keeper();
        try (World world = world(keeper)) {
            world.send(MAIL);
            Origin smtp = World.origin("bob@here.test");
            Origin jmap = new Origin(
                    "HTTPS", smtp.client(), smtp.helo(), smtp.login(), smtp.tls(), smtp.server(), smtp.listener());
            world.send(jmap, MAIL, "eve@far.test");
            world.send(Origin.local("mx.here.test"), MAIL, "bob@here.test");
            assertThat(world.queued).hasSize(3);
            assertThat(keeper.kept).isEmpty();
        }
    }

    @Test
    void what_is_refused_is_kept_by_nobody() throws IOException {
        Keeper keeper = new Keeper();
        try (World world = world(keeper)) {
            submit(world, "Received: x\r\n".repeat(21) + MAIL);
            world.broken = true;
            submit(world, MAIL);
            assertThat(world.queued).isEmpty();
            assertThat(keeper.kept).isEmpty();
        }
    }

    @Test
    void it_is_kept_when_it_is_safe_and_before_it_goes() throws IOException {
        List<String> steps = new ArrayList<>();
        try (World world = world(sent -> {
            steps.add("kept");
            return Optional.empty();
        })) {
            world.committed = () -> steps.add("safe");
            world.adding = () -> steps.add("queued");
            submit(world, MAIL);
            assertThat(steps).containsExactly("safe", "kept", "queued");
        }
    }

    @Test
    void what_fails_costs_the_mail_nothing() throws IOException {
        for (Throwable failure : List.of(
                new MailboxFault(MailboxFault.Kind.OVERQUOTA, "full"),
                new IOException("broken"),
                new IllegalStateException(),
                new NoClassDefFoundError(),
                new OutOfMemoryError("made for this test"))) {
            try (World world = world(sent -> {
                if (failure instanceof IOException broken) throw broken;
                if (failure instanceof Error error) throw error;
                throw (RuntimeException) failure;
            })) {
                isQueued(world, submit(world, MAIL));
            }
        }
    }

    @Test
    void without_mailboxes_nobody_waits() throws IOException {
        try (World world = new World(patient(Duration.ofMinutes(1)))) {
            assertTimeout(Duration.ofSeconds(30), () -> isQueued(world, submit(world, MAIL)));
        }
    }

    private static Settings patient(Duration limit) {
        return new Settings(List.of(), Duration.ofMinutes(1), limit, Duration.ofSeconds(60), 8, 20);
    }

    @Test
    void when_mailboxes_stay_away_the_mail_goes() throws IOException {
        Keeper keeper = new Keeper();
        try (World world = world(keeper)) {
            world.intake.removeSentCopies(keeper);
            isQueued(world, submit(world, MAIL));
            assertThat(keeper.kept).isEmpty();
        }
    }

    @Test
    void mailboxes_that_are_away_for_a_moment_are_waited_for() throws Exception {
        Keeper before = new Keeper();
        Keeper next = new Keeper();
        try (World world = new World(patient(Duration.ofMinutes(1)))) {
            world.intake.addSentCopies(before, Map.of());
            world.committed = () -> {
                world.intake.removeSentCopies(before);
                CompletableFuture.runAsync(() -> world.intake.addSentCopies(next, Map.of()));
            };
            isQueued(world, submit(world, MAIL));
            assertThat(next.kept).hasSize(1);
        }
    }

    @Test
    void mailboxes_that_do_not_answer_do_not_hold_the_mail() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        try (World world = new World(patient(Duration.ofMillis(100)))) {
            world.intake.addSentCopies(
                    sent -> {
                        try {
                            answer.await();
                            done.countDown();
                        } catch (InterruptedException e) {
                            throw new IllegalStateException("nobody may interrupt it", e);
                        }
                        return Optional.empty();
                    },
                    Map.of());
            isQueued(world, submit(world, MAIL));
            assertThat(done.getCount()).isEqualTo(1);
        } finally {
            answer.countDown();
        }
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void one_under_way_is_kept_when_another_version_comes() throws IOException {
        Keeper keeper = new Keeper();
        try (World world = world(keeper)) {
            world.committed = world.intake::close;
            isQueued(world, submit(world, MAIL));
            assertThat(keeper.kept).hasSize(1);
        }
    }
}
