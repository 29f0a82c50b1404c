package org.posthorn.deploy;

import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** The activator of made bundles that starts well and needs a class later, which such a bundle does not have. */
public final class Forgetful implements BundleActivator {

    /** Not in the jar. */
    static final class Forgotten {}

    @Override
    public void start(BundleContext context) {}

    @Override
    public void stop(BundleContext context) {
        System.setProperty("posthorn.test.forgotten", new Forgotten().toString());
    }
}
