package org.posthorn.api.mail;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The wish that a mail be held until a time, RFC 4865.
 *
 * @param at before this nothing is tried; whole milliseconds
 * @param request the wish as it came, for reports: {@code for;} and seconds, or {@code until;} and a time
 */
public record FutureRelease(Instant at, String request) {

    /** RFC 4865 4: a positive number of at most nine digits. */
    private static final Pattern INTERVAL = Pattern.compile("[1-9][0-9]{0,8}");

    /** RFC 3339 5.6, which an erratum of RFC 4865 names. */
    private static final Pattern DATE_TIME = Pattern.compile(
            "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?(Z|[+-][0-9]{2}:[0-9]{2})");

    public FutureRelease {
        at = at.truncatedTo(ChronoUnit.MILLIS);
    }

    /** HOLDFOR. @param seconds as given; empty when that is no interval */
    public static Optional<FutureRelease> holdFor(String seconds, Instant now) {
        if (!INTERVAL.matcher(seconds).matches()) return Optional.empty();
        return Optional.of(new FutureRelease(now.plusSeconds(Long.parseLong(seconds)), "for;" + seconds));
    }

    /** HOLDUNTIL. @param time as given; empty when that is none. One that is over holds nothing up */
    public static Optional<FutureRelease> holdUntil(String time) {
        String upper = time.toUpperCase(Locale.ROOT);
        if (!DATE_TIME.matcher(upper).matches()) return Optional.empty();
        try {
            return Optional.of(new FutureRelease(OffsetDateTime.parse(upper).toInstant(), "until;" + upper));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The same wish, fulfilled at another time: somebody has released the mail. */
    public FutureRelease at(Instant other) {
        return new FutureRelease(other, request);
    }
}
