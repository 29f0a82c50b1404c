package org.posthorn.deploy;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;

/** A start or a stop of a bundle on a thread of its own, since nobody knows whether it ever returns. The next start of the server knows nothing of it. */
final class Step {

    /** It has not returned; its thread has the bundle in its hands. */
    static final class Stuck extends Unfit {
        private static final long serialVersionUID = 1;
        private final transient Thread thread;

        Stuck(String what, Thread thread, Duration patience) {
            super(what + " does not return within " + patience.toMillis() + " ms; the thread \"" + thread.getName()
                    + "\" is left to itself");
            this.thread = thread;
        }
    }

    /** It needs what another bundle has, and none that is there has it. */
    static final class Unresolved extends Unfit {
        private static final long serialVersionUID = 1;

        Unresolved(String why) {
            super(why);
        }
    }

    private interface Work {
        void run() throws BundleException;
    }

    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private Step() {}

    /** Once more while the framework has its hands full: of two threads that would wait for each other Felix sends one away. */
    static void startPatiently(Bundle bundle, int options) throws BundleException {
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

    /** @throws Unfit when it does not start @throws Stuck when that takes longer; its thread may not heed the interrupt that it gets */
    static void start(Bundle bundle, Duration patience) throws Unfit {
        int options = Bundle.START_TRANSIENT | Bundle.START_ACTIVATION_POLICY;
        try {
            take("start", bundle, patience, () -> startPatiently(bundle, options));
        } catch (Stuck e) {
            e.thread.interrupt();
            throw e;
        }
    }

    /**
     * An interrupt would close files in the hands of one that only takes long.
     *
     * @throws Unfit when it fails as it stops; it rests all the same
     * @throws Stuck when that takes longer
     */
    static void stop(Bundle bundle, Duration patience) throws Unfit {
        take("stop", bundle, patience, () -> bundle.stop(Bundle.STOP_TRANSIENT));
    }

    private static void take(String what, Bundle bundle, Duration patience, Work work) throws Unfit {
        FutureTask<Void> step = new FutureTask<>(() -> {
            work.run();
            return null;
        });
        String who = bundle.getSymbolicName() + " " + bundle.getVersion();
        Thread thread = new Thread(step, "deploy-" + what + " " + who);
        thread.setDaemon(true);
        try {
            thread.start();
            step.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw failed(who + " does not " + what + ": " + Unfit.root(e), e.getCause());
        } catch (OutOfMemoryError e) {
            throw new Unfit(who + " does not " + what + ": " + e);
        } catch (TimeoutException e) {
            throw new Stuck("the " + what + " of " + who, thread, patience);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Stuck("the " + what + " of " + who, thread, patience);
        }
    }

    private static Unfit failed(String why, Throwable cause) {
        return cause instanceof BundleException b && b.getType() == BundleException.RESOLVE_ERROR
                ? new Unresolved(why)
                : new Unfit(why);
    }
}
