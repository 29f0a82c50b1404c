package org.posthorn.users;

import java.time.Duration;

/**
 * How long failures hold back what follows.
 *
 * @param first behind the first failure; each further one doubles it
 * @param longest bounds it
 * @param tries how many failures and checks under way there may be before the next check waits as well as the answer
 */
record Delays(Duration first, Duration longest, int tries) {

    Duration after(int failures) {
        Duration doubled = first.multipliedBy(1L << Math.min(failures - 1, 20));
        return doubled.compareTo(longest) < 0 || longest.compareTo(first) < 0 ? doubled : longest;
    }
}
