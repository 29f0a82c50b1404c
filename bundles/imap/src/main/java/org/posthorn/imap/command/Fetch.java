package org.posthorn.imap.command;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.posthorn.api.mailbox.Changes;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Fetching;
import org.posthorn.imap.Request;
import org.posthorn.imap.SequenceSet;
import org.posthorn.imap.Session;
import org.posthorn.imap.SyntaxFault;

/** FETCH, RFC 3501 6.4.5. The answer is made piece by piece, as the client takes it. */
final class Fetch implements Command {

    /** A piece of the answer is complete when it has reached that size, in octets. */
    private static final int PIECE = 1 << 16;
    /** Few answers are longer that tell nothing of what is in a message. */
    private static final int SHORT = 128;

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        SequenceSet set = in.sequenceSet();
        FetchItems asked = FetchItems.parse(in.space());
        in.end();
        FetchModifiers modifiers = asked.modifiers();
        if (modifiers.needUid() && !request.uid() || modifiers.vanished() && !session.qresync())
            throw new SyntaxFault("That modifier is not for now");
        UidSet uids = set.resolve(session.selection(), request.uid());
        if (asked.enableCondstore()) session.enableCondstore();
        Mailbox mailbox = session.mailbox();
        long highest = modifiers.changedSince().isPresent() ? mailbox.status().highestModSeq() : 0;
        List<Entry> entries = mailbox.entries(uids);
        session.selection().looked();
        boolean allThere = request.uid() || entries.size() == uids.size();
        entries = modifiers.of(entries, highest);
        boolean marking = asked.setSeen()
                && !session.selection().readOnly()
                && mailbox.rights().has('s');
        boolean seen = marking && asked.surelySetSeen() && markSeen(session, mailbox, entries);
        if (seen) {
            int before = entries.size();
            entries = mailbox.entries(UidSet.ofUids(entries.stream().mapToLong(Entry::uid)));
            allThere &= request.uid() || entries.size() == before;
        }
        if (modifiers.vanished()) {
            Changes since = mailbox.since(modifiers.changedSince().getAsLong());
            Vanished.earlier(session, mailbox, since, set.named(session.selection()));
        }
        FetchItems items = asked.completed(request.uid(), seen, session);
        Answering answering = new Answering(session, request, entries, items, allThere);
        if (marking && !asked.surelySetSeen())
            answering.marked = Optional.of(asked.completed(request.uid(), true, session));
        return session.produce(request, answering::more);
    }

    /** Marks them in one go, before they are told. @return whether anything changed */
    private static boolean markSeen(Session session, Mailbox mailbox, List<Entry> entries) throws IOException {
        UidSet unseen = UidSet.ofUids(
                entries.stream().filter(e -> !e.flags().has(Flags.SEEN)).mapToLong(Entry::uid));
        if (unseen.isEmpty()) return false;
        FlagChange change = new FlagChange(FlagChange.Kind.ADD, Flags.of(Flags.SEEN));
        session.selection()
                .told(mailbox.store(unseen, change, OptionalLong.empty()).entries());
        return true;
    }

    /** Tells of these messages though no command has asked for it; those that go meanwhile are left out. */
    static Fetching fetching(Session session, List<Entry> entries, FetchItems asked) {
        // As News has it of flags.
        boolean withUid = session.condstore() || session.dialect().isRev2();
        Request nobody = new Request("*", Optional.empty(), true, new Arguments(""));
        Answering answering = new Answering(session, nobody, entries, asked.completed(withUid, false, session), true);
        return () -> answering.more() == Answer.LATER;
    }

    /** Where the answer stands. */
    private static final class Answering {
        private final Session session;
        private final Request request;
        private final Iterator<Entry> rest;
        private final int room;
        private final FetchItems items;
        private final ThreadIds threads = new ThreadIds();
        /** What is told of a message that is marked as read when it is told, and not before. */
        private Optional<FetchItems> marked = Optional.empty();

        private boolean complete;
        /** Whether all encodings are. */
        private boolean known = true;

        Answering(Session session, Request request, List<Entry> entries, FetchItems items, boolean complete) {
            this.session = session;
            this.request = request;
            this.rest = entries.iterator();
            this.room = (int) Math.min(PIECE + 256, (long) SHORT * entries.size());
            this.items = items;
            this.complete = complete;
        }

        /** Tells the next messages. */
        Answer more() throws IOException {
            if (items.needMessage()) tellMessages();
            else tellEntries();
            if (rest.hasNext()) return Answer.LATER;
            if (!known) return Answer.no("[UNKNOWN-CTE] Some of the parts are encoded in an unknown way");
            return complete ? Answer.ok("Fetched") : Answer.no("[EXPUNGEISSUED] Some of the messages are gone");
        }

        private List<FetchItem> possible(FetchedMessage out, FetchItems of) throws IOException {
            List<FetchItem> possible = new ArrayList<>(of.items().size());
            for (FetchItem item : of.items()) if (item.possible(out)) possible.add(item);
            known &= possible.size() == of.items().size();
            return possible;
        }

        private void tellEntries() throws IOException {
            Mailbox mailbox = session.mailbox();
            StringBuilder piece = new StringBuilder(room);
            while (rest.hasNext() && piece.length() < PIECE) {
                tell(message(mailbox, rest.next(), piece), items.items());
            }
            session.connection().send(piece.toString());
        }

        private void tellMessages() throws IOException {
            Mailbox mailbox = session.mailbox();
            for (long weight = 0; rest.hasNext() && weight < PIECE; ) weight += tellMessage(mailbox, rest.next());
        }

        private long tellMessage(Mailbox mailbox, Entry entry) throws IOException {
            FetchedMessage out = message(mailbox, entry, new StringBuilder());
            try {
                List<FetchItem> told = possible(out, items);
                boolean read = marked.isPresent() && told.stream().anyMatch(FetchItem::setsSeen);
                if (read && markSeen(session, mailbox, List.of(entry))) {
                    out = message(mailbox, now(mailbox, entry), new StringBuilder());
                    told = possible(out, marked.get());
                }
                if (!told.isEmpty()) tell(out, told);
                out.send(session.connection());
            } catch (FileNotFoundException | NoSuchFileException gone) {
                // Another session or program was faster.
                complete &= request.uid();
            }
            return out.weight();
        }

        /** As it is now; one that is gone is going to be missed when it is read. */
        private static Entry now(Mailbox mailbox, Entry entry) throws IOException {
            return mailbox.entries(UidSet.of(entry.uid())).stream().findFirst().orElse(entry);
        }

        private FetchedMessage message(Mailbox mailbox, Entry entry, StringBuilder text) {
            return new FetchedMessage(session, mailbox, entry, text, threads);
        }

        private void tell(FetchedMessage out, List<FetchItem> told) throws IOException {
            session.fetched(out.text(), out.entry().uid());
            String before = "";
            for (FetchItem item : told) {
                out.text().append(before);
                item.write(out);
                before = " ";
            }
            out.text().append(")\r\n");
        }
    }
}
