package org.posthorn.events;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.mail.MailId;

/**
 * A story to be shown.
 *
 * @param events in their order
 * @param cut how many more there were
 * @param cutAt behind which of the events they were
 */
record Told(MailId id, List<MailEvent> events, int cut, int cutAt) {
    Told {
        events = List.copyOf(events);
    }

    /** When its id was given. */
    Instant begun() {
        return Instant.EPOCH.plus(id.number(), ChronoUnit.MICROS);
    }
}
