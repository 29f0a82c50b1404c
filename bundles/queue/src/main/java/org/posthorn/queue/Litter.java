package org.posthorn.queue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.queue.QueueStore;
import org.posthorn.api.spool.Pending;
import org.posthorn.api.spool.Spool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bytes that were kept for mail that waits, and that nobody names any more: a crash between two steps leaves them. They are swept at the start, when
 * their mail would long have gone back to its sender; before that a store may name them that is not there now.
 */
record Litter(Engine engine) {

    private static final Logger LOG = LoggerFactory.getLogger(Litter.class);
    private static final Duration SURELY = Duration.ofDays(1);

    void sweep() {
        List<Lease<QueueStore>> stores = engine.parts().stores().all();
        try (Lease<Spool> spool = engine.parts().spools().lease().orElseThrow(() -> new IOException("no spool"))) {
            Set<MailId> journaled = new HashSet<>();
            List<MailId> kept = spool.get().kept();
            for (Pending pending : spool.get().replay())
                journaled.add(pending.mail().id());
            for (MailId id : kept) if (old(id) && !journaled.contains(id) && !named(id, stores)) drop(spool.get(), id);
        } catch (IOException | RuntimeException e) {
            LOG.warn("Bytes that no mail needs any more cannot be looked for ({}); the next start does.", e.toString());
        } finally {
            stores.forEach(Lease::close);
        }
    }

    /** An id is a time in microseconds. */
    private boolean old(MailId id) {
        Instant arrived = Instant.ofEpochSecond(id.number() / 1_000_000);
        Instant end = engine.rules().schedule().end(arrived).plus(SURELY);
        return end.isBefore(engine.clock().instant());
    }

    private static boolean named(MailId id, List<Lease<QueueStore>> stores) throws IOException {
        for (Lease<QueueStore> store : stores) if (store.get().get(id).isPresent()) return true;
        return false;
    }

    private static void drop(Spool spool, MailId id) throws IOException {
        spool.drop(id);
        LOG.info(
                "{}: bytes of this mail were left behind by a crash; neither journal nor queue needs them: deleted.",
                id);
    }
}
