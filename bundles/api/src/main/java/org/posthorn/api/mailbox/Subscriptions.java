package org.posthorn.api.mailbox;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.osgi.annotation.versioning.ConsumerType;

/** What an account is subscribed to, where other programs that keep mail in the same way look for it. Calls come one at a time. */
@ConsumerType
public interface Subscriptions {

    /** Names of mailboxes as a {@link Shelf} has them, whether these are there or not; empty when nothing was ever noted. */
    Optional<Set<String>> read() throws IOException;

    /** Notes these in place of all that were read. Outlives a crash when it returns. */
    void write(Set<String> names) throws IOException;
}
