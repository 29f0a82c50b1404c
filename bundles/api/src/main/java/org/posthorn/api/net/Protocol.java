package org.posthorn.api.net;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A protocol that the door can speak. Registered as a service with the property {@code name}, which is what a listener's file
 * calls it: {@code smtp}, {@code submission}, {@code imap} …
 */
@ConsumerType
public interface Protocol {

    /** A new client. Nothing has been sent yet; the first call is {@link Conversation#opened()}. */
    Conversation begin(Connection connection);

    /**
     * Goes on where another version of this protocol left off, without a greeting.
     *
     * @throws IllegalArgumentException when the suspended state is of a version it does not know
     */
    Conversation resume(Connection connection, Suspended state);
}
