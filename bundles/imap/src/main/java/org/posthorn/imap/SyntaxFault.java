package org.posthorn.imap;

/** A command that cannot be understood; it is answered with BAD and this message. */
public final class SyntaxFault extends RuntimeException {

    private static final long serialVersionUID = 1;

    public SyntaxFault(String message) {
        super(message, null, false, false);
    }
}
