package org.posthorn.intake;

/** No answer; whom it is owed to, and why, is for the log. */
class NoVerdict extends Exception {

    private static final long serialVersionUID = 1;

    private final String failed;

    NoVerdict(String why) {
        this(why, "");
    }

    /** @param failed what the watchdog calls the plug-in whose fault it is */
    NoVerdict(String why, String failed) {
        super(why);
        this.failed = failed;
    }

    /** The plug-in whose fault it is; empty when it is nobody's. */
    String failed() {
        return failed;
    }
}
