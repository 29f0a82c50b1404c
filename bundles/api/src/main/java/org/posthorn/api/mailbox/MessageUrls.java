package org.posthorn.api.mailbox;

import java.io.IOException;
import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;
import org.posthorn.api.mail.Address;
import org.posthorn.api.net.Sink;

/** Messages of this server, and parts of them, by URLs that say who may read them: RFC 4467. Nothing is asked of other servers. Safe for several threads. */
@ProviderType
public interface MessageUrls {

    /** What has become of a URL. */
    enum Result {
        /** All of it was written. */
        WRITTEN,
        /** It is none of these, as it reads. */
        FOREIGN,
        /** It is not for this user, not made here by its owner, or void by now. Whether there is such an owner is told to nobody. */
        DENIED,
        /** There is nothing where it leads. */
        MISSING,
        TOO_LARGE,
        /** The mailboxes are not there now. */
        AWAY
    }

    /** Ends when the mailboxes are there: perhaps at once, perhaps never. Who gives up waiting completes it. */
    CompletionStage<Void> ready();

    /**
     * Writes what a URL stands for, which a user hands in as mail: RFC 4468 3.3. It is written whole, or not at all unless this throws.
     *
     * @param url its characters stand for octets
     * @param most so many octets at most
     */
    Result submit(String url, Address user, long most, Sink to) throws IOException;
}
