package org.posthorn.api.users;

import java.time.Duration;
import org.posthorn.api.mail.Address;

/** How a login went. */
public sealed interface Login {

    /** @param account the user's address */
    record Granted(Address account) implements Login {}

    /** @param pause how long the answer is to be held back; more with each failure of that client */
    record Denied(Duration pause) implements Login {}

    /** Not looked at, right or wrong, since too many failed before it: a temporary failure. @param pause how long the answer is to be held back */
    record PutOff(Duration pause) implements Login {}
}
