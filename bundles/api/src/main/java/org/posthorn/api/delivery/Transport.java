package org.posthorn.api.delivery;

import java.util.List;
import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.Recipient;

/**
 * A way out. Registered with the property {@code name}, which is what a {@link org.posthorn.api.routing.Route.Via} calls it. Safe for
 * several threads; limits its own waiting.
 */
@ConsumerType
public interface Transport {

    /**
     * Tries once.
     *
     * @param recipients those of the mail's envelope that go this way; never empty
     * @param nextHop in the transport's own grammar
     * @return an outcome for each of the recipients
     */
    Map<Recipient, Outcome> deliver(Mail mail, List<Recipient> recipients, String nextHop);
}
