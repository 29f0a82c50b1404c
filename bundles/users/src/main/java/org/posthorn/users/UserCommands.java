package org.posthorn.users;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.shell.ShellCommands;
import org.posthorn.api.users.User;
import org.posthorn.sasl.Passwords;

/** {@code user:add|list|passwd|remove}. */
@Component
public final class UserCommands implements ShellCommands {

    /** A user in a table. @param login whether it is allowed */
    public record Row(String user, boolean login) {}

    /** A user whose password the server chose, which is shown this once. */
    public record Chosen(String user, String password) {}

    private interface Setting {
        void set(Address user, String password) throws IOException;
    }

    /** In octets; beyond that it would fit nothing anyway. */
    private static final int LONGEST = Passwords.LONGEST + 1;

    private final Backends backends;
    private final Names names;
    private final Credentials credentials;
    private final VoidLogins voids;
    private final Leased<MailboxStore> mailboxes = new Leased<>();
    private final SecureRandom random = new SecureRandom();

    @Activate
    public UserCommands(
            @Reference Backends backends,
            @Reference Names names,
            @Reference Credentials credentials,
            @Reference VoidLogins voids) {
        this.backends = backends;
        this.names = names;
        this.credentials = credentials;
        this.voids = voids;
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addMailboxes(MailboxStore service, Map<String, ?> properties) {
        mailboxes.add(service, properties);
    }

    void removeMailboxes(MailboxStore service) {
        mailboxes.remove(service);
    }

    @Override
    public String scope() {
        return "user";
    }

    @Override
    public List<ShellCommand> commands() {
        String usage = "ADDRESS [PASSWORD] [--password-file FILE] [--stdin]";
        return List.of(
                new ShellCommand(
                        "add",
                        usage + " [--with-mail]",
                        "Makes a user. Without a password, one is chosen and shown; --stdin takes the first line that comes in."
                                + " --with-mail gives mail that lies under that address already to the new user.",
                        this::add),
                new ShellCommand("list", "[DOMAIN]", "Shows the users.", this::list),
                new ShellCommand(
                        "passwd",
                        usage,
                        "Sets a user's password. Without one, one is chosen and shown; --stdin takes the first line that comes in."
                                + " Sessions and app passwords of the user are void then, and open connections end.",
                        this::passwd),
                new ShellCommand(
                        "remove",
                        "ADDRESS",
                        "Removes a user, whose open connections end, and takes him out of the lists of others' mailboxes."
                                + " The mail stays on the shelf; user:add --with-mail gives it to another.",
                        this::remove));
    }

    private Object add(CommandLine line) throws IOException {
        Address address = names.user(line.word(0, "ADDRESS"));
        try (Lease<MailboxStore> store = store()) {
            if (!line.has("with-mail")) mustBegin(store.get(), address);
            else if (!isThere(address)) voidUrls(store.get(), address);
        }
        return set(line, "added", (user, password) -> backends.change(r -> r.addUser(user, password)));
    }

    /** Mail of somebody who had the address before is nobody else's, unless the administrator says so. */
    private void mustBegin(MailboxStore store, Address user) throws IOException {
        // One who is there has mail, and is refused for that.
        if (store.exists(user) && !isThere(user))
            throw new IllegalArgumentException("there is mail of " + user + " from before: --with-mail gives it to the"
                    + " new user; else move its folder away, from mail/" + user.domain() + " in the data directory");
    }

    private boolean isThere(Address user) throws IOException {
        return backends.users(user.domain()).stream().anyMatch(u -> u.address().equals(user));
    }

    private Lease<MailboxStore> store() throws IOException {
        return mailboxes.lease().orElseThrow(() -> new IOException("the mailboxes are not there now"));
    }

    /** By URLs that a user made (RFC 4467) nobody reads mail of whoever has the address later. */
    private static void voidUrls(MailboxStore store, Address user) throws IOException {
        // Asking must not make an account.
        if (!store.exists(user)) return;
        try {
            store.keys(user).removeAll();
        } catch (MailboxFault none) {
            // Where no keys are kept there are no URLs.
            if (none.kind() != MailboxFault.Kind.CANNOT) throw none;
        }
    }

    private Object passwd(CommandLine line) throws IOException {
        return set(line, "has a new password", this::password);
    }

    private void password(Address user, String password) throws IOException {
        backends.change(r -> r.password(user, password));
        voids.end(user);
    }

    private Object set(CommandLine line, String done, Setting setting) throws IOException {
        Address user = names.user(line.word(0, "ADDRESS"));
        Optional<String> given = given(line);
        String password = given.orElseGet(() -> GeneratedPassword.from(random));
        setting.set(user, password);
        return given.isPresent() ? user + " " + done : new Chosen(user.toString(), password);
    }

    private static Optional<String> given(CommandLine line) throws IOException {
        Optional<String> file = line.option("password-file");
        List<Boolean> ways = List.of(file.isPresent(), line.word(1).isPresent(), line.has("stdin"));
        if (ways.stream().filter(w -> w).count() > 1)
            throw new IllegalArgumentException("a password as a word, in a file and by --stdin: that is one too many");
        Optional<String> password = line.has("stdin")
                ? Optional.of(firstLine(line.in()))
                : file.map(UserCommands::firstLine).or(() -> line.word(1));
        if (password.filter(String::isEmpty).isPresent()) throw new IllegalArgumentException("the password is empty");
        return password;
    }

    private static String firstLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
            if (line.size() == LONGEST) throw new IllegalArgumentException("the password is longer than " + LONGEST);
            line.write(b);
        }
        try {
            ByteBuffer octets = ByteBuffer.wrap(line.toByteArray());
            String text = StandardCharsets.UTF_8.newDecoder().decode(octets).toString();
            return text.replaceFirst("\r$", "");
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the password is not in UTF-8", e);
        }
    }

    private static String firstLine(String file) {
        try {
            // A pipe would be waited for, with whoever asks next.
            if (!Files.isRegularFile(Path.of(file))) throw new IOException(file + " is not there, or no plain file");
            try (var lines = Files.lines(Path.of(file))) {
                return lines.findFirst().orElse("");
            }
        } catch (IOException | UncheckedIOException | InvalidPathException e) {
            throw new IllegalArgumentException("the password file cannot be read: " + e.getMessage(), e);
        }
    }

    private Object list(CommandLine line) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String domain : backends.domains(names.someDomain(line.word(0))))
            for (User user : backends.users(domain))
                rows.add(new Row(user.address().toString(), user.enabled()));
        return rows;
    }

    private Object remove(CommandLine line) throws IOException {
        Address user = names.address(line.word(0, "ADDRESS"));
        // Mailboxes that are not there fail it before anything is gone.
        try (Lease<MailboxStore> store = store()) {
            backends.change(r -> r.removeUser(user));
            voids.end(user);
            // Only now, as one who is there could make others.
            clear(store.get(), user);
        }
        return user + " removed";
    }

    /** All is tried. What was issued is void, as the user is gone; nobody else would have it thrown away. */
    private void clear(MailboxStore store, Address user) throws IOException {
        List<String> left = new ArrayList<>();
        List<IOException> faults = new ArrayList<>();
        try {
            voidUrls(store, user);
        } catch (IOException e) {
            faults.add(e);
            left.add("URLs by which others may read that mail stay valid: " + e);
        }
        try {
            Shares.end(store, user);
        } catch (IOException e) {
            faults.add(e);
            left.add("some mailboxes of others stay shared with that address, whoever has it next: " + e);
        }
        try {
            credentials.revokeAll(user);
        } catch (IOException e) {
            faults.add(e);
            left.add("void tokens and app passwords stay in the database until session:revoke and app-password:remove"
                    + " take them: " + e);
        }
        if (left.isEmpty()) return;
        IOException told = new IOException(user + " removed, but " + String.join("; and ", left));
        faults.forEach(told::addSuppressed);
        throw told;
    }
}
