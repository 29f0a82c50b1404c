package org.posthorn.mailbox.mbox;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The line that stands in front of each message, {@code From sender Thu Nov 24 18:22:48 1986}; RFC 4155. */
final class FromLine {

    private static final byte[] BEGIN = {'F', 'r', 'o', 'm', ' '};
    private static final Pattern DATE =
            Pattern.compile("([A-Z][a-z]{2}) +(\\d{1,2}) (\\d\\d:\\d\\d)(:\\d\\d)?(?: [A-Z+-][A-Z0-9]+)? (\\d{4})");
    private static final DateTimeFormatter WRITTEN =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT);
    private static final DateTimeFormatter READ = DateTimeFormatter.ofPattern("MMM d HH:mm:ss yyyy", Locale.ROOT);

    private FromLine() {}

    /** The line, in UTC as the RFC has it, with its LF. */
    static String of(String sender, Instant date) {
        String plain = sender.isEmpty() || sender.chars().anyMatch(c -> c <= ' ' || c > 126) ? "MAILER-DAEMON" : sender;
        return "From " + plain + " " + WRITTEN.format(date.atOffset(ZoneOffset.UTC)) + "\n";
    }

    /** Whether a line that begins so, behind an empty one, begins a message: it must tell a time of day. */
    static boolean is(byte[] line, int from, int length) {
        if (!begins(line, from, length)) return false;
        for (int i = from + BEGIN.length; i + 4 < from + length; i++)
            if (line[i + 2] == ':' && digit(line[i]) && digit(line[i + 1]) && digit(line[i + 3]) && digit(line[i + 4]))
                return true;
        return false;
    }

    /** Whether it is {@code From } behind any number of signs of quoting. */
    static boolean quoted(byte[] line, int from, int length) {
        int at = from;
        while (at < from + length && line[at] == '>') at++;
        return at > from && begins(line, at, length - (at - from));
    }

    static boolean begins(byte[] line, int from, int length) {
        return length >= BEGIN.length
                && java.util.Arrays.equals(line, from, from + BEGIN.length, BEGIN, 0, BEGIN.length);
    }

    private static boolean digit(byte b) {
        return b >= '0' && b <= '9';
    }

    /** The date, if it can be read; taken for UTC. */
    static Optional<Instant> date(byte[] line, int from, int length) {
        Matcher date = DATE.matcher(new String(line, from, Math.min(length, 200), StandardCharsets.ISO_8859_1));
        if (!date.find()) return Optional.empty();
        String seconds = date.group(4) == null ? ":00" : date.group(4);
        String text = date.group(1) + " " + date.group(2) + " " + date.group(3) + seconds + " " + date.group(5);
        try {
            return Optional.of(LocalDateTime.parse(text, READ).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
