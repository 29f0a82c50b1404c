package org.posthorn.filter.greylist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.derby.jdbc.EmbeddedDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.posthorn.api.filter.Verdict;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.net.Network;

class GreylistFilterTest {

    static {
        System.setProperty("derby.stream.error.file", "target/derby.log");
    }

    private static final Rules RULES = new Rules(
            Duration.ofMinutes(5),
            Duration.ofHours(48),
            Duration.ofDays(36),
            3,
            List.of(Network.parse("127.0.0.0/8"), Network.parse("::1"), Network.parse("203.0.113.0/25")));

    private final EmbeddedDataSource derby = new EmbeddedDataSource();
    private Instant now = Instant.parse("2026-11-22T18:30:00Z");
    private final GreylistFilter filter = new GreylistFilter(RULES, new Clock() {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    });

    GreylistFilterTest() {
        derby.setDatabaseName("memory:" + UUID.randomUUID());
        derby.setCreateDatabase("create");
        filter.addSource(derby, Map.of());
    }

    @AfterEach
    void drop() {
        derby.setCreateDatabase(null);
        derby.setConnectionAttributes("drop=true");
        // Derby answers a successful drop with an exception, 08006; XJ004 when no test opened the database.
        assertThatThrownBy(derby::getConnection)
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isIn("08006", "XJ004"));
    }

    private String judge(String client, String sender, String recipient, String... login) throws IOException {
        Origin origin = new Origin(
                "ESMTP",
                new InetSocketAddress(InetAddress.getByName(client), 4711),
                "client",
                login.length == 0 ? Optional.empty() : Optional.of(Address.of(login[0])),
                Optional.empty(),
                "mx.here.test",
                "smtp");
        Optional<Address> from = sender.isEmpty() ? Optional.empty() : Optional.of(Address.of(sender));
        Envelope before = new Envelope(from, MailParameters.NONE, List.of());
        Verdict verdict = filter.recipient(origin, before, new Recipient(Address.of(recipient)));
        return verdict instanceof Verdict.Refuse refuse ? refuse.reply().toString() : "pass";
    }

    private String ann() throws IOException {
        return judge("192.0.2.7", "ann@there.test", "bob@here.test");
    }

    private void later(Duration time) {
        now = now.plus(time);
    }

    private long rows(String table) throws SQLException {
        try (Connection connection = derby.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Test
    void a_stranger_is_put_off_until_the_delay_is_over_and_then_known() throws IOException {
        assertThat(ann()).isEqualTo("451 4.7.1 We have not met yet; come again in 300 seconds");
        later(Duration.ofSeconds(299));
        assertThat(ann()).isEqualTo("451 4.7.1 We have not met yet; come again in 1 seconds");
        later(Duration.ofSeconds(1));
        assertThat(ann()).isEqualTo("pass");
        later(Duration.ofDays(36));
        assertThat(ann()).isEqualTo("pass");
        later(Duration.ofDays(36).plusSeconds(1));
        assertThat(ann()).startsWith("451");
    }

    @Test
    void who_is_of_an_exempt_network_passes_unasked_and_its_neighbour_does_not() throws IOException {
        assertThat(judge("203.0.113.127", "ann@there.test", "bob@here.test")).isEqualTo("pass");
        assertThat(judge("203.0.113.128", "ann@there.test", "bob@here.test")).startsWith("451");
        assertThat(judge("::2", "ann@there.test", "bob@here.test")).startsWith("451");
    }

    @Test
    void a_word_that_is_no_network_is_told_of() {
        assertThat(new GreylistCheck().check(Map.of("exempt", new String[] {"::1", "localhost"})))
                .extracting(p -> p.key() + " " + p.value())
                .containsExactly("exempt localhost");
    }

    private long lastSeen(String table) throws SQLException {
        try (Connection connection = derby.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT MAX(last_seen) FROM " + table)) {
            row.next();
            return row.getLong(1);
        }
    }

    /** Nobody who is known waits for somebody who writes. */
    @Test
    void that_a_known_one_came_is_written_once_an_hour() throws Exception {
        for (String recipient : List.of("bob", "carl", "dan")) {
            judge("192.0.2.7", "ann@there.test", recipient + "@here.test");
            later(Duration.ofMinutes(5));
            judge("192.0.2.7", "ann@there.test", recipient + "@here.test");
        }
        long network = lastSeen("greylist_network");
        long triplet = lastSeen("greylist_triplet");
        later(Duration.ofHours(1));
        assertThat(ann()).isEqualTo("pass");
        assertThat(lastSeen("greylist_network")).isEqualTo(network);
        later(Duration.ofMillis(1));
        assertThat(ann()).isEqualTo("pass");
        assertThat(lastSeen("greylist_network")).isEqualTo(now.toEpochMilli());
        assertThat(lastSeen("greylist_triplet"))
                .as("of a network that is trusted")
                .isEqualTo(triplet);
    }

    @Test
    void a_known_triplet_is_written_once_an_hour() throws Exception {
        ann();
        later(Duration.ofMinutes(5));
        ann();
        long seen = lastSeen("greylist_triplet");
        later(Duration.ofHours(1));
        assertThat(ann()).isEqualTo("pass");
        assertThat(lastSeen("greylist_triplet")).isEqualTo(seen);
        later(Duration.ofMillis(1));
        assertThat(ann()).isEqualTo("pass");
        assertThat(lastSeen("greylist_triplet")).isEqualTo(now.toEpochMilli());
    }

    @Test
    void who_comes_again_too_late_is_a_stranger() throws IOException {
        ann();
        later(Duration.ofHours(48).plusMillis(1));
        assertThat(ann()).contains("300 seconds");
    }

    @Test
    void the_neighbour_in_the_network_and_another_case_are_the_same() throws IOException {
        ann();
        later(Duration.ofMinutes(5));
        assertThat(judge("192.0.2.200", "Ann@There.test", "BOB@here.test")).isEqualTo("pass");
        assertThat(judge("192.0.3.7", "ann@there.test", "bob@here.test")).startsWith("451");
        judge("2001:db8::1", "ann@there.test", "bob@here.test");
        later(Duration.ofMinutes(5));
        assertThat(judge("2001:db8::ffff:2", "ann@there.test", "bob@here.test")).isEqualTo("pass");
        assertThat(judge("2001:db8:0:1::1", "ann@there.test", "bob@here.test")).startsWith("451");
    }

    @Test
    void another_sender_or_recipient_is_another_meeting() throws IOException {
        ann();
        later(Duration.ofMinutes(5));
        assertThat(judge("192.0.2.7", "", "bob@here.test")).startsWith("451");
        assertThat(judge("192.0.2.7", "ann@there.test", "carl@here.test")).startsWith("451");
    }

    @Test
    void a_network_whose_strangers_came_again_is_trusted_as_long_as_it_writes() throws IOException {
        for (int i = 0; i < 3; i++) judge("192.0.2.7", i + "@there.test", "bob@here.test");
        later(Duration.ofMinutes(5));
        for (int i = 0; i < 2; i++) judge("192.0.2.7", i + "@there.test", "bob@here.test");
        assertThat(judge("192.0.2.7", "new@there.test", "bob@here.test")).startsWith("451");
        judge("192.0.2.7", "2@there.test", "bob@here.test");
        assertThat(judge("192.0.2.7", "newer@there.test", "bob@here.test")).isEqualTo("pass");
        later(Duration.ofDays(36));
        assertThat(judge("192.0.2.7", "newest@there.test", "bob@here.test")).isEqualTo("pass");
        later(Duration.ofDays(37));
        assertThat(judge("192.0.2.7", "newest@there.test", "bob@here.test")).startsWith("451");
    }

    @Test
    void one_sender_that_writes_much_does_not_make_its_network_trusted() throws IOException {
        ann();
        later(Duration.ofMinutes(5));
        for (int i = 0; i < 10; i++) assertThat(ann()).isEqualTo("pass");
        assertThat(judge("192.0.2.7", "other@there.test", "bob@here.test")).startsWith("451");
    }

    @Test
    void users_and_this_machine_are_no_strangers() throws IOException {
        assertThat(judge("192.0.2.7", "a@b.test", "bob@here.test", "bob@here.test"))
                .isEqualTo("pass");
        assertThat(judge("127.0.0.2", "a@b.test", "bob@here.test")).isEqualTo("pass");
        assertThat(judge("::1", "a@b.test", "bob@here.test")).isEqualTo("pass");
    }

    @Test
    void what_is_forgotten_is_deleted() throws Exception {
        ann();
        judge("192.0.2.7", "x@there.test", "bob@here.test");
        later(Duration.ofMinutes(5));
        ann();
        assertThat(rows("greylist_triplet")).isEqualTo(2);
        later(Duration.ofHours(49));
        ann();
        assertThat(rows("greylist_triplet")).isEqualTo(1);
        assertThat(rows("greylist_network")).isEqualTo(1);
        later(Duration.ofDays(40));
        judge("198.51.100.1", "y@there.test", "bob@here.test");
        assertThat(rows("greylist_triplet")).isEqualTo(1);
        assertThat(rows("greylist_network")).isZero();
    }

    @Test
    void the_longest_addresses_fit() throws IOException {
        String longest = "é".repeat(32) + "@" + ("d".repeat(61) + ".").repeat(3) + "test";
        assertThat(judge("192.0.2.7", longest, longest)).startsWith("451");
        later(Duration.ofMinutes(5));
        assertThat(judge("192.0.2.7", longest, longest)).isEqualTo("pass");
    }

    @Test
    void the_same_stranger_on_many_connections_at_once_is_put_off_on_each() throws Exception {
        ExecutorService clients = Executors.newFixedThreadPool(8);
        try {
            List<Callable<String>> calls = new ArrayList<>();
            for (int i = 0; i < 64; i++) calls.add(this::ann);
            for (Future<String> call : clients.invokeAll(calls))
                assertThat(call.get()).startsWith("451");
            later(Duration.ofMinutes(5));
            for (Future<String> call : clients.invokeAll(calls))
                assertThat(call.get()).isEqualTo("pass");
        } finally {
            clients.shutdown();
        }
    }

    @Test
    void without_a_database_nobody_passes() {
        filter.removeSource(derby);
        assertThatThrownBy(this::ann).isInstanceOf(IOException.class);
    }

    @Test
    void tables_of_a_newer_format_are_left_alone() throws Exception {
        ann();
        try (Connection connection = derby.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("UPDATE greylist_format SET version = 2");
        }
        GreylistFilter other = new GreylistFilter(RULES, Clock.systemUTC());
        other.addSource(derby, Map.of());
        filter.removeSource(derby);
        Origin origin = new Origin(
                "ESMTP",
                new InetSocketAddress(InetAddress.getByName("192.0.2.7"), 1),
                "",
                Optional.empty(),
                Optional.empty(),
                "mx",
                "smtp");
        Envelope before = new Envelope(Optional.empty(), MailParameters.NONE, List.of());
        assertThatThrownBy(() -> other.recipient(origin, before, new Recipient(Address.of("bob@here.test"))))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("format 2");
    }
}
