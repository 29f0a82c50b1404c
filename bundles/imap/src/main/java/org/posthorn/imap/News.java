package org.posthorn.imap;

import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.api.net.Output;

/**
 * What has happened in the selected mailbox, told piece by piece: messages that are gone, then new ones, then changed flags; around it what that means
 * for searches that are kept up to date.
 */
public final class News {

    /** A piece is complete when it has reached that size, in octets. */
    private static final int PIECE = 1 << 16;

    private final List<UidSet.Range> gone;
    private final Session session;
    private final Iterator<Entry> changed;
    private String before;
    private String arrived;
    private String after;
    private Fetching joined;
    private Fetching fetching;
    private int range;
    private long number;

    /**
     * @param before lines that come first; may be empty, like those that come last
     * @param gone sequence numbers
     * @param arrived the lines about messages that have vanished, and about new ones; may be empty
     * @param changed those whose flags are to be told
     * @param joined what is told of new messages that searches have found, before that is told: RFC 5465 7
     * @param fetching what is told of others, last of all: RFC 5465 5.2
     */
    News(
            String before,
            List<UidSet.Range> gone,
            String arrived,
            List<Entry> changed,
            String after,
            Fetching joined,
            Fetching fetching,
            Session session) {
        this.before = before;
        this.after = after;
        this.joined = joined;
        this.fetching = fetching;
        this.gone = gone;
        this.arrived = arrived;
        this.changed = changed.iterator();
        this.session = session;
        this.range = gone.size();
    }

    static News none(Session session) {
        return new News("", List.of(), "", List.of(), "", Fetching.NOTHING, Fetching.NOTHING, session);
    }

    /** Tells the next piece. @return whether there is more */
    boolean more(Output out) {
        StringBuilder piece = new StringBuilder();
        boolean more = true;
        while (more && piece.length() < PIECE) more = next(piece);
        if (piece.length() > 0) out.send(piece.toString());
        return more || fetch();
    }

    private boolean fetch() {
        if (joined == Fetching.NOTHING) return fetch(fetching);
        if (!fetch(joined)) joined = Fetching.NOTHING;
        return true;
    }

    private boolean fetch(Fetching some) {
        return some != Fetching.NOTHING
                && session.between(() -> Optional.of(some.more())).orElse(false);
    }

    private boolean next(StringBuilder out) {
        if (!before.isEmpty()) {
            out.append(before);
            before = "";
        } else if (number > 0 || range > 0) expunge(out);
        else if (!arrived.isEmpty()) {
            out.append(arrived);
            arrived = "";
        } else if (changed.hasNext()) flags(out, changed.next());
        else if (joined == Fetching.NOTHING && !after.isEmpty()) {
            out.append(after);
            after = "";
        } else return false;
        return true;
    }

    /** From behind, so that no number told changes the meaning of the next. */
    private void expunge(StringBuilder out) {
        if (number == 0) number = gone.get(--range).last();
        out.append("* ").append(number).append(" EXPUNGE\r\n");
        if (--number < gone.get(range).first()) number = 0;
    }

    private void flags(StringBuilder out, Entry entry) {
        Selection view = session.selection();
        if (view.uids().sequence(entry.uid()) == 0) return;
        view.flags(session.fetched(out, entry.uid()).append("FLAGS "), entry);
        // RFC 7162 3.2.4, RFC 9051 7.5.2
        boolean withUid = session.condstore()
                || session.dialect().isRev2()
                || session.notifications().flagsWithUid();
        if (withUid && !session.uidOnly()) out.append(" UID ").append(entry.uid());
        if (session.condstore()) out.append(" MODSEQ (").append(entry.modSeq()).append(')');
        out.append(")\r\n");
    }
}
