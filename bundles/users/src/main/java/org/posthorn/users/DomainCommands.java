package org.posthorn.users;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.mail.Address;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.shell.ShellCommands;

/** {@code domain:add|list|remove}. */
@Component
public final class DomainCommands implements ShellCommands {

    /** A domain in a table. */
    public record Row(String domain, int users, int aliases) {}

    private final Backends backends;
    private final Names names;
    private final RoutingSettings routing;

    @Activate
    public DomainCommands(@Reference Backends backends, @Reference Names names, @Reference RoutingSettings routing) {
        this.backends = backends;
        this.names = names;
        this.routing = routing;
    }

    @Override
    public String scope() {
        return "domain";
    }

    @Override
    public List<ShellCommand> commands() {
        return List.of(
                new ShellCommand("add", "DOMAIN", "Takes mail for a domain from now on.", this::add),
                new ShellCommand("list", "", "Shows the domains of this server.", this::list),
                new ShellCommand(
                        "remove", "DOMAIN", "Removes a domain that has no users and no aliases.", this::remove));
    }

    private Object add(CommandLine line) throws IOException {
        String domain = names.domain(line.word(0, "DOMAIN"));
        backends.change(r -> r.addDomain(domain));
        String postmaster = "postmaster@" + domain;
        return postmasterIsRead(domain)
                ? domain + " added"
                : domain + " added\nMail to " + postmaster + " is taken, as it must be, and nobody reads it: alias:add "
                        + postmaster + " ADDRESS gives it to somebody";
    }

    /** As routing has it: where nobody is made postmaster of a domain, the one of the default domain is. */
    private boolean postmasterIsRead(String domain) throws IOException {
        return routing.postmasterSet() || postmaster(domain) || postmaster(routing.defaultDomain());
    }

    private boolean postmaster(String domain) throws IOException {
        Address postmaster = new Address("postmaster", domain);
        return backends.user(postmaster).isPresent()
                || !backends.alias(postmaster).isEmpty();
    }

    private Object list(CommandLine line) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String domain : backends.domains())
            rows.add(new Row(
                    domain,
                    backends.users(domain).size(),
                    backends.aliases(domain).size()));
        return rows;
    }

    private Object remove(CommandLine line) throws IOException {
        String domain = names.domain(line.word(0, "DOMAIN"));
        backends.change(r -> r.removeDomain(domain));
        return domain + " removed";
    }
}
