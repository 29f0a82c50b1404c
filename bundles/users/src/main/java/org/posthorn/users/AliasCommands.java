package org.posthorn.users;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.mail.Address;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.shell.ShellCommands;
import org.posthorn.api.users.UserDirectory;

/** {@code alias:add|list|remove}. */
@Component
public final class AliasCommands implements ShellCommands {

    /** An alias in a table. */
    public record Row(String alias, List<String> targets) {}

    private final Backends backends;
    private final Names names;
    private final AliasDoubts doubts;

    @Activate
    public AliasCommands(@Reference Backends backends, @Reference Names names, @Reference RoutingSettings routing) {
        this.backends = backends;
        this.names = names;
        this.doubts = new AliasDoubts(backends, routing);
    }

    @Override
    public String scope() {
        return "alias";
    }

    @Override
    public List<ShellCommand> commands() {
        return List.of(
                new ShellCommand(
                        "add",
                        "ALIAS TARGET...",
                        "Sends mail for an address to others; @example.org is the catch-all of a domain. Replaces what"
                                + " the alias led to.",
                        this::add),
                new ShellCommand("list", "[DOMAIN]", "Shows aliases and where they lead.", this::list),
                new ShellCommand("remove", "ALIAS", "Removes an alias.", this::remove));
    }

    private Object add(CommandLine line) throws IOException {
        Names.AliasName alias = names.alias(line.word(0, "ALIAS"));
        line.word(1, "TARGET");
        List<Address> targets = line.words().stream()
                .skip(1)
                .flatMap(word -> Arrays.stream(word.split(",")))
                .filter(word -> !word.isBlank())
                .map(word -> names.address(word.strip()))
                .distinct()
                .toList();
        backends.change(r -> r.alias(alias.name(), alias.domain(), targets));
        List<String> told = new ArrayList<>(List.of(alias + " leads to " + String.join(", ", text(targets))));
        told.addAll(doubts.of(alias, targets));
        return String.join("\n", told);
    }

    private Object list(CommandLine line) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String domain : backends.domains(names.someDomain(line.word(0))))
            for (UserDirectory.Alias alias : backends.aliases(domain))
                rows.add(new Row(alias.name() + "@" + domain, text(alias.targets())));
        return rows;
    }

    private static List<String> text(List<Address> targets) {
        return targets.stream().map(Address::toString).toList();
    }

    private Object remove(CommandLine line) throws IOException {
        Names.AliasName alias = names.alias(line.word(0, "ALIAS"));
        backends.change(r -> r.removeAlias(alias.name(), alias.domain()));
        return alias + " removed";
    }
}
