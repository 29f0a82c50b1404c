package org.posthorn.api.events;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;

/** Tells what happened to mail. Safe for several threads. */
@ProviderType
public interface MailStories {

    /**
     * How a mail came into a mailbox of that account, as its owner may see it: nothing of other recipients, and of other machines no more than the mail's own Received fields tell.
     *
     * @return its steps in order, until it lay there; empty when nothing is known of it, or not that it was delivered to that account
     * @throws IOException when it cannot be told now
     */
    Optional<List<StoryStep>> delivered(Address account, MailId mail) throws IOException;

    /**
     * What has become of a mail that was sent by who was logged in as that account: what was told until now, in the order of its envelope. Of a mail with very many recipients, whose story is not kept
     * whole, some may be missing.
     *
     * @return empty when nothing is known of it, or not that it was sent by that account
     * @throws IOException when it cannot be told now
     */
    Optional<List<SentTo>> sent(Address account, MailId mail) throws IOException;
}
