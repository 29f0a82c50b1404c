package org.posthorn.api.filter;

import java.io.IOException;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;

/**
 * A judge of mail. Registered as a service with the property {@code name}; the chain, {@code filters} in {@code
 * org.posthorn.intake.cfg}, names those that are asked, in that order, at each of the four moments. A filter implements the moments
 * it needs. Called by many threads at once; a call may block for the DNS or a database, and is given up after a limit. What it
 * throws becomes a 451, never a pass.
 */
@ConsumerType
public interface MailFilter {

    /** A mail begins: what of the client alone? */
    default Verdict client(Origin origin) throws IOException {
        return Verdict.PASS;
    }

    /** MAIL came; empty is the null sender. */
    default Verdict sender(Origin origin, Optional<Address> sender) throws IOException {
        return Verdict.PASS;
    }

    /** RCPT came; the envelope holds the recipients accepted before. A refusal is for this recipient alone. */
    default Verdict recipient(Origin origin, Envelope before, Recipient recipient) throws IOException {
        return Verdict.PASS;
    }

    /** The whole mail is there. */
    default Verdict message(Mail mail) throws IOException {
        return Verdict.PASS;
    }
}
