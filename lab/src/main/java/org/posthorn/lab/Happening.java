package org.posthorn.lab;

import java.time.Instant;

/** Something on the way of the mail. */
sealed interface Happening {

    Instant at();

    Hop hop();

    /** The mail has come there. */
    record Reached(Instant at, Hop hop) implements Happening {}

    /** It is through. @param note what came of it, in a line */
    record Passed(Instant at, Hop hop, String note) implements Happening {}

    /** A line of a dialogue. @param from who says it: C, the client, or S, the server */
    record Said(Instant at, Hop hop, char from, String text) implements Happening {}
}
