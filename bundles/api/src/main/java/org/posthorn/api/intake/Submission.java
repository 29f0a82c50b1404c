package org.posthorn.api.intake;

import java.io.IOException;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.net.Sink;

/**
 * One mail on its way in: sender, recipients, data, finish, in that order. For one thread at a time.
 */
@ProviderType
public interface Submission extends AutoCloseable {

    /** What it is called from its beginning on, be it taken or refused: the queue id of the mail that it becomes. */
    MailId id();

    /** MAIL: asks the filters about client and sender, and whether there is room (452 where not). */
    Reply sender(Optional<Address> sender, MailParameters parameters);

    /** RCPT: asks the filters and the routers. Once positive, the recipient is part of the envelope. */
    Reply recipient(Recipient recipient);

    /** Where the message's octets go: lines ending in CRLF. @throws IOException when the disk does not take them */
    Sink data() throws IOException;

    /**
     * The data is whole: judges it and makes it safe. A positive reply means that message and envelope are forced to disk, and its text
     * names the queue id.
     */
    Reply finish();

    /**
     * The protocol has refused it for a reason of its own, as octets that may not be: so that the log and its story tell why. Nothing more for one
     * that was refused before.
     *
     * @param why what is not for the client; may be empty
     */
    void refused(Reply reply, String why);

    /** Ends it; what is not finished is forgotten. */
    @Override
    void close();
}
