package org.posthorn.delivery.smtp;

import java.time.Duration;

/**
 * How long to wait for the other server at each step, RFC 5321 4.5.3.2.
 *
 * @param attempt for all servers of one attempt together, but for the answer to the end of the data
 * @param brief for what is not worth waiting for: QUIT, and whether a kept session is still good
 */
record Timeouts(
        Duration attempt,
        Duration connect,
        Duration greeting,
        Duration command,
        Duration data,
        Duration block,
        Duration end,
        Duration brief) {

    /** As the RFC has it. */
    static Timeouts rfc(Duration connect, Duration attempt) {
        return new Timeouts(
                attempt,
                connect,
                Duration.ofMinutes(5),
                Duration.ofMinutes(5),
                Duration.ofMinutes(2),
                Duration.ofMinutes(3),
                Duration.ofMinutes(10),
                Duration.ofSeconds(5));
    }
}
