package org.posthorn.api.mail;

import java.util.Locale;
import java.util.Optional;

/**
 * A mailbox address as an envelope carries it, RFC 5321 4.1.2 and RFC 6531 3.3. The local part is kept without quotes and
 * quoted again when it is written; the domain is kept as it was given, without a final dot.
 *
 * @param localPart the part before the at sign, unquoted, never empty, at most 64 octets in UTF-8
 * @param domain the domain, or an address literal with its brackets; empty only for the bare {@code postmaster} of RFC 5321
 *     4.5.1; at most 255 octets
 */
public record Address(String localPart, String domain) {

    /** The longest address that is read, in characters; a path is at most 256 octets with its brackets, RFC 5321 4.5.3.1.3. */
    public static final int LONGEST = 254;

    /** Reads a mailbox, without angle brackets; empty when it is not one. */
    public static Optional<Address> parse(String text) {
        return AddressParser.parse(text);
    }

    /** Reads a mailbox that is known to be well formed. @throws IllegalArgumentException when it is not */
    public static Address of(String text) {
        return parse(text).orElseThrow(() -> new IllegalArgumentException("not a mail address: " + text));
    }

    /** The same address as a key for look-ups: both parts in lower case. This server's own local parts ignore case. */
    public Address folded() {
        return new Address(localPart.toLowerCase(Locale.ROOT), domain.toLowerCase(Locale.ROOT));
    }

    /** Whether a server must announce SMTPUTF8 to be handed this address. */
    public boolean international() {
        return !AddressParser.ascii(localPart) || !AddressParser.ascii(domain);
    }

    /** The same local part at another domain. */
    public Address at(String otherDomain) {
        return new Address(localPart, otherDomain);
    }

    /** The address as it stands between angle brackets. */
    @Override
    public String toString() {
        String local = AddressParser.dotString(localPart) ? localPart : AddressParser.quote(localPart);
        return domain.isEmpty() ? local : local + "@" + domain;
    }
}
