package org.posthorn.jmap;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.Place;

/**
 * To which mailboxes of an account a user has subscribed. Those of others are among his own subscriptions, by the names that IMAP has for them here.
 *
 * @param top of the account, without a name
 */
public record Subscribed(Account user, Place top) {

    public static Subscribed of(Reach reach) throws IOException {
        Place top = reach.isOwn()
                ? Place.own(reach.user(), "")
                : Place.of(reach.owner(), "", reach.store().namespaces(reach.user()));
        return new Subscribed(reach.store().account(reach.user()), top);
    }

    /** Full names as the owner has them. */
    public Set<String> names() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String name : user.subscriptions()) if (isHere(name)) names.add(full(name, top));
        return names;
    }

    /** What the owner calls what the user calls that. */
    static String full(String name, Place top) {
        return name.substring(top.prefix().length()).replace('/', '.');
    }

    private boolean isHere(String name) {
        return top.isOwn() ? !Place.isShared(name) : name.startsWith(top.prefix());
    }

    public void add(String name) throws IOException {
        user.subscribe(shown(name));
    }

    public void remove(String name) throws IOException {
        user.unsubscribe(shown(name));
    }

    private String shown(String name) throws MailboxFault {
        return top.shown(name)
                .orElseThrow(
                        () -> new MailboxFault(MailboxFault.Kind.CANNOT, "There is no name to subscribe to it by"));
    }
}
