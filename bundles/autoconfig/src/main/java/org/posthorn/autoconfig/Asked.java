package org.posthorn.autoconfig;

import jakarta.servlet.http.HttpServletRequest;
import java.net.IDN;
import java.util.Locale;
import java.util.Optional;
import org.posthorn.api.mail.Address;

/** Whom a request is about, in the words of a stranger: an address or a domain, or it is not believed. */
final class Asked {

    private static final String AUTOCONFIG = "autoconfig.";

    private Asked() {}

    /** An address with its domain in lower case. */
    static Optional<Address> address(String text) {
        return Address.parse(text.strip())
                .filter(a -> !a.domain().isEmpty() && !a.domain().startsWith("["))
                .map(a -> a.at(a.domain().toLowerCase(Locale.ROOT)));
    }

    /** The domain whose server the client means to ask, by what it calls it: {@code example.org} or {@code autoconfig.example.org}. */
    static Optional<String> domain(HttpServletRequest request) {
        String host = Optional.ofNullable(request.getServerName()).orElse("").toLowerCase(Locale.ROOT);
        return address("x@" + (host.startsWith(AUTOCONFIG) ? host.substring(AUTOCONFIG.length()) : host))
                .map(Address::domain);
    }

    /** A domain in letters that the DNS has, RFC 5891; one that has no such form stays as it is. */
    static String ascii(String domain) {
        try {
            return IDN.toASCII(domain);
        } catch (IllegalArgumentException e) {
            return domain;
        }
    }
}
