package org.posthorn.autoconfig;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.posthorn.api.mail.Address;

/** What Outlook asks: plain old XML, MS-OXDSCLI, with servers of IMAP, POP3 and SMTP. */
record Autodiscover(Offers offers) implements Resource {

    private static final String ENVELOPE = "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006";
    private static final String OUTLOOK =
            "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a";

    @Override
    public String method() {
        return "POST";
    }

    @Override
    public Answer answer(HttpServletRequest request) throws IOException {
        byte[] body = request.getInputStream().readNBytes(AutodiscoverRequest.LONGEST + 1);
        if (body.length > AutodiscoverRequest.LONGEST)
            return Answer.refusal(413, "A request has " + AutodiscoverRequest.LONGEST + " octets at most");
        Optional<AutodiscoverRequest> asked = AutodiscoverRequest.parse(body);
        Optional<Address> address = asked.flatMap(a -> Asked.address(a.address()));
        if (address.isEmpty()) return error("600", "Invalid Request");
        String schema = asked.get().schema();
        if (!schema.isEmpty() && !schema.equals(OUTLOOK)) return error("601", "Provider is not available");
        return offers.of(address.get().domain())
                .map(offer -> Answer.of("text/xml", settings(offer, address.get())))
                .orElseGet(Answer::unknownDomain);
    }

    private static Answer error(String code, String message) {
        return Answer.of(
                "text/xml",
                new Markup()
                        .open("Autodiscover", "xmlns", ENVELOPE)
                        .open("Response")
                        .open("Error")
                        .leaf("ErrorCode", code)
                        .leaf("Message", message)
                        .empty("DebugData")
                        .close()
                        .close()
                        .close()
                        .toString());
    }

    /** The best server of each kind: Outlook looks at no other. */
    private static String settings(Offer offer, Address address) {
        Markup xml = new Markup()
                .open("Autodiscover", "xmlns", ENVELOPE)
                .open("Response", "xmlns", OUTLOOK)
                .open("Account")
                .leaf("AccountType", "email")
                .leaf("Action", "settings");
        Stream.of("imap", "pop3", "submission")
                .flatMap(protocol -> offer.best(protocol).stream())
                .forEach(server -> protocol(xml, offer.host(), server, address));
        return xml.close().close().close().toString();
    }

    private static void protocol(Markup xml, String host, Server server, Address address) {
        Service service = server.service();
        xml.open("Protocol")
                .leaf("Type", service.sends() ? "SMTP" : service.protocol().toUpperCase(Locale.ROOT))
                .leaf("Server", host)
                .leaf("Port", String.valueOf(server.port()))
                .leaf("LoginName", address.toString())
                .leaf("DomainRequired", "off")
                .leaf("SPA", "off")
                .leaf("SSL", "on")
                .leaf("Encryption", service.implicitTls() ? "SSL" : "TLS")
                .leaf("AuthRequired", "on");
        if (service.sends()) xml.leaf("UsePOPAuth", "on").leaf("SMTPLast", "off");
        xml.close();
    }
}
