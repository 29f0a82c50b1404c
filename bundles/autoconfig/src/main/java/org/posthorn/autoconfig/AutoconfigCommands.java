package org.posthorn.autoconfig;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.mail.Address;
import org.posthorn.api.shell.Page;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.shell.ShellCommands;

/** {@code autoconfig:dns|show}. */
@Component
public final class AutoconfigCommands implements ShellCommands {

    /** A line of {@code autoconfig:show}. */
    public record Row(String service, String server, int port, String tls, String user) {}

    private static final int HTTPS = 443;

    private final Offers offers;

    @Activate
    public AutoconfigCommands(@Reference Offers offers) {
        this.offers = offers;
    }

    @Override
    public String scope() {
        return "autoconfig";
    }

    @Override
    public List<ShellCommand> commands() {
        return List.of(
                new ShellCommand(
                        "dns",
                        "DOMAIN",
                        "Prints what the domain's zone is to say, so that other servers and mail programs find this one.",
                        line -> dns(line.word(0, "DOMAIN"))),
                new ShellCommand(
                        "show",
                        "ADDRESS",
                        "Shows what mail programs are told for an address, best first.",
                        line -> show(line.word(0, "ADDRESS"))));
    }

    private Page dns(String domain) throws IOException {
        Address any = Asked.address("x@" + domain)
                .orElseThrow(() -> new IllegalArgumentException(domain + " is not a domain"));
        ZoneFragment zone = ZoneFragment.of(any.domain(), offer(any.domain()));
        return new Page(zone.toString(), zone);
    }

    private List<Row> show(String text) throws IOException {
        Address address =
                Asked.address(text).orElseThrow(() -> new IllegalArgumentException(text + " is not a mail address"));
        Offer offer = offer(address.domain());
        List<Row> rows = new ArrayList<>();
        for (Server server : offer.servers())
            rows.add(new Row(
                    server.service().word(),
                    offer.host(),
                    server.port(),
                    server.service().implicitTls() ? "from the first octet" : "STARTTLS",
                    address.toString()));
        offer.jmap().ifPresent(url -> rows.add(jmap(url, address)));
        return rows;
    }

    private static Row jmap(URI url, Address address) {
        int port = url.getPort() < 0 ? HTTPS : url.getPort();
        return new Row("jmap", url.toString(), port, "from the first octet", address.toString());
    }

    private Offer offer(String domain) throws IOException {
        if (!offers.local(domain))
            throw new IllegalArgumentException(domain + " is no domain of this server; domain:add makes it one");
        Offer offer = offers.now();
        if (!offer.whole())
            throw new IllegalArgumentException(
                    "there is nothing to be told: no listener with TLS to read mail at, or none to send it by");
        return offer;
    }
}
