package org.posthorn.jmap.mail;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Those who hear when something has changed, perhaps once too often. Safe for several threads. */
final class Watchers {

    private final Set<Runnable> all = ConcurrentHashMap.newKeySet();

    /** @return ends it */
    Runnable add(Runnable news) {
        Runnable mine = news::run;
        all.add(mine);
        return () -> all.remove(mine);
    }

    boolean isAny() {
        return !all.isEmpty();
    }

    void tell() {
        all.forEach(Runnable::run);
    }
}
