package org.posthorn.imap.command;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;
import org.posthorn.imap.SyntaxFault;

/** APPEND, RFC 3501 6.3.11, with the code of RFC 4315 3. */
final class Append implements Command {

    /** What stands in front of the message. */
    private record Place(String mailbox, Flags flags, Optional<Instant> date) {}

    private static Place place(Arguments in) throws IOException {
        String mailbox = in.space().mailbox();
        Flags flags = in.space().peek() == '(' ? flags(in) : Flags.NONE;
        Optional<Instant> date = in.peek() == '"' ? Optional.of(in.dateTime()) : Optional.empty();
        if (date.isPresent()) in.space();
        return new Place(mailbox, flags, date);
    }

    private static Flags flags(Arguments in) {
        Flags flags = in.flags();
        in.space();
        return flags;
    }

    @Override
    public boolean streams(Arguments soFar) {
        try {
            place(soFar);
            return soFar.atLastLiteral();
        } catch (IOException | SyntaxFault notYet) {
            return false;
        }
    }

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments();
        Place place = place(in);
        Message message = in.message();
        in.end();
        if (message.size() == 0) return Answer.no("[CANNOT] A message cannot be empty");
        Optional<Mailbox> mailbox = session.account().mailbox(place.mailbox);
        if (mailbox.isEmpty()) return Answer.no("[TRYCREATE] There is no such mailbox");
        Optional<Answer> full = Keywords.refusal(mailbox.get(), place.flags.keywords(), session.selected());
        if (full.isPresent()) return full.get();
        Entry entry = mailbox.get().append(message, place.flags, place.date.orElseGet(Instant::now));
        return Answer.ok("[APPENDUID " + mailbox.get().status().uidValidity() + " " + entry.uid() + "] Appended");
    }
}
