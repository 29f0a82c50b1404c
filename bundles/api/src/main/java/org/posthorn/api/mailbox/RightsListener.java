package org.posthorn.api.mailbox;

import java.io.IOException;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A service that hears of the rights that users are given and lose, whoever gives them. It has a property {@code name}: of two versions with one name one hears. Safe for several
 * threads.
 */
@ConsumerType
public interface RightsListener {

    /**
     * Called behind the change, which is on disk and stays whatever becomes of this, and before whoever has made it is answered. Not called for what {@code anyone} is given, nor for users
     * who have no mailboxes here. It calls no mailboxes. What an owner changes it hears one at a time: what it hears last is how it stays.
     *
     * @throws IOException when it cannot be noted; the log says so
     */
    void changed(RightsNews news) throws IOException;
}
