package org.posthorn.deploy;

/** Why a jar does not run: it was left aside, or taken out again. What ran before runs on. */
class Unfit extends Exception {
    private static final long serialVersionUID = 1;

    Unfit(String why) {
        super(why);
    }

    /** The last cause tells what it was. */
    static String root(Exception failure) {
        Throwable cause = failure;
        while (cause.getCause() != null) cause = cause.getCause();
        return String.valueOf(cause.getMessage()).replaceAll("\\s+", " ");
    }

    /** @param failure of a bundle, of whatever kind */
    static Unfit because(Throwable failure) {
        return failure instanceof Unfit unfit ? unfit : new Unfit("it fails: " + failure);
    }
}
