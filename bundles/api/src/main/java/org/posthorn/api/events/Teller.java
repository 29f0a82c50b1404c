package org.posthorn.api.events;

import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;

/**
 * Tells whoever hears at the moment, or nobody. A component binds the services here by a dynamic reference. What goes wrong with one who hears is not the
 * teller's affair: it costs the event, never the mail. Safe for several threads.
 */
public final class Teller implements MailEvents {

    private static final System.Logger LOG = System.getLogger("org.posthorn.events");

    private final Leased<MailEvents> hearers = new Leased<>();
    private final AtomicLong lost = new AtomicLong();

    /** Somebody hears from now on. For the bind method of a reference. */
    public void add(MailEvents events, Map<String, ?> properties) {
        hearers.add(events, properties);
    }

    /** He hears no more; another may by now. For the unbind method. */
    public void remove(MailEvents events) {
        hearers.remove(events);
    }

    @Override
    public void tell(MailEvent event) {
        try (Lease<MailEvents> hearer = hearers.lease().orElse(null)) {
            if (hearer != null) hearer.get().tell(event);
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            lost(event, e);
        }
    }

    /** Who hears nothing of one mail hears nothing of the next: the log is told ever less often. */
    private void lost(MailEvent event, Throwable why) {
        long count = lost.incrementAndGet();
        if (Long.bitCount(count) == 1)
            LOG.log(
                    System.Logger.Level.ERROR,
                    "Mail {0} goes on, but a step of it is missing in its story, for who hears failed ({1} times by now): {2}",
                    event.mail(),
                    count,
                    why);
    }
}
