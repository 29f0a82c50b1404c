package org.posthorn.launcher;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** What {@code posthorn status} prints of a running server. */
final class Status {
    private Status() {}

    static String text(long pid, Duration up, List<String> facts) {
        StringBuilder text = new StringBuilder("Posthorn is running: pid " + pid + ", up for " + words(up) + ".\n");
        facts.forEach(fact -> text.append("  ").append(fact).append('\n'));
        return text.toString();
    }

    static String json(long pid, Duration up, List<String> facts) {
        return facts.stream()
                .map(Status::quoted)
                .collect(Collectors.joining(
                        ",",
                        "{\"running\":true,\"pid\":" + pid + ",\"uptimeSeconds\":" + up.toSeconds() + ",\"facts\":[",
                        "]}\n"));
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ") + '"';
    }

    static String words(Duration time) {
        if (time.toMinutes() < 1) {
            return time.toSeconds() + " s";
        }
        return time.toHours() < 1
                ? time.toMinutes() + " min"
                : time.toDays() < 1
                        ? time.toHours() + " h " + time.toMinutesPart() + " min"
                        : time.toDays() + " d " + time.toHoursPart() + " h";
    }
}
