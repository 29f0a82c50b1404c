package org.posthorn.intake;

/** No answer; whom it is owed to, and why, is for the log. */
final class NoVerdict extends Exception {

    private static final long serialVersionUID = 1;

    NoVerdict(String why) {
        super(why);
    }
}
