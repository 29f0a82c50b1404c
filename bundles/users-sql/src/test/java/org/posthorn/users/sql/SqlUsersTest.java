package org.posthorn.users.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.lang.annotation.Annotation;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.derby.jdbc.EmbeddedDataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.User;
import org.posthorn.api.users.UserDirectory.Alias;

class SqlUsersTest {

    private static final Address ALICE = Address.of("alice@example.test");
    private static final Address BOB = Address.of("bob@example.test");

    private final EmbeddedDataSource source = new EmbeddedDataSource();
    private SqlUsers users;

    private record Settings(String scheme, int rememberLogins) implements SqlUsers.Config {
        @Override
        public Class<? extends Annotation> annotationType() {
            return SqlUsers.Config.class;
        }
    }

    @Test
    void users_who_were_lost_with_their_database_are_not_strangers_while_nobody_has_seen_to_it() throws IOException {
        users.removeUser(Address.of("alice@example.test"));
        users.removeDomain("example.test");
        users.addSource(source, Map.of("lost", "data/database/lost"));
        assertThatThrownBy(() -> users.domains())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("data/database/lost");
        assertThatThrownBy(() -> users.verify(Address.of("alice@example.test"), "secret"))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> users.user(Address.of("alice@example.test"))).isInstanceOf(IOException.class);
        users.addDomain("example.test");
        assertThat(users.domains()).containsExactly("example.test");
        assertThat(users.verify(Address.of("alice@example.test"), "secret")).isEmpty();
    }

    @Test
    void who_waits_for_the_database_hears_as_well_that_users_were_lost() throws Exception {
        users.removeUser(Address.of("alice@example.test"));
        users.removeDomain("example.test");
        SqlUsers early = new SqlUsers(new Settings("SHA512-CRYPT", 300));
        CompletableFuture<Set<String>> domains = new CompletableFuture<>();
        Thread asks = new Thread(() -> {
            try {
                domains.complete(early.domains());
            } catch (IOException e) {
                domains.completeExceptionally(e);
            }
        });
        asks.start();
        while (asks.getState() == Thread.State.NEW || asks.getState() == Thread.State.RUNNABLE) Thread.onSpinWait();
        early.addSource(source, Map.of("lost", "data/database/lost"));
        assertThatThrownBy(domains::get).hasMessageContaining("data/database/lost");
    }

    @BeforeEach
    void begin() throws IOException {
        System.setProperty("derby.stream.error.file", "target/derby.log");
        source.setDatabaseName("memory:" + UUID.randomUUID());
        source.setCreateDatabase("create");
        users = component();
        users.addDomain("Example.Test");
        users.addUser(Address.of("Alice@EXAMPLE.test"), "secret");
    }

    private SqlUsers component() {
        SqlUsers made = new SqlUsers(new Settings("SHA512-CRYPT", 300));
        made.addSource(source, Map.of());
        return made;
    }

    @AfterEach
    void drop() {
        source.setCreateDatabase(null);
        source.setConnectionAttributes("drop=true");
        assertThatThrownBy(source::getConnection).isInstanceOf(SQLException.class);
    }

    private void run(String sql) throws SQLException {
        try (Connection c = source.getConnection();
                Statement s = c.createStatement()) {
            s.execute(sql);
        }
    }

    @Test
    void names_are_kept_in_lower_case_and_found_in_any() throws IOException {
        assertThat(users.domains()).containsExactly("example.test");
        assertThat(users.users("EXAMPLE.test")).containsExactly(new User(ALICE, true));
        assertThat(users.user(Address.of("ALICE@Example.Test"))).contains(new User(ALICE, true));
        assertThat(users.user(BOB)).isEmpty();
        assertThat(users.user(Address.of("alice@other.test"))).isEmpty();
    }

    @Test
    void another_component_on_the_same_database_sees_it_all() throws IOException {
        users.alias("sales", "example.test", List.of(ALICE, BOB));
        SqlUsers other = component();
        assertThat(other.user(ALICE)).isPresent();
        assertThat(other.alias(Address.of("sales@example.test"))).containsExactly(ALICE, BOB);
        assertThat(other.verify(ALICE, "secret")).contains(true);
    }

    @Test
    void a_password_is_right_wrong_or_of_nobody() throws IOException {
        assertThat(users.verify(ALICE, "secret")).contains(true);
        assertThat(users.verify(ALICE, "Secret")).contains(false);
        assertThat(users.verify(BOB, "secret")).isEmpty();
    }

    @Test
    void a_changed_password_holds_at_once_and_the_old_one_no_more() throws IOException {
        assertThat(users.verify(ALICE, "secret")).contains(true);
        var keys = users.scram(ALICE).orElseThrow();
        users.password(ALICE, "new");
        assertThat(users.verify(ALICE, "secret")).contains(false);
        assertThat(users.verify(ALICE, "new")).contains(true);
        assertThat(users.scram(ALICE).orElseThrow().storedKey()).isNotEqualTo(keys.storedKey());
    }

    @Test
    void passwords_are_kept_hashed_in_the_scheme_of_the_settings() throws Exception {
        users.modified(new Settings("ARGON2ID", 0));
        users.addUser(BOB, "hidden");
        try (Connection c = source.getConnection();
                var rows = c.createStatement()
                        .executeQuery("SELECT password_hash, scram_keys FROM users_account ORDER BY local_part")) {
            rows.next();
            assertThat(rows.getString(1)).startsWith("{SHA512-CRYPT}$6$").doesNotContain("secret");
            rows.next();
            assertThat(rows.getString(1)).startsWith("{ARGON2ID}$argon2id$").doesNotContain("hidden");
            assertThat(rows.getString(2)).startsWith("{SCRAM-SHA-256}").doesNotContain("hidden");
        }
        assertThat(users.verify(BOB, "hidden")).contains(true);
    }

    @Test
    void scram_keys_are_those_of_the_password_and_of_nobody_else() throws IOException {
        assertThat(users.scram(ALICE).orElseThrow().iterations()).isGreaterThanOrEqualTo(4096);
        assertThat(users.scram(BOB)).isEmpty();
    }

    @Test
    void a_removed_user_is_gone_at_once() throws IOException {
        assertThat(users.user(ALICE)).isPresent();
        assertThat(users.verify(ALICE, "secret")).contains(true);
        users.removeUser(ALICE);
        assertThat(users.user(ALICE)).isEmpty();
        assertThat(users.verify(ALICE, "secret")).isEmpty();
        assertThat(users.scram(ALICE)).isEmpty();
    }

    @Test
    void an_alias_leads_to_its_targets_in_order_until_it_is_replaced_or_removed() throws IOException {
        Address sales = Address.of("sales@example.test");
        assertThat(users.alias(sales)).isEmpty();
        users.alias("Sales", "EXAMPLE.test", List.of(BOB, ALICE));
        assertThat(users.alias(Address.of("SALES@example.test"))).containsExactly(BOB, ALICE);
        users.alias("sales", "example.test", List.of(ALICE));
        assertThat(users.alias(sales)).containsExactly(ALICE);
        users.removeAlias("sales", "example.test");
        assertThat(users.alias(sales)).isEmpty();
    }

    @Test
    void a_catch_all_is_the_alias_without_a_name() throws IOException {
        users.alias("", "example.test", List.of(ALICE));
        assertThat(users.catchAll("Example.Test")).containsExactly(ALICE);
        assertThat(users.catchAll("other.test")).isEmpty();
        assertThat(users.aliases("example.test")).containsExactly(new Alias("", "example.test", List.of(ALICE)));
    }

    @Test
    void aliases_are_listed_by_name() throws IOException {
        users.alias("b", "example.test", List.of(ALICE));
        users.alias("a", "example.test", List.of(ALICE, Address.of("\"odd name\"@other.test")));
        assertThat(users.aliases("example.test"))
                .extracting(Alias::name, a -> a.targets().size())
                .containsExactly(tuple("a", 2), tuple("b", 1));
    }

    @Test
    void what_cannot_be_done_says_why() {
        refused(() -> users.addDomain("EXAMPLE.test"), "there is a domain example.test already");
        refused(() -> users.removeDomain("other.test"), "there is no domain other.test");
        refused(() -> users.removeDomain("example.test"), "example.test has 1 users and 0 aliases");
        refused(() -> users.addUser(ALICE, "x"), "there is a user alice@example.test already");
        refused(() -> users.addUser(Address.of("a@other.test"), "x"), "there is no domain other.test");
        refused(() -> users.addUser(BOB, ""), "empty");
        refused(() -> users.removeUser(BOB), "there is no user bob@example.test");
        refused(() -> users.password(BOB, "x"), "there is no user bob@example.test");
        refused(() -> users.alias("a", "other.test", List.of(ALICE)), "there is no domain other.test");
        refused(() -> users.alias("a", "example.test", List.of()), "must lead somewhere");
        refused(() -> users.removeAlias("a", "example.test"), "there is no alias a@example.test");
    }

    private static void refused(ThrowingCallable what, String why) {
        assertThatIllegalArgumentException().isThrownBy(what).withMessageContaining(why);
    }

    @Test
    void an_empty_domain_can_be_removed() throws IOException {
        users.removeUser(ALICE);
        users.removeDomain("example.test");
        assertThat(users.domains()).isEmpty();
    }

    @Test
    void hostile_names_are_data() throws IOException {
        Address odd = new Address("o'brien\"; drop table users_account; --", "example.test");
        users.addUser(odd, "secret");
        assertThat(users.user(odd)).isPresent();
        assertThat(users.users("example.test")).hasSize(2);
    }

    @Test
    void a_database_that_fails_is_a_failure_and_not_an_unknown_user() throws Exception {
        run("DROP TABLE users_alias");
        assertThatThrownBy(() -> users.alias(BOB)).isInstanceOf(IOException.class);
    }

    @Test
    void tables_of_a_newer_version_are_left_alone() throws Exception {
        run("UPDATE users_format SET version = 7");
        assertThatThrownBy(() -> component().domains())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("format 7, made by a newer Posthorn");
    }

    @Test
    void a_change_that_fails_half_way_changes_nothing() throws Exception {
        users.alias("sales", "example.test", List.of(ALICE));
        Address tooLong = new Address("x".repeat(60), "y".repeat(300));
        assertThatThrownBy(() -> users.alias("sales", "example.test", List.of(BOB, tooLong)))
                .isInstanceOf(IOException.class);
        assertThat(users.alias(Address.of("sales@example.test"))).containsExactly(ALICE);
    }

    @Test
    void a_password_has_a_fingerprint_of_its_own_each_time_that_it_is_set() throws IOException {
        String first = users.fingerprint(ALICE).get();
        assertThat(users.fingerprint(Address.of("Alice@EXAMPLE.test"))).contains(first);
        users.password(ALICE, "secret");
        String second = users.fingerprint(ALICE).get();
        users.removeUser(ALICE);
        assertThat(users.fingerprint(ALICE)).isEmpty();
        users.addUser(ALICE, "secret");
        assertThat(Set.of(first, second, users.fingerprint(ALICE).get())).hasSize(3);
    }
}
