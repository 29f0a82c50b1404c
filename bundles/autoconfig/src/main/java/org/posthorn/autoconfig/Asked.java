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
        return domainBehind(AUTOCONFIG, request).or(() -> domainBehind("", request));
    }

    /** The domain behind the start of the host that the client asks; empty when the host has another start, or no domain behind it. @param start in lower case */
    static Optional<String> domainBehind(String start, HttpServletRequest request) {
        String host = host(request);
        if (!host.startsWith(start)) return Optional.empty();
        return address("x@" + host.substring(start.length())).map(Address::domain);
    }

    private static String host(HttpServletRequest request) {
        return Optional.ofNullable(request.getServerName()).orElse("").toLowerCase(Locale.ROOT);
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
