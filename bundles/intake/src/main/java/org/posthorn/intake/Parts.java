package org.posthorn.intake;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.posthorn.api.filter.MailFilter;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.queue.MailQueue;
import org.posthorn.api.routing.Router;
import org.posthorn.api.spool.Spool;

/** The services that the way in leads through. */
record Parts(
        Leased<MailFilter> filters,
        Map<MailFilter, Set<Moment>> known,
        Leased<Router> routers,
        Leased<Spool> spools,
        Leased<MailQueue> queues) {

    Parts() {
        this(new Leased<>(), new ConcurrentHashMap<>(), new Leased<>(), new Leased<>(), new Leased<>());
    }

    Set<Moment> moments(MailFilter filter) {
        return known.computeIfAbsent(filter, Moment::of);
    }

    private boolean whole(List<String> chain) {
        boolean filtered = chain.isEmpty() || filters.names().containsAll(chain);
        return filtered
                && !routers.names().isEmpty()
                && !spools.names().isEmpty()
                && !queues.names().isEmpty();
    }

    /** Ends when all is there, or when the grace is over. */
    CompletionStage<Void> ready(List<String> chain, Duration grace) {
        if (whole(chain)) return CompletableFuture.completedFuture(null);
        CompletableFuture<?>[] stages = {
            chain.isEmpty()
                    ? CompletableFuture.completedFuture(null)
                    : filters.present(chain).toCompletableFuture(),
            routers.present(List.of()).toCompletableFuture(),
            spools.present(List.of()).toCompletableFuture(),
            queues.present(List.of()).toCompletableFuture()
        };
        CompletableFuture<Void> all = CompletableFuture.allOf(stages);
        all.completeOnTimeout(null, grace.toMillis(), TimeUnit.MILLISECONDS);
        // Who still waits for a service stops waiting.
        return all.whenComplete((v, e) -> {
            for (CompletableFuture<?> stage : stages) stage.complete(null);
        });
    }
}
