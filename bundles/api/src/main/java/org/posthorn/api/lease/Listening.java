package org.posthorn.api.lease;

/** Of bundles of whatever kind: what goes wrong with one who listens is neither the affair of what has changed nor of who listens behind him. */
final class Listening {

    private static final System.Logger LOG = System.getLogger("org.posthorn.api");

    private Listening() {}

    static void tell(Runnable listener) {
        try {
            listener.run();
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    () -> listener.getClass().getName() + " failed when it was told that services come or go",
                    e);
        }
    }
}
