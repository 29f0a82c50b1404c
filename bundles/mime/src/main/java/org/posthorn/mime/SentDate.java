package org.posthorn.mime;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a Date field says, RFC 5322 3.3 and what is near to it: a day, a month's name, a year; perhaps a time and a zone. */
public final class SentDate {

    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

    private static final Pattern TIME =
            Pattern.compile("(\\d{1,2}):(\\d{1,2})(?::(\\d{1,2}))?[ \\t]*([+-]\\d{4}|[A-Za-z]{1,5})?");

    /** RFC 5322 4.3, in hours; letters alone tell nothing. */
    private static final Map<String, Integer> ZONES =
            Map.of("EST", -5, "EDT", -4, "CST", -6, "CDT", -5, "MST", -7, "MDT", -6, "PST", -8, "PDT", -7);

    private static final int LONGEST = 200;

    private SentDate() {}

    /** The moment. A zone that makes no sense counts as UTC, a time that makes none as midnight: RFC 5256 2.2. */
    public static Optional<Instant> time(String field) {
        return written(field).map(OffsetDateTime::toInstant);
    }

    /** The same in the zone in which it was written. */
    public static Optional<OffsetDateTime> written(String field) {
        return read(field).map(day -> at(day, TIME.matcher(field.substring(0, Math.min(field.length(), LONGEST)))));
    }

    private static OffsetDateTime at(LocalDate day, Matcher time) {
        if (!time.find()) return midnight(day);
        int second = time.group(3) == null ? 0 : Integer.parseInt(time.group(3));
        try {
            return day.atTime(Integer.parseInt(time.group(1)), Integer.parseInt(time.group(2)), Math.min(second, 59))
                    .atOffset(zone(time.group(4)));
        } catch (DateTimeException none) {
            return midnight(day);
        }
    }

    private static OffsetDateTime midnight(LocalDate day) {
        return day.atStartOfDay().atOffset(ZoneOffset.UTC);
    }

    private static ZoneOffset zone(String name) {
        if (name == null) return ZoneOffset.UTC;
        if (Character.isLetter(name.charAt(0)))
            return ZoneOffset.ofHours(ZONES.getOrDefault(name.toUpperCase(Locale.ROOT), 0));
        int number = Integer.parseInt(name);
        int minutes = number / 100 * 60 + number % 100;
        return Math.abs(minutes) > 18 * 60 ? ZoneOffset.UTC : ZoneOffset.ofTotalSeconds(minutes * 60);
    }

    /** The day, whatever the zone. Empty when there is none in it. */
    public static Optional<LocalDate> read(String field) {
        String[] words = field.substring(0, Math.min(field.length(), LONGEST)).split("[^0-9A-Za-z]+");
        for (int i = 1; i + 1 < words.length; i++) {
            String name = words[i].toLowerCase(Locale.ROOT);
            int month = 1 + MONTHS.indexOf(name.substring(0, Math.min(3, name.length())));
            if (month > 0 && number(words[i - 1]) && number(words[i + 1]))
                return day(words[i - 1], month, words[i + 1]);
        }
        return Optional.empty();
    }

    private static boolean number(String word) {
        return !word.isEmpty() && word.length() <= 4 && word.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static Optional<LocalDate> day(String day, int month, String year) {
        int y = Integer.parseInt(year);
        // RFC 5322 4.3
        if (year.length() == 2) y += y < 50 ? 2000 : 1900;
        else if (year.length() == 3) y += 1900;
        try {
            return Optional.of(LocalDate.of(y, month, Integer.parseInt(day)));
        } catch (DateTimeException none) {
            return Optional.empty();
        }
    }
}
