package org.posthorn.imap;

import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.Rights;

/** What can be done to a mailbox, and the rights it needs: RFC 4314 4. Flags need theirs one by one, {@link Rights#permitted}. */
enum Operation {
    LIST("l"),
    /** Of the nearest mailbox above the new one; the same for the new name in RENAME. */
    CREATE("k"),
    DELETE("x"),
    RENAME("x"),
    /** SELECT, EXAMINE, STATUS, and whatever tells of messages. */
    READ("r"),
    /** APPEND, and the target of COPY, MOVE and REPLACE. */
    INSERT("i"),
    EXPUNGE("e"),
    /** What MOVE and REPLACE leave: STORE of \Deleted and EXPUNGE, RFC 6851 4.2. */
    TAKE("te"),
    /** SETACL, DELETEACL, GETACL, LISTRIGHTS. */
    ADMINISTER("a");

    private final String needed;

    Operation(String needed) {
        this.needed = needed;
    }

    boolean isAllowed(Rights rights) {
        return rights.hasAll(needed);
    }

    /** @throws MailboxFault NOPERM, or NONEXISTENT for whoever may not know that the mailbox is there (RFC 4314 6) */
    void demand(Rights rights) throws MailboxFault {
        if (isAllowed(rights)) return;
        throw LIST.isAllowed(rights) ? refused() : missing();
    }

    static MailboxFault refused() {
        return new MailboxFault(MailboxFault.Kind.NOPERM, "You have no right to do that there");
    }

    static MailboxFault missing() {
        return new MailboxFault(MailboxFault.Kind.NONEXISTENT, "There is no such mailbox");
    }
}
