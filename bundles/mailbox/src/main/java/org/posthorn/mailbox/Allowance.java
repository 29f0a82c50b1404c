package org.posthorn.mailbox;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.posthorn.api.mailbox.Amount;

/**
 * What an account may hold.
 *
 * @param warnings at so many percent of it its owner is told, in rising order
 */
record Allowance(Amount limit, List<Integer> warnings) {

    static final Allowance ENDLESS = new Allowance(Amount.ENDLESS, List.of());
    private static final Pattern LIMIT = Pattern.compile("(?:(\\d{1,15})([KMGT])?)?(?:/(\\d{1,15}))?");
    private static final String UNITS = "KMGT";

    /**
     * @param text {@code 2G}, {@code 2G/100000}, {@code /100000}, and for no limit {@code none} or nothing
     * @param warnings each a number of percent
     * @throws IllegalArgumentException for anything else; no limit is 0, which some would take for none
     */
    static Allowance parse(String text, String... warnings) {
        List<Integer> rising =
                List.of(warnings).stream().map(Allowance::percent).sorted().toList();
        if (text.isBlank() || text.strip().equals("none")) return new Allowance(Amount.ENDLESS, rising);
        Matcher words = LIMIT.matcher(text.strip());
        if (!words.matches()) throw new IllegalArgumentException(text + ": expected 2G, 2G/100000, /100000 or none");
        long unit = words.group(2) == null ? 1 : 1L << 10 * (1 + UNITS.indexOf(words.group(2)));
        return new Allowance(new Amount(number(words.group(1), unit), number(words.group(3), 1)), rising);
    }

    private static long number(String digits, long unit) {
        if (digits == null) return Long.MAX_VALUE;
        long number = Long.parseLong(digits);
        if (number < 1 || number > Long.MAX_VALUE / unit)
            throw new IllegalArgumentException(digits + ": a limit is more than nothing, and less than 8 EiB");
        return number * unit;
    }

    private static int percent(String word) {
        if (!word.strip().matches("[1-9][0-9]?|100")) throw new IllegalArgumentException(word + ": expected 1 to 100");
        return Integer.parseInt(word.strip());
    }

    boolean endless() {
        return limit.equals(Amount.ENDLESS);
    }

    /** The highest of the warnings that so much has reached; 0 when none is. */
    int reached(Amount held) {
        int reached = 0;
        for (int percent : warnings)
            if (reached(held.octets(), limit.octets(), percent) || reached(held.messages(), limit.messages(), percent))
                reached = percent;
        return reached;
    }

    private static boolean reached(long held, long limit, int percent) {
        return limit != Long.MAX_VALUE && held >= limit / 100.0 * percent;
    }
}
