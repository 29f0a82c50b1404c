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

/** {@code session:list|revoke}. */
@Component
public final class SessionCommands implements ShellCommands {

    /** One in a table. */
    public record Row(
            String user,
            String id,
            String name,
            Instant created,
            Optional<Instant> lastUsed,
            Optional<Instant> expires) {}

    private final Credentials credentials;
    private final Names names;

    @Activate
    public SessionCommands(@Reference Credentials credentials, @Reference Names names) {
        this.credentials = credentials;
        this.names = names;
    }

    @Override
    public String scope() {
        return "session";
    }

    @Override
    public List<ShellCommand> commands() {
        return List.of(
                new ShellCommand(
                        "list",
                        "[ADDRESS]",
                        "Shows the sessions of HTTP clients: who has a token, since when, and until when.",
                        this::list),
                new ShellCommand(
                        "revoke",
                        "ADDRESS [ID]",
                        "Ends a session of a user, or all of them, and what a client has open by it.",
                        this::revoke));
    }

    private List<Row> list(CommandLine line) throws IOException {
        List<Credential> found = line.word(0).isPresent()
                ? credentials.of(names.address(line.word(0).get()), Kind.TOKEN)
                : credentials.all(Kind.TOKEN);
        return found.stream().map(SessionCommands::row).toList();
    }

    private static Row row(Credential token) {
        return new Row(
                token.account().toString(),
                token.id(),
                token.name(),
                token.created(),
                token.lastUsed(),
                token.expires());
    }

    private String revoke(CommandLine line) throws IOException {
        Address user = names.address(line.word(0, "ADDRESS"));
        Optional<String> id = line.word(1);
        if (id.isPresent()) {
            if (!credentials.revoke(user, Kind.TOKEN, id.get()))
                throw new IllegalArgumentException(user + " has no session " + id.get());
            return "session " + id.get() + " of " + user + " revoked";
        }
        return "sessions of " + user + " revoked: " + credentials.revokeAll(user, Kind.TOKEN);
    }
}
