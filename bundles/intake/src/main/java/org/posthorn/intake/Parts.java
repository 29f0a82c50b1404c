package org.posthorn.intake;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.queue.MailQueue;
import org.posthorn.api.routing.Router;
import org.posthorn.api.spool.Spool;

/** The services that the way in leads through. */
record Parts(Filters filters, Leased<Router> routers, Leased<Spool> spools, Leased<MailQueue> queues) {

    Parts() {
        this(new Filters(), new Leased<>(), new Leased<>(), new Leased<>());
    }

    boolean whole(List<String> chain) {
        return filters.there(chain)
                && !routers.names().isEmpty()
                && !spools.names().isEmpty()
                && !queues.names().isEmpty();
    }

    /** Ends when all is there, or when the grace is over. */
    CompletionStage<Void> ready(List<String> chain, Duration grace) {
        if (whole(chain)) return CompletableFuture.completedFuture(null);
        List<CompletableFuture<Void>> stages = new ArrayList<>(filters.present(chain));
        stages.add(routers.present(List.of()).toCompletableFuture());
        stages.add(spools.present(List.of()).toCompletableFuture());
        stages.add(queues.present(List.of()).toCompletableFuture());
        CompletableFuture<Void> all = CompletableFuture.allOf(stages.toArray(CompletableFuture[]::new));
        all.completeOnTimeout(null, grace.toMillis(), TimeUnit.MILLISECONDS);
        // Who still waits for a service stops waiting.
        return all.whenComplete((v, e) -> stages.forEach(stage -> stage.complete(null)));
    }
}
