package org.posthorn.imap.command;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.imap.Answer;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Command;
import org.posthorn.imap.Contexts;
import org.posthorn.imap.Request;
import org.posthorn.imap.Selection;
import org.posthorn.imap.Session;
import org.posthorn.imap.SyntaxFault;
import org.posthorn.imap.command.SearchReturns.Option;

/** ESEARCH, RFC 7377: one search in several mailboxes, one after the other, each told of when it is done. */
final class MultiSearch implements Command {

    @Override
    public Answer run(Session session, Request request) throws IOException {
        Arguments in = request.arguments().space();
        Sources sources = Sources.ifAny(in).orElse(Sources.SELECTED);
        SearchReturns returns = SearchReturns.ifAny(in).orElse(SearchReturns.EVERYTHING);
        check(session, request, sources, returns);
        if (!Searching.knowsCharset(in)) return Searching.refuse(session, Optional.of(returns));
        List<String> mailboxes = sources.mailboxes(session);
        Progress progress = new Progress(session, request, returns, in.rest(), mailboxes);
        // What is wrong with the keys is said before anything else.
        SearchProgram program = progress.program(session.selected().orElseGet(Selection::nothing));
        if (program.modSeq()) session.enableCondstore();
        if (returns.saves()) session.selection().save(UidSet.EMPTY);
        if (returns.has(Option.UPDATE)
                && !mailboxes.contains(session.selection().name()))
            session.connection().send(Contexts.refusal(request.tag(), "The selected mailbox is not searched"));
        return progress.turn();
    }

    /** RFC 7377 2.2. */
    private static void check(Session session, Request request, Sources sources, SearchReturns returns) {
        boolean needed = sources.selected() || returns.has(Option.UPDATE);
        if (needed && session.selected().isEmpty()) throw new SyntaxFault("Select a mailbox first");
        if (returns.saves() && !sources.onlySelected())
            throw new SyntaxFault("What is found in other mailboxes cannot be saved");
        if (returns.has(Option.UPDATE)) Searching.checkTag(session, request);
    }

    /** How far it has come. */
    private static final class Progress {
        private final Session session;
        private final Request request;
        private final SearchReturns returns;
        private final String keys;
        private final List<String> mailboxes;
        private final Turns turns;
        private int done;
        private boolean said;
        private Optional<Searching<Entry>> current = Optional.empty();

        Progress(Session session, Request request, SearchReturns returns, String keys, List<String> mailboxes) {
            this.session = session;
            this.request = request;
            this.returns = returns;
            this.keys = keys;
            this.mailboxes = mailboxes;
            this.turns = new Turns(session, request);
        }

        /** The keys, as they are meant in that mailbox: numbers are its own. */
        SearchProgram program(Selection view) {
            return Searching.parser(session, new Arguments(keys, List.of(), session), view)
                    .parse();
        }

        Answer turn() throws IOException {
            turns.begin();
            said = false;
            while (done < mailboxes.size() && !more(mailboxes.get(done))) {
                current = Optional.empty();
                done++;
                // The client takes what was said before there is more.
                if (said || turns.over()) break;
            }
            if (done < mailboxes.size()) return turns.pause(this::turn, done, mailboxes.size());
            return Answer.ok("Searched");
        }

        /** Searches on in that one; one that is gone by now holds nothing. @return whether there is more to do */
        private boolean more(String name) throws IOException {
            try {
                Optional<Mailbox> mailbox = session.account().mailbox(name);
                boolean readable = mailbox.isPresent() && mailbox.get().rights().has('r');
                return readable && more(mailbox.get());
            } catch (MailboxFault gone) {
                if (gone.kind() != MailboxFault.Kind.NONEXISTENT || selected(name)) throw gone;
                return false;
            }
        }

        private boolean more(Mailbox mailbox) throws IOException {
            if (current.isEmpty()) {
                Selection view = selected(mailbox.name()) ? session.selection() : Selection.glance(mailbox);
                current = Optional.of(new Searching<>(session, mailbox, view, program(view), Candidate::entry));
            }
            Searching<Entry> search = current.get();
            if (search.more(mailbox, turns)) return true;
            tell(search, selected(mailbox.name()));
            return false;
        }

        private boolean selected(String name) {
            return session.selected().filter(s -> s.name().equals(name)).isPresent();
        }

        /** RFC 7377 2.1: nothing is told of a mailbox in which nothing is found. */
        private void tell(Searching<Entry> search, boolean selected) {
            List<Entry> found = search.found();
            Selection view = search.view();
            boolean modSeq = search.program().modSeq();
            SearchAnswer answer = new SearchAnswer(found, view.uids(), true, modSeq);
            String correlators = SearchAnswer.correlators(session, request.tag(), view);
            if (returns.saves()) answer.save(session, returns);
            said = !found.isEmpty() && returns.tells();
            if (said) session.connection().send(answer.extended(correlators, returns));
            if (selected && returns.has(Option.UPDATE))
                session.connection()
                        .send(LiveSearch.begin(session, request.tag(), correlators, returns, search.program(), found));
        }
    }
}
