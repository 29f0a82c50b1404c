package org.posthorn.queue;

import java.time.Duration;
import java.util.stream.Stream;

/**
 * The settings as they are used.
 *
 * @param store the name of the queue store
 * @param backlog mails in hand at which new ones should come later
 * @param deliveries at once by one transport
 * @param toOneDestination deliveries at once
 * @param wholeBounce octets up to which a bounce gives back the whole mail
 */
record Rules(
        DeliverySchedule schedule, String store, int backlog, int deliveries, int toOneDestination, long wholeBounce) {

    static Rules of(Queue.Config config) {
        DeliverySchedule schedule = new DeliverySchedule(
                Stream.of(config.retry()).map(Rules::duration).toList(),
                duration(config.maxAge()),
                duration(config.warnAfter()));
        return new Rules(
                schedule,
                config.store(),
                config.backlog(),
                config.deliveries(),
                config.destinationDeliveries(),
                config.wholeBounce());
    }

    private static Duration duration(String text) {
        return Durations.parse(text).orElseThrow(() -> new IllegalArgumentException("not a span of time: " + text));
    }
}
