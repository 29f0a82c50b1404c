package org.posthorn.intake;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * How mail is taken.
 *
 * @param filters the chain
 * @param grace how long a missing part is waited for
 * @param limit how long one filter may take for one question
 * @param pause how long a filter is left alone that failed three times in a row
 * @param workers how many filters may be at work at the same time
 * @param maxHops how many servers a mail may have passed
 */
record Settings(List<String> filters, Duration grace, Duration limit, Duration pause, int workers, int maxHops) {

    static Settings of(Intake.Config config) {
        List<String> filters = Arrays.stream(config.filters())
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
        return new Settings(
                filters,
                Duration.ofSeconds(config.grace()),
                Duration.ofSeconds(config.limit()),
                Duration.ofSeconds(config.pause()),
                config.workers(),
                config.maxHops());
    }
}
