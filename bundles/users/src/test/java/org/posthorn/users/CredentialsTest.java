package org.posthorn.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Credential;
import org.posthorn.api.users.Credential.Kind;
import org.posthorn.api.users.Entrance;
import org.posthorn.api.users.Issued;
import org.posthorn.api.users.Login;

class CredentialsTest {

    private static final Address ANN = Address.of("ann@example.test");
    private static final Address BOB = Address.of("bob@example.test");
    private static final Instant BEGIN = Instant.parse("2026-11-29T10:00:30Z");

    @TempDir
    Path folder;

    private final Town town = new Town();
    private final Backends backends = Town.backends(town);
    private final Derby derby = new Derby();
    private final Hands clock = new Hands();
    private final AtomicLong nanos = new AtomicLong();
    private final Failures failures =
            new Failures(Failures.Records.fresh(), nanos::get, UserAccounts.delays(new Settings(1000, 4000, 8)));
    private InetAddress client;
    private Credentials credentials;
    private VoidLogins voids;
    private UserAccounts accounts;
    private TokenIssuer issuer;

    private static final class Hands extends Clock {
        private Instant now = BEGIN;

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    @BeforeEach
    void begin() throws Exception {
        town.addUser(ANN, "secret");
        town.addUser(BOB, "hidden");
        client = InetAddress.getByName("192.0.2.1");
        restart();
    }

    @AfterEach
    void end() {
        derby.close();
    }

    private void restart() {
        credentials = derby.credentials(backends, clock);
        voids = VoidLoginsTest.withoutClock(credentials);
        accounts = new UserAccounts(backends, Town.routing(), derby.secret(), credentials, voids, failures);
        issuer = new TokenIssuer(credentials, failures);
    }

    private Issued issue(Address account, Kind kind) throws Exception {
        return credentials.issue(account, kind, "Firefox").get();
    }

    private Login login(Issued issued) throws Exception {
        return issued.credential().kind() == Kind.TOKEN
                ? issuer.login(issued.secret(), client)
                : accounts.login(issued.credential().account().toString(), issued.secret(), client);
    }

    private boolean granted(Issued issued) throws Exception {
        return login(issued) instanceof Login.Granted;
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void what_was_issued_lets_in_its_owner_and_says_so(Kind kind) throws Exception {
        Issued issued = issue(ANN, kind);
        Login.Granted granted = (Login.Granted) login(issued);
        assertThat(granted.account()).isEqualTo(ANN);
        assertThat(granted.by().get().id()).isEqualTo(issued.credential().id());
        assertThat(granted.by().get().kind()).isEqualTo(kind);
        assertThat(accounts.login("ann", "secret", client)).isEqualTo(new Login.Granted(ANN));
    }

    private Entrance entrance(Issued issued) throws Exception {
        return ((Login.Granted) login(issued)).entrance();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void what_is_open_by_it_ends_when_it_is_revoked_and_nothing_else(Kind kind) throws Exception {
        Issued revoked = issue(ANN, kind);
        Issued stays = issue(ANN, kind);
        List<String> ended = new ArrayList<>();
        accounts.onVoid(entrance(revoked), () -> ended.add("by what was revoked"));
        accounts.onVoid(entrance(stays), () -> ended.add("by another"));
        accounts.onVoid(new Entrance(ANN), () -> ended.add("by the password"));
        issuer.revoke(ANN, kind, revoked.credential().id());
        assertThat(ended).containsExactly("by what was revoked");
        credentials.revokeAll(ANN, kind);
        assertThat(ended).containsExactly("by what was revoked", "by another");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void what_is_open_by_one_that_went_elsewhere_ends_at_the_next_look(Kind kind) throws Exception {
        Issued gone = issue(ANN, kind);
        Entrance entrance = entrance(gone);
        derby.credentials(backends, clock).revoke(ANN, kind, gone.credential().id());
        List<String> ended = new ArrayList<>();
        accounts.onVoid(new Entrance(ANN), () -> ended.add("by the password"));
        accounts.onVoid(entrance(issue(ANN, kind)), () -> ended.add("by another"));
        accounts.onVoid(entrance, () -> ended.add("by what is gone"));
        voids.lookAtEntered();
        assertThat(ended).containsExactly("by what is gone");
    }

    @Test
    void a_session_that_ends_by_itself_ends_what_is_open_by_it() throws Exception {
        List<String> ended = new ArrayList<>();
        accounts.onVoid(entrance(issue(ANN, Kind.TOKEN)), () -> ended.add("by the token"));
        voids.look();
        assertThat(ended).isEmpty();
        clock.now = clock.now.plus(Settings.TERMS.idle());
        voids.look();
        assertThat(ended).containsExactly("by the token");
    }

    @Test
    void the_session_that_makes_room_for_another_ends_what_is_open_by_it() throws Exception {
        List<String> ended = new ArrayList<>();
        accounts.onVoid(entrance(issue(ANN, Kind.TOKEN)), () -> ended.add("by the oldest"));
        clock.now = clock.now.plusSeconds(60);
        for (int i = 1; i < Settings.TERMS.most(Kind.TOKEN); i++) issue(ANN, Kind.TOKEN);
        assertThat(ended).isEmpty();
        issue(ANN, Kind.TOKEN);
        assertThat(ended).containsExactly("by the oldest");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void it_is_there_behind_a_restart(Kind kind) throws Exception {
        Issued issued = issue(ANN, kind);
        restart();
        assertThat(granted(issued)).isTrue();
        assertThat(issuer.credentials(ANN, kind))
                .extracting(Credential::id)
                .containsExactly(issued.credential().id());
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void it_is_void_with_the_password_under_which_it_was_issued(Kind kind) throws Exception {
        Issued issued = issue(ANN, kind);
        town.password(ANN, "another");
        assertThat(granted(issued)).isFalse();
        assertThat(issuer.credentials(ANN, kind)).isEmpty();
        issue(ANN, kind);
        assertThat(derby.rows()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void nothing_is_issued_by_a_login_that_another_password_made_void_meanwhile(Kind kind) throws Exception {
        String mark = issuer.mark(ANN);
        Login.Granted login = (Login.Granted) accounts.login("ann", "secret", client);
        town.password(ANN, "another");
        Issued owners = issue(ANN, kind);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> issuer.issue(login, mark, kind, "thief"))
                .withMessageContaining("changed meanwhile");
        assertThat(granted(owners)).isTrue();
        assertThat(derby.rows()).isEqualTo(1);
        assertThat(issuer.issue(login, issuer.mark(ANN), kind, "again")).isPresent();
    }

    @Test
    void nothing_is_issued_by_a_token_that_was_revoked_meanwhile() throws Exception {
        Issued token = issue(ANN, Kind.TOKEN);
        String mark = issuer.mark(ANN);
        Login.Granted login = (Login.Granted) login(token);
        assertThat(issuer.issue(login, mark, Kind.APP_PASSWORD, "phone")).isPresent();
        issuer.revoke(ANN, Kind.TOKEN, token.credential().id());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> issuer.issue(login, mark, Kind.APP_PASSWORD, "thief"))
                .withMessageContaining("ended meanwhile");
        assertThat(derby.rows()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void of_an_account_all_are_revoked_in_one_although_its_user_is_locked_or_gone(Kind kind) throws Exception {
        Issued issued = issue(ANN, kind);
        issue(BOB, kind);
        Kind other = kind == Kind.TOKEN ? Kind.APP_PASSWORD : Kind.TOKEN;
        issue(ANN, other);
        town.locked.add(ANN);
        town.broken = true;
        assertThat(credentials.revokeAll(ANN, kind)).isEqualTo(1);
        town.broken = false;
        town.locked.clear();
        assertThat(granted(issued)).isFalse();
        assertThat(issuer.credentials(ANN, other)).hasSize(1);
        town.removeUser(BOB);
        assertThat(credentials.revokeAll(BOB, kind)).isEqualTo(1);
    }

    /** Folding makes two letters of the one. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void an_account_may_have_a_name_that_folding_makes_too_long(Kind kind) throws Exception {
        Address folded = Address.of("\u0130".repeat(30) + "@example.test").folded();
        town.addUser(folded, "secret");
        Issued issued = issue(folded, kind);
        assertThat(issued.credential().account()).isEqualTo(folded);
        assertThat(issuer.credentials(folded, kind)).hasSize(1);
        assertThat(credentials.all(kind)).hasSize(1);
        if (kind == Kind.TOKEN) assertThat(granted(issued)).isTrue();
        else assertThat(credentials.appPassword(folded, issued.secret())).isPresent();
    }

    @Test
    void a_directory_that_cannot_tell_when_the_password_changes_is_said_to_be_that() throws Exception {
        town.markless.add(ANN);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> issuer.mark(ANN))
                .withMessageContaining("the directory of ann@example.test does not tell");
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void while_a_directory_that_may_know_better_is_away_nothing_is_void(Kind kind) throws Exception {
        Town other = new Town();
        other.addUser(ANN, "elsewhere");
        Backends both = Town.backends(town, other);
        credentials = derby.credentials(both, clock);
        issuer = new TokenIssuer(credentials, failures);
        accounts = new UserAccounts(
                both, Town.routing(), derby.secret(), credentials, new VoidLogins(credentials), failures);
        Issued issued = issue(ANN, kind);
        other.addUser(Address.of("eve@example.test"), "hers");
        Issued eves = issue(Address.of("eve@example.test"), kind);
        town.broken = true;
        assertThatIOException().isThrownBy(() -> login(issued)).withMessageContaining("cannot be asked");
        assertThat(granted(eves)).as("of one whom the other knows").isTrue();
        issue(ANN, kind);
        town.broken = false;
        assertThat(granted(issued))
                .as("not thrown away for the password that was in force meanwhile")
                .isTrue();
        assertThat(issuer.credentials(ANN, kind)).hasSize(1);
    }

    /** What lies on the disk when the answer is sent is what another server finds there. */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void it_is_there_behind_a_crash_right_behind_the_answer(Kind kind) throws Exception {
        try (DiskDerby disk = new DiskDerby(folder.resolve("one"))) {
            credentials = disk.credentials(backends, clock);
            Issued issued = issue(ANN, kind);
            try (DiskDerby next = disk.crashed(folder.resolve("two"))) {
                credentials = next.credentials(backends, clock);
                issuer = new TokenIssuer(credentials, failures);
                accounts = new UserAccounts(
                        backends, Town.routing(), next.secret(), credentials, new VoidLogins(credentials), failures);
                assertThat(granted(issued)).isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void a_new_user_of_the_same_name_and_password_has_none(Kind kind) throws Exception {
        Issued issued = issue(ANN, kind);
        town.removeUser(ANN);
        assertThat(granted(issued)).isFalse();
        town.addUser(ANN, "secret");
        assertThat(granted(issued)).isFalse();
        assertThat(issuer.credentials(ANN, kind)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void one_who_may_not_log_in_may_not_by_it(Kind kind) throws Exception {
        Issued issued = issue(ANN, kind);
        town.locked.add(ANN);
        assertThat(granted(issued)).isFalse();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> issue(ANN, kind))
                .withMessageContaining("no user ann@example.test who may log in");
        town.locked.clear();
        assertThat(granted(issued)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void it_is_revoked_by_its_owner_alone_and_at_once(Kind kind) throws Exception {
        Issued issued = issue(ANN, kind);
        Issued other = issue(ANN, kind);
        assertThat(issuer.revoke(BOB, kind, issued.credential().id())).isFalse();
        Kind wrong = kind == Kind.TOKEN ? Kind.APP_PASSWORD : Kind.TOKEN;
        assertThat(issuer.revoke(ANN, wrong, issued.credential().id())).isFalse();
        assertThat(granted(issued)).isTrue();
        assertThat(issuer.revoke(ANN, kind, issued.credential().id())).isTrue();
        assertThat(granted(issued)).isFalse();
        assertThat(granted(other)).isTrue();
        assertThat(issuer.revoke(ANN, kind, issued.credential().id())).isFalse();
    }

    @Test
    void each_is_good_for_one_account_and_one_door() throws Exception {
        Issued app = issue(ANN, Kind.APP_PASSWORD);
        Issued token = issue(ANN, Kind.TOKEN);
        assertThat(accounts.login("bob", app.secret(), client)).isInstanceOf(Login.Denied.class);
        assertThat(accounts.login("ann", token.secret(), client)).isInstanceOf(Login.Denied.class);
        assertThat(issuer.login(app.secret(), client)).isInstanceOf(Login.Denied.class);
        assertThat(accounts.login("nobody", app.secret(), client)).isInstanceOf(Login.Denied.class);
        assertThat(accounts.login("not an address", app.secret(), client)).isInstanceOf(Login.Denied.class);
    }

    @Test
    void an_app_password_is_typed_with_or_without_its_groups() throws Exception {
        Issued app = issue(ANN, Kind.APP_PASSWORD);
        String bare = app.secret().replace("-", "");
        for (String typed : List.of(bare, app.secret().replace('-', ' '), bare.toUpperCase(java.util.Locale.ROOT)))
            assertThat(accounts.login("ann", typed, client)).as(typed).isInstanceOf(Login.Granted.class);
        String other = (bare.charAt(0) == 'a' ? 'b' : 'a') + bare.substring(1);
        assertThat(accounts.login("ann", other, client)).isInstanceOf(Login.Denied.class);
    }

    @Test
    void a_password_that_looks_like_an_app_password_is_one_all_the_same() throws Exception {
        town.password(ANN, "abcd-efgh-jkmn-pqrs-tuvw");
        assertThat(accounts.login("ann", "abcd-efgh-jkmn-pqrs-tuvw", client)).isEqualTo(new Login.Granted(ANN));
    }

    @Test
    void secrets_are_long_and_never_the_same_and_are_not_kept() throws Exception {
        credentials = derby.credentials(backends, clock, new Terms(Duration.ofDays(1), Duration.ofDays(1), 1000, 1000));
        issuer = new TokenIssuer(credentials, failures);
        Set<String> seen = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            Issued token = issue(ANN, Kind.TOKEN);
            Issued app = issue(ANN, Kind.APP_PASSWORD);
            assertThat(token.secret()).matches("[A-Za-z0-9_-]{43}");
            assertThat(app.secret()).matches("([a-z2-9]{4}-){4}[a-z2-9]{4}");
            assertThat(app.toString() + token).doesNotContain(app.secret(), token.secret());
            seen.addAll(List.of(
                    token.secret(),
                    app.secret(),
                    token.credential().id(),
                    app.credential().id()));
            assertThat(text())
                    .doesNotContain(token.secret(), app.secret(), app.secret().replace("-", ""), "secret");
        }
        assertThat(seen).hasSize(400);
    }

    /** All that is in the table. */
    private String text() throws Exception {
        StringBuilder text = new StringBuilder();
        try (Connection c = derby.connection();
                var rows = c.createStatement().executeQuery("SELECT * FROM issued_credential")) {
            while (rows.next())
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++)
                    text.append(rows.getString(i)).append('\n');
        }
        return text.toString();
    }

    @Test
    void a_token_ends_when_it_is_not_used_and_at_last_in_any_case() throws Exception {
        Issued idle = issue(ANN, Kind.TOKEN);
        Issued busy = issue(ANN, Kind.TOKEN);
        Issued app = issue(ANN, Kind.APP_PASSWORD);
        assertThat(idle.credential().expires()).contains(BEGIN.plus(Duration.ofDays(14)));
        clock.now = BEGIN.plus(Duration.ofDays(14)).minusSeconds(1);
        assertThat(granted(busy)).isTrue();
        clock.now = BEGIN.plus(Duration.ofDays(14));
        assertThat(granted(idle)).isFalse();
        assertThat(issuer.credentials(ANN, Kind.TOKEN))
                .extracting(Credential::id)
                .containsExactly(busy.credential().id());
        for (int day = 20; day < 90; day += 10) {
            clock.now = BEGIN.plus(Duration.ofDays(day));
            assertThat(granted(busy)).as("day %d", day).isTrue();
        }
        assertThat(issuer.credentials(ANN, Kind.TOKEN).get(0).expires()).contains(BEGIN.plus(Duration.ofDays(90)));
        clock.now = BEGIN.plus(Duration.ofDays(90));
        assertThat(granted(busy)).isFalse();
        assertThat(granted(app)).isTrue();
        issue(BOB, Kind.TOKEN);
        assertThat(derby.rows()).as("what has ended is thrown away").isEqualTo(2);
    }

    @Test
    void when_it_was_used_is_noted_to_the_minute() throws Exception {
        Issued app = issue(ANN, Kind.APP_PASSWORD);
        assertThat(used(app)).isEmpty();
        login(app);
        assertThat(used(app)).contains(BEGIN);
        clock.now = BEGIN.plusSeconds(150);
        login(app);
        assertThat(used(app)).contains(Instant.parse("2026-11-29T10:03:00Z"));
        assertThat(issue(ANN, Kind.TOKEN).credential().lastUsed()).contains(BEGIN.plusSeconds(150));
    }

    private Optional<Instant> used(Issued issued) throws Exception {
        return issuer.credentials(ANN, issued.credential().kind()).get(0).lastUsed();
    }

    @Test
    void of_too_many_tokens_the_one_that_rests_goes() throws Exception {
        Issued first = issue(ANN, Kind.TOKEN);
        clock.now = clock.now.plusSeconds(60);
        Issued second = issue(ANN, Kind.TOKEN);
        Issued third = issue(ANN, Kind.TOKEN);
        clock.now = clock.now.plusSeconds(600);
        login(first);
        Issued fourth = issue(ANN, Kind.TOKEN);
        assertThat(granted(first)).isTrue();
        assertThat(granted(fourth)).isTrue();
        assertThat(List.of(granted(second), granted(third))).containsExactlyInAnyOrder(true, false);
        issue(BOB, Kind.TOKEN);
        assertThat(issuer.credentials(ANN, Kind.TOKEN)).hasSize(3);
    }

    @Test
    void of_app_passwords_there_are_no_more_than_may_be() throws Exception {
        for (int i = 0; i < 3; i++) issue(ANN, Kind.APP_PASSWORD);
        assertThat(credentials.issue(ANN, Kind.APP_PASSWORD, "one more")).isEmpty();
        issue(ANN, Kind.TOKEN);
        issue(BOB, Kind.APP_PASSWORD);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "a\nb", "a\u0000b"})
    void a_name_is_a_line(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> credentials.issue(ANN, Kind.TOKEN, name));
        assertThatIllegalArgumentException().isThrownBy(() -> credentials.issue(ANN, Kind.TOKEN, "x".repeat(101)));
    }

    @Test
    void a_name_may_be_long_and_in_any_script() throws Exception {
        String name = "\uD83D\uDCF1".repeat(50);
        credentials.issue(ANN, Kind.TOKEN, " " + name + " ");
        assertThat(issuer.credentials(ANN, Kind.TOKEN))
                .singleElement()
                .extracting(Credential::name)
                .isEqualTo(name);
    }

    @Test
    void who_guesses_at_app_passwords_is_held_back_as_everybody() throws Exception {
        issue(ANN, Kind.APP_PASSWORD);
        String guess = "aaaa-bbbb-cccc-dddd-eeee";
        assertThat(accounts.login("ann", guess, client)).isEqualTo(new Login.Denied(Duration.ofSeconds(1)));
        assertThat(accounts.login("ann", guess, client)).isEqualTo(new Login.Denied(Duration.ofSeconds(2)));
        for (int i = 0; i < 6; i++) accounts.login("ann", guess, client);
        assertThat(accounts.login("ann", guess, client)).isInstanceOf(Login.PutOff.class);
        assertThat(accounts.login("ann", "secret", client)).isInstanceOf(Login.PutOff.class);
    }

    @Test
    void who_guesses_at_tokens_is_held_back_and_nobody_else() throws Exception {
        Issued token = issue(ANN, Kind.TOKEN);
        assertThat(issuer.login("x".repeat(43), client)).isEqualTo(new Login.Denied(Duration.ofSeconds(1)));
        for (int i = 0; i < 7; i++) issuer.login("y", client);
        assertThat(issuer.login("z".repeat(43), client)).isInstanceOf(Login.PutOff.class);
        assertThat(accounts.login("ann", "secret", client)).isInstanceOf(Login.PutOff.class);
        assertThat(granted(token)).as("in the same house").isTrue();
        client = InetAddress.getByName("192.0.2.2");
        assertThat(granted(token)).isTrue();
        assertThat(accounts.login("ann", "secret", client)).isInstanceOf(Login.Granted.class);
    }

    @Test
    void without_the_database_the_password_itself_is_taken_as_ever() throws Exception {
        Issued app = issue(ANN, Kind.APP_PASSWORD);
        Issued token = issue(ANN, Kind.TOKEN);
        town.password(BOB, "abcd-efgh-jkmn-pqrs-tuvw");
        derby.close();
        assertThat(accounts.login("ann", "secret", client)).isInstanceOf(Login.Granted.class);
        assertThat(accounts.login("bob", "abcd-efgh-jkmn-pqrs-tuvw", client)).isInstanceOf(Login.Granted.class);
        assertThat(accounts.login("ann", "wrong", client)).isInstanceOf(Login.Denied.class);
        assertThatIOException().isThrownBy(() -> login(app));
        assertThatIOException().isThrownBy(() -> login(token));
        assertThatIOException().isThrownBy(() -> issue(ANN, Kind.TOKEN));
    }

    @Test
    void a_damaged_secret_is_told_and_locks_nobody_out_who_knows_his_password() throws Exception {
        Issued app = issue(ANN, Kind.APP_PASSWORD);
        Files.writeString(derby.secretFile(), "posthorn-secret 1 half");
        restart();
        assertThat(accounts.login("ann", "secret", client)).isInstanceOf(Login.Granted.class);
        assertThatIOException().isThrownBy(() -> login(app)).withMessageContaining("users/secret is damaged");
        assertThat(accounts.scram("ann").salt()).containsExactly(1);
        assertThatIOException().isThrownBy(() -> accounts.scram("nobody")).withMessageContaining("is damaged");
        Files.delete(derby.secretFile());
        restart();
        assertThat(granted(app)).as("they went with the secret").isFalse();
        assertThat(granted(issue(ANN, Kind.APP_PASSWORD))).isTrue();
    }

    @Test
    void guesses_that_look_like_app_passwords_count_while_those_cannot_be_looked_at() throws Exception {
        Files.createDirectories(derby.secretFile().getParent());
        Files.writeString(derby.secretFile(), "posthorn-secret 1 half");
        for (int i = 0; i < 8; i++)
            assertThatIOException()
                    .isThrownBy(() -> accounts.login("ann", "aaaa-bbbb-cccc-dddd-eeee", client))
                    .withMessageContaining("is damaged");
        assertThat(accounts.login("ann", "aaaa-bbbb-cccc-dddd-eeee", client)).isInstanceOf(Login.PutOff.class);
        assertThat(accounts.login("ann", "secret", client)).isInstanceOf(Login.PutOff.class);
    }

    @Test
    void users_of_a_directory_that_cannot_be_asked_are_put_off() throws Exception {
        Issued token = issue(ANN, Kind.TOKEN);
        town.broken = true;
        assertThatIOException().isThrownBy(() -> login(token));
        town.broken = false;
        assertThat(granted(token)).isTrue();
    }
}
