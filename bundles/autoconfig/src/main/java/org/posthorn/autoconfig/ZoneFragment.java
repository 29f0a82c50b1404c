package org.posthorn.autoconfig;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a domain's zone is to say of this server: who takes its mail, where programs find their configuration, the digest of what they find there, and the SRV records of RFC 6186, RFC 8314 5.1 and RFC 8620 2.2.
 *
 * @param domain without a final dot, in letters that the DNS has
 */
record ZoneFragment(String domain, List<Row> records, List<String> remarks) {

    /** Seconds that a record may be kept. */
    static final int TTL = 3600;

    private static final int HTTPS = 443;

    /**
     * A resource record.
     *
     * @param name relative to the domain; {@code @} is the domain itself
     */
    record Row(String name, int ttl, String type, String data) {}

    static ZoneFragment of(String domain, Offer offer) {
        List<Row> records = new ArrayList<>();
        String web = offer.website().map(URI::getHost).orElse(offer.host());
        records.add(row("@", "MX", "10 " + offer.host() + "."));
        records.add(row("autoconfig", "CNAME", web + "."));
        records.add(row("autodiscover", "CNAME", web + "."));
        Optional<Pacc> pacc = Pacc.of(offer, domain);
        pacc.ifPresent(p -> {
            records.add(row(Pacc.HOST, "CNAME", web + "."));
            records.add(row("_" + Pacc.HOST, "TXT", "\"" + p.digest() + "\""));
        });
        for (Service service : Service.values()) records.add(row(name(service.word()), "SRV", srv(offer, service)));
        offer.jmap().ifPresent(url -> records.add(row(name("jmap"), "SRV", web(url))));
        offer.website().ifPresent(url -> records.add(row(name("autodiscover"), "SRV", web(url))));
        return new ZoneFragment(Asked.ascii(domain), records, remarks(offer, pacc));
    }

    private static Row row(String name, String type, String data) {
        return new Row(name, TTL, type, data);
    }

    private static String name(String service) {
        return "_" + service + "._tcp";
    }

    /** A service that is not there has the root for its target, RFC 2782 and RFC 6186 3.4. */
    private static String srv(Offer offer, Service service) {
        return offer.servers().stream()
                .filter(s -> s.service() == service)
                .map(s -> service.priority() + " 1 " + s.port() + " " + offer.host() + ".")
                .findFirst()
                .orElse("0 0 0 .");
    }

    private static String web(URI url) {
        int port = url.getPort() < 0 ? HTTPS : url.getPort();
        return "0 1 " + port + " " + url.getHost() + ".";
    }

    private static List<String> remarks(Offer offer, Optional<Pacc> pacc) {
        List<String> remarks = new ArrayList<>();
        Optional<URI> website = offer.website();
        remarks.add(
                "autoconfig and autodiscover are asked for by HTTPS at port 443: the certificate must have their names.");
        remarks.add(
                pacc.isPresent()
                        ? "ua-auto-config likewise; its TXT is the digest of what is told there: print it again when host, ports, displayName or publicUrl change."
                        : "There is no ua-auto-config: all that it knows is TLS from the first octet at ports 993, 995 and 465, and JMAP at 443.");
        if (website.isEmpty())
            remarks.add(
                    "Set publicUrl in org.posthorn.http.cfg to an https URL, and JMAP and autodiscover get SRV records.");
        if (!offer.host().contains("."))
            remarks.add(
                    offer.host()
                            + " is no full name: set hostname in org.posthorn.smtp.cfg, or host in org.posthorn.autoconfig.cfg.");
        return remarks;
    }

    /** As a zone file has it, RFC 1035 5.1. */
    @Override
    public String toString() {
        StringBuilder zone = new StringBuilder("$ORIGIN ").append(domain).append(".\n");
        for (Row row : records)
            zone.append(String.format("%-20s %d IN %-5s %s%n", row.name, row.ttl, row.type, row.data));
        remarks.forEach(remark -> zone.append("; ").append(remark).append('\n'));
        return zone.toString().replace(System.lineSeparator(), "\n").stripTrailing();
    }
}
