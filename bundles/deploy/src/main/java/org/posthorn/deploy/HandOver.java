package org.posthorn.deploy;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.osgi.framework.Bundle;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.posthorn.api.lease.Heirloom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The swap of a bundle that carries swaps out, or says how they went: it cannot wait in itself for its own end. The new one is tried beside it, and that is the
 * answer; the rest is done behind the answer, by a thread of the old one, and the log tells how it went.
 */
final class HandOver {

    private static final Logger LOG = LoggerFactory.getLogger(HandOver.class);

    /** For a new one to do its work: nobody waits, and this bundle has a whole folder to look at before. */
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    /** For the hand-over before: the control channel lets commands end, for twenty seconds at most. */
    private static final Duration ONE_BEHIND_THE_OTHER = Duration.ofSeconds(30);

    /** A version of this bundle that is back finds the jar that it has just taken out in its folder, and would try it for ever. */
    private static final Map<Integer, String> REFUSED = Heirloom.map("deploy: jars that were taken out behind a swap");

    private final Swap swap;
    private final Bundle before;
    private final Bundle next;
    private final Executor behind;

    /** @param behind runs what is done behind the answer */
    HandOver(Swap swap, Bundle before, Bundle next, Executor behind) {
        this.swap = swap;
        this.before = before;
        this.next = next;
        this.behind = behind;
    }

    static void onThreadOfItsOwn(Runnable task) {
        new Thread(task, "deploy-swap").start();
    }

    /** @throws Unfit when it must not begin yet, or not with that jar */
    static void mayBegin(Swap swap, Bundle before, Jar jar) throws Unfit {
        synchronized (REFUSED) {
            String why = REFUSED.remove(jar.sum());
            if (why != null) throw new Unfit("it was just taken out again: " + why);
        }
        swap.handing().awaitNone(before.getSymbolicName(), ONE_BEHIND_THE_OTHER);
    }

    /** @param wanted what the new one must offer @throws Unfit when it is no good beside the old one, which is at work then */
    void begin(Jar jar, Set<String> wanted) throws Unfit {
        int startLevel = before.adapt(BundleStartLevel.class).getStartLevel();
        swap.beside(next, wanted);
        // A server that dies meanwhile needs one that a restart starts.
        swap.keep(next, startLevel);
        swap.handing().add(before);
        try {
            behind.execute(() -> end(jar, wanted));
        } catch (RuntimeException | Error e) {
            // Nobody is left who would see to it.
            swap.handing().remove(before);
            throw e;
        }
    }

    private void end(Jar jar, Set<String> wanted) {
        try {
            if (swap.rests(before))
                swap.alone(next, wanted, PATIENCE, Contracts.When.ALONE, Contracts.When.AT_THE_HELM);
            swap.takeOut(before);
        } catch (Unfit | RuntimeException | Error e) {
            takeBack(jar, Unfit.because(e));
        } finally {
            swap.handing().remove(before);
        }
    }

    private void takeBack(Jar jar, Unfit why) {
        LOG.error("{} {} is taken out again: {}", next.getSymbolicName(), next.getVersion(), why.getMessage());
        if (swap.own(before)) refuse(jar, why);
        swap.handing().add(next);
        try {
            swap.giveBack(before, next);
            LOG.info("{} {} is at work again", before.getSymbolicName(), before.getVersion());
        } catch (Unfit | RuntimeException | Error e) {
            LOG.error(
                    "{}; a restart of the server starts what is in its place",
                    Unfit.because(e).getMessage());
        } finally {
            swap.takeOut(next);
            swap.handing().remove(next);
        }
    }

    private static void refuse(Jar jar, Unfit why) {
        synchronized (REFUSED) {
            REFUSED.put(jar.sum(), why.getMessage());
        }
    }
}
