package org.posthorn.api.spool;

import java.util.Optional;
import org.posthorn.api.mail.Mail;

/**
 * What the spool knows of mail whose bytes it keeps, should the queue's store know nothing.
 *
 * @param mail its envelope holds those who waited when it was kept last, and nobody when it is {@link #over}; empty when that is not known, as of mail
 *     that an older version kept
 * @param whole whether the bytes are those that were kept; true where nobody noted them
 */
public record Kept(Optional<Mail> mail, boolean whole) {

    /** Whether nobody waits for it any more: whatever a store says, it must not be tried again. */
    public boolean over() {
        return mail.filter(m -> m.envelope().recipients().isEmpty()).isPresent();
    }
}
