package org.posthorn.users;

import java.util.Locale;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.posthorn.api.mail.Address;

/** Names as they are typed behind a command. What is none is an IllegalArgumentException with a message for who typed it. */
@Component(service = Names.class)
public final class Names {

    /** @param name the local part; empty for the catch-all */
    record AliasName(String name, String domain) {
        @Override
        public String toString() {
            return name + "@" + domain;
        }
    }

    private final RoutingSettings routing;

    @Activate
    public Names(@Reference RoutingSettings routing) {
        this.routing = routing;
    }

    String domain(String text) {
        return Address.parse("x@" + text)
                .map(Address::domain)
                .filter(d -> !d.startsWith("["))
                .orElseThrow(() -> new IllegalArgumentException(text + " is not a domain"))
                .toLowerCase(Locale.ROOT);
    }

    /** The address of a user, whose local part is also the name of a folder. */
    Address user(String text) {
        Address address = address(text);
        if (!address.localPart().chars().allMatch(c -> c > ' ' && c != '/' && c != '\\' && c != '"' && c != '@'))
            throw new IllegalArgumentException(text + " cannot name a user: no space, quote, slash or at sign");
        domain(address.domain());
        return address;
    }

    /** Any address, in lower case. */
    Address address(String text) {
        return routing.account(text).orElseThrow(() -> new IllegalArgumentException(text + " is not a mail address"));
    }

    AliasName alias(String text) {
        if (text.startsWith("@")) return new AliasName("", domain(text.substring(1)));
        Address address = address(text);
        return new AliasName(address.localPart(), domain(address.domain()));
    }

    Optional<String> someDomain(Optional<String> text) {
        return text.map(this::domain);
    }
}
