package org.posthorn.imap.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mailbox.Amount;
import org.posthorn.api.mailbox.Draft;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Levels;
import org.posthorn.imap.MailboxName;
import org.posthorn.imap.Request;
import org.posthorn.imap.Session;
import org.posthorn.imap.SyntaxFault;
import org.posthorn.imap.Text;

/** APPEND, RFC 3501 6.3.11 and RFC 9051 6.3.12, of several messages too (RFC 3502), put together from others perhaps (RFC 4469), with the code of RFC 4315 3. */
final class Append implements Command {

    private static final Answer NO_MAILBOX = Answer.no("[TRYCREATE] There is no such mailbox");
    private static final Answer FULL = Answer.no("[OVERQUOTA] The mailbox is full");

    @Override
    public boolean streams(Arguments soFar) {
        try {
            soFar.space().mailbox();
            while (!Appending.atLiteral(soFar.space())) continue;
            return true;
        } catch (IOException | SyntaxFault notYet) {
            return false;
        }
    }

    @Override
    public Optional<Answer> refusal(Session session, Arguments soFar, long octets) throws IOException {
        String name = soFar.space().mailbox();
        Optional<Answer> missing = missing(session, name);
        if (missing.isPresent()) return missing;
        // What comes into another's mailbox counts as his, which the store knows.
        boolean own = Levels.separator(name) == '.';
        boolean full = own && !session.quota().admits(new Amount(octets, 1));
        return full ? Optional.of(FULL) : Optional.empty();
    }

    /** Why nothing can come into the mailbox of that name, if there is none. */
    static Optional<Answer> missing(Session session, String name) throws IOException {
        return session.account().mailbox(name).isPresent() ? Optional.empty() : Optional.of(NO_MAILBOX);
    }

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        MailboxName name = in.mailboxName();
        List<Appending> all = new ArrayList<>();
        in.space();
        do all.add(Appending.parse(in));
        while (in.passSpace());
        in.end();
        List<Draft> drafts;
        try {
            drafts = Appending.drafts(session, all);
        } catch (Appending.Refused refused) {
            return refused.answer();
        }
        Optional<Mailbox> mailbox = session.account().target(name.name());
        Optional<Answer> refusal = refusal(session, mailbox, drafts);
        if (refusal.isPresent()) return refusal.get();
        List<Entry> entries = mailbox.get().append(drafts);
        Answer answer = Answer.ok(code(mailbox.get(), entries) + "Appended");
        session.notifications()
                .own(mailbox.get(), entries.stream().map(Entry::uid).toList());
        Listing.named(session, name.given(), mailbox.get().name());
        return answer;
    }

    /** Why the mailbox does not take them, if it does not. */
    static Optional<Answer> refusal(Session session, Optional<Mailbox> mailbox, List<Draft> drafts) throws IOException {
        if (drafts.stream().anyMatch(d -> d.message().size() == 0))
            return Optional.of(Answer.no("[CANNOT] A message cannot be empty"));
        if (mailbox.isEmpty()) return Optional.of(NO_MAILBOX);
        List<String> keywords =
                drafts.stream().flatMap(d -> d.flags().keywords().stream()).toList();
        return Keywords.refusal(mailbox.get(), keywords, session.selected());
    }

    /** With a space behind it; nothing for who may not select the mailbox, RFC 4315 3. */
    static String code(Mailbox mailbox, List<Entry> entries) throws IOException {
        if (!mailbox.rights().has('r')) return "";
        List<Long> uids = entries.stream().map(Entry::uid).toList();
        return "[APPENDUID " + mailbox.status().uidValidity() + " " + Text.inOrder(uids) + "] ";
    }
}
