package org.posthorn.api.queue;

import java.io.IOException;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.posthorn.api.mail.MailId;

/** Mail in the queue, as its sender may look after it. Safe for several threads. */
@ProviderType
public interface UnsentMail {

    /**
     * It as it waits or is being tried, for the recipients that are still open; empty when nobody waits for it any more.
     *
     * @throws IOException when that cannot be told now
     */
    Optional<QueuedMail> open(MailId id) throws IOException;

    /**
     * Takes back mail that waits for {@linkplain QueuedMail#wished the time that its sender has set}: nobody gets it, and nobody is told. That is forced to disk when this returns, so no
     * crash brings it back. Between its release and its first attempt it can still be taken back; either happens, and never both.
     *
     * @param by who wants it, for its story
     * @return false when it is not there, or its first attempt has begun
     * @throws IOException when it cannot be done now, or nobody knows whether it is
     */
    boolean takeBack(MailId id, String by) throws IOException;
}
