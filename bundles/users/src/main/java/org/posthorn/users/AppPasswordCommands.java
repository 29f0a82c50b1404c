package org.posthorn.users;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.mail.Address;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.shell.ShellCommands;
import org.posthorn.api.users.Credential;
import org.posthorn.api.users.Credential.Kind;
import org.posthorn.api.users.Issued;

/** {@code app-password:add|list|remove}. */
@Component
public final class AppPasswordCommands implements ShellCommands {

    /** One in a table. */
    public record Row(String user, String id, String name, Instant created, Optional<Instant> lastUsed) {}

    /** A fresh one, whose password is shown this once. */
    public record Made(String user, String id, String name, String password) {}

    private final Credentials credentials;
    private final Names names;

    @Activate
    public AppPasswordCommands(@Reference Credentials credentials, @Reference Names names) {
        this.credentials = credentials;
        this.names = names;
    }

    @Override
    public String scope() {
        return "app-password";
    }

    @Override
    public List<ShellCommand> commands() {
        return List.of(
                new ShellCommand(
                        "add",
                        "ADDRESS NAME",
                        "Makes a password for one program of a user, beside the user's own, and shows it once.",
                        this::add),
                new ShellCommand("list", "[ADDRESS]", "Shows app passwords, and when they were used last.", this::list),
                new ShellCommand(
                        "remove",
                        "ADDRESS [ID]",
                        "Ends an app password of a user, or all of them, and the connections that are open by it.",
                        this::remove));
    }

    private Made add(CommandLine line) throws IOException {
        Address user = names.address(line.word(0, "ADDRESS"));
        Issued issued = credentials
                .issue(user, Kind.APP_PASSWORD, line.word(1, "NAME"))
                .orElseThrow(() -> new IllegalArgumentException(user + " has as many app passwords as may be"
                        + " (maxAppPasswords in org.posthorn.users.cfg); app-password:remove ends one"));
        Credential made = issued.credential();
        return new Made(user.toString(), made.id(), made.name(), issued.secret());
    }

    private List<Row> list(CommandLine line) throws IOException {
        List<Credential> found = line.word(0).isPresent()
                ? credentials.of(names.address(line.word(0).get()), Kind.APP_PASSWORD)
                : credentials.all(Kind.APP_PASSWORD);
        return found.stream()
                .map(c -> new Row(c.account().toString(), c.id(), c.name(), c.created(), c.lastUsed()))
                .toList();
    }

    private String remove(CommandLine line) throws IOException {
        Address user = names.address(line.word(0, "ADDRESS"));
        if (line.word(1).isEmpty())
            return "app passwords of " + user + " removed: " + credentials.revokeAll(user, Kind.APP_PASSWORD);
        String id = line.word(1).get();
        if (!credentials.revoke(user, Kind.APP_PASSWORD, id))
            throw new IllegalArgumentException(user + " has no app password " + id);
        return "app password " + id + " of " + user + " removed";
    }
}
