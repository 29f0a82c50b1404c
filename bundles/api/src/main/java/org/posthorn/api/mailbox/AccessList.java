package org.posthorn.api.mailbox;

import java.util.Collections;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.posthorn.api.mail.Address;

/**
 * Who may do what with a mailbox, RFC 4314 2.
 *
 * @param owner who keeps the rights to look it up and to set others, and has all of them as long as no entry of his own says otherwise
 * @param entries rights by identifier, that of the owner always among them, unless his address begins with a dash: no entry can name such a one
 */
public record AccessList(Address owner, SortedMap<String, Rights> entries) {

    /** Whoever has logged in. */
    public static final String ANYONE = "anyone";

    /** In front of an identifier: these rights are taken from it, whatever else gives them. */
    public static final char NEGATIVE = '-';

    /** What an owner always has. */
    public static final Rights KEPT = new Rights("la");

    public AccessList {
        SortedMap<String, Rights> all = new TreeMap<>(entries);
        String own = identifier(owner);
        if (isNamed(own)) all.merge(own, Rights.ALL, (his, every) -> his.with(KEPT));
        entries = Collections.unmodifiableSortedMap(all);
    }

    /** What stands for a user in it. */
    public static String identifier(Address user) {
        return user.folded().toString();
    }

    /**
     * The form in which an identifier is kept: {@code anyone} or an address, perhaps behind a dash; empty when it is neither.
     *
     * @param given a local part alone is one of the owner's domain
     */
    public static Optional<String> identifier(String given, Address owner) {
        if (given.startsWith("-")) return positive(given.substring(1), owner).map(i -> NEGATIVE + i);
        return positive(given, owner);
    }

    private static Optional<String> positive(String given, Address owner) {
        if (given.toLowerCase(Locale.ROOT).equals(ANYONE)) return Optional.of(ANYONE);
        String whole = given.indexOf('@') < 0 ? given + "@" + owner.domain() : given;
        return Address.parse(whole)
                .filter(a -> !a.domain().isEmpty() && !given.startsWith("-"))
                .map(AccessList::identifier);
    }

    /** Whether that identifier names this user: what begins with a dash names another, from whom it takes, RFC 4314 2. */
    public static boolean names(String identifier, Address user) {
        return isNamed(identifier) && identifier.equals(identifier(user));
    }

    /** Whether an entry can give something to a user: what begins with a dash takes from another. */
    private static boolean isNamed(String identifier) {
        return identifier.charAt(0) != NEGATIVE;
    }

    /** What that user may do: all that is given to him and to anyone, less what is taken from either. */
    public Rights of(Address user) {
        String identifier = identifier(user);
        boolean owns = user.folded().equals(owner.folded());
        Rights unnamed = owns ? Rights.ALL : Rights.NONE;
        Rights rights = (isNamed(identifier) ? entry(identifier) : unnamed)
                .with(entry(ANYONE))
                .without(entry(NEGATIVE + identifier))
                .without(entry(NEGATIVE + ANYONE));
        return owns ? rights.with(KEPT) : rights;
    }

    private Rights entry(String identifier) {
        return entries.getOrDefault(identifier, Rights.NONE);
    }
}
