package org.posthorn.imap.command;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mailbox.Draft;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;
import org.posthorn.imap.SyntaxFault;
import org.posthorn.imap.Text;

/** APPEND, RFC 3501 6.3.11, of several messages too (RFC 3502), with the code of RFC 4315 3. */
final class Append implements Command {

    /** What stands in front of a message. */
    private record Marks(Flags flags, Optional<Instant> date) {

        private static Marks parse(Arguments in) {
            Flags flags = Flags.NONE;
            if (in.peek() == '(') {
                flags = in.flags();
                in.space();
            }
            Optional<Instant> date = in.peek() == '"' ? Optional.of(in.dateTime()) : Optional.empty();
            if (date.isPresent()) in.space();
            return new Marks(flags, date);
        }
    }

    @Override
    public boolean streams(Arguments soFar) {
        try {
            soFar.space().mailbox();
            while (true) {
                Marks.parse(soFar.space());
                if (soFar.atLastLiteral()) return true;
                soFar.passMessage();
            }
        } catch (IOException | SyntaxFault notYet) {
            return false;
        }
    }

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        String name = in.mailbox();
        List<Draft> drafts = new ArrayList<>();
        do {
            Marks marks = Marks.parse(drafts.isEmpty() ? in.space() : in);
            drafts.add(new Draft(in.message(), marks.flags, marks.date.orElseGet(Instant::now)));
        } while (in.passSpace());
        in.end();
        if (drafts.stream().anyMatch(d -> d.message().size() == 0))
            return Answer.no("[CANNOT] A message cannot be empty");
        Optional<Mailbox> mailbox = session.account().mailbox(name);
        if (mailbox.isEmpty()) return Answer.no("[TRYCREATE] There is no such mailbox");
        List<String> keywords =
                drafts.stream().flatMap(d -> d.flags().keywords().stream()).toList();
        Optional<Answer> full = Keywords.refusal(mailbox.get(), keywords, session.selected());
        if (full.isPresent()) return full.get();
        List<Long> uids = mailbox.get().append(drafts).stream().map(Entry::uid).toList();
        return Answer.ok(
                "[APPENDUID " + mailbox.get().status().uidValidity() + " " + Text.inOrder(uids) + "] Appended");
    }
}
