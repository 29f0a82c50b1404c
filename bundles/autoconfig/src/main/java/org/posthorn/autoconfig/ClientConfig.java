package org.posthorn.autoconfig;

import java.net.URI;

/**
 * What Thunderbird and many others read: draft-ietf-mailmaint-autoconfig. Version 1.1, as all that know 1.2 take it and not all else would take 1.2.
 *
 * <p>Of authentication {@code password-cleartext} alone is told, which TLS protects: {@code password-encrypted} is CRAM-MD5 and the like for the programs that there are, and those that
 * know SCRAM-SHA-256 find it in the server's own list.
 */
final class ClientConfig {

    /** Characters of the short form of the name at most. */
    private static final int LONGEST_SHORT_NAME = 20;

    private ClientConfig() {}

    /** @param domain of the user's address */
    static String of(Offer offer, String domain) {
        Markup xml = new Markup()
                .open("clientConfig", "version", "1.1")
                .open("emailProvider", "id", Asked.ascii(domain))
                .leaf("domain", Asked.ascii(domain))
                .leaf("displayName", offer.name(domain, Offer.LONGEST_NAME))
                .leaf("displayShortName", offer.name(domain, LONGEST_SHORT_NAME));
        for (Server server : offer.servers()) server(xml, offer.host(), server);
        offer.jmap().ifPresent(url -> jmap(xml, url));
        return xml.close().close().toString();
    }

    private static void server(Markup xml, String host, Server server) {
        Service service = server.service();
        if (service.sends()) xml.open("outgoingServer", "type", "smtp");
        else xml.open("incomingServer", "type", service.protocol());
        xml.leaf("hostname", host)
                .leaf("port", String.valueOf(server.port()))
                .leaf("socketType", service.implicitTls() ? "SSL" : "STARTTLS")
                .leaf("authentication", "password-cleartext")
                .leaf("username", "%EMAILADDRESS%")
                .close();
    }

    /** Behind the others, as a program that knows no JMAP may stop at what it does not know. */
    private static void jmap(Markup xml, URI url) {
        xml.open("incomingServer", "type", "jmap")
                .leaf("url", url.toString())
                .leaf("authentication", "Basic", "system", "http")
                .leaf("username", "%EMAILADDRESS%")
                .close();
    }
}
