package org.posthorn.imap.command;

import java.util.List;
import java.util.Optional;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.imap.Request;
import org.posthorn.imap.Selection;
import org.posthorn.imap.Session;
import org.posthorn.imap.Text;
import org.posthorn.imap.Uids;
import org.posthorn.imap.command.SearchReturns.Option;

/**
 * What a search has found, as it is told.
 *
 * @param found in order of UID, or as they are sorted
 * @param uid whether messages are told by UID
 * @param modSeq whether mod-sequences are told
 */
record SearchAnswer(List<Entry> found, Uids view, boolean uid, boolean modSeq) {

    /** Saves what is to be saved. @param name what the answer is called when nothing says what to return */
    static String tell(
            String name,
            Session session,
            Request request,
            Optional<SearchReturns> returns,
            List<Entry> found,
            boolean modSeq) {
        SearchAnswer answer = new SearchAnswer(found, session.selection().uids(), request.uid(), modSeq);
        if (returns.isEmpty()) return answer.plain(name);
        SearchReturns wanted = returns.get();
        answer.save(session, wanted);
        return wanted.tells() ? answer.extended(correlators(request.tag()), wanted) : "";
    }

    /** What connects an answer with its command. */
    static String correlators(String tag) {
        return Text.string(new StringBuilder("TAG "), tag).toString();
    }

    /** The same where the mailbox is told as well, RFC 7377 2.1. */
    static String correlators(Session session, String tag, Selection view) {
        return correlators(tag) + " MAILBOX " + session.dialect().mailbox(view.name()) + " UIDVALIDITY "
                + view.uidValidity();
    }

    /** Saves what is to be saved. */
    void save(Session session, SearchReturns wanted) {
        if (wanted.saves()) session.selection().save(uids(wanted.chosen(found)));
    }

    private static UidSet uids(List<Entry> entries) {
        return UidSet.ofUids(entries.stream().mapToLong(Entry::uid));
    }

    private long number(Entry entry) {
        return uid ? entry.uid() : view.sequence(entry.uid());
    }

    /** RFC 3501 7.2.5, RFC 5256 4 and RFC 7162 3.1.5. */
    private String plain(String name) {
        StringBuilder out = new StringBuilder("* ").append(name);
        for (Entry e : found) out.append(' ').append(number(e));
        if (modSeq && !found.isEmpty())
            out.append(" (MODSEQ ").append(highest(found)).append(')');
        return out.append("\r\n").toString();
    }

    private static long highest(List<Entry> entries) {
        return entries.stream().mapToLong(Entry::modSeq).max().orElse(0);
    }

    /** RFC 4731 3.1 and RFC 9394 3.1. */
    String extended(String correlators, SearchReturns returns) {
        StringBuilder out = new StringBuilder("* ESEARCH (").append(correlators).append(')');
        if (uid) out.append(" UID");
        if (!found.isEmpty()) {
            if (returns.has(Option.MIN)) out.append(" MIN ").append(number(found.get(0)));
            if (returns.has(Option.MAX)) out.append(" MAX ").append(number(found.get(found.size() - 1)));
            if (returns.has(Option.ALL)) out.append(" ALL ").append(set(found));
        }
        returns.partial().ifPresent(page -> partial(out, page));
        if (returns.has(Option.COUNT)) out.append(" COUNT ").append(found.size());
        List<Entry> chosen = returns.chosen(found);
        if (modSeq && !chosen.isEmpty()) out.append(" MODSEQ ").append(highest(chosen));
        return out.append("\r\n").toString();
    }

    private void partial(StringBuilder out, Partial page) {
        List<Entry> there = page.of(found);
        out.append(" PARTIAL (").append(page).append(' ');
        out.append(there.isEmpty() ? "NIL" : set(there)).append(')');
    }

    private String set(List<Entry> entries) {
        return Text.inOrder(entries.stream().map(this::number).toList());
    }
}
