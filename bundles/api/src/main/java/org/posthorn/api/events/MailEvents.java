package org.posthorn.api.events;

import org.osgi.annotation.versioning.ProviderType;

/** Hears what happens to mail. Safe for several threads. Whoever tells works on the same when nobody hears; see {@link Teller}. */
@ProviderType
public interface MailEvents {

    /**
     * Takes an event to be written down later. Returns at once, throws nothing, and does no work on the caller's thread; when more is told
     * than can be written, what is over is counted and dropped.
     */
    void tell(MailEvent event);
}
