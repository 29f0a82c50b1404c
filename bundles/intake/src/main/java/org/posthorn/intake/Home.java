package org.posthorn.intake;

import java.util.Map;
import org.osgi.framework.Bundle;
import org.osgi.framework.FrameworkUtil;
import org.posthorn.api.filter.MailFilter;

/**
 * The bundle that a filter comes from.
 *
 * @param beside whether it runs beside those that count
 */
record Home(String version, boolean beside) {

    private static final Home UNKNOWN = new Home("0.0.0", false);

    /** By a service's properties. */
    static Home of(Map<String, ?> properties) {
        Bundle own = FrameworkUtil.getBundle(Home.class);
        if (own == null || own.getBundleContext() == null || !(properties.get("service.bundleid") instanceof Long id))
            return UNKNOWN;
        Bundle bundle = own.getBundleContext().getBundle(id);
        if (bundle == null) return UNKNOWN;
        return new Home(bundle.getVersion().toString(), bundle.getLocation().startsWith(MailFilter.BESIDE));
    }
}
