package org.posthorn.delivery.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.delivery.Outcome;
import org.posthorn.api.dns.DnsAnswer;
import org.posthorn.api.dns.DnsAnswer.Status;
import org.posthorn.api.dns.DnsResolver;
import org.posthorn.api.dns.Mx;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Notify;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;
import org.posthorn.mime.StoredMessage;

class SmtpTransportTest {

    private static final Recipient BOB = new Recipient(Address.of("bob@other.test"));
    private static final Duration ENOUGH = Duration.ofSeconds(60);
    private static final Recipient EVE = new Recipient(Address.of("eve@other.test"));

    @TempDir
    Path folder;

    private final Dns dns = new Dns();
    private OtherServer server;
    private SmtpTransport transport;

    @BeforeEach
    void open() throws Exception {
        server = new OtherServer();
        transport = transport(NextHop.TlsPolicy.MAY, server.port(), Optional.empty(), Duration.ZERO);
    }

    @AfterEach
    void close() {
        transport.stop();
        server.close();
    }

    private SmtpTransport transport(NextHop.TlsPolicy tls, int port, Optional<Path> trust, Duration reuse) {
        return transport(tls, port, trust, reuse, Duration.ofSeconds(20));
    }

    private SmtpTransport transport(
            NextHop.TlsPolicy tls, int port, Optional<Path> trust, Duration reuse, Duration brief) {
        return transport(
                tls, port, trust, reuse, new Timeouts(ENOUGH, brief, brief, brief, brief, brief, brief, brief));
    }

    private SmtpTransport transport(
            NextHop.TlsPolicy tls, int port, Optional<Path> trust, Duration reuse, Timeouts timeouts) {
        SmtpTransport made = new SmtpTransport(
                () -> "us.test",
                address -> address.getAddress().getHostAddress().equals("127.0.0.9"),
                new SmtpTransport.Settings(port, tls, true, new TlsClient(trust), timeouts),
                reuse);
        made.addDns(dns, Map.of());
        return made;
    }

    /** What the tests say is in the DNS. */
    private static final class Dns implements DnsResolver {
        final Map<String, List<Mx>> mx = new HashMap<>();
        final Map<String, List<String>> addresses = new HashMap<>();
        final Set<String> failing = new HashSet<>();
        boolean silent;
        int asked;
        Runnable asking = () -> {};

        private <T> DnsAnswer<T> answer(List<T> records, boolean named) {
            if (silent) return new DnsAnswer<>(Status.FAILED, List.of(), false);
            if (records != null) return new DnsAnswer<>(Status.FOUND, records, false);
            return new DnsAnswer<>(named ? Status.NO_DATA : Status.NO_SUCH_NAME, List.of(), false);
        }

        @Override
        public DnsAnswer<Mx> mx(String domain) {
            return answer(mx.get(domain), addresses.containsKey(domain));
        }

        @Override
        public DnsAnswer<InetAddress> addresses(String host) {
            asked++;
            asking.run();
            if (failing.contains(host)) return new DnsAnswer<>(Status.FAILED, List.of(), false);
            List<String> texts = addresses.get(host);
            if (texts == null) return answer(null, mx.containsKey(host));
            List<InetAddress> all = new ArrayList<>();
            for (String text : texts) {
                try {
                    all.add(InetAddress.getByName(text));
                } catch (java.net.UnknownHostException e) {
                    throw new IllegalArgumentException(e);
                }
            }
            return answer(all, true);
        }

        @Override
        public DnsAnswer<String> txt(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public DnsAnswer<String> ptr(InetAddress address) {
            throw new UnsupportedOperationException();
        }
    }

    private static Mail mail(String text, MailParameters parameters, Recipient... recipients) {
        return new Mail(
                MailId.of(1),
                Instant.EPOCH,
                Origin.local("us.test"),
                new Envelope(Address.parse("ann@us.test"), parameters, List.of(recipients)),
                StoredMessage.of(text),
                false);
    }

    private static Mail mail(String text) {
        return mail(text, MailParameters.NONE, BOB);
    }

    /** For servers that say nothing. */
    private void impatient() {
        transport.stop();
        transport = transport(
                NextHop.TlsPolicy.MAY, server.port(), Optional.empty(), Duration.ZERO, Duration.ofMillis(500));
    }

    private Outcome deliver(Mail mail, String hop) {
        return transport.deliver(mail, List.of(BOB), hop).get(BOB);
    }

    private static String reply(Outcome outcome) {
        if (outcome instanceof Outcome.Delivered d) return "delivered " + d.reply();
        if (outcome instanceof Outcome.Deferred d)
            return "deferred " + d.reply().code() + " " + d.reply().enhanced();
        return "failed " + ((Outcome.Failed) outcome).reply().code() + " "
                + ((Outcome.Failed) outcome).reply().enhanced();
    }

    @Test
    void a_mail_arrives_as_it_is_its_dots_kept() throws Exception {
        String text = "Subject: x\r\n\r\n.\r\n..two\r\nlast";
        assertThat(reply(deliver(mail(text), server.hop()))).isEqualTo("delivered 250 2.0.0 taken");
        server.awaitEnd();
        assertThat(server.data).containsExactly("Subject: x\r\n\r\n..\r\n...two\r\nlast\r\n");
        assertThat(server.commands)
                .containsExactly(
                        "EHLO us.test", "MAIL FROM:<ann@us.test> SIZE=28", "RCPT TO:<bob@other.test>", "DATA", "QUIT");
    }

    @Test
    void a_bare_line_end_cannot_end_the_data_elsewhere() {
        deliver(mail("a\n.\nb\r.\rc\r\n"), server.hop());
        assertThat(server.data).containsExactly("a\r\n..\r\nb\r\n..\r\nc\r\n");
    }

    @Test
    void each_recipient_has_its_own_outcome() {
        server.answers("RCPT TO:<eve", "550 5.1.1 no eve");
        Map<Recipient, Outcome> outcomes =
                transport.deliver(mail("x\r\n", MailParameters.NONE, BOB, EVE), List.of(BOB, EVE), server.hop());
        assertThat(reply(outcomes.get(BOB))).startsWith("delivered");
        assertThat(reply(outcomes.get(EVE))).isEqualTo("failed 550 5.1.1");
    }

    @ParameterizedTest
    @CsvSource({
        "MAIL, 451 4.3.0 later, deferred 451 4.3.0",
        "MAIL, 550 5.7.1 no, failed 550 5.7.1",
        "RCPT, 450 4.2.0 later, deferred 450 4.2.0",
        "RCPT, 552 too many, deferred 452 4.5.3",
        "RCPT, 552 5.2.2 full, failed 552 5.2.2",
        "DATA, 451 4.3.0 later, deferred 451 4.3.0",
        "DATA, 554 5.5.1 no, failed 554 5.5.1",
        "DATA, 250 what, deferred 451 4.5.0",
        "DATA, 399 what, deferred 451 4.4.2",
        "MAIL, 354 what, deferred 451 4.4.2",
        "RCPT, 354 what, deferred 451 4.4.2",
        "EHLO, 354 what, deferred 451 4.4.2",
        "STARTTLS, 354 what, deferred 451 4.4.2",
        "GREETING, 354 what, deferred 451 4.5.0",
        "END, 354 what, deferred 451 4.4.2",
        "END, 451 4.3.0 later, deferred 451 4.3.0",
        "END, 554 5.7.1 spam, failed 554 5.7.1",
        "GREETING, 421 4.3.2 later, deferred 421 4.3.2",
        "GREETING, 554 5.3.2 no, failed 554 5.3.2",
        "GREETING, 250 what, deferred 451 4.5.0",
        "EHLO, 421 4.3.2 later, deferred 421 4.3.2",
        "GREETING, garbage, deferred 451 4.4.2",
        "RCPT, 250-, deferred 451 4.4.2",
        "MAIL, close, deferred 451 4.4.2",
        "RCPT, close, deferred 451 4.4.2",
        "DATA, close, deferred 451 4.4.2",
        "END, close, deferred 451 4.4.2",
        "GREETING, silence, deferred 451 4.4.2",
        "RCPT, silence, deferred 451 4.4.2",
        "END, silence, deferred 451 4.4.2"
    })
    void what_goes_wrong_is_told_for_what_it_is_with_pipelining_and_without(String at, String answer, String outcome) {
        if (answer.equals(OtherServer.SILENCE) || answer.equals("250-")) impatient();
        if (at.equals("STARTTLS")) server.falseTls();
        server.answers(at, answer);
        assertThat(reply(deliver(mail("x\r\n"), server.hop()))).isEqualTo(outcome);
        server.can();
        assertThat(reply(deliver(mail("x\r\n"), server.hop()))).isEqualTo(outcome);
    }

    @Test
    void who_spoke_is_told_and_what_was_found_without_a_word_of_the_server_is_not_put_into_its_mouth()
            throws IOException {
        String at = "127.0.0.1[127.0.0.1]:" + server.port();
        server.answers("RCPT", "550 5.1.1 no");
        assertThat(deliver(mail("x\r\n"), server.hop()))
                .isEqualTo(new Outcome.Failed(at, new Reply(550, "5.1.1", "no")));
        // The example of RFC 8621 7.
        server.answers("RCPT", "550-5.7.1 Our system has detected that this message is\r\n550 5.7.1 likely spam.");
        assertThat(deliver(mail("x\r\n"), server.hop()))
                .isEqualTo(new Outcome.Failed(
                        at, new Reply(550, "5.7.1", "Our system has detected that this message is likely spam.")));
        server.answers("RCPT", "550 5.1.1 no");
        server.can();
        assertThat(deliver(mail("\u00fc\r\n"), server.hop()))
                .isEqualTo(own(554, "5.6.3", at + ": it needs 8BITMIME, which is not offered"));
        assertThat(deliver(mail("x\r\n"), server.hop() + ";tls=must"))
                .isEqualTo(own(451, "4.7.5", at + ": TLS is demanded and not offered"));
        server.answers("GREETING", "250 what");
        assertThat(deliver(mail("x\r\n"), server.hop())).isEqualTo(own(451, "4.5.0", at + ": it greets with 250"));
        server.answers("GREETING", "close");
        assertThat(deliver(mail("x\r\n"), server.hop()))
                .isEqualTo(own(451, "4.4.2", at + ": the other server closed the connection"));
        int closed;
        try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = nobody.getLocalPort();
        }
        assertThat(deliver(mail("x\r\n"), "[127.0.0.1]:" + closed))
                .isEqualTo(own(451, "4.4.1", "127.0.0.1[127.0.0.1]:" + closed + ": Connection refused"));
        assertThat(deliver(mail("x\r\n"), "nowhere.test"))
                .isEqualTo(own(550, "5.1.2", "there is no domain nowhere.test"));
    }

    private static Outcome own(int code, String enhanced, String text) {
        Reply reply = new Reply(code, enhanced, text);
        return reply.permanentFailure() ? new Outcome.Failed("", reply) : new Outcome.Deferred("", reply);
    }

    @Test
    void data_accepted_with_nobody_to_get_it_is_ended_empty() {
        server.answers("RCPT", "550 5.1.1 no");
        assertThat(reply(deliver(mail("secret\r\n"), server.hop()))).isEqualTo("failed 550 5.1.1");
        assertThat(server.data).containsExactly("");
    }

    @Test
    void a_server_without_ehlo_is_greeted_the_old_way() {
        server.answers("EHLO", "500 what");
        assertThat(reply(deliver(mail("x\r\n"), server.hop()))).startsWith("delivered");
        assertThat(server.commands).contains("HELO us.test", "MAIL FROM:<ann@us.test>");
    }

    @Test
    void a_reply_without_end_and_a_line_without_end_are_cut() {
        server.answers("EHLO", "250-x\r\n".repeat(500) + "250 x");
        assertThat(reply(deliver(mail("x\r\n"), server.hop()))).isEqualTo("deferred 451 4.4.2");
        server.answers("EHLO", "250 " + "x".repeat(100_000));
        assertThat(reply(deliver(mail("x\r\n"), server.hop()))).isEqualTo("deferred 451 4.4.2");
    }

    @Test
    void mutated_dialogues_end_and_harm_nobody() {
        impatient();
        Random random = new Random(5);
        server.answers(command -> {
            if (random.nextInt(3) > 0) return null;
            byte[] noise = new byte[random.nextInt(60)];
            random.nextBytes(noise);
            return random.nextInt(200, 600)
                    + (random.nextBoolean() ? "-" : " ")
                    + new String(noise, java.nio.charset.StandardCharsets.ISO_8859_1);
        });
        for (int i = 0; i < 60; i++) {
            Outcome outcome = deliver(mail("x\r\n"), server.hop());
            assertThat(outcome).isNotNull();
            assertThat(reply(outcome)).doesNotContain("\r", "\n", "\u0000");
        }
    }

    @Test
    void a_server_that_stops_reading_is_cut_off() throws Exception {
        impatient();
        StoredMessage big = StoredMessage.of("x".repeat(998).concat("\r\n").repeat(20_000));
        try (java.net.ServerSocket deaf = new java.net.ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread talk = new Thread(() -> {
                try (java.net.Socket client = deaf.accept()) {
                    client.getOutputStream().write("220 x\r\n250 x\r\n250 x\r\n250 x\r\n354 x\r\n".getBytes());
                    while (!client.isClosed() && client.getInetAddress() != null) TimeUnit.HOURS.sleep(1);
                } catch (java.io.IOException | InterruptedException end) {
                    Thread.currentThread().interrupt();
                }
            });
            talk.start();
            Mail mail = mail("").with(big);
            assertThat(reply(deliver(mail, "[127.0.0.1]:" + deaf.getLocalPort())))
                    .isEqualTo("deferred 451 4.4.2");
            talk.interrupt();
            talk.join();
        }
    }

    @Test
    void what_the_other_server_cannot_take_is_not_offered() {
        Mail eight = mail(
                "Subject: x\r\n\r\n\u00e4\r\n",
                new MailParameters(true, false, Optional.empty(), Optional.empty()),
                BOB);
        assertThat(reply(deliver(eight, server.hop()))).startsWith("delivered");
        assertThat(server.commands).contains("MAIL FROM:<ann@us.test> SIZE=17 BODY=8BITMIME");
        server.can("SIZE 10");
        assertThat(reply(deliver(mail("x".repeat(20) + "\r\n"), server.hop()))).isEqualTo("failed 552 5.3.4");
        server.can();
        assertThat(reply(deliver(eight, server.hop()))).isEqualTo("failed 554 5.6.3");
        Mail utf8 = mail(
                "Subject: \u00e4\r\n\r\n", new MailParameters(true, true, Optional.empty(), Optional.empty()), BOB);
        assertThat(reply(deliver(utf8, server.hop()))).isEqualTo("failed 553 5.6.7");
    }

    @Test
    void the_senders_wishes_go_with_the_mail_where_the_server_knows_them() {
        Recipient wishful =
                new Recipient(BOB.address(), Set.of(Notify.SUCCESS, Notify.FAILURE), Optional.of("rfc822;b@x.test"));
        Mail mail = mail("x\r\n", new MailParameters(false, false, Optional.of("HDRS"), Optional.of("e1")), wishful);
        Outcome.Delivered there = (Outcome.Delivered)
                transport.deliver(mail, List.of(wishful), server.hop()).get(wishful);
        assertThat(there.relayed()).isTrue();
        assertThat(there.reports()).isTrue();
        assertThat(server.commands)
                .contains(
                        "MAIL FROM:<ann@us.test> SIZE=3 RET=HDRS ENVID=e1",
                        "RCPT TO:<bob@other.test> NOTIFY=FAILURE,SUCCESS ORCPT=rfc822;b@x.test");
        server.can("SIZE");
        Outcome.Delivered deaf = (Outcome.Delivered)
                transport.deliver(mail, List.of(wishful), server.hop()).get(wishful);
        assertThat(deaf.reports()).isFalse();
    }

    @Test
    void many_recipients_go_a_hundred_at_a_time() {
        List<Recipient> many = new ArrayList<>();
        for (int i = 0; i < 250; i++) many.add(new Recipient(Address.of("r" + i + "@other.test")));
        Mail mail = mail("x\r\n", MailParameters.NONE, many.toArray(new Recipient[0]));
        assertThat(transport.deliver(mail, many, server.hop()).values())
                .hasSize(250)
                .allMatch(o -> o instanceof Outcome.Delivered);
        assertThat(server.data).hasSize(3);
        assertThat(server.connections).hasValue(1);
    }

    @Test
    void a_session_is_used_again_and_a_dead_one_is_replaced() {
        SmtpTransport keeping = transport(NextHop.TlsPolicy.MAY, 25, Optional.empty(), Duration.ofSeconds(30));
        try {
            for (int i = 0; i < 3; i++)
                assertThat(reply(keeping.deliver(mail("x\r\n"), List.of(BOB), server.hop())
                                .get(BOB)))
                        .startsWith("delivered");
            assertThat(server.connections).hasValue(1);
            server.answers("RSET", OtherServer.CLOSE);
            assertThat(reply(keeping.deliver(mail("x\r\n"), List.of(BOB), server.hop())
                            .get(BOB)))
                    .startsWith("delivered");
            assertThat(server.connections).hasValue(2);
        } finally {
            keeping.stop();
        }
    }

    @Test
    void exchangers_are_tried_in_order_until_one_takes_it() throws Exception {
        dns.mx.put(
                "other.test",
                List.of(new Mx(10, "a.other.test"), new Mx(20, "b.other.test"), new Mx(30, "c.other.test")));
        dns.addresses.put("a.other.test", List.of("127.0.0.3"));
        dns.addresses.put("b.other.test", List.of("127.0.0.2"));
        dns.addresses.put("c.other.test", List.of("127.0.0.1"));
        try (OtherServer second = new OtherServer("127.0.0.2", server.port())) {
            second.answers("GREETING", "421 4.3.2 not now");
            assertThat(reply(deliver(mail("x\r\n"), "other.test"))).startsWith("delivered");
            assertThat(second.connections).hasValue(1);
            assertThat(server.data).hasSize(1);
        }
    }

    @Test
    void a_mail_whose_end_was_not_answered_is_not_given_to_the_next() throws Exception {
        dns.mx.put("other.test", List.of(new Mx(10, "b.other.test"), new Mx(20, "c.other.test")));
        dns.addresses.put("b.other.test", List.of("127.0.0.2"));
        dns.addresses.put("c.other.test", List.of("127.0.0.1"));
        try (OtherServer first = new OtherServer("127.0.0.2", server.port())) {
            first.answers("END", OtherServer.CLOSE);
            assertThat(reply(deliver(mail("x\r\n"), "other.test"))).isEqualTo("deferred 451 4.4.2");
            assertThat(server.connections).hasValue(0);
        }
    }

    @Test
    void a_domain_without_mx_is_its_own_exchanger() {
        dns.addresses.put("other.test", List.of("127.0.0.1"));
        assertThat(reply(deliver(mail("x\r\n"), "other.test"))).startsWith("delivered");
    }

    @Test
    void a_domain_that_cannot_be_reached_is_told_why() {
        assertThat(reply(deliver(mail("x\r\n"), "none.test"))).isEqualTo("failed 550 5.1.2");
        dns.mx.put("null.test", List.of(new Mx(0, "")));
        assertThat(reply(deliver(mail("x\r\n"), "null.test"))).isEqualTo("failed 556 5.1.10");
        dns.mx.put("lost.test", List.of(new Mx(10, "nowhere.test")));
        assertThat(reply(deliver(mail("x\r\n"), "lost.test"))).isEqualTo("failed 550 5.4.4");
        dns.silent = true;
        assertThat(reply(deliver(mail("x\r\n"), "other.test"))).isEqualTo("deferred 451 4.4.3");
        assertThat(reply(deliver(mail("x\r\n"), "no hop"))).isEqualTo("deferred 451 4.3.5");
    }

    @Test
    void mail_for_a_domain_whose_best_mx_is_this_server_does_not_go_round() {
        dns.addresses.put("ours.test", List.of("127.0.0.9"));
        dns.addresses.put("c.other.test", List.of("127.0.0.1"));
        dns.mx.put("other.test", List.of(new Mx(10, "ours.test"), new Mx(20, "c.other.test")));
        assertThat(reply(deliver(mail("x\r\n"), "other.test"))).isEqualTo("failed 554 5.4.6");
        dns.mx.put("other.test", List.of(new Mx(10, "c.other.test"), new Mx(20, "ours.test")));
        assertThat(reply(deliver(mail("x\r\n"), "other.test"))).startsWith("delivered");
        dns.mx.put("other.test", List.of(new Mx(10, "us.test")));
        dns.addresses.put("us.test", List.of("127.0.0.1"));
        assertThat(reply(deliver(mail("x\r\n"), "other.test"))).isEqualTo("failed 554 5.4.6");
    }

    @Test
    void mail_waits_for_a_better_exchanger_than_this_server_of_which_the_dns_does_not_tell_now() {
        dns.addresses.put("ours.test", List.of("127.0.0.9"));
        dns.failing.add("c.other.test");
        dns.mx.put("other.test", List.of(new Mx(10, "c.other.test"), new Mx(20, "ours.test")));
        assertThat(reply(deliver(mail("x\r\n"), "other.test"))).isEqualTo("deferred 451 4.4.3");
        dns.mx.put("other.test", List.of(new Mx(10, "c.other.test"), new Mx(10, "ours.test")));
        assertThat(reply(deliver(mail("x\r\n"), "other.test")))
                .as("it is no better")
                .isEqualTo("failed 554 5.4.6");
        dns.failing.add("us.test");
        dns.mx.put("other.test", List.of(new Mx(10, "us.test")));
        assertThat(reply(deliver(mail("x\r\n"), "other.test")))
                .as("it is this server")
                .isEqualTo("failed 554 5.4.6");
        List<Mx> many = new ArrayList<>(hundreds());
        many.set(3, new Mx(3, "us.test"));
        dns.mx.put("other.test", many);
        assertThat(reply(deliver(mail("x\r\n"), "other.test")))
                .as("those that are not looked up are no better")
                .isEqualTo("failed 554 5.4.6");
    }

    private static List<Mx> hundreds() {
        List<Mx> all = new ArrayList<>();
        for (int i = 0; i < 500; i++) all.add(new Mx(i, "mx" + i + ".other.test"));
        return all;
    }

    @Test
    void of_hundreds_of_exchangers_without_an_address_only_some_are_looked_up() {
        dns.mx.put("other.test", hundreds());
        assertThat(reply(deliver(mail("x\r\n"), "other.test"))).isEqualTo("deferred 451 4.4.3");
        assertThat(dns.asked).isEqualTo(16);
    }

    @Test
    void looking_up_exchangers_ends_though_the_dns_is_slow() {
        dns.mx.put("other.test", hundreds());
        AtomicLong time = new AtomicLong(-3);
        dns.asking = () -> time.addAndGet(Duration.ofSeconds(25).toNanos());
        Exchangers exchangers = new Exchangers(dns, 25, "us.test", address -> false, time::get);
        assertThat(exchangers.find(NextHop.parse("other.test", NextHop.TlsPolicy.MAY)))
                .isEqualTo(Exchangers.silent(NextHop.parse("other.test", NextHop.TlsPolicy.MAY)));
        assertThat(dns.asked).isEqualTo(3);
    }

    @Test
    void an_attempt_ends_in_time_however_many_servers_there_are_to_try() throws Exception {
        dns.mx.put("other.test", List.of(new Mx(10, "b.other.test"), new Mx(20, "c.other.test")));
        dns.addresses.put("b.other.test", List.of("127.0.0.2"));
        dns.addresses.put("c.other.test", List.of("127.0.0.1"));
        try (OtherServer first = new OtherServer("127.0.0.2", server.port())) {
            // With PIPELINING, its answer to DATA would stand where that to RCPT is due, and end the session at once.
            first.can().answers("RCPT", OtherServer.SILENCE);
            SmtpTransport brief = transport(
                    NextHop.TlsPolicy.MAY,
                    server.port(),
                    Optional.empty(),
                    Duration.ZERO,
                    new Timeouts(Duration.ofSeconds(1), ENOUGH, ENOUGH, ENOUGH, ENOUGH, ENOUGH, ENOUGH, ENOUGH));
            try {
                assertThat(reply(brief.deliver(mail("x\r\n"), List.of(BOB), "other.test")
                                .get(BOB)))
                        .isEqualTo("deferred 451 4.4.2");
                assertThat(server.connections).hasValue(0);
            } finally {
                brief.stop();
            }
        }
    }

    @Test
    void the_answer_to_the_end_of_the_data_is_waited_for_beyond_the_attempt() {
        server.answers(command -> {
            if (command.equals("END")) await(Duration.ofMillis(1500));
            return null;
        });
        SmtpTransport brief = transport(
                NextHop.TlsPolicy.MAY,
                server.port(),
                Optional.empty(),
                Duration.ZERO,
                new Timeouts(Duration.ofSeconds(1), ENOUGH, ENOUGH, ENOUGH, ENOUGH, ENOUGH, ENOUGH, ENOUGH));
        try {
            assertThat(reply(brief.deliver(mail("x\r\n"), List.of(BOB), server.hop())
                            .get(BOB)))
                    .startsWith("delivered");
        } finally {
            brief.stop();
        }
    }

    private static void await(Duration time) {
        try {
            new java.util.concurrent.CountDownLatch(1).await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void own_ports_are_those_that_listeners_are_set_to() throws Exception {
        Hashtable<String, Object> settings =
                new Hashtable<>(Map.of("port", 2525, "address", new String[] {"127.0.0.5"}));
        OwnPorts ports = new OwnPorts(Configurations.of(settings), 100);
        assertThat(ports.has(new InetSocketAddress("127.0.0.5", 2625))).isTrue();
        assertThat(ports.has(new InetSocketAddress("127.0.0.6", 2625))).isFalse();
        assertThat(ports.has(new InetSocketAddress("127.0.0.5", 2525))).isFalse();
        settings.put("address", new String[] {"*"});
        assertThat(ports.has(new InetSocketAddress("127.0.0.6", 2625))).isTrue();
        assertThat(ports.has(new InetSocketAddress("192.0.2.1", 2625))).isFalse();
    }

    @Test
    void tls_is_used_where_it_is_offered_whoever_is_there() throws Exception {
        server.tls(Keys.make(folder).context());
        assertThat(reply(deliver(mail("x\r\n"), server.hop()))).startsWith("delivered");
        server.awaitEnd();
        assertThat(server.commands.subList(0, 3)).containsExactly("EHLO us.test", "STARTTLS", "EHLO us.test");
        server.commands.clear();
        assertThat(reply(deliver(mail("x\r\n"), server.hop() + ";tls=never"))).startsWith("delivered");
        assertThat(server.commands).doesNotContain("STARTTLS");
    }

    @Test
    void each_server_that_is_spoken_to_is_told_of_with_its_tls_or_its_own_words() throws Exception {
        List<MailEvent> told = new ArrayList<>();
        transport.addEvents(told::add, Map.of());
        server.tls(Keys.make(folder).context());
        deliver(mail("x\r\n"), server.hop());
        deliver(mail("x\r\n"), server.hop() + ";tls=never");
        server.answers("GREETING", "421 4.3.2 not now, dear");
        deliver(mail("x\r\n"), server.hop());
        assertThat(told).hasSize(3).allMatch(e -> e instanceof MailEvent.Contacted);
        List<MailEvent.Contacted> contacts =
                told.stream().map(MailEvent.Contacted.class::cast).toList();
        assertThat(contacts.get(0).tls().orElseThrow()).startsWith("TLSv1.3 TLS_");
        assertThat(contacts.get(1).tls()).isEmpty();
        assertThat(contacts.get(1).refusal()).isEmpty();
        assertThat(contacts.get(2).refusal().orElseThrow().text()).isEqualTo("not now, dear");
        deliver(mail("x\r\n"), "[127.0.0.8]:" + server.port());
        assertThat(((MailEvent.Contacted) told.get(3)).refusal().orElseThrow().enhanced())
                .startsWith("4.4.");
    }

    @Test
    void tls_that_does_not_work_is_done_without_where_it_is_no_must() throws Exception {
        server.tls(javax.net.ssl.SSLContext.getDefault());
        assertThat(reply(deliver(mail("x\r\n"), server.hop()))).startsWith("delivered");
        assertThat(reply(deliver(mail("x\r\n"), server.hop() + ";tls=must"))).isEqualTo("deferred 451 4.7.5");
    }

    @Test
    void where_tls_is_a_must_the_certificate_must_be_good() throws Exception {
        assertThat(reply(deliver(mail("x\r\n"), server.hop() + ";tls=must"))).isEqualTo("deferred 451 4.7.5");
        Keys keys = Keys.make(folder);
        server.tls(keys.context());
        assertThat(reply(deliver(mail("x\r\n"), server.hop() + ";tls=must"))).isEqualTo("deferred 451 4.7.5");
        Path pem = Files.writeString(folder.resolve("trust.pem"), keys.pem());
        SmtpTransport trusting = transport(NextHop.TlsPolicy.MAY, 25, Optional.of(pem), Duration.ZERO);
        try {
            assertThat(reply(trusting.deliver(mail("x\r\n"), List.of(BOB), server.hop() + ";tls=must")
                            .get(BOB)))
                    .startsWith("delivered");
        } finally {
            trusting.stop();
        }
    }

    @Test
    void certificates_that_cannot_be_read_are_told_of() throws Exception {
        Path bad = Files.writeString(folder.resolve("bad.pem"), "nothing");
        Path good =
                Files.writeString(folder.resolve("good.pem"), Keys.make(folder).pem());
        TrustCheck check = new TrustCheck();
        assertThat(check.check(Map.of("trust", good.toString()))).isEmpty();
        assertThat(check.check(Map.of())).isEmpty();
        assertThat(check.check(Map.of("trust", bad.toString()))).hasSize(1);
        assertThat(check.check(Map.of("trust", folder.resolve("none.pem").toString())))
                .hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "example.test, example.test false -1 MAY",
        "example.test;tls=must, example.test false -1 MUST",
        "[mx.test]:2525;tls=never, mx.test true 2525 NEVER",
        "[127.0.0.1], 127.0.0.1 true -1 MAY",
        "[::1]:25, ::1 true 25 MAY",
        "[IPv6:::1], ::1 true -1 MAY",
        "b\u00fccher.test, xn--bcher-kva.test false -1 MAY"
    })
    void next_hops_are_read(String text, String read) {
        NextHop hop = NextHop.parse(text, NextHop.TlsPolicy.MAY);
        assertThat(hop.host() + " " + hop.exact() + " " + hop.port().orElse(-1) + " " + hop.tls())
                .isEqualTo(read);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "[x", "x:25", "x;tls=perhaps", "[x]:port"})
    void other_text_is_no_next_hop(String text) {
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> NextHop.parse(text, NextHop.TlsPolicy.MAY))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
