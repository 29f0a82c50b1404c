package org.posthorn.filter.dnsbl;

import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.posthorn.api.dns.DnsAnswer;
import org.posthorn.api.dns.DnsResolver;
import org.posthorn.api.filter.Finding;
import org.posthorn.api.filter.MailFilter;
import org.posthorn.api.filter.Verdict;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.net.Network;

/** Refuses clients that a DNS block list knows, RFC 5782. Findings are in the words of RFC 8904. */
@Component(property = "name=dnsbl", configurationPid = DnsblFilter.PID)
@Designate(ocd = DnsblFilter.Config.class)
public final class DnsblFilter implements MailFilter {

    static final String PID = "org.posthorn.filter.dnsbl";

    /** The settings. */
    @ObjectClassDefinition(name = "DNS block lists")
    public @interface Config {

        @AttributeDefinition(
                description =
                        "The lists that are asked, as zone or zone=answers: zen.example.org=127.0.0.2-11;127.0.1.2")
        String[] zones() default {};

        @AttributeDefinition(description = "Networks that are not asked about")
        String[] exempt() default {
            "127.0.0.0/8",
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "169.254.0.0/16",
            "::1",
            "fc00::/7",
            "fe80::/10"
        };

        @AttributeDefinition(description = "Whether listed clients are refused; else it is only noted in the mail")
        boolean refuse() default true;
    }

    private final Leased<DnsResolver> resolvers = new Leased<>();
    private volatile List<Zone> zones = List.of();
    private volatile List<Network> exempt = List.of();
    private volatile boolean refuse;

    @Activate
    @Modified
    void settings(Config config) {
        zones = Arrays.stream(config.zones()).map(Zone::parse).toList();
        exempt = Arrays.stream(config.exempt()).map(Network::parse).toList();
        refuse = config.refuse();
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addResolver(DnsResolver resolver, Map<String, ?> properties) {
        resolvers.add(resolver, properties);
    }

    void removeResolver(DnsResolver resolver) {
        resolvers.remove(resolver);
    }

    @Override
    public Verdict client(Origin origin) throws IOException {
        InetAddress client = origin.client().getAddress();
        if (client == null || origin.login().isPresent() || zones.isEmpty()) return Verdict.PASS;
        if (exempt.stream().anyMatch(network -> network.holds(client))) return Verdict.PASS;
        try (Lease<DnsResolver> dns =
                resolvers.lease().orElseThrow(() -> new IOException("there is no DNS resolver"))) {
            return judge(client, dns.get());
        }
    }

    private Verdict judge(InetAddress client, DnsResolver dns) {
        List<Finding> findings = new ArrayList<>();
        for (Zone zone : zones) {
            Optional<Finding> finding = ask(zone, client, dns);
            if (finding.isEmpty()) continue;
            if (refuse && finding.get().result().equals("fail")) return refusal(zone, client, finding.get());
            findings.add(finding.get());
        }
        if (findings.isEmpty()) findings.add(new Finding("dnsbl", "none", Map.of(), ""));
        return new Verdict.Pass(findings, List.of());
    }

    private static Optional<Finding> ask(Zone zone, InetAddress client, DnsResolver dns) {
        DnsAnswer<InetAddress> answer = dns.addresses(zone.question(client));
        Map<String, String> where = Map.of("dns.zone", zone.name());
        // A list that is down is no reason to refuse anybody.
        if (answer.status() == DnsAnswer.Status.FAILED)
            return Optional.of(new Finding("dnsbl", "temperror", where, ""));
        Optional<InetAddress> listed =
                answer.records().stream().filter(zone::listed).findFirst();
        if (listed.isPresent()) {
            List<String> reasons = dns.txt(zone.question(client)).records();
            Map<String, String> what =
                    Map.of("dns.zone", zone.name(), "policy.ip", listed.get().getHostAddress());
            return Optional.of(new Finding("dnsbl", "fail", what, reasons.isEmpty() ? "" : reasons.get(0)));
        }
        boolean refused = answer.records().stream().anyMatch(zone::refused);
        return refused ? Optional.of(new Finding("dnsbl", "permerror", where, "")) : Optional.empty();
    }

    private static Verdict refusal(Zone zone, InetAddress client, Finding finding) {
        String reason = finding.reason().isEmpty() ? "" : ": " + printable(finding.reason());
        String text = client.getHostAddress() + " is listed by " + zone.name() + reason;
        return new Verdict.Refuse(new Reply(554, "5.7.1", text));
    }

    /** What a stranger wrote into the DNS goes into a reply: one line of ASCII, and not too long a one (RFC 5321 4.5.3.1.5). */
    private static String printable(String text) {
        String ascii = text.replaceAll("[^ -~]", "?");
        return ascii.length() > 300 ? ascii.substring(0, 300) : ascii;
    }
}
