package org.posthorn.api.mail;

import java.util.Optional;
import java.util.Set;

/**
 * One for whom the mail is, with the wishes that came with RCPT.
 *
 * @param address where it goes
 * @param notices the NOTIFY parameter, RFC 3461 4.1; empty when it was not given, which means failure and perhaps delay
 * @param originalRecipient the ORCPT parameter as given, still in xtext: {@code rfc822;bob@example.test}, RFC 3461 4.2
 */
public record Recipient(Address address, Set<Notify> notices, Optional<String> originalRecipient) {
    public Recipient {
        notices = Set.copyOf(notices);
    }

    public Recipient(Address address) {
        this(address, Set.of(), Optional.empty());
    }

    /** The same wishes for another address: what an alias leads to. */
    public Recipient to(Address target) {
        return new Recipient(target, notices, originalRecipient);
    }
}
