package org.posthorn.imap;

/** A command that cannot be understood; it is answered with BAD and this message. */
public final class SyntaxFault extends RuntimeException {

    private static final long serialVersionUID = 1;

    public SyntaxFault(String message) {
        super(message, null, false, false);
    }

    /** Sequence numbers from a client that has said it uses none, RFC 9586 3.2. */
    public static SyntaxFault uidRequired() {
        return new SyntaxFault("[UIDREQUIRED] Name messages by UID");
    }
}
