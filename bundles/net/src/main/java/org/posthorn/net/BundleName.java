package org.posthorn.net;

import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;

/** Whose a service is, for the log. */
final class BundleName {

    private BundleName() {}

    /** {@code org.posthorn.imap 0.1.0}; outside of a container the name of the class. */
    static String of(Object service) {
        Bundle bundle = FrameworkUtil.getBundle(service.getClass());
        return bundle == null ? service.getClass().getName() : bundle.getSymbolicName() + " " + bundle.getVersion();
    }
}
