package org.posthorn.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.dns.DnsAnswer.Status;
import org.posthorn.api.dns.Mx;
import org.posthorn.testkit.DnsServer;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

class ResolverTest {

    private static final String ZONE = """
            example.test. 3600 IN SOA ns.example.test. root.example.test. 1 3600 600 86400 300
            example.test. 60 IN MX 20 b.example.test.
            example.test. 60 IN MX 10 a1.example.test.
            example.test. 60 IN MX 10 a2.example.test.
            a1.example.test. 60 IN A 127.0.0.2
            a1.example.test. 60 IN AAAA ::1
            null.test. 60 IN MX 0 .
            fleeting.test. 0 IN A 127.0.0.3
            alias.test. 60 IN CNAME a1.example.test.
            circle.test. 60 IN CNAME elcric.test.
            elcric.test. 60 IN CNAME circle.test.
            text.test. 60 IN TXT "one " "two"
            2.0.0.127.in-addr.arpa. 60 IN PTR a1.example.test.
            """;

    private final DnsServer server = DnsServer.of(ZONE);
    private final AtomicLong now = new AtomicLong();
    private final Resolver resolver = resolver(1000, server.address());

    private Resolver resolver(int cached, String... servers) {
        return new Resolver(Servers.of(servers, Duration.ofMillis(500)), cached, now::get, new Random(1));
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void exchangers_come_by_preference_and_equal_ones_in_any_order() {
        Set<String> first = new HashSet<>();
        for (int i = 0; i < 50; i++) {
            var answer = resolver.mx("example.test");
            assertThat(answer.status()).isEqualTo(Status.FOUND);
            assertThat(answer.records()).hasSize(3);
            assertThat(answer.records().get(2)).isEqualTo(new Mx(20, "b.example.test"));
            first.add(answer.records().get(0).host());
        }
        assertThat(first).containsExactlyInAnyOrder("a1.example.test", "a2.example.test");
    }

    @Test
    void a_null_mx_has_an_empty_host() {
        assertThat(resolver.mx("null.test.").records()).containsExactly(new Mx(0, ""));
    }

    @Test
    void both_kinds_of_addresses_are_found_through_an_alias() throws Exception {
        assertThat(resolver.addresses("alias.test").records())
                .containsExactly(InetAddress.getByName("::1"), InetAddress.getByName("127.0.0.2"));
    }

    @Test
    void a_server_that_stops_at_the_alias_is_asked_on() throws Exception {
        server.fault((query, answer) -> {
            for (Record r : answer.getSection(Section.ANSWER))
                if (!r.getName().equals(query.getQuestion().getName())) answer.removeRecord(r, Section.ANSWER);
            return answer;
        });
        assertThat(resolver.addresses("alias.test").records()).contains(InetAddress.getByName("127.0.0.2"));
    }

    @Test
    void aliases_in_a_circle_are_a_failure() {
        server.fault((query, answer) -> {
            answer.removeAllRecords(Section.ANSWER);
            String other =
                    query.getQuestion().getName().toString().startsWith("circle") ? "elcric.test." : "circle.test.";
            try {
                answer.addRecord(
                        Record.fromString(
                                query.getQuestion().getName(),
                                org.xbill.DNS.Type.CNAME,
                                1,
                                60,
                                other,
                                org.xbill.DNS.Name.root),
                        Section.ANSWER);
            } catch (java.io.IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            return answer;
        });
        server.zone("circle.test. 60 IN A 127.0.0.1\nelcric.test. 60 IN A 127.0.0.1\n");
        assertThat(resolver.mx("circle.test").status()).isEqualTo(Status.FAILED);
    }

    @Test
    void texts_are_joined_and_addresses_have_names() throws Exception {
        assertThat(resolver.txt("text.test").records()).containsExactly("one two");
        assertThat(resolver.ptr(InetAddress.getByName("127.0.0.2")).records()).containsExactly("a1.example.test");
    }

    @Test
    void what_is_not_there_is_told_apart() {
        assertThat(resolver.mx("a1.example.test").status()).isEqualTo(Status.NO_DATA);
        assertThat(resolver.mx("none.example.test").status()).isEqualTo(Status.NO_SUCH_NAME);
        assertThat(resolver.mx("a..b").status()).isEqualTo(Status.NO_SUCH_NAME);
    }

    @Test
    void an_answer_is_believed_as_long_as_it_says() {
        resolver.mx("example.test");
        now.addAndGet(Duration.ofSeconds(59).toNanos());
        resolver.mx("EXAMPLE.test");
        assertThat(server.asked("MX example.test.")).isEqualTo(1);
        now.addAndGet(Duration.ofSeconds(1).toNanos());
        resolver.mx("example.test");
        assertThat(server.asked("MX example.test.")).isEqualTo(2);
    }

    @Test
    void an_answer_without_time_to_live_is_asked_each_time() {
        resolver.addresses("fleeting.test");
        resolver.addresses("fleeting.test");
        assertThat(server.asked("A fleeting.test.")).isEqualTo(2);
    }

    @Test
    void a_no_is_believed_as_long_as_its_soa_says() {
        resolver.mx("none.example.test");
        resolver.mx("none.example.test");
        assertThat(server.asked("MX none.example.test.")).isEqualTo(1);
        now.addAndGet(Duration.ofSeconds(300).toNanos());
        resolver.mx("none.example.test");
        assertThat(server.asked("MX none.example.test.")).isEqualTo(2);
    }

    @Test
    void the_cache_is_bounded() {
        Resolver small = resolver(10, server.address());
        for (int i = 0; i < 50; i++) small.mx("n" + i + ".example.test");
        assertThat(small.cached()).isEqualTo(10);
    }

    @Test
    void an_answer_too_long_for_a_packet_comes_by_tcp() {
        StringBuilder zone = new StringBuilder();
        for (int i = 0; i < 200; i++)
            zone.append("many.test. 60 IN A 127.0.1.").append(i).append('\n');
        server.zone(zone.toString());
        assertThat(resolver.addresses("many.test").records()).hasSize(200);
        assertThat(server.asked()).contains("A many.test./tcp");
    }

    @Test
    void a_question_ends_in_time_however_far_slow_aliases_lead() {
        StringBuilder zone = new StringBuilder("c7.test. 60 IN A 127.0.0.1\n");
        for (int i = 0; i < 7; i++) zone.append("c" + i + ".test. 60 IN CNAME c" + (i + 1) + ".test.\n");
        AtomicInteger asked = new AtomicInteger();
        try (DnsServer slow = DnsServer.of(zone.toString())) {
            slow.fault((query, answer) -> {
                asked.incrementAndGet();
                now.addAndGet(Duration.ofMillis(1100).toNanos());
                answer.getSection(Section.ANSWER).stream()
                        .skip(1)
                        .toList()
                        .forEach(r -> answer.removeRecord(r, Section.ANSWER));
                return answer;
            });
            assertThat(resolver(10, slow.address()).addresses("c0.test").status())
                    .isEqualTo(Status.FAILED);
            assertThat(asked).hasValue(4);
        }
    }

    @Test
    void a_failing_or_silent_server_is_passed_over_for_the_next() {
        try (DnsServer bad = DnsServer.of(ZONE);
                DnsServer silent = DnsServer.of(ZONE)) {
            bad.fault((query, answer) -> {
                Message refused = new Message(query.getHeader().getID());
                refused.getHeader().setFlag(org.xbill.DNS.Flags.QR);
                refused.addRecord(query.getQuestion(), Section.QUESTION);
                refused.getHeader().setRcode(Rcode.SERVFAIL);
                return refused;
            });
            silent.fault((query, answer) -> null);
            Resolver three = resolver(10, silent.address(), bad.address(), server.address());
            assertThat(three.mx("null.test").status()).isEqualTo(Status.FOUND);
            assertThat(resolver(10, bad.address()).mx("null.test").status()).isEqualTo(Status.FAILED);
        }
    }

    @Test
    void a_failure_is_not_remembered() {
        server.fault((query, answer) -> null);
        assertThat(resolver.mx("null.test").status()).isEqualTo(Status.FAILED);
        server.fault((query, answer) -> answer);
        assertThat(resolver.mx("null.test").status()).isEqualTo(Status.FOUND);
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1:5353, 127.0.0.1, 5353",
        "127.0.0.1, 127.0.0.1, 53",
        "[::1]:5353, 0:0:0:0:0:0:0:1, 5353",
        "::1, 0:0:0:0:0:0:0:1, 53"
    })
    void servers_are_addresses(String text, String host, int port) {
        assertThat(Servers.parse(text).getAddress().getHostAddress()).isEqualTo(host);
        assertThat(Servers.parse(text).getPort()).isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "ns.example.test:53",
                "127.0.0.1:0",
                "127.0.0.1:99999",
                "127.0.0.1:x",
                "",
                "1.2.3",
                "1.2.3:53",
                "[1.2.3]:53",
                "1.2.3.256",
                "1.2.3.4.5",
                "12345"
            })
    void servers_are_nothing_else(String text) {
        assertThatThrownBy(() -> Servers.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void mutated_answers_harm_nobody() {
        Random random = new Random(11);
        server.fault((query, answer) -> {
            byte[] wire = answer.toWire();
            for (int i = 0; i < 3; i++) wire[2 + random.nextInt(wire.length - 2)] = (byte) random.nextInt(256);
            try {
                return new Message(wire);
            } catch (java.io.IOException unreadable) {
                return answer;
            }
        });
        Resolver hasty = new Resolver(
                Servers.of(new String[] {server.address()}, Duration.ofMillis(30)), 0, now::get, new Random(1));
        for (int i = 0; i < 100; i++)
            assertThat(hasty.mx("example.test").status()).isNotNull();
    }
}
