package org.posthorn.api.mailbox;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The mailboxes of one user. Names are full names in Unicode with {@code .} between levels; INBOX in any case is INBOX. A request that cannot be
 * granted is a {@link MailboxFault}.
 */
@ProviderType
public interface Account {

    /** All mailboxes, and levels above them that are none themselves; in order of name, INBOX first. */
    List<Listed> list() throws IOException;

    /** Names subscribed to, whether they exist or not (RFC 3501 6.3.9). */
    List<String> subscriptions() throws IOException;

    /** Empty when there is none of that name, or only a level. */
    Optional<Mailbox> mailbox(String name) throws IOException;

    /** Makes a mailbox, and the levels above it. @return its MAILBOXID, RFC 8474 4.1 */
    String create(String name, Optional<SpecialUse> use) throws IOException;

    /** Deletes it with all messages; what lies below it stays. */
    void delete(String name) throws IOException;

    /** Renames it and what lies below it. INBOX: its messages move to the new name, RFC 3501 6.3.5. */
    void rename(String from, String to) throws IOException;

    /** Also to what others share, by a name with slashes. */
    void subscribe(String name) throws IOException;

    void unsubscribe(String name) throws IOException;

    /**
     * Calls the listener, on any thread and perhaps more often than needed, until the result is closed: with the name of a mailbox that would have news, or has
     * come or been renamed, of those that are meant, and with an empty one when {@link #list}, {@link #subscriptions} or {@link Annotations#since} would.
     *
     * @param meant the names of mailboxes that are watched, whether they are there yet or not; asked on any thread, and cheap
     */
    MailboxReading.Watch watch(Predicate<String> meant, Consumer<String> listener) throws IOException;
}
