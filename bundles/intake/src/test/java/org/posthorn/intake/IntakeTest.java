package org.posthorn.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.posthorn.api.filter.Finding;
import org.posthorn.api.filter.MailFilter;
import org.posthorn.api.filter.Verdict;
import org.posthorn.api.intake.Submission;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.routing.Route;

class IntakeTest {

    private static final String MAIL = "Subject: x\r\n\r\nbody\r\n";

    @Test
    void a_mail_is_queued_with_a_received_field_in_front() throws IOException {
        try (World world = new World()) {
            Reply reply = world.send(MAIL);
            String id = world.queued.get(0).id().text();
            assertThat(reply).hasToString("250 2.0.0 Ok: queued as " + id);
            assertThat(world.only())
                    .isEqualTo("Received: from client.example ([192.0.2.7])\r\n\tby mx.here.test with ESMTPS"
                            + " (TLSv1.3 TLS_AES_128_GCM_SHA256)\r\n\tid " + id + " for <bob@here.test>;\r\n"
                            + "\tSun, 22 Nov 2026 19:30:00 +0100\r\n" + MAIL);
        }
    }

    @Test
    void the_envelope_is_what_was_given_and_doubles_are_once_but_for_the_case_of_a_local_part() throws IOException {
        try (World world = new World()) {
            world.routes.put("carl@here.test", new Route.Via("local", "carl@here.test", true));
            world.send(World.origin(), MAIL, "bob@here.test", "carl@here.test", "bob@Here.Test", "BOB@here.test");
            Envelope envelope = world.queued.get(0).envelope();
            assertThat(envelope.reversePath()).isEqualTo("<ann@there.test>");
            assertThat(envelope.recipients())
                    .extracting(r -> r.address().toString())
                    .containsExactly("bob@here.test", "carl@here.test", "BOB@here.test");
            assertThat(world.only()).doesNotContain("for <");
        }
    }

    @Test
    void a_full_mailbox_is_told_at_its_recipient_alone() throws IOException {
        try (World world = new World()) {
            world.routes.put("carl@here.test", new Route.Via("local", "carl@here.test", true));
            Reply full = new Reply(452, "4.2.2", "the mailbox is full");
            world.end = way -> way.nextHop().equals("carl@here.test") ? Optional.of(full) : Optional.empty();
            assertThat(world.send(World.origin(), MAIL, "carl@here.test")).isEqualTo(full);
            assertThat(world.queued).isEmpty();
            world.send(World.origin(), MAIL, "bob@here.test");
            assertThat(world.queued).hasSize(1);
        }
    }

    @Test
    void a_stranger_may_not_relay_and_a_user_may() throws IOException {
        try (World world = new World()) {
            assertThat(world.send(World.origin(), MAIL, "eve@far.test"))
                    .hasToString("550 5.7.1 Relaying denied: log in first");
            assertThat(world.send(World.origin(), MAIL, "x@unknown.test").code())
                    .isEqualTo(550);
            assertThat(world.send(World.origin("bob@here.test"), MAIL, "eve@far.test")
                            .code())
                    .isEqualTo(250);
        }
    }

    @Test
    void a_router_that_refuses_or_fails_decides_for_one_recipient() throws IOException {
        try (World world = new World();
                Submission mail = world.intake.begin(World.origin())) {
            mail.sender(Optional.empty(), World.NONE);
            world.troubles.put("trouble", 2);
            assertThat(mail.recipient(recipient("nobody@here.test"))).hasToString("550 5.1.1 No such user");
            assertThat(mail.recipient(recipient("trouble@here.test")).code()).isEqualTo(451);
            assertThat(mail.recipient(recipient("bob@here.test"))).hasToString("250 2.1.5 Ok");
            mail.data().write(World.bytes(MAIL));
            assertThat(mail.finish().code()).isEqualTo(250);
            assertThat(world.queued.get(0).envelope().recipients()).hasSize(1);
        }
    }

    @Test
    void a_router_that_cannot_tell_is_asked_once_more() throws IOException {
        try (World world = new World();
                Submission mail = world.intake.begin(World.origin())) {
            mail.sender(Optional.empty(), World.NONE);
            world.troubles.put("bob", 1);
            assertThat(mail.recipient(recipient("bob@here.test")).code()).isEqualTo(250);
            world.troubles.put("bob", 2);
            assertThat(mail.recipient(recipient("bob@here.test")).code()).isEqualTo(451);
        }
    }

    private static Recipient recipient(String address) {
        return new Recipient(Address.of(address));
    }

    @Test
    void an_alias_is_taken_when_one_target_leads_somewhere() throws IOException {
        try (World world = new World()) {
            alias(world, "sales@here.test", "nobody@here.test", "out@here.test");
            alias(world, "out@here.test", "eve@far.test");
            alias(world, "dead@here.test", "nobody@here.test");
            alias(world, "loop@here.test", "pool@here.test");
            alias(world, "pool@here.test", "Loop@here.test");
            assertThat(world.send(World.origin(), MAIL, "sales@here.test").code())
                    .isEqualTo(250);
            assertThat(world.queued.get(0).envelope().recipients().get(0).address())
                    .hasToString("sales@here.test");
            assertThat(world.send(World.origin(), MAIL, "dead@here.test")).hasToString("550 5.1.1 No such user");
            assertThat(world.send(World.origin(), MAIL, "loop@here.test").enhanced())
                    .isEqualTo("5.4.6");
        }
    }

    @Test
    void an_alias_whose_owner_keeps_a_copy_is_taken_though_its_other_targets_refuse() throws IOException {
        try (World world = new World()) {
            Route.Via own = new Route.Via("local", "ann@here.test", true);
            List<Address> gone = List.of(Address.of("nobody@here.test"));
            world.routes.put("ann@here.test", new Route.Alias(gone, Optional.of(own)));
            alias(world, "boss@here.test", "ann@here.test");
            assertThat(world.send(World.origin(), MAIL, "ann@here.test").code()).isEqualTo(250);
            assertThat(world.send(World.origin(), MAIL, "boss@here.test").code())
                    .isEqualTo(250);
        }
    }

    private static void alias(World world, String name, String... targets) {
        world.routes.put(
                name, new Route.Alias(List.of(targets).stream().map(Address::of).toList()));
    }

    @Test
    void without_room_mail_is_put_off() throws IOException {
        try (World world = new World()) {
            world.room = false;
            assertThat(world.send(MAIL)).hasToString("452 4.3.1 No room for mail at the moment; try again later");
            world.room = true;
            world.full = true;
            assertThat(world.send(MAIL).code()).isEqualTo(452);
        }
    }

    @Test
    void a_spool_that_is_not_open_is_no_full_disk() throws IOException {
        try (World world = new World()) {
            world.shut = true;
            assertThat(world.send(MAIL)).hasToString("451 4.3.2 Mail is not taken at the moment; try again later");
        }
    }

    @Test
    void a_disk_that_fails_puts_the_mail_off() throws IOException {
        try (World world = new World()) {
            world.broken = true;
            assertThat(world.send(MAIL).code()).isEqualTo(451);
            assertThat(world.queued).isEmpty();
        }
    }

    @Test
    void a_mail_that_is_safe_is_not_refused_whatever_the_queue_throws() throws IOException {
        try (World world = new World()) {
            world.adding = () -> {
                throw new NoClassDefFoundError("a class of the queue");
            };
            assertThat(world.send(MAIL).code()).isEqualTo(250);
        }
    }

    @Test
    void a_missing_part_is_waited_for_and_then_refused() throws IOException {
        try (World world = new World()) {
            world.intake.removeQueue(world);
            assertThat(world.send(MAIL)).hasToString("451 4.3.2 Mail is not taken at the moment; try again later");
            var ready = world.intake.ready().toCompletableFuture();
            assertThat(ready).isNotDone();
            world.intake.addQueue(world, Map.of());
            assertThat(ready).isDone();
            world.intake.removeRouter(world, Map.of());
            assertThat(world.send(MAIL).code()).isEqualTo(451);
        }
    }

    @Test
    void a_filter_that_is_missing_is_never_skipped() throws IOException {
        MailFilter filter = new MailFilter() {};
        try (World world = new World(filter)) {
            assertThat(world.send(MAIL).code()).isEqualTo(250);
            world.intake.removeFilter(filter, Map.of("name", "f0"));
            assertThat(world.send(MAIL).toString()).startsWith("451 4.3.5");
            var ready = world.intake.ready().toCompletableFuture();
            world.intake.addFilter(filter, Map.of("name", "f0"));
            assertThat(ready).isDone();
            assertThat(world.send(MAIL).code()).isEqualTo(250);
        }
    }

    @Test
    void a_filter_that_has_not_come_when_the_start_is_over_is_warned_of() {
        PrintStream before = System.err;
        ByteArrayOutputStream told = new ByteArrayOutputStream();
        System.setErr(new PrintStream(told, true, StandardCharsets.UTF_8));
        MailFilter filter = new MailFilter() {};
        try (World world = new World(filter)) {
            world.intake.removeFilter(filter, Map.of("name", "f0"));
            var late = world.intake.begun(Duration.ofHours(1)).toCompletableFuture();
            assertThat(late).isNotDone();
            world.intake.addFilter(filter, Map.of("name", "f0"));
            assertThat(late).isDone();
            assertThat(told.toString(StandardCharsets.UTF_8)).doesNotContain("no filter");
            world.intake.removeFilter(filter, Map.of("name", "f0"));
            world.intake.begun(Duration.ZERO).toCompletableFuture().join();
            assertThat(told.toString(StandardCharsets.UTF_8)).contains("There is no filter f0; all mail is put off");
        } finally {
            System.setErr(before);
        }
    }

    @Test
    void each_moment_can_refuse() throws IOException {
        for (Moment moment : Moment.values())
            try (World world = new World(at(moment, new Verdict.Refuse(World.REFUSED)))) {
                assertThat(world.send(MAIL)).isEqualTo(World.REFUSED);
                assertThat(world.queued).isEmpty();
            }
    }

    @Test
    void each_moment_can_throw_the_mail_away_with_a_friendly_face() throws IOException {
        for (Moment moment : Moment.values())
            try (World world = new World(at(moment, new Verdict.Discard("spam")))) {
                assertThat(world.send(MAIL).toString()).startsWith("250 2.0.0 Ok: queued as ");
                assertThat(world.queued).isEmpty();
            }
    }

    @Test
    void each_moment_can_send_the_mail_to_junk() throws IOException {
        for (Moment moment : Moment.values())
            try (World world = new World(at(moment, new Verdict.Quarantine("odd")))) {
                assertThat(world.send(MAIL).code()).isEqualTo(250);
                assertThat(world.queued.get(0).junk()).isTrue();
            }
    }

    private static MailFilter at(Moment moment, Verdict verdict) {
        return new MailFilter() {
            private Verdict when(Moment now) {
                return now == moment ? verdict : Verdict.PASS;
            }

            @Override
            public Verdict client(Origin origin) {
                return when(Moment.CLIENT);
            }

            @Override
            public Verdict sender(Origin origin, Optional<Address> sender) {
                return when(Moment.SENDER);
            }

            @Override
            public Verdict recipient(Origin origin, Envelope before, Recipient recipient) {
                return when(Moment.RECIPIENT);
            }

            @Override
            public Verdict message(Mail mail) {
                return when(Moment.MESSAGE);
            }
        };
    }

    @Test
    void findings_are_told_to_later_filters_and_to_the_reader() throws IOException {
        Finding spf = new Finding("spf", "fail", Map.of("smtp.mailfrom", "there.test"), "not \"listed\"");
        MailFilter first = new MailFilter() {
            @Override
            public Verdict client(Origin origin) {
                return new Verdict.Pass(List.of(spf), List.of(new HeaderField("X-Early", " dropped")));
            }
        };
        List<String> seen = new ArrayList<>();
        MailFilter second = new MailFilter() {
            @Override
            public Verdict message(Mail mail) throws IOException {
                seen.add(World.text(mail.message()));
                return new Verdict.Pass(List.of(), List.of(new HeaderField("X-Score", " 1")));
            }
        };
        String results = "Authentication-Results: mx.here.test;\r\n\tspf=fail reason=\"not \\\"listed\\\"\"\r\n"
                + "\t smtp.mailfrom=there.test\r\n";
        try (World world = new World(first, second)) {
            world.send(MAIL);
            assertThat(seen.get(0)).startsWith(results + "Received: from").endsWith(MAIL);
            assertThat(world.only()).startsWith("X-Score: 1\r\n" + results + "Received: from");
        }
    }

    @Test
    void filters_are_asked_in_order_until_one_refuses() throws IOException {
        List<String> asked = new ArrayList<>();
        try (World world = new World(
                asks("a", Verdict.PASS, asked),
                asks("b", Verdict.refuse("no"), asked),
                asks("c", Verdict.PASS, asked))) {
            assertThat(world.send(MAIL)).hasToString("550 5.7.1 no");
            assertThat(asked).containsExactly("a", "b");
        }
    }

    private static MailFilter asks(String name, Verdict verdict, List<String> asked) {
        return new MailFilter() {
            @Override
            public Verdict message(Mail mail) {
                asked.add(name);
                return verdict;
            }
        };
    }

    @Test
    void what_a_client_left_out_is_added_for_users_alone() throws IOException {
        try (World world = new World()) {
            world.send(World.origin("bob@here.test"), MAIL, "bob@here.test");
            assertThat(world.only())
                    .contains("\r\nDate: Sun, 22 Nov 2026 19:30:00 +0100\r\nMessage-ID: <"
                            + world.queued.get(0).id() + "@mx.here.test>\r\nSubject: x");
            world.queued.clear();
            world.send(World.origin("bob@here.test"), "DATE: now\r\nMessage-Id : <1@x>\r\n" + MAIL, "bob@here.test");
            assertThat(world.queued.get(0).message().header())
                    .extracting(HeaderField::name)
                    .containsExactly("Received", "DATE", "Message-Id", "Subject");
            world.queued.clear();
            world.send(MAIL);
            assertThat(world.only()).doesNotContain("Date:").doesNotContain("Message-ID");
        }
    }

    @Test
    void a_mail_that_goes_round_in_circles_is_refused() throws IOException {
        try (World world = new World()) {
            assertThat(world.send("received: x\r\n y\r\n".repeat(20) + MAIL).code())
                    .isEqualTo(250);
            assertThat(world.send("received: x\r\n y\r\n".repeat(21) + MAIL).enhanced())
                    .isEqualTo("5.4.6");
        }
    }

    @Test
    void what_a_client_says_of_itself_cannot_forge_fields() throws IOException {
        Origin sound = World.origin();
        Origin odd = new Origin(
                "ESMTP",
                sound.client(),
                "a\r\nX-Evil: (b) <c>",
                Optional.empty(),
                Optional.empty(),
                "mx.here.test",
                "smtp");
        try (World world = new World()) {
            world.send(odd, MAIL, "bob@here.test");
            assertThat(world.only()).startsWith("Received: from a??X-Evil: ?b? ?c? ([192.0.2.7])\r\n\tby");
        }
    }
}
