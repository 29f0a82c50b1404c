package org.posthorn.mailbox;

import java.time.Instant;

/** Times as protocols can tell them: to the second, and in years of four digits (RFC 3501 9 "date-year"). What files say may be anything. */
final class Dates {

    private static final long FIRST = Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();
    private static final long LAST = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

    private Dates() {}

    /** The nearest that can be told. @param seconds since 1970 */
    static Instant of(long seconds) {
        return Instant.ofEpochSecond(Math.min(Math.max(seconds, FIRST), LAST));
    }

    /** The same. */
    static Instant of(Instant time) {
        return of(time.getEpochSecond());
    }
}
