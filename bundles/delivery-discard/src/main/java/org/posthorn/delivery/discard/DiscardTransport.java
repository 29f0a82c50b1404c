package org.posthorn.delivery.discard;

import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Component;
import org.posthorn.api.delivery.Outcome;
import org.posthorn.api.delivery.Transport;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;

/** Throws mail away, and says that it went well. */
@Component(property = "name=discard")
public final class DiscardTransport implements Transport {

    @Override
    public Map<Recipient, Outcome> deliver(Mail mail, List<Recipient> recipients, String nextHop) {
        Outcome discarded = new Outcome.Delivered("", new Reply(250, "2.0.0", "discarded"), false);
        return recipients.stream().distinct().collect(Collectors.toMap(Function.identity(), r -> discarded));
    }
}
