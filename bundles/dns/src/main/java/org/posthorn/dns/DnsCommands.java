package org.posthorn.dns;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.dns.DnsAnswer;
import org.posthorn.api.dns.DnsAnswer.Status;
import org.posthorn.api.dns.DnsResolver;
import org.posthorn.api.dns.Mx;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.shell.ShellCommands;

/** Shows what the server sees in the DNS. */
@Component
public final class DnsCommands implements ShellCommands {

    /** A line of {@code dns:mx}. */
    record Exchanger(int preference, String host, String addresses) {}

    private final DnsResolver dns;

    @Activate
    public DnsCommands(@Reference DnsResolver dns) {
        this.dns = dns;
    }

    @Override
    public String scope() {
        return "dns";
    }

    @Override
    public List<ShellCommand> commands() {
        return List.of(new ShellCommand(
                "mx",
                "DOMAIN",
                "Shows where mail for a domain goes, best first.",
                line -> exchangers(line.word(0, "the domain"))));
    }

    private List<Exchanger> exchangers(String domain) {
        DnsAnswer<Mx> mx = dns.mx(domain);
        if (mx.status() == Status.NO_SUCH_NAME) throw new IllegalArgumentException("there is no domain " + domain);
        if (mx.status() == Status.FAILED) throw new IllegalArgumentException("the DNS does not answer for " + domain);
        List<Exchanger> rows = new ArrayList<>();
        for (Mx one : mx.records())
            rows.add(
                    one.host().isEmpty()
                            ? new Exchanger(one.preference(), ".", "takes no mail (RFC 7505)")
                            : new Exchanger(one.preference(), one.host(), addresses(one.host())));
        if (rows.isEmpty()) rows.add(new Exchanger(0, domain, addresses(domain)));
        return rows;
    }

    private String addresses(String host) {
        DnsAnswer<InetAddress> answer = dns.addresses(host);
        return answer.status() == Status.FOUND
                ? answer.records().stream().map(InetAddress::getHostAddress).collect(Collectors.joining(" "))
                : answer.status().toString();
    }
}
