package org.posthorn.api.delivery;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;

/**
 * A way out. Registered with the property {@code name}, which is what a {@link org.posthorn.api.routing.Route.Via} calls it. Safe for
 * several threads; limits its own waiting.
 */
@ConsumerType
public interface Transport {

    /**
     * Tries once.
     *
     * @param mail its envelope is the journal's, place by place, with aliases followed
     * @param recipients those that go this way; never empty. One that stands in the mail's envelope has a place in the journal for itself alone,
     *     and may be {@link Outcome.Shelved}. One that does not (an alias led to several, or the mail has waited) has none: it is {@link
     *     Outcome.Delivered} when it is safe
     * @param nextHop in the transport's own grammar
     * @return an outcome for each of the recipients
     */
    Map<Recipient, Outcome> deliver(Mail mail, List<Recipient> recipients, String nextHop);

    /** Why it would take no mail for there now; empty when it knows of nothing. Asked while a client waits: no other host is spoken to. */
    default Optional<Reply> refusal(String nextHop) {
        return Optional.empty();
    }
}
