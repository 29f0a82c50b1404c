package org.posthorn.imap.command;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.SyntaxFault;

/**
 * Which of the messages named a FETCH is about, RFC 4466 2.4.
 *
 * @param changedSince those changed since that mod-sequence, RFC 7162 3.1.4.1
 * @param vanished whether those that are gone since are to be told as well, RFC 7162 3.2.6
 * @param partial those on that page, whatever the others leave of it, RFC 9394 3.3
 */
record FetchModifiers(OptionalLong changedSince, boolean vanished, Optional<Partial> partial) {

    static final FetchModifiers NONE = new FetchModifiers(OptionalLong.empty(), false, Optional.empty());

    static FetchModifiers parse(Arguments in) {
        in.expect('(');
        FetchModifiers all = NONE;
        do all = all.with(in.keyword(), in);
        while (in.passSpace());
        in.expect(')');
        if (all.vanished && all.changedSince.isEmpty()) throw new SyntaxFault("VANISHED needs CHANGEDSINCE");
        return all;
    }

    private FetchModifiers with(String name, Arguments in) {
        return switch (name) {
            case "CHANGEDSINCE" -> new FetchModifiers(OptionalLong.of(in.space().number()), vanished, partial);
            case "VANISHED" -> new FetchModifiers(changedSince, true, partial);
            case "PARTIAL" -> new FetchModifiers(changedSince, vanished, Optional.of(Partial.parse(in.space())));
            default -> throw new SyntaxFault("There is no such modifier");
        };
    }

    /** Whether they are for UID FETCH alone. */
    boolean needUid() {
        return vanished || partial.isPresent();
    }

    /** @param highest the highest mod-sequence of their mailbox: who has heard of a higher one has it from a history that is lost, and is told all */
    List<Entry> of(List<Entry> entries, long highest) {
        List<Entry> page = partial.isEmpty() ? entries : partial.get().of(entries);
        if (changedSince.isEmpty() || changedSince.getAsLong() > highest) return page;
        return page.stream().filter(e -> e.modSeq() > changedSince.getAsLong()).toList();
    }
}
