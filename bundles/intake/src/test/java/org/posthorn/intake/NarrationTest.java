package org.posthorn.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.filter.Finding;
import org.posthorn.api.filter.MailFilter;
import org.posthorn.api.filter.Verdict;
import org.posthorn.api.intake.Submission;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;

/** What is told of a mail on its way in. */
class NarrationTest {

    private static final String MAIL = "Message-ID: <m@there.test>\r\nSubject: x\r\n\r\nbody\r\n";

    private final List<MailEvent> told = new CopyOnWriteArrayList<>();

    private World world(MailFilter... filters) {
        World world = new World(filters);
        world.intake.addEvents(told::add, Map.of());
        return world;
    }

    private List<String> kinds() {
        return told.stream().map(e -> e.getClass().getSimpleName()).toList();
    }

    private <T extends MailEvent> T only(Class<T> kind) {
        List<T> found = told.stream().filter(kind::isInstance).map(kind::cast).toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static MailFilter judge(Verdict verdict) {
        return new MailFilter() {
            @Override
            public Verdict recipient(Origin o, org.posthorn.api.mail.Envelope before, Recipient r) {
                return r.address().localPart().equals("spamtrap") ? Verdict.refuse("not for you") : Verdict.PASS;
            }

            @Override
            public Verdict message(Mail mail) {
                return verdict;
            }
        };
    }

    @Test
    void a_mail_that_is_taken_is_told_of_from_mail_to_its_reply_under_one_id() throws IOException {
        Verdict found = new Verdict.Pass(
                List.of(new Finding("spf", "pass", Map.of("smtp.mailfrom", "there.test"), "as it says")), List.of());
        try (World world = world(judge(found))) {
            Reply reply = world.send(MAIL);
            assertThat(kinds()).containsExactly("Begun", "Judged", "Answered", "Content", "Judged", "Accepted");
            assertThat(told).allMatch(e -> reply.text().endsWith(e.mail().text()));
            assertThat(world.queued.get(0).id()).isEqualTo(told.get(0).mail());
            MailEvent.Begun begun = only(MailEvent.Begun.class);
            assertThat(begun.origin()).isEqualTo(World.origin());
            assertThat(begun.sender()).contains(Address.of("ann@there.test"));
            MailEvent.Content content = only(MailEvent.Content.class);
            assertThat(content.messageId()).isEqualTo("<m@there.test>");
            assertThat(content.octets()).isEqualTo(MAIL.length());
            MailEvent.Judged judged = (MailEvent.Judged) told.get(4);
            assertThat(judged.filter()).isEqualTo("f0");
            assertThat(judged.moment()).isEqualTo("message");
            assertThat(judged.word()).isEqualTo(MailEvent.Word.PASS);
            assertThat(judged.took()).isPositive();
            assertThat(judged.findings()).containsExactly("spf=pass (as it says) smtp.mailfrom=there.test");
        }
    }

    @Test
    void one_who_hears_and_fails_costs_no_mail_and_no_filter_its_name() throws IOException {
        try (World world = new World(judge(Verdict.PASS))) {
            world.intake.addEvents(
                    event -> {
                        throw new IllegalStateException("it cannot hear");
                    },
                    Map.of());
            for (int mail = 0; mail < 5; mail++)
                assertThat(world.send(MAIL).code()).isEqualTo(250);
            assertThat(world.queued).hasSize(5);
            assertThat(world.intake.watchdog().breaker("filter f0").state().failures())
                    .isZero();
        }
    }

    @Test
    void a_mail_that_is_safe_is_not_refused_when_its_end_cannot_be_told() throws IOException {
        try (World world = world()) {
            world.committed = () -> world.now = null;
            assertThat(world.send(MAIL).code()).isEqualTo(250);
            assertThat(kinds()).containsExactly("Begun", "Answered", "Content");
            assertThat(world.queued).hasSize(1);
        }
    }

    @Test
    void who_refused_a_recipient_is_told() throws IOException {
        try (World world = world(judge(Verdict.PASS));
                Submission mail = world.intake.begin(World.origin())) {
            world.routes.put("spamtrap@here.test", world.routes.get("bob@here.test"));
            mail.sender(Optional.empty(), World.NONE);
            mail.recipient(new Recipient(Address.of("nobody@here.test")));
            mail.recipient(new Recipient(Address.of("spamtrap@here.test")));
            mail.recipient(new Recipient(Address.of("bob@here.test")));
            assertThat(told.stream()
                            .filter(MailEvent.Answered.class::isInstance)
                            .map(MailEvent.Answered.class::cast)
                            .map(a -> a.reply().code() + " by " + a.by()))
                    .containsExactly("550 by routing", "550 by filter f0", "250 by ");
        }
    }

    @Test
    void a_refused_mail_has_one_end_and_its_reason() throws IOException {
        try (World world = world(judge(Verdict.refuse("nobody wants it")))) {
            world.send(MAIL);
            MailEvent.Refused refused = only(MailEvent.Refused.class);
            assertThat(refused.stage()).isEqualTo(MailEvent.Stage.DATA);
            assertThat(refused.reply().text()).isEqualTo("nobody wants it");
            assertThat(kinds()).endsWith("Refused");
        }
    }

    @Test
    void the_filter_that_failed_is_named() throws IOException {
        MailFilter broken = new MailFilter() {
            @Override
            public Verdict message(Mail mail) throws IOException {
                throw new IOException("the list is down");
            }
        };
        try (World world = world(broken)) {
            world.send(MAIL);
            assertThat(only(MailEvent.Refused.class).why()).contains("filter f0 failed", "the list is down");
        }
    }

    @Test
    void what_a_protocol_refuses_by_itself_is_told_with_what_came_of_it_and_logged_once_by_its_id() throws IOException {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try (World world = world()) {
            try (Submission mail = world.intake.begin(World.origin())) {
                mail.sender(Optional.empty(), World.NONE);
                mail.recipient(new Recipient(Address.of("bob@here.test")));
                mail.data().write(World.bytes(MAIL));
                mail.refused(new Reply(552, "5.3.4", "too large"), "why");
                mail.refused(new Reply(550, "", "once is enough"), "");
            }
            assertThat(only(MailEvent.Content.class).messageId()).isEqualTo("<m@there.test>");
            assertThat(only(MailEvent.Refused.class).reply().code()).isEqualTo(552);
            assertThat(only(MailEvent.Refused.class).why()).isEqualTo("why");
            String id = only(MailEvent.Refused.class).mail().text();
            // Threads of other tests may still have something to say.
            assertThat(log.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains(id)))
                    .singleElement()
                    .asString()
                    .endsWith(id + " refused from=<> to=<bob@here.test> client=[192.0.2.7]: 552 5.3.4 too large (why)");
            assertThat(kinds()).endsWith("Refused");
        } finally {
            System.setErr(before);
        }
    }

    @Test
    void a_mail_that_a_protocol_refuses_at_its_sender_has_a_story_and_a_log_line_with_the_login() throws IOException {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try (World world = world()) {
            try (Submission mail = world.intake.begin(World.origin("bob@here.test"))) {
                mail.sender(Optional.of(Address.of("eve@far.test")), World.NONE);
                mail.refused(new Reply(553, "5.7.1", "not yours"), "");
            }
            assertThat(kinds()).containsExactly("Begun", "Refused");
            assertThat(only(MailEvent.Refused.class).stage()).isEqualTo(MailEvent.Stage.MAIL);
            assertThat(log.toString(StandardCharsets.UTF_8))
                    .contains("refused from=<eve@far.test> to= client=[192.0.2.7] login=bob@here.test: 553 5.7.1");
        } finally {
            System.setErr(before);
        }
    }

    @Test
    void a_client_that_goes_is_told_of_with_how_far_it_came() throws IOException {
        try (World world = world()) {
            try (Submission mail = world.intake.begin(World.origin())) {
                mail.sender(Optional.empty(), World.NONE);
                mail.recipient(new Recipient(Address.of("bob@here.test")));
            }
            assertThat(only(MailEvent.Abandoned.class).stage()).isEqualTo(MailEvent.Stage.RCPT);
        }
    }

    @Test
    void what_is_thrown_away_and_what_is_junk_is_told() throws IOException {
        try (World world = world(judge(new Verdict.Discard("a virus")))) {
            world.send(MAIL);
            assertThat(only(MailEvent.Discarded.class).why()).isEqualTo("f0: a virus");
        }
        told.clear();
        try (World world = world(judge(new Verdict.Quarantine("it smells")))) {
            world.send(MAIL);
            assertThat(only(MailEvent.Accepted.class).junk()).isTrue();
        }
    }

    @Test
    void our_own_users_mail_is_known_by_the_message_id_that_it_gets_here() throws IOException {
        try (World world = world()) {
            world.send(World.origin("ann@there.test"), "Subject: x\r\n\r\n", "bob@here.test");
            String id = only(MailEvent.Content.class).messageId();
            assertThat(world.only()).contains("Message-ID: " + id);
        }
    }

    @Test
    void a_filter_hears_no_more_time_than_it_took() throws IOException {
        try (World world = world(judge(Verdict.PASS))) {
            long begun = System.nanoTime();
            world.send(MAIL);
            Duration all = Duration.ofNanos(System.nanoTime() - begun);
            assertThat(((MailEvent.Judged) told.get(4)).took()).isLessThan(all);
        }
    }
}
