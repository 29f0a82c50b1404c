package org.posthorn.autoconfig;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Optional;

/** {@code user-agent-configuration.json}, at {@code ua-auto-config.} of a domain of ours and nowhere else. Programs ask by HTTPS, which may end in front of this server. */
record PaccResource(Offers offers) implements Resource {

    @Override
    public String method() {
        return "GET";
    }

    @Override
    public Answer answer(HttpServletRequest request) throws IOException {
        Optional<String> domain = Asked.domainBehind(Pacc.HOST + ".", request);
        Optional<Offer> offer = domain.isEmpty() ? Optional.empty() : offers.of(domain.get());
        return offer.flatMap(o -> Pacc.of(o, domain.get()))
                .map(pacc -> Answer.of(Answer.JSON, pacc.document()))
                .orElseGet(Answer::unknownDomain);
    }
}
