package org.posthorn.jmap.mail;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.IdChanges;
import org.posthorn.jmap.MethodFault;

/**
 * The state of the type EmailDelivery, RFC 8621 1.5: another one when an Email has come, and the same whatever else happens. It is worked out from what changed since it was asked for last;
 * nothing is written down, so the first that is told of an account may be another one though nothing has come. Safe for several threads.
 */
final class Deliveries {

    /** Of 300 octets each. */
    private static final int MOST = 10_000;

    private record Key(Address account, Address user) {}

    /** @param emails the state of Emails up to which it is so */
    private record Known(String emails, String delivery) {}

    private final Map<Key, Known> known = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Known> eldest) {
            return size() > MOST;
        }
    };

    /** @param emails the state of its Emails now */
    String state(MailView view, String emails) throws IOException {
        Key key = new Key(view.reach().owner(), view.reach().user());
        Known before = get(key);
        if (before != null && before.emails.equals(emails)) return before.delivery;
        Known now = before == null ? new Known(emails, emails) : since(view, before, emails);
        return replaced(key, before, now).delivery;
    }

    private static Known since(MailView view, Known before, String emails) throws IOException {
        Optional<IdChanges> changes = changes(view, before);
        if (changes.isEmpty()) return new Known(emails, emails);
        String upTo = changes.get().state() + view.sight();
        return new Known(upTo, changes.get().created().isEmpty() ? before.delivery : upTo);
    }

    /** Empty when they cannot be told: then something may have come. */
    private static Optional<IdChanges> changes(MailView view, Known before) throws IOException {
        try {
            return view.emails().changes(view.since(before.emails));
        } catch (MethodFault otherMailboxes) {
            return Optional.empty();
        }
    }

    private Known get(Key key) {
        synchronized (known) {
            return known.get(key);
        }
    }

    /** What somebody else has found meanwhile stands. */
    private Known replaced(Key key, Known before, Known now) {
        synchronized (known) {
            Known there = known.get(key);
            if (there != before) return there == null ? now : there;
            known.put(key, now);
            return now;
        }
    }
}
