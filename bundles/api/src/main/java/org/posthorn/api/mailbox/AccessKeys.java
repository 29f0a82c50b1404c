package org.posthorn.api.mailbox;

import java.io.IOException;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The mailbox access keys of one user, RFC 4467 2.2: one for each mailbox that he finds, his own or another's, by the name that he calls it. A key has 256
 * random bits. That of a mailbox of his own goes where its mailbox goes, and with it.
 */
@ProviderType
public interface AccessKeys {

    /**
     * The key of a mailbox. One that is made now outlives a crash of the machine when this returns.
     *
     * @throws MailboxFault NONEXISTENT when it is to be a mailbox of his own, and there is none of that name
     */
    byte[] of(String mailbox) throws IOException;

    /** The same, if one has been made. */
    Optional<byte[]> known(String mailbox) throws IOException;

    /** There is another one from now on, which outlives a crash: what was made with the one before is void. @throws MailboxFault as {@link #of} */
    void renew(String mailbox) throws IOException;

    /** There is none from now on, of any mailbox. */
    void removeAll() throws IOException;
}
