package org.posthorn.imap;

/** A command that cannot be understood, or asks for more than this server does at once. */
public final class SyntaxFault extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final transient Answer answer;

    /** One that is answered with BAD and this message. */
    public SyntaxFault(String message) {
        this(Answer.bad(message));
    }

    private SyntaxFault(Answer answer) {
        super(answer.text(), null, false, false);
        this.answer = answer;
    }

    /** Nothing is wrong with it, but a limit of our own is passed: NO with the code of RFC 5530 3. */
    public static SyntaxFault limit(String message) {
        return new SyntaxFault(Answer.no("[LIMIT] " + message));
    }

    /** What the command is answered. */
    public Answer answer() {
        return answer;
    }

    /** Sequence numbers from a client that has said it uses none, RFC 9586 3.2. */
    public static SyntaxFault uidRequired() {
        return new SyntaxFault("[UIDREQUIRED] Name messages by UID");
    }
}
