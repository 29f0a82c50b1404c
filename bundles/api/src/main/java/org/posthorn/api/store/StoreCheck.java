package org.posthorn.api.store;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/** Knows what should lie on disk of one store, and looks whether it does. Mail goes on flowing meanwhile. Safe for several threads. */
@ConsumerType
public interface StoreCheck {

    /** What people call it: {@code spool}. */
    String store();

    /** Whose turn it is, the lowest first: the way of a mail, so that what one brings back is taken on by the next. */
    int turn();

    /**
     * Walks through it and tells what is wrong. Changes nothing but by the mends it hands over. What a repair has made good is not found again.
     *
     * @throws IOException when it cannot be looked at
     */
    void inspect(Inspection inspection) throws IOException;
}
