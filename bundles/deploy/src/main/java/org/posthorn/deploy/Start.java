package org.posthorn.deploy;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/** The start of a bundle on a thread of its own, since nobody knows whether it ever returns. A restart does not start it: it has shown nothing yet. */
final class Start {

    /** The start has not returned; its thread, which may not heed the interrupt that it got, has the bundle in its hands. */
    static final class Stuck extends Unfit {
        private static final long serialVersionUID = 1;

        Stuck(String thread, Duration patience) {
            super("its start does not return within " + patience.toMillis() + " ms; the thread \"" + thread
                    + "\" is left to itself");
        }
    }

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private Start() {}

    /** Once more while the framework has its hands full: of two threads that would wait for each other Felix sends one away. */
    static void patiently(Bundle bundle, int options) throws BundleException {
        while (true) {
            try {
                bundle.start(options);
                return;
            } catch (BundleException e) {
                if (!String.valueOf(e.getMessage()).contains("Unable to acquire") || Thread.interrupted()) throw e;
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** @throws Unfit when it does not start @throws Stuck when that takes longer */
    static void of(Bundle bundle, Duration patience) throws Unfit {
        FutureTask<Void> start = new FutureTask<>(() -> {
            patiently(bundle, Bundle.START_TRANSIENT | Bundle.START_ACTIVATION_POLICY);
            return null;
        });
        Thread thread = new Thread(start, "deploy-start " + bundle.getSymbolicName() + " " + bundle.getVersion());
        thread.setDaemon(true);
        thread.start();
        try {
            start.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw new Unfit("it does not start: " + Unfit.root(e));
        } catch (TimeoutException e) {
            start.cancel(true);
            throw new Stuck(thread.getName(), patience);
        } catch (InterruptedException e) {
            start.cancel(true);
            Thread.currentThread().interrupt();
            throw new Stuck(thread.getName(), patience);
        }
    }
}
