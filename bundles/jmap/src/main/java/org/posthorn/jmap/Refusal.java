package org.posthorn.jmap;

import org.posthorn.api.mailbox.MailboxFault;

/** Ends what is done to one object of a set with a {@link SetError}. */
public final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    private final transient SetError error;

    public Refusal(SetError error) {
        super(error.type() + " " + error.description(), null, false, false);
        this.error = error;
    }

    /** That property is wrong. */
    public static Refusal of(String property, String why) {
        return new Refusal(SetError.invalidProperties(why, property));
    }

    public SetError error() {
        return error;
    }

    /** What the mailboxes say in the words of RFC 8620 5.3. */
    public static SetError error(MailboxFault fault) {
        return switch (fault.kind()) {
            case OVERQUOTA -> SetError.OVER_QUOTA;
            case NONEXISTENT -> SetError.NOT_FOUND;
            default -> SetError.of("forbidden", fault.getMessage());
        };
    }
}
