package org.posthorn.api.users;

import java.io.IOException;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import org.posthorn.api.mail.Address;

/** Tells whether a password is right. Several stand side by side. */
@ConsumerType
public interface Authenticator {

    /** Whether it is; empty when it does not know the user. */
    Optional<Boolean> verify(Address user, String password) throws IOException;

    /** The user's keys for SCRAM-SHA-256; empty when there are none. */
    Optional<ScramKeys> scram(Address user) throws IOException;
}
