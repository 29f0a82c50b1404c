package org.posthorn.api.lease;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The bundles that are on trial: each runs beside the version that it is to replace, and {@link Leased} gives nobody a lease on what it offers, whatever its
 * ranking, before it has passed. For who swaps bundles. Safe for several threads.
 */
public final class Probation {

    /** With what runs when the trial is over. Outlives the bundles, because this package does. */
    private static final Map<Long, List<Runnable>> BUNDLES = new ConcurrentHashMap<>();

    private Probation() {}

    /** To be called before the bundle starts. @param bundle its id */
    public static void begin(long bundle) {
        BUNDLES.putIfAbsent(bundle, List.of());
    }

    /** It has passed, or it is gone; who waits for what it offers looks again, on this thread. */
    public static void end(long bundle) {
        List<Runnable> waiting = BUNDLES.remove(bundle);
        if (waiting != null) waiting.forEach(Listening::tell);
    }

    /** Whether nothing that the bundle offers counts yet. */
    public static boolean has(long bundle) {
        return BUNDLES.containsKey(bundle);
    }

    /** Runs that at the end of the trial, unless {@link #forget} comes before. Nothing, when there is no trial. */
    static void atEnd(long bundle, Runnable task) {
        BUNDLES.computeIfPresent(bundle, (id, tasks) -> {
            List<Runnable> more = new ArrayList<>(tasks);
            more.add(task);
            return more;
        });
    }

    /** Lets go of it once: who has gone must not be held on to as long as another's trial lasts. */
    static void forget(long bundle, Runnable task) {
        BUNDLES.computeIfPresent(bundle, (id, tasks) -> {
            List<Runnable> rest = new ArrayList<>(tasks);
            rest.remove(task);
            return rest;
        });
    }
}
