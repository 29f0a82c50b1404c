package org.posthorn.api.filter;

import org.osgi.annotation.versioning.ConsumerType;

/** Keeps what filters in the shadow said. Whoever registers it as a service hears of every mail. Safe for several threads. */
@ConsumerType
public interface Comparisons {

    /** Takes it, or drops it when there is too much; never waits for a disk or a network, and throws nothing. */
    void add(Comparison comparison);
}
