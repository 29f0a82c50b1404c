package org.posthorn.launcher;

import org.osgi.framework.Bundle;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;

/** The activator of made bundles, which starts as a rule, and hangs or fails as long as a property says so. */
public final class Hesitant implements BundleActivator {

    /** A constant is one for all class loaders. */
    private static final String HANGS = "posthorn.test.hangs";

    static void hang() {
        System.setProperty(HANGS, "start");
    }

    /** As a component does that hangs when somebody wants its service. */
    static void hangWithService() {
        System.setProperty(HANGS, "service");
    }

    static void fail() {
        System.setProperty(HANGS, "never");
    }

    static void release() {
        synchronized (HANGS) {
            System.clearProperty(HANGS);
            HANGS.notifyAll();
        }
    }

    @Override
    public void start(BundleContext context) {
        if ("never".equals(System.getProperty(HANGS))) throw new IllegalStateException("it fails");
        if ("service".equals(System.getProperty(HANGS))) context.registerService(Runnable.class, new Service(), null);
        else await();
    }

    private static final class Service implements ServiceFactory<Runnable> {
        @Override
        public Runnable getService(Bundle bundle, ServiceRegistration<Runnable> registration) {
            await();
            return () -> {};
        }

        @Override
        public void ungetService(Bundle bundle, ServiceRegistration<Runnable> registration, Runnable service) {}
    }

    private static void await() {
        synchronized (HANGS) {
            while (System.getProperty(HANGS) != null) {
                try {
                    HANGS.wait();
                } catch (InterruptedException e) {
                    continue;
                }
            }
        }
    }

    @Override
    public void stop(BundleContext context) {}
}
