package org.posthorn.api.store;

import java.io.IOException;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.posthorn.api.mail.Address;

/** One walk through what lies on disk, which only looks, or looks and mends: who walks need not know. For one thread at a time. */
@ProviderType
public interface Inspection {

    /** Makes it good. */
    @FunctionalInterface
    interface Mend {
        /** @throws IOException why that cannot be done; it is told, and the walk goes on */
        void run() throws IOException;
    }

    /** Whose mailboxes alone are looked at; empty for everything. */
    Optional<Address> account();

    /** Something is wrong, and this makes it good. Where the walk mends, that is done when this returns. */
    void found(Damage damage, Mend mend);

    /** Something is wrong that no repair makes good now; its {@code mending} says what becomes of it. */
    void found(Damage damage);

    /** What is looked at now, for people. */
    void at(String place);
}
