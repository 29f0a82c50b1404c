package org.posthorn.jmap;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.posthorn.api.mail.Address;

/** How many subscriptions each user makes in an hour: a message goes to each, to whomever its URL belongs (RFC 8620 8.6). Safe for several threads. */
final class PushRate {

    private static final int MOST = 60;
    private static final Duration HOUR = Duration.ofHours(1);

    private final Map<Address, Integer> made = new HashMap<>();
    private Instant end = Instant.MIN;

    /** Counts one. @return false when it is one too many */
    synchronized boolean take(Address user, Instant now) {
        if (end.isBefore(now)) {
            end = now.plus(HOUR);
            made.clear();
        }
        return made.merge(user, 1, Integer::sum) <= MOST;
    }
}
