package org.posthorn.api.mail;

import java.time.Instant;

/**
 * A mail in this server's care.
 *
 * @param id its queue id
 * @param arrived when its last byte came
 * @param junk whether a filter wants it in the Junk mailbox
 */
public record Mail(MailId id, Instant arrived, Origin origin, Envelope envelope, Message message, boolean junk) {

    /** The same mail with another message: trace fields in front, or its bytes at another place. */
    public Mail with(Message other) {
        return new Mail(id, arrived, origin, envelope, other, junk);
    }
}
