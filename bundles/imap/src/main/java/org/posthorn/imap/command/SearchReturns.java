package org.posthorn.imap.command;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.SyntaxFault;

/**
 * What a search is to give back: RFC 4731 3.1, SAVE of RFC 5182, PARTIAL of RFC 9394, CONTEXT and UPDATE of RFC 5267.
 *
 * @param attributes what is fetched of new messages that UPDATE tells of, RFC 5465 7, in parentheses; empty for nothing
 * @param partial the page, if PARTIAL is among them
 */
record SearchReturns(Set<Option> options, Optional<Partial> partial, String attributes) {

    private static final Set<Option> TOLD =
            EnumSet.of(Option.MIN, Option.MAX, Option.ALL, Option.COUNT, Option.PARTIAL);

    enum Option {
        MIN,
        MAX,
        ALL,
        COUNT,
        SAVE,
        PARTIAL,
        /** A hint that the same is going to be asked again, RFC 5267 4.2; nothing is kept because of it. */
        CONTEXT,
        UPDATE;

        private static Option of(String name) {
            for (Option option : values()) if (option.name().equals(name)) return option;
            throw new SyntaxFault("There is no such result");
        }
    }

    /** When nothing else is wanted, RFC 4731 3.1 and RFC 9051 6.4.4. */
    static final SearchReturns EVERYTHING = new SearchReturns(EnumSet.of(Option.ALL), Optional.empty(), "");

    /** Reads it, if it stands there, with the space behind it. */
    static Optional<SearchReturns> ifAny(Arguments in) {
        if (!in.lookAhead().equals("RETURN")) return Optional.empty();
        in.keyword();
        return Optional.of(parse(in.space()));
    }

    private static SearchReturns parse(Arguments in) {
        in.expect('(');
        Set<Option> options = EnumSet.noneOf(Option.class);
        Optional<Partial> partial = Optional.empty();
        String attributes = "";
        while (!in.pass(')')) {
            if (!options.isEmpty()) in.space();
            Option option = Option.of(in.keyword());
            if (option == Option.PARTIAL) partial = Optional.of(Partial.parse(in.space()));
            boolean fetches = option == Option.UPDATE && in.beginsWith(' ', c -> c == '(');
            if (fetches) attributes = EventGroup.attributes(in.space());
            if (!options.add(option) && option == Option.PARTIAL)
                throw new SyntaxFault("One page is returned at a time");
        }
        in.space();
        // RFC 9394 3.1
        if (partial.isPresent() && options.contains(Option.ALL))
            throw new SyntaxFault("PARTIAL and ALL exclude each other");
        // RFC 4731 3.1
        if (options.isEmpty()) options.add(Option.ALL);
        return new SearchReturns(options, partial, attributes);
    }

    boolean has(Option option) {
        return options.contains(option);
    }

    boolean saves() {
        return has(Option.SAVE);
    }

    /** Whether anything is to be told: what is only saved is not, RFC 5182 2.1. */
    boolean tells() {
        return !saves() || TOLD.stream().anyMatch(options::contains);
    }

    /** Those of the messages found that this is about: their mod-sequences count (RFC 7162 3.1.5), and they are saved (RFC 5182 2.4, RFC 9394 3.2). */
    List<Entry> chosen(List<Entry> found) {
        boolean ends = has(Option.MIN) || has(Option.MAX) || partial.isPresent();
        if (!ends || has(Option.ALL) || has(Option.COUNT) || found.isEmpty()) return found;
        List<Entry> chosen = new ArrayList<>();
        if (has(Option.MIN)) chosen.add(found.get(0));
        partial.ifPresent(page -> chosen.addAll(page.of(found)));
        if (has(Option.MAX)) chosen.add(found.get(found.size() - 1));
        return chosen;
    }
}
