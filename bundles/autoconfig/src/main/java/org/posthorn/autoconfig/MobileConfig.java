package org.posthorn.autoconfig;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import org.posthorn.api.mail.Address;

/**
 * A configuration profile for iPhones, iPads and Macs with one account in it ({@code com.apple.mail.managed}), without its password, for which the device asks. Not signed. One address always has the
 * same identifiers, so a profile that is loaded again replaces the one before.
 */
record MobileConfig(Offers offers) implements Resource {

    private static final String TYPE = "application/x-apple-aspen-config";
    private static final String PLIST =
            "<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" \"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">";

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public Answer answer(HttpServletRequest request) throws IOException {
        Optional<Address> address =
                Optional.ofNullable(request.getParameter("address")).flatMap(Asked::address);
        if (address.isEmpty()) return Answer.refusal(400, "Ask with ?address=, and a mail address behind it");
        return offers.of(address.get().domain())
                .map(offer -> Answer.of(TYPE, of(offer, address.get()))
                        .with("Content-Disposition", "attachment; filename=\"mail.mobileconfig\""))
                .orElseGet(Answer::unknownDomain);
    }

    /** @param offer a {@linkplain Offer#whole whole} one */
    static String of(Offer offer, Address address) {
        String name = offer.name(address.domain(), Offer.LONGEST_NAME);
        Markup plist = new Markup()
                .line(PLIST)
                .open("plist", "version", "1.0")
                .open("dict")
                .leaf("key", "PayloadContent")
                .open("array")
                .open("dict");
        account(plist, offer, address);
        payload(plist, "com.apple.mail.managed", "account", address, name);
        plist.close().close();
        payload(plist, "Configuration", "profile", address, name);
        string(plist, "PayloadDescription", "Sets up mail for " + address);
        string(plist, "PayloadOrganization", name);
        return plist.close().close().toString();
    }

    private static void account(Markup plist, Offer offer, Address address) {
        Server reading = offer.reading().orElseThrow();
        string(plist, "EmailAccountDescription", address.toString());
        string(
                plist,
                "EmailAccountType",
                reading.service().protocol().equals("pop3") ? "EmailTypePOP" : "EmailTypeIMAP");
        string(plist, "EmailAddress", address.toString());
        server(plist, "Incoming", offer.host(), reading, address);
        server(plist, "Outgoing", offer.host(), offer.sending().orElseThrow(), address);
        plist.leaf("key", "OutgoingPasswordSameAsIncomingPassword").empty("true");
    }

    /** TLS is wanted of each; by which way it begins the device finds out. */
    private static void server(Markup plist, String way, String host, Server server, Address address) {
        string(plist, way + "MailServerAuthentication", "EmailAuthPassword");
        string(plist, way + "MailServerHostName", host);
        plist.leaf("key", way + "MailServerPortNumber").leaf("integer", String.valueOf(server.port()));
        plist.leaf("key", way + "MailServerUseSSL").empty("true");
        string(plist, way + "MailServerUsername", address.toString());
    }

    /** What each payload has. */
    private static void payload(Markup plist, String type, String part, Address address, String name) {
        UUID id = UUID.nameUUIDFromBytes(
                ("posthorn mobileconfig " + part + " " + address.folded()).getBytes(StandardCharsets.UTF_8));
        string(plist, "PayloadType", type);
        plist.leaf("key", "PayloadVersion").leaf("integer", "1");
        string(plist, "PayloadIdentifier", "org.posthorn.mobileconfig." + part + "." + id);
        string(plist, "PayloadUUID", id.toString());
        string(plist, "PayloadDisplayName", name);
    }

    private static void string(Markup plist, String key, String value) {
        plist.leaf("key", key).leaf("string", value);
    }
}
