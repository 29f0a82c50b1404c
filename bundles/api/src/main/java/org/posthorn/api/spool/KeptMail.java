package org.posthorn.api.spool;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Message;

/** The place of deferred mail's bytes: files of their own, so that mail that waits holds nothing up in the {@linkplain Spool journal}. Safe for several threads. */
@ProviderType
public interface KeptMail {

    /**
     * Copies the bytes of a mail out of the journal into a file of their own, forced: for a mail that waits. Of a mail whose bytes are kept already
     * only the envelope is noted. That fewer wait than before is noted on a full disk, too.
     *
     * @param mail its envelope holds those who wait; when that is nobody, it is {@linkplain Kept#over over}, and its bytes are about to be dropped. Who is
     *     noted to wait after that takes them as they are
     */
    Message keep(Mail mail) throws IOException;

    /**
     * Notes who waits for bytes that are kept, and takes these as they are, be they damaged. A crash leaves the note as it was or as it shall be.
     *
     * @throws IOException also when there are none
     */
    void noteAnew(Mail mail) throws IOException;

    /** The bytes that were kept; empty when there are none. */
    Optional<Message> message(MailId id) throws IOException;

    /** All mail whose bytes are kept. */
    List<MailId> all() throws IOException;

    /** What is known of kept bytes beside the queue's store; reads them. */
    Kept inspect(MailId id) throws IOException;

    /** Deletes kept bytes. */
    void drop(MailId id) throws IOException;
}
