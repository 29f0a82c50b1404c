package org.posthorn.api.users;

import java.time.Duration;
import org.posthorn.api.mail.Address;

/** How a login went. */
public sealed interface Login {

    /** @param account the user's address */
    record Granted(Address account) implements Login {}

    /** @param pause how long the answer is to be held back; more with each failure of that client */
    record Denied(Duration pause) implements Login {}
}
