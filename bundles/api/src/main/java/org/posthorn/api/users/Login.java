package org.posthorn.api.users;

import java.time.Duration;
import java.util.Optional;
import org.posthorn.api.mail.Address;

/** How a login went. */
public sealed interface Login {

    /**
     * @param account the user's address
     * @param by what he logged in by; empty when that was his password itself
     */
    record Granted(Address account, Optional<Credential> by) implements Login {

        /** By the password itself. */
        public Granted(Address account) {
            this(account, Optional.empty());
        }

        /** What is kept of it. */
        public Entrance entrance() {
            return new Entrance(account, by.map(Credential::id));
        }
    }

    /** @param pause how long the answer is to be held back; more with each failure of that client */
    record Denied(Duration pause) implements Login {}

    /** A temporary failure: not looked at, right or wrong, since too many failed before it; or a directory that may know the user is away. @param pause how long the answer is to be held back */
    record PutOff(Duration pause) implements Login {}
}
