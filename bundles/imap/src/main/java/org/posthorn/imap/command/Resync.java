package org.posthorn.imap.command;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.PrimitiveIterator;
import org.posthorn.api.mailbox.Changes;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Selection;
import org.posthorn.imap.Session;
import org.posthorn.imap.SyntaxFault;

/**
 * What a client remembers of a mailbox, so that it is told only what has changed: the parameter QRESYNC, RFC 7162 3.2.5.
 *
 * @param modSeq up to which it knows everything
 * @param known the UIDs it knows; empty for all there can be
 * @param sample some of its sequence numbers with their UIDs
 */
record Resync(long uidValidity, long modSeq, Optional<UidSet> known, Optional<Sample> sample) {

    /** The number at a place of one list stands for the UID at that place of the other, RFC 7162 3.2.5.2. */
    record Sample(UidSet numbers, UidSet uids) {

        /** The highest UID up to which the client has what the mailbox has: no message comes in between, so that the same number means the same messages. */
        long agreed(Selection view) {
            long agreed = 0;
            PrimitiveIterator.OfLong uid = uids.iterator();
            PrimitiveIterator.OfLong number = numbers.iterator();
            while (uid.hasNext() && number.hasNext()) {
                long next = uid.nextLong();
                if (view.uids().sequence(next) != number.nextLong()) break;
                agreed = next;
            }
            return agreed;
        }
    }

    /** Reads what follows the parameter's name. */
    static Resync parse(Arguments in) {
        in.space().expect('(');
        long uidValidity = in.number();
        // RFC 7162 7 "uidvalidity"
        if (uidValidity < 1 || uidValidity > 0xFFFFFFFFL) throw new SyntaxFault("There is no such UIDVALIDITY");
        long modSeq = in.space().number();
        // RFC 7162 7 "mod-sequence-value"
        if (modSeq == 0) throw new SyntaxFault("Mod-sequences begin with 1");
        Optional<UidSet> known = Optional.empty();
        Optional<Sample> sample = Optional.empty();
        boolean more = in.passSpace();
        if (more && in.peek() != '(') {
            known = Optional.of(in.sequenceSet().plain());
            more = in.passSpace();
        }
        if (more) sample = Optional.of(sample(in));
        in.expect(')');
        return new Resync(uidValidity, modSeq, known, sample);
    }

    private static Sample sample(Arguments in) {
        UidSet numbers = in.expect('(').sequenceSet().plain();
        UidSet uids = in.space().sequenceSet().plain();
        in.expect(')');
        if (numbers.size() != uids.size()) throw new SyntaxFault("To each number belongs one UID");
        return new Sample(numbers, uids);
    }

    /** Tells what is gone. @return what has changed, or come */
    List<Entry> tell(Session session, Mailbox mailbox, Selection view) throws IOException {
        if (uidValidity != view.uidValidity()) return List.of();
        Changes news = mailbox.since(modSeq);
        UidSet among = known.orElse(UidSet.ALL);
        // Up to there the client has nothing that is gone, whether anybody remembers or not.
        long agreed = sample.map(s -> s.agreed(view)).orElse(0L);
        Vanished.earlier(session, mailbox, news, agreed == 0 ? among : among.without(UidSet.range(1, agreed)));
        return news.entries().stream()
                .filter(e -> among.contains(e.uid()) && view.uids().sequence(e.uid()) > 0)
                .toList();
    }
}
