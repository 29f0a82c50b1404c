package org.posthorn.mailbox;

import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Delivery;
import org.posthorn.api.mailbox.Filed;

/** A delivered message that is not forced on its shelf yet, or whose recipient is not settled yet. */
record Unsettled(Filed filed, Source source) {

    /**
     * What it was made of.
     *
     * @param recipient the place in the mail's envelope
     * @param message as it was shelved, read from the journal
     */
    record Source(MailId mail, int recipient, Message message) {

        static Source of(Delivery delivery) {
            return new Source(delivery.mail().id(), delivery.recipient(), delivery.message());
        }
    }

    long uid() {
        return filed.uid();
    }
}
