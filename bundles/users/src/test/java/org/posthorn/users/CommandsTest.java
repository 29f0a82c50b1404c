package org.posthorn.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Access;
import org.posthorn.api.mailbox.AccessKeys;
import org.posthorn.api.mailbox.AccessList;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.Namespaces;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.shell.ShellCommands;
import org.posthorn.api.users.Credential;
import org.posthorn.api.users.Entrance;

class CommandsTest {

    @TempDir
    Path folder;

    private final Town town = new Town();
    private final Backends backends = Town.backends(town);
    private final Names names = new Names(Town.routing());
    private final Derby derby = new Derby();
    private final Credentials credentials = derby.credentials(backends, Clock.systemUTC());
    private final VoidLogins voids = new VoidLogins(credentials);
    private final UserCommands users = new UserCommands(backends, names, credentials, voids);
    private final Set<Address> homes = new HashSet<>();
    private final List<String> voided = new ArrayList<>();
    private Optional<IOException> broken = Optional.empty();
    private final List<ShellCommands> all = List.of(
            new DomainCommands(backends, names, Town.routing()),
            users,
            new AliasCommands(backends, names, Town.routing()),
            new AppPasswordCommands(credentials, names),
            new SessionCommands(credentials, names));

    private final MailboxStore store = (MailboxStore) Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {MailboxStore.class},
            (proxy, method, args) -> switch (method.getName()) {
                case "exists" -> homes.contains(args[0]);
                case "namespaces" -> this.neighbours;
                case "access" -> this.access;
                default -> keys((Address) args[0]);
            });

    private static final Address OWNER = Address.of("owner@example.test");
    private final TreeMap<String, Rights> given = new TreeMap<>();

    private final Access access = new Access() {
        @Override
        public AccessList of(String mailbox) {
            throw new UnsupportedOperationException("only those that name somebody are looked at");
        }

        @Override
        public SortedSet<String> mailboxes(String identifier) {
            return new TreeSet<>(given.containsKey(identifier) ? Set.of("Gone", "Team") : Set.of());
        }

        @Override
        public void change(String mailbox, String identifier, UnaryOperator<Optional<Rights>> change)
                throws MailboxFault {
            if (mailbox.equals("Gone")) throw new MailboxFault(MailboxFault.Kind.NONEXISTENT, "No such mailbox");
            change.apply(Optional.of(given.remove(identifier))).ifPresent(rights -> given.put(identifier, rights));
        }
    };

    private final Namespaces neighbours = new Namespaces() {
        @Override
        public List<Address> others() {
            return List.of(OWNER, Address.of("never-there@example.test"));
        }

        @Override
        public boolean hasOther(Address owner) {
            return true;
        }

        @Override
        public Optional<Address> shared() {
            return Optional.empty();
        }
    };

    @AfterEach
    void end() {
        derby.close();
    }

    @BeforeEach
    void mailboxes() {
        users.addMailboxes(store, Map.of());
    }

    /** Of whom there are none any more is noted. */
    private AccessKeys keys(Address user) throws IOException {
        if (broken.isPresent()) throw broken.get();
        return (AccessKeys) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {AccessKeys.class}, (proxy, method, args) -> {
                    assertThat(method.getName()).isEqualTo("removeAll");
                    return voided.add(user + (town.passwords.containsKey(user) ? " while there" : ""));
                });
    }

    private Object typed(String input, String command, Object... words) throws Exception {
        InputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        return run(new CommandLine(text(words), Map.of("stdin", ""), line -> {}, false, in), command);
    }

    private static List<String> text(Object... words) {
        return Arrays.stream(words).map(Object::toString).toList();
    }

    private Object run(String command, Object... words) throws Exception {
        return run(Map.of(), command, words);
    }

    private Object run(Map<String, String> options, String command, Object... words) throws Exception {
        return run(new CommandLine(text(words), options, line -> {}), command);
    }

    private Object run(CommandLine line, String command) throws Exception {
        String[] parts = command.split(":");
        ShellCommand found = all.stream()
                .filter(c -> c.scope().equals(parts[0]))
                .flatMap(c -> c.commands().stream())
                .filter(c -> c.name().equals(parts[1]))
                .findFirst()
                .orElseThrow();
        return found.action().run(line);
    }

    @Test
    void a_password_comes_from_standard_input() throws Exception {
        assertThat(typed("fr\u00f6m a pipe\r\nmore", "user:add", "alice")).isEqualTo("alice@example.test added");
        assertThat(town.passwords).containsEntry(Address.of("alice@example.test"), "fr\u00f6m a pipe");
        typed("another", "user:passwd", "alice");
        assertThat(town.passwords).containsEntry(Address.of("alice@example.test"), "another");
        for (String nothing : List.of("", "\n", "x".repeat(2000)))
            assertThatIllegalArgumentException().isThrownBy(() -> typed(nothing, "user:passwd", "alice"));
        CommandLine latin = new CommandLine(
                List.of("alice"), Map.of("stdin", ""), l -> {}, false, new ByteArrayInputStream(new byte[] {-1}));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(latin, "user:passwd"))
                .withMessageContaining("UTF-8");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> typed("one", "user:passwd", "alice", "two"))
                .withMessageContaining("one too many");
        assertThat(town.passwords).containsEntry(Address.of("alice@example.test"), "another");
    }

    @Test
    void a_new_user_has_mail_of_an_earlier_one_only_if_the_administrator_says_so() throws Exception {
        run("domain:add", "example.test");
        homes.add(Address.of("alice@example.test"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run("user:add", "Alice", "secret"))
                .withMessageContaining("--with-mail");
        assertThat(town.passwords).isEmpty();
        run(Map.of("with-mail", ""), "user:add", "Alice", "secret");
        assertThat(town.passwords).containsKey(Address.of("alice@example.test"));
        // One who is there is refused as ever.
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run("user:add", "alice", "secret"))
                .withMessageNotContaining("--with-mail");
    }

    @Test
    void urls_of_a_removed_user_are_void_and_so_are_those_of_who_had_the_mail_before() throws Exception {
        run("domain:add", "example.test");
        run("user:add", "alice", "secret");
        homes.add(Address.of("alice@example.test"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(Map.of("with-mail", ""), "user:add", "alice", "secret"))
                .withMessage("there already");
        assertThat(voided).isEmpty();
        run("user:remove", "Alice");
        assertThat(voided).containsExactly("alice@example.test");
        // As one may have made others since: who had logged in, or a user of another directory.
        run(Map.of("with-mail", ""), "user:add", "alice", "secret");
        assertThat(voided).containsExactly("alice@example.test", "alice@example.test");
        run(Map.of("with-mail", ""), "user:add", "bob", "secret");
        run("user:remove", "bob");
        assertThat(voided).hasSize(2);
    }

    @Test
    void user_is_removed_where_no_urls_are_kept_and_told_of_when_they_cannot_be_made_void() throws Exception {
        Address alice = Address.of("alice@example.test");
        run("domain:add", "example.test");
        homes.add(alice);
        broken = Optional.of(new MailboxFault(MailboxFault.Kind.CANNOT, "not kept here"));
        run(Map.of("with-mail", ""), "user:add", "alice", "secret");
        assertThat(run("user:remove", "alice")).isEqualTo("alice@example.test removed");
        town.passwords.put(alice, "secret");
        broken = Optional.of(new IOException("the disk is gone"));
        assertThatIOException()
                .isThrownBy(() -> run("user:remove", "alice"))
                .withMessageStartingWith("alice@example.test removed, but ")
                .withMessageContaining("the disk is gone");
        assertThat(town.passwords).isEmpty();
        assertThatIOException().isThrownBy(() -> run(Map.of("with-mail", ""), "user:add", "alice", "secret"));
        assertThat(town.passwords).isEmpty();
    }

    @Test
    void what_others_share_with_a_user_is_not_for_who_has_the_address_later() throws Exception {
        homes.add(OWNER);
        given.put("ann@example.test", new Rights("lr"));
        given.put("bob@example.test", new Rights("lr"));
        run("domain:add", "example.test");
        run("user:add", "ann", "secret");
        assertThat(run("user:remove", "Ann")).isEqualTo("ann@example.test removed");
        assertThat(given).containsOnlyKeys("bob@example.test");
    }

    @Test
    void open_connections_of_a_user_end_with_his_password_and_with_himself() throws Exception {
        List<String> ended = new ArrayList<>();
        run("domain:add", "example.test");
        run("user:add", "ann", "secret");
        voids.listen(new Entrance(Address.of("ann@example.test")), () -> ended.add("by secret"));
        run("user:passwd", "ann", "another");
        assertThat(ended).containsExactly("by secret");
        voids.listen(new Entrance(Address.of("ann@example.test")), () -> ended.add("by another"));
        run("user:remove", "ann");
        assertThat(ended).containsExactly("by secret", "by another");
    }

    @Test
    void nobody_is_removed_or_given_mail_while_the_mailboxes_are_away() throws Exception {
        run("domain:add", "example.test");
        run("user:add", "alice", "secret");
        users.removeMailboxes(store);
        assertThatIOException().isThrownBy(() -> run("user:remove", "alice")).withMessageContaining("not there now");
        assertThatIOException().isThrownBy(() -> run(Map.of("with-mail", ""), "user:add", "bob", "secret"));
        assertThat(town.passwords).containsOnlyKeys(Address.of("alice@example.test"));
    }

    @Test
    void a_domain_is_added_listed_and_removed() throws Exception {
        run("domain:add", "EXAMPLE.test");
        run("user:add", "alice@example.test", "secret");
        run("alias:add", "sales@example.test", "alice");
        assertThat(run("domain:list")).isEqualTo(List.of(new DomainCommands.Row("example.test", 1, 1)));
        run("domain:remove", "example.test");
        assertThat(run("domain:list")).isEqualTo(List.of());
    }

    @Test
    void a_domain_whose_postmaster_nobody_is_is_told_of() throws Exception {
        assertThat((String) run("domain:add", "other.test")).contains("alias:add postmaster@other.test ADDRESS");
        run("alias:add", "postmaster@other.test", "alice@far.test");
        assertThat(run("domain:add", "other.test")).isEqualTo("other.test added");
        assertThat((String) run("domain:add", "example.test")).contains("alias:add postmaster@example.test ADDRESS");
        // The postmaster of the default domain is the one of all.
        run("user:add", "postmaster@example.test", "x");
        assertThat(run("domain:add", "third.test")).isEqualTo("third.test added");
    }

    @Test
    void a_user_is_added_with_the_password_given() throws Exception {
        assertThat(run("user:add", "Alice@Example.Test", "secret")).isEqualTo("alice@example.test added");
        assertThat(town.passwords).containsEntry(Address.of("alice@example.test"), "secret");
    }

    @Test
    void a_password_comes_from_the_first_line_of_a_file() throws Exception {
        Path file = Files.writeString(folder.resolve("password"), "from file\nmore\n");
        run(Map.of("password-file", file.toString()), "user:add", "alice");
        assertThat(town.passwords).containsEntry(Address.of("alice@example.test"), "from file");
    }

    @Test
    void a_password_that_is_not_given_is_chosen_and_shown() throws Exception {
        UserCommands.Chosen chosen = (UserCommands.Chosen) run("user:add", "alice");
        assertThat(chosen.user()).isEqualTo("alice@example.test");
        assertThat(chosen.password()).matches("([a-z2-9]{4}-){3}[a-z2-9]{4}");
        assertThat(town.passwords).containsEntry(Address.of("alice@example.test"), chosen.password());
        UserCommands.Chosen again = (UserCommands.Chosen) run("user:passwd", "alice");
        assertThat(again.password()).isNotEqualTo(chosen.password());
        assertThat(town.passwords).containsEntry(Address.of("alice@example.test"), again.password());
    }

    @Test
    void users_are_listed_and_removed() throws Exception {
        run("domain:add", "example.test");
        run("user:add", "alice", "x");
        assertThat(run("user:list")).isEqualTo(List.of(new UserCommands.Row("alice@example.test", true)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run("user:list", "other.test"))
                .withMessage("there is no domain other.test; there are example.test");
        assertThatIllegalArgumentException().isThrownBy(() -> run("alias:list", "other.test"));
        run("user:remove", "ALICE");
        assertThat(run("user:list")).isEqualTo(List.of());
    }

    @Test
    void an_alias_leads_to_one_or_many() throws Exception {
        run("domain:add", "example.test");
        run("alias:add", "sales@example.test", "alice@example.test");
        run("alias:add", "all@example.test", "alice,bob@Other.test", "carol", "alice");
        run("alias:add", "@example.test", "alice");
        assertThat(run("alias:list"))
                .isEqualTo(List.of(
                        new AliasCommands.Row("@example.test", List.of("alice@example.test")),
                        new AliasCommands.Row(
                                "all@example.test",
                                List.of("alice@example.test", "bob@other.test", "carol@example.test")),
                        new AliasCommands.Row("sales@example.test", List.of("alice@example.test"))));
        run("alias:remove", "@example.test");
        run("alias:remove", "sales@example.test");
        assertThat((List<?>) run("alias:list", "example.test")).hasSize(1);
    }

    @Test
    void a_circle_of_aliases_is_told_of_and_one_with_a_way_out_is_not() throws Exception {
        run("domain:add", "one.test");
        run("domain:add", "two.test");
        run("user:add", "carol@one.test", "x");
        assertThat((String) run("alias:add", "a@one.test", "a@two.test")).doesNotContain("circle");
        assertThat((String) run("alias:add", "a@two.test", "A@one.test"))
                .contains("circle")
                .contains("5.4.6");
        assertThat((String) run("alias:add", "x@one.test", "a@one.test")).contains("circle");
        assertThat((String) run("alias:add", "y@one.test", "y+z@one.test")).contains("circle");
        assertThat((String) run("alias:add", "@two.test", "nobody@two.test")).contains("circle");
        assertThat((String) run("alias:add", "carol@one.test", "carol@one.test"))
                .doesNotContain("circle");
        assertThat((String) run("alias:add", "a@one.test", "a@two.test", "carol@one.test"))
                .doesNotContain("circle");
        assertThat((String) run("alias:add", "b@one.test", "b@far.test")).doesNotContain("circle");
    }

    @Test
    void an_alias_that_takes_all_mail_from_a_user_is_told_of() throws Exception {
        run("domain:add", "example.test");
        run("user:add", "alice", "x");
        run("user:add", "bob", "x");
        assertThat(told("bob", "alice"))
                .singleElement()
                .asString()
                .startsWith("bob@example.test is a user: mail for it no longer goes to its mailbox");
        assertThat(told("bob", "alice", "bob")).isEmpty();
        assertThat(told("sales", "alice")).isEmpty();
    }

    @Test
    void an_alias_to_nobody_is_told_of() throws Exception {
        run("domain:add", "example.test");
        run("user:add", "alice", "x");
        assertThat(told("sales", "alice", "alcie"))
                .containsExactly("alcie@example.test is nobody here: mail for it is refused with 5.1.1");
        assertThat(told("sales", "alice+x", "postmaster", "bob@far.test")).isEmpty();
        run("alias:add", "@example.test", "alice");
        assertThat(told("sales", "alcie")).isEmpty();
    }

    @Test
    void an_alias_to_a_default_domain_of_others_is_told_of() throws Exception {
        run("domain:add", "one.test");
        assertThat(told("@one.test", "nobody"))
                .containsExactly("nobody@example.test is not on this server: example.test, the default domain, is none"
                        + " of its domains");
    }

    /** What is told of an alias besides that it is there. */
    private List<String> told(Object... words) throws Exception {
        return ((String) run("alias:add", words)).lines().skip(1).toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "@",
                "a b",
                "../x",
                "a/b",
                "a@",
                "@b",
                "a@b@c",
                "\"a b\"@c.test",
                "a@[192.0.2.1]",
                "a@-x.test",
                "a\0b@c.test"
            })
    void what_names_no_user_is_refused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run("user:add", name, "secret"))
                .withMessageMatching("(?s).* (is not|cannot name) a .*");
        assertThat(town.passwords).isEmpty();
    }

    @Test
    void what_is_wrong_or_missing_is_said() {
        refused("DOMAIN is missing", "domain:add");
        refused("a b is not a domain", "domain:add", "a b");
        refused("[192.0.2.1] is not a domain", "domain:add", "[192.0.2.1]");
        refused("ADDRESS is missing", "user:add");
        refused("the password is empty", "user:add", "alice", "");
        refused("ALIAS is missing", "alias:add");
        refused("TARGET is missing", "alias:add", "sales@example.test");
        refused("x@ is not a mail address", "alias:add", "sales@example.test", "x@");
    }

    private void refused(String why, String command, Object... words) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(command, words))
                .withMessageContaining(why);
    }

    @Test
    void a_password_and_a_file_are_one_too_many_and_a_missing_file_is_said() {
        Map<String, String> file =
                Map.of("password-file", folder.resolve("none").toString());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(file, "user:add", "alice", "secret"))
                .withMessageContaining("one too many");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run(file, "user:add", "alice"))
                .withMessageContaining("cannot be read");
    }

    @Test
    void without_a_registry_a_change_is_refused() {
        Names any = new Names(Town.routing());
        ShellCommands domains = new DomainCommands(new Backends(), any, Town.routing());
        CommandLine line = new CommandLine(List.of("example.test"), Map.of(), l -> {});
        assertThatIllegalArgumentException()
                .isThrownBy(() -> domains.commands().get(0).action().run(line))
                .withMessageContaining("no directory that commands can change");
    }

    @Test
    void an_app_password_is_made_shown_once_listed_and_removed() throws Exception {
        town.addUser(Address.of("ann@example.test"), "secret");
        AppPasswordCommands.Made made =
                (AppPasswordCommands.Made) run("app-password:add", "Ann@example.test", "a phone");
        assertThat(made.user()).isEqualTo("ann@example.test");
        assertThat(made.password()).matches("([a-z2-9]{4}-){4}[a-z2-9]{4}");
        assertThat(credentials.appPassword(Address.of("ann@example.test"), made.password()))
                .isPresent();
        for (String[] words : new String[][] {{}, {"ann@example.test"}}) {
            List<?> rows = (List<?>) run("app-password:list", (Object[]) words);
            assertThat(rows).singleElement().isInstanceOfSatisfying(AppPasswordCommands.Row.class, row -> {
                assertThat(row.id()).isEqualTo(made.id());
                assertThat(row.name()).isEqualTo("a phone");
                assertThat(row.toString()).doesNotContain(made.password());
            });
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run("app-password:remove", "bob@example.test", made.id()))
                .withMessageContaining("bob@example.test has no app password");
        assertThat(run("app-password:remove", "ann@example.test", made.id()).toString())
                .endsWith("removed");
        run("app-password:add", "ann@example.test", "another phone");
        town.locked.add(Address.of("ann@example.test"));
        assertThat((List<?>) run("app-password:list")).isEmpty();
        assertThat(run("app-password:remove", "ann@example.test"))
                .isEqualTo("app passwords of ann@example.test removed: 1");
        assertThat(derby.rows()).isZero();
        assertThat(credentials.appPassword(Address.of("ann@example.test"), made.password()))
                .isEmpty();
    }

    @Test
    void an_app_password_is_for_a_user_who_may_log_in_and_there_are_so_many() throws Exception {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run("app-password:add", "nobody@example.test", "a phone"))
                .withMessageContaining("no user nobody@example.test who may log in");
        town.addUser(Address.of("ann@example.test"), "secret");
        for (int i = 0; i < 3; i++) run("app-password:add", "ann@example.test", "phone " + i);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run("app-password:add", "ann@example.test", "phone 4"))
                .withMessageContaining("maxAppPasswords");
    }

    @Test
    void sessions_are_listed_and_revoked_one_or_all() throws Exception {
        Address ann = Address.of("ann@example.test");
        town.addUser(ann, "secret");
        String first =
                credentials.issue(ann, Credential.Kind.TOKEN, "one").get().secret();
        credentials.issue(ann, Credential.Kind.TOKEN, "two");
        credentials.issue(ann, Credential.Kind.TOKEN, "three");
        credentials.issue(ann, Credential.Kind.APP_PASSWORD, "phone");
        List<?> rows = (List<?>) run("session:list", "ann@example.test");
        assertThat(rows).hasSize(3);
        assertThat((List<?>) run("session:list")).isEqualTo(rows);
        SessionCommands.Row one = (SessionCommands.Row) rows.stream()
                .filter(r -> ((SessionCommands.Row) r).name().equals("one"))
                .findFirst()
                .get();
        run("session:revoke", "ann@example.test", one.id());
        assertThat(credentials.token(first)).isEmpty();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> run("session:revoke", "ann@example.test", one.id()))
                .withMessageContaining("no session");
        town.locked.add(ann);
        assertThat(run("session:revoke", "ann@example.test")).isEqualTo("sessions of ann@example.test revoked: 2");
        town.locked.clear();
        assertThat(credentials.of(ann, Credential.Kind.APP_PASSWORD)).hasSize(1);
        assertThat((List<?>) run("session:list", "ann@example.test")).isEmpty();
    }

    @Test
    void a_user_who_is_removed_leaves_nothing_that_was_issued_to_him() throws Exception {
        Address ann = Address.of("ann@example.test");
        town.addUser(ann, "secret");
        credentials.issue(ann, Credential.Kind.TOKEN, "one");
        credentials.issue(ann, Credential.Kind.APP_PASSWORD, "phone");
        run("user:remove", "ann@example.test");
        assertThat(derby.rows()).isZero();
        town.addUser(ann, "secret");
        credentials.issue(ann, Credential.Kind.TOKEN, "one");
        homes.add(ann);
        broken = Optional.of(new IOException("the disk of the keys"));
        assertThatIOException()
                .isThrownBy(() -> run("user:remove", "ann@example.test"))
                .withMessageContaining("the disk of the keys");
        assertThat(derby.rows()).as("all is tried").isZero();
        town.addUser(ann, "secret");
        derby.close();
        assertThatIOException()
                .isThrownBy(() -> run("user:remove", "ann@example.test"))
                .withMessageContaining("ann@example.test removed, but URLs")
                .withMessageContaining("void tokens and app passwords stay");
    }
}
