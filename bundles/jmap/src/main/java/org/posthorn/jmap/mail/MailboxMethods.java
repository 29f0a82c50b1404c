package org.posthorn.jmap.mail;

import java.util.Map;
import org.posthorn.jmap.Method;

/** All that is done with Mailboxes, RFC 8621 2. */
final class MailboxMethods {

    private MailboxMethods() {}

    static Map<String, Method> all() {
        return Map.of(
                "Mailbox/get", new MailboxGet(),
                "Mailbox/changes", new ChangedMailboxes(),
                "Mailbox/query", new MailboxQuery(),
                "Mailbox/queryChanges", new MailboxQueryChanges(),
                "Mailbox/set", new MailboxSet());
    }
}
