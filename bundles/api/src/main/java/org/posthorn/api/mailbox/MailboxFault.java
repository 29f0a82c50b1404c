package org.posthorn.api.mailbox;

import java.io.IOException;

/** A request that a mailbox cannot grant, though nothing is broken. Its message is for the user. */
public final class MailboxFault extends IOException {
    private static final long serialVersionUID = 1;

    /** Why; the response codes of RFC 5530, and that of RFC 6154 3. */
    public enum Kind {
        NONEXISTENT,
        ALREADYEXISTS,
        CANNOT,
        OVERQUOTA,
        LIMIT,
        NOPERM,
        USEATTR
    }

    private final Kind kind;

    public MailboxFault(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
