package org.posthorn.api.spool;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;

/**
 * The journal of mail between the reply and the shelf. A leaf: it calls nobody. Safe for several threads.
 *
 * <p>A mail stays in the journal until each of its recipients is {@link #settle settled}. What stands there is forced to disk: a mail when
 * {@link #commit} returns, settlements within a second.
 */
@ProviderType
public interface Spool {

    /** Begins to take a message's bytes. The caller commits or closes it. @throws IOException when there is no room or no disk */
    Incoming begin() throws IOException;

    /**
     * Makes the mail safe: bytes and envelope are forced to disk when this returns. Commits at the same time share one force.
     *
     * @param incoming the bytes, whose end this is
     * @param draft the mail as it shall be; its message is the bytes of {@code incoming}, perhaps with trace fields in front
     * @return the mail with a message that lasts until it is settled
     */
    Mail commit(Incoming incoming, Mail draft) throws IOException;

    /**
     * Writes down what happened to a recipient's copy on the shelf; in order, forced within a second, and before a later commit. Moved and gone
     * are forced when this returns, and with them all that was settled and noted before, be it of a mail that is settled already.
     */
    void note(MailId id, ShelfNote note) throws IOException;

    /**
     * These recipients, by their place in the envelope, need this journal no more: delivered and safe elsewhere, bounced, deferred into a
     * queue store with the bytes {@linkplain KeptMail kept}. When all of them are settled the mail's bytes go.
     */
    void settle(MailId id, Collection<Integer> recipients) throws IOException;

    /**
     * What was neither settled nor lost when the last process ended, oldest first. Asked once, before the first commit. A queue that takes
     * over from another may ask again: then it is what is open at that moment.
     */
    List<Pending> replay() throws IOException;

    /**
     * What the last process left, for who tells what became of mail and may not have come to write it down: what was settled last, as far as the journal
     * still tells of it, and all that is open. Of what was settled the bytes cannot be read, and the header is the Message-ID alone. Handed out once.
     */
    List<Pending> left() throws IOException;

    /** Whether there is room for more mail above the watermark of free space. @throws IOException when the spool is not open, so nobody knows */
    boolean room() throws IOException;
}
