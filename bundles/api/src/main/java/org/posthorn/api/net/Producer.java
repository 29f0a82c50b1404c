package org.posthorn.api.net;

import org.osgi.annotation.versioning.ConsumerType;

/** Gives a long answer piece by piece. */
@ConsumerType
@FunctionalInterface
public interface Producer {

    /** Sends the next piece, of any size that is sensible to hold in memory. @return whether there is more */
    boolean more();
}
