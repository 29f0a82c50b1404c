package org.posthorn.intake;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.filter.Finding;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;
import org.posthorn.mime.Octets;
import org.posthorn.mime.StoredMessage;

/** Writes down what the chain is asked of one mail, for the filters in the shadow to be asked the same when it is over. */
final class Transcript {

    /** Larger mails are not copied for the shadow; it is asked of their envelope alone. */
    static final int LARGEST = 256 * 1024;

    private final MailId id;
    private final Origin origin;
    private final Room room;
    private final List<Asked> asked = new ArrayList<>();
    private Envelope envelope = new Envelope(Optional.empty(), MailParameters.NONE, List.of());
    private List<Recipient> recipients = List.of();
    private List<String> chain = List.of();
    private Optional<Mail> mail = Optional.empty();
    private String uncopied = "";
    private String failed = "";

    Transcript(MailId id, Origin origin, Room room) {
        this.id = id;
        this.origin = origin;
        this.room = room;
    }

    /** @param recipients those accepted so far, which grow @param names who judges it */
    void begun(Envelope envelope, List<Recipient> recipients, List<String> names) {
        this.envelope = envelope;
        this.recipients = recipients;
        chain = names;
    }

    /** What is asked now, with no answer yet. */
    Asked question(Stage stage, Optional<Recipient> recipient, List<Finding> found) {
        return new Asked(stage, recipient, recipients.size(), found, List.of(), false);
    }

    void answered(Asked question, List<Judges.Said> said) {
        asked.add(new Asked(question.stage(), question.recipient(), question.before(), question.found(), said, true));
    }

    /** That filter, as the watchdog calls it, failed. */
    void unanswered(Asked question, String plugin) {
        asked.add(question);
        failed = plugin;
    }

    /** Copies the message: the spool keeps it no longer than it must. What cannot be copied is no fault of the mail's. */
    void message(Mail draft) {
        long size = draft.message().size();
        if (size > LARGEST) uncopied = "it is larger than " + LARGEST / 1024 + " KiB";
        else if (!room.take(size)) uncopied = "too much waits for the shadow";
        else
            try (InputStream in = draft.message().open()) {
                mail = Optional.of(draft.with(StoredMessage.of(Octets.of(in.readAllBytes()))));
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                room.give(size);
                uncopied = "it could not be copied: " + e;
            }
    }

    /** The mail is over. Empty when no filter was asked. */
    Optional<SeenMail> end(Instant now) {
        if (asked.isEmpty()) return Optional.empty();
        Envelope whole = envelope.with(recipients);
        return Optional.of(new SeenMail(id, origin, whole, chain, List.copyOf(asked), mail, uncopied, failed, now));
    }
}
