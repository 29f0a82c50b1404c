package org.posthorn.mailbox.maildir;

import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** Names that no other message of this host has: time, process and a count, as the Maildir specification asks. */
final class UniqueName {

    private final Clock clock;
    private final String behind;
    private final AtomicLong deliveries = new AtomicLong();

    UniqueName(Clock clock, long process, String host) {
        this.clock = clock;
        this.behind = "." + host.replace("/", "\\057").replace(":", "\\072").replace(",", "\\054");
        this.process = process;
    }

    private final long process;

    String next() {
        Instant now = clock.instant();
        return now.getEpochSecond() + ".M" + now.getNano() / 1000 + "P" + process + "Q" + deliveries.incrementAndGet()
                + behind;
    }

    /** A name that says the size, so that nobody need look: S as it lies on disk and W with CRLF. */
    String next(long size) {
        return next() + ",S=" + size + ",W=" + size;
    }

    Instant now() {
        return clock.instant();
    }

    /** When a message got its name, in seconds since 1970, as far as that tells; 0 for other names. */
    static long seconds(String name) {
        return number(name, 0);
    }

    /** The microseconds of that second, likewise. */
    static long micros(String name) {
        int micros = name.indexOf(".M");
        return micros < 0 ? 0 : number(name, micros + 2);
    }

    private static long number(String name, int from) {
        long number = 0;
        for (int i = from; i < name.length() && i < from + 18; i++) {
            int digit = name.charAt(i) - '0';
            if (digit < 0 || digit > 9) break;
            number = number * 10 + digit;
        }
        return number;
    }
}
