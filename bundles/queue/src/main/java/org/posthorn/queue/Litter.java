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
import org.posthorn.api.spool.Kept;
import org.posthorn.api.spool.KeptMail;
import org.posthorn.api.spool.Pending;
import org.posthorn.api.spool.Spool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bytes that were kept for mail that waits, and that nobody names any more: a crash between two steps leaves them. They are swept at the start, when it is
 * noted that nobody waits, or when their mail would long have gone back to its sender; before that a store may name them that is not there now.
 */
record Litter(Engine engine) {

    private static final Logger LOG = LoggerFactory.getLogger(Litter.class);
    private static final Duration SURELY = Duration.ofDays(1);

    void sweep() {
        List<Lease<QueueStore>> stores = engine.parts().stores().all();
        try (Lease<Spool> spool = engine.parts().spools().lease().orElseThrow(() -> new IOException("no spool"));
                Lease<KeptMail> octets = engine.parts().kept().lease().orElseThrow(() -> new IOException("no spool"))) {
            Set<MailId> journaled = new HashSet<>();
            List<MailId> kept = octets.get().all();
            for (Pending pending : spool.get().replay())
                journaled.add(pending.mail().id());
            for (MailId id : kept) if (!journaled.contains(id)) sweep(id, octets.get(), stores);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            LOG.warn("Bytes that no mail needs any more cannot be looked for ({}); the next start does.", e.toString());
        } finally {
            stores.forEach(Lease::close);
        }
    }

    private void sweep(MailId id, KeptMail octets, List<Lease<QueueStore>> stores) {
        try {
            if (unneeded(id, octets) && !named(id, stores)) drop(octets, id);
        } catch (IOException e) {
            LOG.warn(
                    "{}: whether bytes of this mail are needed cannot be told ({}); the next start looks.",
                    id,
                    e.toString());
        }
    }

    /**
     * The last process died when it had kept the octets of a mail and had not told the store yet. The journal has it, and goes on with it from there: what
     * was kept must not be taken later for mail that the store has lost.
     */
    void sweepHalfKept(MailId id) throws IOException {
        List<Lease<QueueStore>> stores = engine.parts().stores().all();
        try (Lease<KeptMail> octets = engine.parts().kept().lease().orElseThrow(() -> new IOException("no spool"))) {
            if (octets.get().message(id).isPresent() && !named(id, stores)) drop(octets.get(), id);
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

    /** Who is noted to wait was lost by the store; where nothing is noted, time tells. */
    private boolean unneeded(MailId id, KeptMail octets) throws IOException {
        Kept kept = octets.inspect(id);
        return kept.over() || kept.mail().isEmpty() && old(id);
    }

    private static void drop(KeptMail octets, MailId id) throws IOException {
        octets.drop(id);
        LOG.info(
                "{}: bytes of this mail were left behind by a crash; neither journal nor queue needs them: deleted.",
                id);
    }
}
