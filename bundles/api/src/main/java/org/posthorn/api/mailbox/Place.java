package org.posthorn.api.mailbox;

import java.io.IOException;
import java.util.Optional;
import org.posthorn.api.mail.Address;

/**
 * Where a mailbox lies, and what a user calls it who may find it: {@code Users/bob@example.org/Work/2024} is Bob's {@code Work.2024}, {@code Public/News} the public account's {@code News}. RFC 2342.
 *
 * @param owner whose it is
 * @param name what its owner calls it
 * @param prefix what stands in front of the names of his mailboxes; nothing for one's own
 */
public record Place(Address owner, String name, String prefix) {

    /** The namespace of other users. */
    public static final String USERS = "Users";
    /** That of the account that is everybody's. */
    public static final String PUBLIC = "Public";

    /** What a user calls a mailbox of his own. */
    public static Place own(Address user, String name) {
        return new Place(user, name, "");
    }

    /** Whether a name is in the namespaces of others. */
    public static boolean isShared(String name) {
        return name.startsWith(USERS + "/") || name.startsWith(PUBLIC + "/");
    }

    /** Where one of those lies; empty when nobody of these is meant, or no mailbox can have that name. */
    public static Optional<Place> shared(String name, Namespaces all) throws IOException {
        if (name.startsWith(PUBLIC + "/")) return all.shared().flatMap(owner -> below(name, PUBLIC + "/", owner));
        int end = name.indexOf('/', USERS.length() + 1);
        Optional<Address> owner = end < 0 ? Optional.empty() : Address.parse(name.substring(USERS.length() + 1, end));
        return owner.isPresent() && all.hasOther(owner.get())
                ? below(name, ofUser(owner.get()), owner.get())
                : Optional.empty();
    }

    /** Where one of another account lies, as its owner calls it. @param all those that the user may find */
    public static Place of(Address owner, String name, Namespaces all) {
        boolean isPublic = all.shared().filter(owner.folded()::equals).isPresent();
        return new Place(owner, name, isPublic ? PUBLIC + "/" : ofUser(owner));
    }

    /** In front of the names of another user's mailboxes. */
    public static String ofUser(Address owner) {
        return USERS + "/" + owner.folded() + "/";
    }

    private static Optional<Place> below(String name, String prefix, Address owner) {
        boolean below = name.startsWith(prefix) && name.indexOf('.', prefix.length()) < 0;
        return below && name.length() > prefix.length()
                ? Optional.of(new Place(owner, name.substring(prefix.length()).replace('/', '.'), prefix))
                : Optional.empty();
    }

    public boolean isOwn() {
        return prefix.isEmpty();
    }

    /** What the user calls a mailbox that its owner calls that; empty when there is no way to say it. */
    public Optional<String> shown(String mailbox) {
        if (isOwn()) return Optional.of(mailbox);
        // An address may have what is a wildcard or a separator in a mailbox's name.
        boolean sayable = owner.localPart().chars().noneMatch(c -> "/*%\"\\".indexOf(c) >= 0 || c < ' ');
        return sayable ? Optional.of(prefix + mailbox.replace('.', '/')) : Optional.empty();
    }

    public Place named(String mailbox) {
        return new Place(owner, mailbox, prefix);
    }
}
