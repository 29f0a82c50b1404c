package org.posthorn.deploy;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.Bundle;
import org.posthorn.api.lease.Heirloom;

/** Bundles that a thread has in its hands, perhaps for ever: nobody else may wait for them or take them out. The next version of this bundle knows of them, too. */
final class InHand {

    /** With their symbolic names. The keys are objects of the framework, which keep no version of this bundle from being collected. */
    private final Map<Bundle, String> bundles;

    /** @param how the thread has them */
    InHand(String how) {
        bundles = Heirloom.map("deploy: bundles that " + how);
    }

    void add(Bundle bundle) {
        synchronized (bundles) {
            bundles.put(bundle, bundle.getSymbolicName());
        }
    }

    void remove(Bundle bundle) {
        synchronized (bundles) {
            bundles.remove(bundle);
            bundles.notifyAll();
        }
    }

    boolean has(Bundle bundle) {
        synchronized (bundles) {
            return bundles.containsKey(bundle);
        }
    }

    /** Waits until it has none of that name. @throws Unfit when that takes longer */
    void awaitNone(String symbolicName, Duration most) throws Unfit {
        long end = System.nanoTime() + most.toNanos();
        synchronized (bundles) {
            while (bundles.containsValue(symbolicName)) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) throw new Unfit("another version of " + symbolicName + " still comes or goes");
                try {
                    bundles.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new Unfit("the server is going down");
                }
            }
        }
    }
}
