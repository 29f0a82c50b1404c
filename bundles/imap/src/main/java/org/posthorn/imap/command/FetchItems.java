package org.posthorn.imap.command;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Session;
import org.posthorn.imap.SyntaxFault;

/** What a FETCH asks for. */
record FetchItems(List<FetchItem> items, FetchModifiers modifiers) {

    private static final int MOST = 200;
    /** So many fields of headers may be asked for in pieces of one message: what is picked from a header is held in memory. */
    private static final int MOST_PICKED = 10;
    /** So much of one message may be asked for without its encoding: it is read before it is told. */
    private static final int MOST_BINARY = 20;

    static FetchItems parse(Arguments in) {
        FetchItems asked = attributes(in);
        return in.passSpace() ? new FetchItems(asked.items, FetchModifiers.parse(in)) : asked;
    }

    /** The same where no modifiers may follow, RFC 5465 8. */
    static FetchItems attributes(Arguments in) {
        List<FetchItem> items = new ArrayList<>();
        if (in.pass('(')) {
            do items.add(item(in, in.item()));
            while (in.passSpace());
            in.expect(')');
        } else macroOrItem(in, items);
        limit(items, i -> true, MOST, "things");
        limit(items, i -> i instanceof Section s && !s.fields().isEmpty(), MOST_PICKED, "selections of header fields");
        limit(items, i -> i instanceof Binary, MOST_BINARY, "BINARY");
        return new FetchItems(items.stream().distinct().toList(), FetchModifiers.NONE);
    }

    /** All that these say, which have been read before. */
    static FetchItems of(Collection<String> attributes) {
        return new FetchItems(
                attributes.stream()
                        .flatMap(a -> attributes(new Arguments(a)).items.stream())
                        .distinct()
                        .toList(),
                FetchModifiers.NONE);
    }

    private static void limit(List<FetchItem> items, Predicate<FetchItem> which, int most, String what) {
        if (items.stream().filter(which).distinct().count() > most)
            throw SyntaxFault.limit("At most " + most + " " + what + " are fetched at once");
    }

    private static void macroOrItem(Arguments in, List<FetchItem> items) {
        String name = in.item();
        switch (name) {
            case "ALL" -> items.addAll(fast(FetchAttribute.ENVELOPE));
            case "FULL" -> items.addAll(fast(FetchAttribute.ENVELOPE, FetchAttribute.BODY));
            case "FAST" -> items.addAll(fast());
            default -> items.add(item(in, name));
        }
    }

    private static List<FetchItem> fast(FetchItem... more) {
        List<FetchItem> items =
                new ArrayList<>(List.of(FetchAttribute.FLAGS, FetchAttribute.INTERNALDATE, FetchAttribute.SIZE));
        items.addAll(List.of(more));
        return items;
    }

    private static FetchItem item(Arguments in, String name) {
        return switch (name) {
            case "UID" -> FetchAttribute.UID;
            case "FLAGS" -> FetchAttribute.FLAGS;
            case "INTERNALDATE" -> FetchAttribute.INTERNALDATE;
            case "RFC822.SIZE" -> FetchAttribute.SIZE;
            case "MODSEQ" -> FetchAttribute.MODSEQ;
            case "EMAILID" -> FetchAttribute.EMAILID;
            case "THREADID" -> FetchAttribute.THREADID;
            case "SAVEDATE" -> FetchAttribute.SAVEDATE;
            case "ENVELOPE" -> FetchAttribute.ENVELOPE;
            case "BODYSTRUCTURE" -> FetchAttribute.BODYSTRUCTURE;
            case "BODY" -> in.peek() == '[' ? Section.parse(in, false) : FetchAttribute.BODY;
            case "BODY.PEEK" -> Section.parse(in, true);
            case "BINARY" -> Binary.parse(in, false);
            case "BINARY.PEEK" -> Binary.parse(in, true);
            case "BINARY.SIZE" -> Binary.Size.parse(in);
            case "PREVIEW" -> Preview.parse(in);
            case "RFC822" -> Section.old(name, Section.What.ALL, false);
            case "RFC822.HEADER" -> Section.old(name, Section.What.HEADER, true);
            case "RFC822.TEXT" -> Section.old(name, Section.What.TEXT, false);
            default -> throw new SyntaxFault("There is nothing of that name to fetch");
        };
    }

    /** The same with what the session and the form of the command demand: UID, FLAGS after a change of them, MODSEQ. */
    FetchItems completed(boolean uid, boolean seenChanges, Session session) {
        boolean condstore = session.condstore();
        List<FetchItem> all = new ArrayList<>(items);
        // RFC 7162 3.2.4: whoever is told mod-sequences is told what a change of flags is about by UID.
        boolean withUid = uid || seenChanges && condstore;
        // RFC 9586 3.3: there it stands in front.
        if (withUid && !session.uidOnly() && !all.contains(FetchAttribute.UID)) all.add(0, FetchAttribute.UID);
        if (seenChanges && !all.contains(FetchAttribute.FLAGS)) all.add(FetchAttribute.FLAGS);
        boolean modSeq = modifiers.changedSince().isPresent() || condstore && all.contains(FetchAttribute.FLAGS);
        if (modSeq && !all.contains(FetchAttribute.MODSEQ)) all.add(FetchAttribute.MODSEQ);
        return new FetchItems(all, modifiers);
    }

    boolean needMessage() {
        return items.stream().anyMatch(FetchItem::needsMessage);
    }

    boolean setSeen() {
        return items.stream().anyMatch(FetchItem::setsSeen);
    }

    /** Whether what marks a message as read is told of any: an encoding may be unknown. */
    boolean surelySetSeen() {
        return items.stream().noneMatch(i -> i instanceof Binary && i.setsSeen());
    }

    /** Whether it is one that enables mod-sequences, RFC 7162 3.1. */
    boolean enableCondstore() {
        return modifiers.changedSince().isPresent() || items.contains(FetchAttribute.MODSEQ);
    }
}
