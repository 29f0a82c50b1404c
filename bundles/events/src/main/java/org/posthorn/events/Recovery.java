package org.posthorn.events;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.spool.Pending;
import org.posthorn.api.spool.ShelfNote;

/**
 * Completes a story that the last process had no time to write: by what the journal knows of the mail, that it came and on which shelf it lies. The rest (what
 * filters said, how another server took it) is lost.
 */
final class Recovery {

    private static final String SOURCE = "as the journal tells";

    private Recovery() {}

    /** @return what the story lacks at its beginning; nothing when it has one */
    static List<MailEvent> beginning(Told story, Pending left) {
        if (story.events().stream().anyMatch(MailEvent.Begun.class::isInstance)) return List.of();
        Mail mail = left.mail();
        MailId id = mail.id();
        Instant when = mail.arrived();
        List<MailEvent> events = new ArrayList<>();
        events.add(new MailEvent.Begun(id, when, mail.origin(), mail.envelope().sender()));
        for (Recipient recipient : mail.envelope().recipients())
            events.add(new MailEvent.Answered(id, when, recipient.address(), new Reply(250, "2.1.5", SOURCE), ""));
        content(mail).ifPresent(events::add);
        events.add(new MailEvent.Accepted(id, when, new Reply(250, "2.0.0", SOURCE), mail.junk()));
        return events;
    }

    private static Optional<MailEvent> content(Mail mail) {
        try {
            String messageId = mail.message().header().stream()
                    .filter(f -> f.is("Message-ID"))
                    .map(f -> f.unfolded())
                    .findFirst()
                    .orElse("");
            return Optional.of(new MailEvent.Content(
                    mail.id(), mail.arrived(), mail.message().size(), messageId));
        } catch (IOException settledMeanwhile) {
            return Optional.empty();
        }
    }

    /** @return what the story lacks of copies on a shelf. Where power was lost they may not be there, and who shelves them again tells of it */
    static List<MailEvent> shelved(Told story, Pending left) {
        List<MailEvent> events = new ArrayList<>();
        if (left.powerLost()) return events;
        for (ShelfNote.Shelved note : shelved(left.notes()))
            if (!tells(story, note))
                Address.parse(note.account()).ifPresent(account -> events.add(shelved(left.mail(), note, account)));
        return events;
    }

    /** Those that were not withdrawn. */
    private static List<ShelfNote.Shelved> shelved(List<ShelfNote> notes) {
        List<ShelfNote.Shelved> shelved = new ArrayList<>();
        for (ShelfNote note : notes)
            if (note.withdrawn()) shelved.removeIf(s -> s.recipient() == note.recipient());
            else if (note instanceof ShelfNote.Shelved s) shelved.add(s);
        return shelved;
    }

    private static MailEvent shelved(Mail mail, ShelfNote.Shelved note, Address account) {
        Address recipient = mail.envelope().recipients().get(note.recipient()).address();
        return new MailEvent.Shelved(
                mail.id(), mail.arrived(), recipient, account, note.mailbox(), note.uidValidity(), note.uid(), SOURCE);
    }

    private static boolean tells(Told story, ShelfNote.Shelved note) {
        return story.events().stream()
                .anyMatch(event -> event instanceof MailEvent.Shelved s
                        && s.account().toString().equals(note.account())
                        && s.mailbox().equals(note.mailbox())
                        && s.uidValidity() == note.uidValidity()
                        && s.uid() == note.uid());
    }
}
