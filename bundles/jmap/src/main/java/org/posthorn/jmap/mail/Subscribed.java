package org.posthorn.jmap.mail;

import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.Place;
import org.posthorn.jmap.Reach;

/**
 * To which mailboxes of an account a user has subscribed. Those of others are among his own subscriptions, by the names that IMAP has for them here.
 *
 * @param top of the account, without a name
 */
record Subscribed(Account user, Place top) {

    static Subscribed of(Reach reach) throws IOException {
        Place top = reach.isOwn()
                ? Place.own(reach.user(), "")
                : Place.of(reach.owner(), "", reach.store().namespaces(reach.user()));
        return new Subscribed(reach.store().account(reach.user()), top);
    }

    /** Full names as the owner has them. */
    Set<String> names() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String name : user.subscriptions())
            if (isHere(name)) names.add(name.substring(top.prefix().length()).replace('/', '.'));
        return names;
    }

    private boolean isHere(String name) {
        return top.isOwn() ? !Place.isShared(name) : name.startsWith(top.prefix());
    }

    void add(String name) throws IOException {
        user.subscribe(shown(name));
    }

    void remove(String name) throws IOException {
        user.unsubscribe(shown(name));
    }

    private String shown(String name) throws MailboxFault {
        return top.shown(name)
                .orElseThrow(
                        () -> new MailboxFault(MailboxFault.Kind.CANNOT, "There is no name to subscribe to it by"));
    }
}
