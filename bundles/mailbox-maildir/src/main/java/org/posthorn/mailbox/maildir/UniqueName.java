package org.posthorn.mailbox.maildir;

import java.time.Clock;
import java.time.Instant;
import java.util.Comparator;
import java.util.concurrent.atomic.AtomicLong;

/** Names that no other message of this host has: time, process and a count, as the Maildir specification asks. */
final class UniqueName {

    /** Oldest first, as far as names tell; names that do not begin with a time come by their letters. */
    static final Comparator<String> BY_AGE = Comparator.comparingLong((String n) -> number(n, 0))
            .thenComparingLong(n -> n.indexOf(".M") < 0 ? 0 : number(n, n.indexOf(".M") + 2))
            .thenComparing(Comparator.naturalOrder());

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
