package org.posthorn.queue;

import java.time.Duration;
import java.util.Optional;

/** Spans of time as an administrator writes them: {@code 30s}, {@code 5m}, {@code 4h}, {@code 5d}. */
final class Durations {

    private Durations() {}

    static Optional<Duration> parse(String text) {
        String plain = text.strip();
        if (!plain.matches("\\d{1,6}[smhd]")) return Optional.empty();
        long count = Long.parseLong(plain.substring(0, plain.length() - 1));
        return Optional.of(
                switch (plain.charAt(plain.length() - 1)) {
                    case 's' -> Duration.ofSeconds(count);
                    case 'm' -> Duration.ofMinutes(count);
                    case 'h' -> Duration.ofHours(count);
                    default -> Duration.ofDays(count);
                });
    }
}
