package org.posthorn.api.queue;

import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.routing.Route;

/** Takes mail that is safe on disk and sees to its delivery until it is delivered, refused for good, or too old. */
@ProviderType
public interface MailQueue {

    /** The queue's from now on. The first attempt begins at once, on another thread; returns without waiting for it. */
    void add(Mail committed);

    /** Whether there is so much to deliver that new mail should come later. */
    boolean full();

    /** Why mail that goes that way would not be taken at its end now; empty when nothing is known of that. */
    default Optional<Reply> refusal(Route.Via way) {
        return Optional.empty();
    }
}
