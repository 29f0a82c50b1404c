package org.posthorn.api.intake;

import java.util.concurrent.CompletionStage;
import org.osgi.annotation.versioning.ProviderType;
import org.posthorn.api.mail.Origin;

/** The way in: judges mail, and gives it to the queue when it is safe on disk. */
@ProviderType
public interface MailIntake {

    /**
     * Ends when mail can be judged: at once when every filter of the chain is there, else when it has come, or after a grace. When the
     * grace has run out without it, {@link Submission#sender} answers 451: a mail never passes a chain that is not whole.
     */
    CompletionStage<Void> ready();

    /** Begins a mail. The caller closes the submission, whatever becomes of it. */
    Submission begin(Origin origin);
}
