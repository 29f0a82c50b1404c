package org.posthorn.jmap.mail;

import java.util.Map;
import org.posthorn.jmap.Method;
import org.posthorn.jmap.MethodError;
import org.posthorn.jmap.MethodFault;

/** All that is done with Mailboxes, RFC 8621 2. */
final class MailboxMethods {

    private MailboxMethods() {}

    static Map<String, Method> all() {
        return Map.of(
                "Mailbox/get", new MailboxGet(),
                "Mailbox/changes", new ChangedMailboxes(),
                "Mailbox/query", new MailboxQuery(),
                // There are few, so who wants to know what has changed in a list asks for it anew.
                "Mailbox/queryChanges",
                        (context, arguments) -> {
                            throw new MethodFault(MethodError.CANNOT_CALCULATE_CHANGES);
                        },
                "Mailbox/set", new MailboxSet());
    }
}
