package org.posthorn.imap;

import java.io.IOException;

/** New messages, told as FETCH tells them: RFC 5465 5.2 and 7. */
@FunctionalInterface
public interface Fetching {

    Fetching NOTHING = () -> false;

    /** Tells the next ones, under the lease that is held. @return whether there are more */
    boolean more() throws IOException;
}
