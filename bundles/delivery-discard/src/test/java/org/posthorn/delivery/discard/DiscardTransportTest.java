package org.posthorn.delivery.discard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.posthorn.api.delivery.Outcome;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;
import org.posthorn.mime.StoredMessage;

class DiscardTransportTest {

    @Test
    void every_recipient_is_delivered_to_nowhere() {
        Recipient bob = new Recipient(Address.of("bob@example.test"));
        Recipient carol = new Recipient(Address.of("carol@example.test"));
        Envelope envelope = new Envelope(Optional.empty(), MailParameters.NONE, List.of(bob, carol));
        Mail mail = new Mail(
                MailId.of(1),
                Instant.EPOCH,
                Origin.local("mx"),
                envelope,
                StoredMessage.of("Subject: x\r\n\r\n"),
                false);
        Map<Recipient, Outcome> outcomes = new DiscardTransport().deliver(mail, List.of(bob, carol), "");
        assertThat(outcomes).containsOnlyKeys(bob, carol);
        assertThat(outcomes.values()).allMatch(o -> o instanceof Outcome.Delivered d && !d.relayed());
    }
}
