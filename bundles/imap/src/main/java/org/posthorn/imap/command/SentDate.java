package org.posthorn.imap.command;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The day in a Date field, RFC 5322 3.3 and what is near to it: a day, a month's name, a year. */
final class SentDate {

    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

    private SentDate() {}

    static Optional<LocalDate> read(String field) {
        String[] words = field.substring(0, Math.min(field.length(), 200)).split("[^0-9A-Za-z]+");
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
