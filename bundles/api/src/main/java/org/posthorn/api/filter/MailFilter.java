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
 * throws becomes a 451, never a pass. It keeps nothing of a mail between two moments: at the next one another version may be in its place.
 *
 * <p>A filter that remembers what it was asked, and judges by that later, says so by the property {@code stateful=true}: it is not asked about
 * mail that is long delivered, and not beside another version of itself, with which it would share its memory.
 */
@ConsumerType
public interface MailFilter {

    /**
     * How the location of a bundle begins whose filters run beside those that count: only who names version and all, {@code example@1.1.0},
     * means them.
     */
    String BESIDE = "beside:";

    /** The property of a filter that remembers what it was asked. */
    String STATEFUL = "stateful";

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
