package org.posthorn.api.lease;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a part remembers in memory and hands down to its next version, which would forget it otherwise: one map for all versions that are there, so there is
 * no moment at which it changes hands. It is gone with the process. Whoever uses one synchronizes on it.
 */
public final class Heirloom {

    /** Outlives the bundles, because this package does. */
    private static final Map<String, Map<Object, Object>> ALL = new ConcurrentHashMap<>();

    private Heirloom() {}

    /**
     * The map of that name, which keeps the order in which keys came.
     *
     * @param name what it is and in which form; a version that knows another form uses another name
     * @param <K> of the JDK, as {@code V} is: by an object of a class of its own a version could never be collected
     */
    @SuppressWarnings("unchecked")
    public static <K, V> Map<K, V> map(String name) {
        return (Map<K, V>) ALL.computeIfAbsent(name, n -> new LinkedHashMap<>());
    }
}
