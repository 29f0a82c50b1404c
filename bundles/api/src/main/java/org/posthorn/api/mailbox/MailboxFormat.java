package org.posthorn.api.mailbox;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A way in which mail lies on disk. Registered with the property {@code name}, which is what settings call it. It knows bytes, names and flags;
 * UIDs, mod-sequences and sessions are the matter of who uses it. Reaches files only from the given path on, through {@code java.nio.file}.
 */
@ConsumerType
public interface MailboxFormat {

    /** The shelf of the account whose home that is: a directory that is there. */
    Shelf shelf(Path home) throws IOException;

    /** Where that account's subscriptions are noted; empty when this format has no place for them that other programs know. */
    default Optional<Subscriptions> subscriptions(Path home) {
        return Optional.empty();
    }
}
