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

    /**
     * Stands for the password that the user has now: another one when it is set anew, or the user removed and made anew. At most 1,000 characters; empty text for a user who may
     * not log in. It is not shown, and whoever keeps it keeps a keyed hash, as it may tell the password.
     *
     * @return empty when it does not know the user, or cannot tell: then nothing is issued to him that stands for his password
     */
    default Optional<String> fingerprint(Address user) throws IOException {
        return Optional.empty();
    }
}
