package org.posthorn.api.lease;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The bundles that are on trial: each runs beside the version that it is to replace, and {@link Leased} gives nobody a lease on what it offers, whatever its
 * ranking, before it has passed. For who swaps bundles. Safe for several threads.
 */
public final class Probation {

    /** Outlives the bundles, because this package does. */
    private static final Set<Long> BUNDLES = ConcurrentHashMap.newKeySet();

    private Probation() {}

    /** To be called before the bundle starts. @param bundle its id */
    public static void begin(long bundle) {
        BUNDLES.add(bundle);
    }

    /** It has passed, or it is gone. */
    public static void end(long bundle) {
        BUNDLES.remove(bundle);
    }

    static boolean has(long bundle) {
        return BUNDLES.contains(bundle);
    }
}
