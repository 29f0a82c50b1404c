package org.posthorn.autoconfig;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Optional;
import org.posthorn.api.mail.Address;

/** {@code config-v1.1.xml}: for the domain of the address that is named, else for the one that the server is called by. */
record ClientConfigResource(Offers offers) implements Resource {

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public Answer answer(HttpServletRequest request) throws IOException {
        String named = request.getParameter("emailaddress");
        boolean none = named == null || named.isBlank();
        Optional<String> domain =
                none ? Asked.domain(request) : Asked.address(named).map(Address::domain);
        if (domain.isEmpty() && !none) return Answer.refusal(400, "emailaddress is no mail address");
        Optional<Offer> offer = domain.isEmpty() ? Optional.empty() : offers.of(domain.get());
        return offer.map(o -> Answer.of("text/xml", ClientConfig.of(o, domain.get())))
                .orElseGet(Answer::unknownDomain);
    }
}
