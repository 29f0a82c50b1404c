package org.posthorn.users.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.UserDirectory.Alias;
import org.posthorn.sasl.PasswordScheme;
import org.posthorn.sasl.Passwords;

class FileUsersTest {

    private static final Address ALICE = Address.of("alice@example.test");
    private static final Address BOB = Address.of("bob@example.test");

    @TempDir
    Path folder;

    private final AtomicLong time = new AtomicLong();

    private FileUsers users(String passwd, String aliases) throws IOException {
        java.nio.file.Files.writeString(folder.resolve("users"), passwd);
        java.nio.file.Files.writeString(folder.resolve("aliases"), aliases);
        return new FileUsers(folder, Settings.of("users", "aliases", "example.test"), time::get);
    }

    private void rewrite(String name, String content) throws IOException {
        java.nio.file.Files.writeString(folder.resolve(name), content);
        time.addAndGet(Duration.ofSeconds(1).toNanos());
    }

    @Test
    void aliases_that_lead_to_each_other_and_to_nobody_are_found() {
        var read = Aliases.read(
                List.of(
                        "a@one.test A@two.test",
                        "a@two.test a@one.test",
                        "x@one.test a@one.test",
                        "own@one.test own@one.test",
                        "b@one.test c@one.test",
                        "c@one.test b@one.test, d@one.test",
                        "d@one.test e@far.test",
                        "one.test anything"),
                "",
                (number, why) -> {});
        assertThat(Aliases.circles(read))
                .extracting(Address::toString)
                .containsExactly("a@one.test", "a@two.test", "x@one.test");
    }

    @Test
    void a_line_is_a_user_and_fields_behind_the_password_mean_nothing() throws IOException {
        FileUsers users = users(
                "# a comment\n\nalice@Example.TEST:{PLAIN}secret:1000:1000::/home/alice::userdb_quota=1G\nbob:{PLAIN}x\n",
                "");
        assertThat(users.domains()).containsExactly("example.test");
        assertThat(users.user(Address.of("ALICE@example.test")).orElseThrow().address())
                .isEqualTo(ALICE);
        assertThat(users.verify(ALICE, "secret")).contains(true);
        assertThat(users.verify(ALICE, "Secret")).contains(false);
        assertThat(users.verify(BOB, "x")).contains(true);
        assertThat(users.verify(Address.of("carol@example.test"), "x")).isEmpty();
        assertThat(users.users("EXAMPLE.test"))
                .extracting(u -> u.address().localPart())
                .containsExactly("alice", "bob");
    }

    @Test
    void every_scheme_of_the_library_is_understood() throws IOException {
        Passwords passwords = new Passwords(new SecureRandom());
        StringBuilder file = new StringBuilder();
        for (PasswordScheme scheme : PasswordScheme.values())
            file.append(scheme.name().toLowerCase(java.util.Locale.ROOT))
                    .append("@example.test:")
                    .append(passwords.hash("secret", scheme))
                    .append(":::\n");
        FileUsers users = users(file.toString(), "");
        for (PasswordScheme scheme : PasswordScheme.values()) {
            Address user = Address.of(scheme.name() + "@example.test");
            assertThat(users.verify(user, "secret")).as(scheme.label()).contains(true);
            assertThat(users.verify(user, "wrong")).as(scheme.label()).contains(false);
        }
        assertThat(users.scram(Address.of("scram_sha_256@example.test"))).isPresent();
        assertThat(users.scram(Address.of("argon2id@example.test"))).isEmpty();
    }

    @Test
    void a_locked_user_gets_mail_and_no_login() throws IOException {
        FileUsers users = users("alice@example.test:\nbob@example.test:!{PLAIN}x\n", "");
        assertThat(users.user(ALICE).orElseThrow().enabled()).isFalse();
        assertThat(users.verify(ALICE, "")).contains(false);
        assertThat(users.verify(BOB, "x")).contains(false);
        assertThat(users.fingerprint(ALICE)).contains("");
        assertThat(users.fingerprint(BOB)).contains("");
    }

    @Test
    void a_password_has_its_line_for_a_fingerprint() throws IOException {
        FileUsers users = users("alice@example.test:{PLAIN}secret\nbob@example.test:{PLAIN}other\n", "");
        assertThat(users.fingerprint(ALICE)).contains("{PLAIN}secret");
        assertThat(users.fingerprint(BOB)).contains("{PLAIN}other");
        assertThat(users.fingerprint(Address.of("carol@example.test"))).isEmpty();
    }

    @Test
    void broken_lines_are_skipped() throws IOException {
        FileUsers users = users(
                "alice@example.test:{PLAIN}secret\nno colon\n@:{PLAIN}x\nbob@example.test:{NOSUCH}x\n"
                        + "alice@example.test:{PLAIN}other\n\0\u0001:{PLAIN}\ncarol@example.test:{PLAIN}x",
                "");
        assertThat(users.users("example.test"))
                .extracting(u -> u.address().localPart())
                .containsExactly("alice", "carol");
        assertThat(users.verify(ALICE, "secret")).contains(true);
    }

    @Test
    void broken_lines_are_told_with_their_number_and_without_the_password() {
        StringBuilder told = new StringBuilder();
        Users.read(
                List.of("# x", "a@example.test:{NOSUCH}hidden", "bare:{PLAIN}hidden"),
                "",
                (n, why) -> told.append(n).append(": ").append(why).append('\n'));
        assertThat(told.toString())
                .startsWith("2: the password: ")
                .contains("3: the name is no mail address")
                .doesNotContain("hidden");
    }

    @Test
    void a_changed_file_is_read_again() throws IOException {
        FileUsers users = users("alice@example.test:{PLAIN}secret\n", "");
        assertThat(users.user(BOB)).isEmpty();
        rewrite("users", "alice@example.test:{PLAIN}changed\nbob@example.test:{PLAIN}x\n");
        assertThat(users.user(BOB)).isPresent();
        assertThat(users.verify(ALICE, "secret")).contains(false);
        assertThat(users.verify(ALICE, "changed")).contains(true);
    }

    @Test
    void a_file_that_vanishes_or_is_being_written_leaves_what_it_said_last() throws IOException {
        FileUsers users = users("alice@example.test:{PLAIN}secret\n", "");
        assertThat(users.user(ALICE)).isPresent();
        rewrite("users", "");
        assertThat(users.user(ALICE)).isPresent();
        java.nio.file.Files.delete(folder.resolve("users"));
        time.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(users.user(ALICE)).isPresent();
    }

    @Test
    void a_file_that_was_never_there_is_a_failure_and_not_an_empty_directory() throws IOException {
        FileUsers users = new FileUsers(folder, Settings.of("users", "", ""), time::get);
        assertThatThrownBy(() -> users.user(ALICE))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("users cannot be read");
        rewrite("users", "alice@example.test:{PLAIN}secret\n");
        assertThat(users.user(ALICE)).isPresent();
    }

    @Test
    void without_a_file_there_is_nobody() throws IOException {
        FileUsers users = new FileUsers(folder, Settings.of("", "", ""), time::get);
        assertThat(users.domains()).isEmpty();
        assertThat(users.user(ALICE)).isEmpty();
        assertThat(users.verify(ALICE, "x")).isEmpty();
        assertThat(users.alias(ALICE)).isEmpty();
        assertThat(users.catchAll("example.test")).isEmpty();
    }

    @Test
    void aliases_are_read_as_postfix_does() throws IOException {
        FileUsers users = users("alice@example.test:{PLAIN}x\n", """
                # virtual(5)
                Sales@example.test   alice@example.test, bob@example.test
                   carol@other.test
                info@example.test alice
                @example.test        bob@example.test
                quiet.test           anything
                broken
                """);
        assertThat(users.alias(Address.of("SALES@example.test")))
                .containsExactly(ALICE, BOB, Address.of("carol@other.test"));
        assertThat(users.alias(Address.of("info@example.test"))).containsExactly(ALICE);
        assertThat(users.catchAll("Example.test")).containsExactly(BOB);
        assertThat(users.catchAll("quiet.test")).isEmpty();
        assertThat(users.domains()).containsExactlyInAnyOrder("example.test", "quiet.test");
        assertThat(users.aliases("example.test")).extracting(Alias::name).containsExactly("", "info", "sales");
        assertThat(users.aliases("quiet.test")).isEmpty();
    }

    @Test
    void whatever_is_in_the_files_is_read_to_its_end() {
        Random random = new Random(20261122);
        String sound = "alice@example.test:{SSHA}c2FsdA==:\n@example.test a@b.test,c\n  more\nx y\n{}$6$:@\\\"\0";
        for (int i = 0; i < 2_000; i++) {
            StringBuilder mutated = new StringBuilder(sound);
            for (int j = 0; j < 12; j++)
                mutated.setCharAt(random.nextInt(mutated.length()), sound.charAt(random.nextInt(sound.length())));
            List<String> lines = mutated.toString().lines().toList();
            Map<Address, Optional<String>> read =
                    Users.read(lines, "example.test", (n, why) -> assertThat(n).isBetween(1, lines.size()));
            assertThat(read.keySet()).allMatch(a -> a.equals(a.folded()));
            assertThat(Aliases.read(
                            lines, "example.test", (n, why) -> assertThat(why).isNotBlank()))
                    .doesNotContainValue(null);
        }
    }
}
