package org.posthorn.api.intake;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;
import org.posthorn.api.mail.Mail;

/** A chain that is tried on mail that is here already. For one thread at a time. */
@ProviderType
public interface ChainTrial extends AutoCloseable {

    /** Filters of the chain that are not asked: they remember what they are asked, and would judge live mail by it. */
    List<String> unasked();

    /**
     * Asks the filters, at all four moments, as if the mail came now. Nothing is delivered or refused, and failures are not held against the filters.
     *
     * @param mail its message as it came, a Received field of this server in front
     */
    Judgement judge(Mail mail);

    @Override
    void close();
}
