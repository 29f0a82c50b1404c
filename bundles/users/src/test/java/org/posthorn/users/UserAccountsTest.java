package org.posthorn.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Login;
import org.posthorn.api.users.ScramKeys;

class UserAccountsTest {

    private static final Address ALICE = Address.of("alice@example.test");
    private static final Address BOB = Address.of("bob@other.test");

    @TempDir
    Path data;

    private final AtomicLong time = new AtomicLong(-7);
    private final Failures.Records records = Failures.Records.fresh();
    private final Town first = new Town();
    private final Town second = new Town();
    private InetAddress client;
    private Backends backends;
    private UserAccounts accounts;
    private VoidLogins voids;

    @BeforeEach
    void begin() throws IOException {
        first.addUser(ALICE, "secret");
        second.addUser(BOB, "hidden");
        client = InetAddress.getByName("192.0.2.1");
        accounts = accounts();
    }

    private UserAccounts accounts() {
        backends = Town.backends(first, second);
        return accounts(backends);
    }

    private UserAccounts accounts(Backends backends) {
        Delays delays = UserAccounts.delays(new Settings(1000, 4000, 8));
        ServerSecret secret = new ServerSecret(data);
        Credentials credentials = new Credentials(backends, secret, Settings.TERMS, Clock.systemUTC());
        voids = new VoidLogins(credentials);
        return new UserAccounts(
                backends, Town.routing(), secret, credentials, voids, new Failures(records, time::get, delays));
    }

    private static Duration pause(Login login) {
        return ((Login.Denied) login).pause();
    }

    private Duration fail(String name, String from) throws IOException {
        return pause(accounts.login(name, "wrong", InetAddress.getByName(from)));
    }

    @Test
    void a_user_logs_in_by_full_address_or_by_local_part_of_the_default_domain_in_any_case() throws IOException {
        for (String name : List.of("alice@example.test", "alice", "ALICE", "Alice@Example.TEST"))
            assertThat(accounts.login(name, "secret", client)).as(name).isEqualTo(new Login.Granted(ALICE));
        assertThat(accounts.login("bob@other.test", "hidden", client)).isEqualTo(new Login.Granted(BOB));
    }

    @Test
    void a_directory_that_is_broken_keeps_out_only_whom_no_other_knows() throws IOException {
        first.broken = true;
        assertThat(accounts.login("bob@other.test", "hidden", client)).isEqualTo(new Login.Granted(BOB));
        assertThat(putOff("alice", "secret", "192.0.2.1")).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void whom_a_directory_that_is_taken_out_may_know_is_put_off_and_not_denied() throws IOException {
        accounts.login("alice", "secret", client);
        accounts.login("bob@other.test", "hidden", client);
        backends.removeAuthenticator(first);
        for (int i = 0; i < 20; i++) putOff("alice", "secret", "192.0.2.1");
        assertThat(accounts.scramEnded("alice", false, client)).isInstanceOf(Login.PutOff.class);
        assertThat(accounts.login("bob@other.test", "hidden", client)).isEqualTo(new Login.Granted(BOB));
        assertThat(accounts.login("bob@other.test", "wrong", client)).isInstanceOf(Login.Denied.class);
        backends.addAuthenticator(first, Map.of("name", "town0"));
        assertThat(accounts.login("alice", "secret", client)).isEqualTo(new Login.Granted(ALICE));
        assertThat(fail("alice", "192.0.2.9")).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void a_directory_that_is_away_for_more_than_a_day_is_taken_out_for_good() throws IOException {
        Backends both = new Backends(time::get);
        both.addAuthenticator(first, Map.of("name", "first"));
        both.addAuthenticator(second, Map.of("name", "second"));
        UserAccounts here = accounts(both);
        time.addAndGet(Duration.ofDays(3).toNanos());
        both.removeAuthenticator(first);
        time.addAndGet(Duration.ofHours(23).toNanos());
        assertThat(here.login("alice", "secret", client)).isInstanceOf(Login.PutOff.class);
        time.addAndGet(Duration.ofHours(2).toNanos());
        assertThat(here.login("alice", "secret", client)).isInstanceOf(Login.Denied.class);
        both.removeAuthenticator(second);
        time.addAndGet(Duration.ofDays(3).toNanos());
        // Without any nobody can be told no.
        assertThat(here.login("bob@other.test", "hidden", client)).isInstanceOf(Login.PutOff.class);
        both.addAuthenticator(second, Map.of("name", "second"));
        assertThat(here.login("bob@other.test", "hidden", client)).isEqualTo(new Login.Granted(BOB));
    }

    @Test
    void while_a_directory_is_away_who_guesses_at_names_is_held_back_as_ever() throws IOException {
        backends.removeAuthenticator(first);
        assertThat(putOff("nobody", "x", "192.0.2.1")).isEqualTo(Duration.ofSeconds(1));
        assertThat(putOff("somebody", "x", "192.0.2.1")).isEqualTo(Duration.ofSeconds(2));
        assertThat(accounts.scram("alice")).isNotNull();
        accounts.scramEnded("else", false, client);
        for (int i = 3; i < 8; i++) putOff("nobody" + i, "x", "192.0.2.1");
        // None is looked at any more, whoever it may be.
        second.checking = () -> {
            throw new AssertionError("looked at");
        };
        putOff("bob@other.test", "wrong", "192.0.2.1");
    }

    @Test
    void one_of_whom_nothing_can_be_told_takes_as_long_as_one_who_is_unknown() throws IOException {
        accounts.login("nobody", "x", client);
        long before = System.nanoTime();
        accounts.login("nobody", "x", client);
        long unknown = System.nanoTime() - before;
        backends.removeAuthenticator(first);
        before = System.nanoTime();
        accounts.login("nobody", "x", client);
        assertThat(System.nanoTime() - before).isGreaterThan(unknown / 10);
    }

    @Test
    void the_keys_of_one_of_whom_nothing_can_be_told_are_those_of_one_who_is_unknown() throws IOException {
        ScramKeys unknown = accounts.scram("nobody");
        backends.removeAuthenticator(first);
        assertThat(accounts.scram("nobody").salt()).isEqualTo(unknown.salt());
    }

    @Test
    void while_no_directory_has_come_nobody_is_denied() throws IOException {
        UserAccounts fresh = accounts(new Backends());
        assertThat(fresh.login("alice", "secret", client)).isInstanceOf(Login.PutOff.class);
    }

    @Test
    void nobody_else_does() throws IOException {
        accounts.modified(new Settings(1000, 4000, 100));
        for (String name :
                List.of("alice@other.test", "bob", "", "@", "alice@", "a b@example.test", "\0", "x".repeat(5000)))
            assertThat(accounts.login(name, "secret", client)).as(name).isInstanceOf(Login.Denied.class);
        assertThat(accounts.login("alice", "Secret", client)).isInstanceOf(Login.Denied.class);
        assertThat(accounts.login("alice", "", client)).isInstanceOf(Login.Denied.class);
    }

    @Test
    void each_failure_of_a_client_doubles_the_delay_up_to_the_longest() throws IOException {
        assertThat(fail("a", "192.0.2.1")).isEqualTo(Duration.ofSeconds(1));
        assertThat(fail("b", "192.0.2.1")).isEqualTo(Duration.ofSeconds(2));
        assertThat(fail("c", "192.0.2.1")).isEqualTo(Duration.ofSeconds(4));
        assertThat(fail("d", "192.0.2.1")).isEqualTo(Duration.ofSeconds(4));
        assertThat(fail("e", "192.0.2.2")).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void the_next_version_goes_on_with_the_counts() throws IOException {
        fail("a", "192.0.2.1");
        accounts = accounts();
        assertThat(fail("b", "192.0.2.1")).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void failures_for_one_name_count_wherever_they_come_from() throws IOException {
        fail("alice", "192.0.2.1");
        assertThat(fail("alice@example.test", "192.0.2.2")).isEqualTo(Duration.ofSeconds(2));
        fail("no address@", "192.0.2.3");
        assertThat(fail("no address@", "192.0.2.4")).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void whoever_has_a_network_of_ipv6_is_one_client() throws IOException {
        fail("a", "2001:db8::1");
        assertThat(fail("b", "2001:db8::ffff:2")).isEqualTo(Duration.ofSeconds(2));
        assertThat(fail("c", "2001:db8:0:1::1")).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void a_success_clears_the_name_but_not_the_client() throws IOException {
        fail("alice", "192.0.2.1");
        accounts.login("alice", "secret", client);
        assertThat(fail("alice", "192.0.2.9")).isEqualTo(Duration.ofSeconds(1));
        assertThat(fail("x", "192.0.2.1")).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void failures_are_forgotten_in_time() throws IOException {
        fail("alice", "192.0.2.1");
        time.addAndGet(Duration.ofMinutes(16).toNanos());
        assertThat(fail("alice", "192.0.2.1")).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void a_denial_comes_as_long_after_it_was_asked_for_however_long_the_check_took() throws IOException {
        first.checking = () -> time.addAndGet(Duration.ofMillis(300).toNanos());
        assertThat(fail("alice", "192.0.2.1")).isEqualTo(Duration.ofMillis(700));
        first.checking = () -> time.addAndGet(Duration.ofSeconds(5).toNanos());
        assertThat(fail("alice", "192.0.2.1")).isZero();
    }

    @Test
    void without_a_delay_there_is_none() throws IOException {
        accounts.modified(new Settings(0, 0, 8));
        for (int i = 0; i < 50; i++) assertThat(fail("alice", "192.0.2.1")).isZero();
    }

    @Test
    void ten_thousand_names_and_clients_are_remembered_and_no_more() throws IOException {
        accounts.modified(new Settings(1000, 4000, 100_000));
        fail("first", "192.0.2.1");
        // The end of a SCRAM exchange counts alike, and costs no hash.
        for (int i = 0; i < 10_000; i++) accounts.scramEnded("name " + i, false, client);
        assertThat(fail("first", "192.0.2.2")).isEqualTo(Duration.ofSeconds(1));
    }

    private Duration putOff(String name, String password, String from) throws IOException {
        Login login = accounts.login(name, password, InetAddress.getByName(from));
        assertThat(login).isInstanceOf(Login.PutOff.class);
        return ((Login.PutOff) login).pause();
    }

    @Test
    void who_is_put_off_hears_so_when_the_next_may_try() throws IOException {
        for (int i = 0; i < 8; i++) fail("alice", "192.0.2.1");
        assertThat(putOff("alice", "secret", "192.0.2.1")).isEqualTo(Duration.ofSeconds(4));
        time.addAndGet(Duration.ofMillis(1500).toNanos());
        assertThat(putOff("nobody", "secret", "192.0.2.1")).isEqualTo(Duration.ofMillis(2500));
        time.addAndGet(Duration.ofMillis(2000).toNanos());
        assertThat(putOff("nobody", "secret", "192.0.2.1")).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void the_log_tells_once_a_minute_of_a_network_that_is_put_off() throws IOException {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            accounts.modified(new Settings(1000, 600_000, 8));
            for (int i = 0; i < 8; i++) fail("a" + i, "2001:db8::1");
            for (int i = 0; i < 50; i++) putOff("b" + i, "secret", "2001:db8::" + i);
            time.addAndGet(Duration.ofSeconds(61).toNanos());
            putOff("alice", "secret", "2001:db8::7");
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(StandardCharsets.UTF_8).lines().filter(l -> l.contains("put off")))
                .hasSize(2);
    }

    @Test
    void behind_too_many_failures_no_password_is_looked_at_until_the_delay_is_over() throws IOException {
        for (int i = 0; i < 8; i++) fail("alice", "192.0.2.1");
        first.checking = () -> {
            throw new AssertionError("looked at");
        };
        putOff("alice", "secret", "192.0.2.1");
        putOff("nobody", "secret", "192.0.2.1");
        time.addAndGet(Duration.ofMillis(3999).toNanos());
        putOff("alice", "secret", "192.0.2.1");
        first.checking = () -> {};
        time.addAndGet(Duration.ofMillis(1).toNanos());
        assertThat(fail("alice", "192.0.2.1")).isEqualTo(Duration.ofSeconds(4));
        putOff("alice", "secret", "192.0.2.1");
    }

    @Test
    void who_waits_for_each_denial_is_never_put_off() throws IOException {
        first.checking = () -> time.addAndGet(Duration.ofMillis(50).toNanos());
        for (int i = 0; i < 30; i++) time.addAndGet(fail("alice", "192.0.2.1").toNanos());
        assertThat(accounts.login("alice", "secret", client)).isEqualTo(new Login.Granted(ALICE));
    }

    private Login ask() {
        try {
            return accounts.login("alice", "wrong", client);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void guesses_at_the_same_time_are_as_many_as_failures_may_be() throws IOException {
        AtomicInteger checked = new AtomicInteger();
        first.checking = () -> {
            // Another one begins before this one is judged.
            if (checked.incrementAndGet() < 8) ask();
            else assertThat(ask()).isInstanceOf(Login.PutOff.class);
        };
        ask();
        assertThat(checked).hasValue(8);
    }

    @Test
    void a_check_that_broke_is_no_longer_under_way() throws IOException {
        accounts.login("alice", "secret", client);
        first.broken = true;
        for (int i = 0; i < 20; i++) putOff("alice", "secret", "192.0.2.1");
        first.broken = false;
        assertThat(accounts.login("alice", "secret", client)).isEqualTo(new Login.Granted(ALICE));
    }

    @Test
    void nobody_can_lock_a_user_out_from_where_that_user_logged_in_before() throws IOException {
        accounts.login("alice", "secret", client);
        for (int i = 0; i < 8; i++) fail("alice", "192.0.2." + (100 + i));
        for (int i = 0; i < 8; i++) fail("bob", "192.0.2.1");
        putOff("bob@other.test", "hidden", "192.0.2.1");
        assertThat(accounts.login("alice", "secret", client)).isEqualTo(new Login.Granted(ALICE));
    }

    @Test
    void but_guessing_from_there_is_bounded_too() throws IOException {
        accounts.login("alice", "secret", client);
        for (int i = 0; i < 8; i++) fail("alice", "192.0.2.1");
        putOff("alice", "secret", "192.0.2.1");
    }

    @Test
    void from_elsewhere_a_user_is_put_off_for_the_first_delay_only() throws IOException {
        for (int i = 0; i < 12; i++) {
            fail("alice", "192.0.2." + (100 + i));
            if (i >= 7) {
                putOff("alice", "secret", "198.51.100.1");
                time.addAndGet(Duration.ofSeconds(1).toNanos());
            }
        }
        assertThat(accounts.login("alice", "secret", InetAddress.getByName("198.51.100.1")))
                .isEqualTo(new Login.Granted(ALICE));
    }

    @Test
    void the_end_of_a_scram_exchange_is_put_off_whatever_was_proved() throws IOException {
        for (int i = 0; i < 8; i++) accounts.scramEnded("alice", false, client);
        for (boolean proved : new boolean[] {true, false})
            assertThat(accounts.scramEnded("alice", proved, client)).isInstanceOf(Login.PutOff.class);
    }

    @Test
    void a_broken_backend_is_no_wrong_password() throws IOException {
        second.broken = true;
        putOff("bob@other.test", "hidden", "192.0.2.1");
        accounts.scram("bob@other.test");
        assertThat(accounts.scramEnded("bob@other.test", false, client)).isInstanceOf(Login.PutOff.class);
    }

    @Test
    void an_unknown_user_has_scram_keys_that_stay_over_a_restart() throws IOException {
        ScramKeys before = accounts.scram("nobody");
        ScramKeys after = accounts().scram("NOBODY@example.test");
        assertThat(after.salt()).isEqualTo(before.salt()).hasSize(16);
        assertThat(after.storedKey()).isEqualTo(before.storedKey()).hasSize(32);
        assertThat(after.iterations()).isEqualTo(accounts.scram("alice").iterations());
        assertThat(accounts.scram("somebody").salt()).isNotEqualTo(before.salt());
    }

    @Test
    void the_secret_behind_them_is_the_owners_alone() throws IOException {
        accounts.scram("nobody");
        Path secret = data.resolve("users/secret");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(secret)))
                .isEqualTo("rw-------");
        Files.writeString(secret, "posthorn-secret 1 spoilt");
        assertThatThrownBy(() -> accounts().scram("nobody"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("damaged");
    }

    @Test
    void the_end_of_a_scram_exchange_counts_as_a_login() throws IOException {
        assertThat(accounts.scramEnded("alice", true, client)).isEqualTo(new Login.Granted(ALICE));
        assertThat(pause(accounts.scramEnded("alice", false, client))).isEqualTo(Duration.ofSeconds(1));
        assertThat(pause(accounts.scramEnded("alice", false, client))).isEqualTo(Duration.ofSeconds(2));
    }
}
