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
 * @param shadow the filters that see all mail and do not count, without those that count all the same
 * @param shadowWorkers how many mails each of them may be at at the same time
 * @param shadowFailures how often in an hour one may fail that counts for a share of the mail
 */
record Settings(
        List<String> filters,
        Duration grace,
        Duration limit,
        Duration pause,
        int workers,
        int maxHops,
        List<String> shadow,
        int shadowWorkers,
        int shadowFailures) {

    /** With no filter in the shadow. */
    Settings(List<String> filters, Duration grace, Duration limit, Duration pause, int workers, int maxHops) {
        this(filters, grace, limit, pause, workers, maxHops, List.of(), 1, 1);
    }

    static Settings of(Intake.Config config) {
        List<String> filters = names(config.filters());
        return new Settings(
                filters,
                Duration.ofSeconds(config.grace()),
                Duration.ofSeconds(config.limit()),
                Duration.ofSeconds(config.pause()),
                config.workers(),
                config.maxHops(),
                names(config.shadow()).stream()
                        .filter(name -> !filters.contains(name))
                        .toList(),
                config.shadowWorkers(),
                config.shadowFailures());
    }

    private static List<String> names(String[] setting) {
        return Arrays.stream(setting)
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .distinct()
                .toList();
    }

    /** For the threads of one filter in the shadow. */
    Settings forShadow() {
        return new Settings(filters, grace, limit, pause, shadowWorkers, maxHops);
    }
}
