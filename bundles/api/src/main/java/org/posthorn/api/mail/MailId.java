package org.posthorn.api.mail;

import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The queue id: names one mail within this server for ever. Thirteen characters of Crockford's base 32; ids sort by time.
 *
 * @param text the id as people see it
 */
public record MailId(String text) implements Comparable<MailId> {

    private static final String DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static final int LENGTH = 13;
    private static final AtomicLong LAST = new AtomicLong();

    public MailId {
        if (!valid(text)) throw new IllegalArgumentException("not a queue id: " + text);
    }

    /** A new id. Microseconds since 1970, moved on where two fall together or the clock goes back. */
    public static MailId next() {
        Instant now = Instant.now();
        long micros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
        return of(LAST.updateAndGet(last -> Math.max(last + 1, micros)));
    }

    /** The id of that number, which is not negative. */
    public static MailId of(long number) {
        char[] text = new char[LENGTH];
        for (int i = LENGTH - 1; i >= 0; i--, number >>>= 5) text[i] = DIGITS.charAt((int) (number & 31));
        return new MailId(new String(text));
    }

    /** The number behind the text. */
    public long number() {
        long number = 0;
        for (int i = 0; i < LENGTH; i++) number = number << 5 | DIGITS.indexOf(text.charAt(i));
        return number;
    }

    /** Whether the text could be an id. */
    public static boolean valid(String text) {
        return text.length() == LENGTH && text.charAt(0) < '8' && text.chars().allMatch(c -> DIGITS.indexOf(c) >= 0);
    }

    /** Makes sure that later ids of this process come after that one, as after a restart with the clock set back. */
    public static void after(MailId id) {
        LAST.accumulateAndGet(id.number(), Math::max);
    }

    @Override
    public int compareTo(MailId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
