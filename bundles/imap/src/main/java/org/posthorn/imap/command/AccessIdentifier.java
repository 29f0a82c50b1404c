package org.posthorn.imap.command;

import java.nio.charset.CharacterCodingException;
import java.util.Locale;
import java.util.Optional;
import org.posthorn.api.mail.Address;

/**
 * Who may use a URL, RFC 4467 3.
 *
 * @param user for whom alone it is; nobody for the last two
 */
record AccessIdentifier(Kind kind, Optional<Address> user) {

    private enum Kind {
        SUBMIT("submit+"),
        USER("user+"),
        AUTHUSER("authuser"),
        /** The same here, as there are no anonymous sessions. */
        ANONYMOUS("anonymous");

        private final String word;

        Kind(String word) {
            this.word = word;
        }

        private boolean isNamed() {
            return this == SUBMIT || this == USER;
        }
    }

    /** Reads one; empty for what is none. @param owner whose URL it is, and in whose domain a local part alone lies */
    static Optional<AccessIdentifier> parse(String text, Address owner) throws CharacterCodingException {
        String lower = text.toLowerCase(Locale.ROOT);
        for (Kind kind : Kind.values()) {
            if (lower.equals(kind.word) && !kind.isNamed())
                return Optional.of(new AccessIdentifier(kind, Optional.empty()));
            if (lower.startsWith(kind.word) && kind.isNamed())
                return userid(text.substring(kind.word.length()), owner.domain())
                        .map(user -> new AccessIdentifier(kind, Optional.of(user)));
        }
        return Optional.empty();
    }

    /** A user as a URL names him: his address, or a local part of that domain. */
    static Optional<Address> userid(String encoded, String domain) throws CharacterCodingException {
        String name = MessageUrl.decode(encoded);
        return Address.parse(name.indexOf('@') < 0 ? name + "@" + domain : name)
                .filter(address -> !address.domain().isEmpty())
                .map(Address::folded);
    }

    /** Whether a user who has logged in may read what the URL stands for. */
    boolean admits(Address reader) {
        return kind == Kind.USER ? isFor(reader) : kind != Kind.SUBMIT;
    }

    /** Whether a user may hand in mail by it: a submission server has looked who he is, and reads in its own name (RFC 4468 3.3). */
    boolean admitsSubmission(Address sender) {
        return kind == Kind.SUBMIT ? isFor(sender) : kind != Kind.USER;
    }

    private boolean isFor(Address reader) {
        return user.equals(Optional.of(reader.folded()));
    }
}
