package org.posthorn.imap.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Selection;
import org.posthorn.imap.Session;
import org.posthorn.imap.SyntaxFault;

/** Which mailboxes a search is about, RFC 7377 2.2 and RFC 5465 6. */
record Sources(List<Source> all) {

    private static final int MOST_NAMES = 1000;

    /** Without any, the selected one is meant. */
    static final Sources SELECTED = new Sources(List.of(new Source("SELECTED", List.of())));

    /**
     * One word, with the names behind it.
     *
     * @param names in Unicode; none where the word takes none
     */
    record Source(String word, List<String> names) {

        private boolean means(Session session, Listed listed, Set<String> tops) {
            return PLAIN.containsKey(word)
                    ? PLAIN.get(word).test(session, listed)
                    : tops.stream().anyMatch(top -> NAMED.get(word).test(listed.name(), top));
        }
    }

    /** Words without names. Sieve may file mail into any mailbox, so that all are inboxes. */
    private static final Map<String, BiPredicate<Session, Listed>> PLAIN = Map.of(
            "SELECTED",
                    (session, l) -> session.selected()
                            .map(Selection::name)
                            .filter(l.name()::equals)
                            .isPresent(),
            "INBOXES", (session, l) -> true,
            "PERSONAL", (session, l) -> true,
            "SUBSCRIBED", (session, l) -> l.subscribed());

    /** Words with names: whether the one mailbox is meant by the name of the other. */
    private static final Map<String, BiPredicate<String, String>> NAMED = Map.of(
            "MAILBOXES", String::equals,
            "SUBTREE", (name, top) -> name.equals(top) || name.startsWith(top + "."),
            "SUBTREE-ONE",
                    (name, top) ->
                            name.equals(top) || name.startsWith(top + ".") && name.indexOf('.', top.length() + 1) < 0);

    /** Reads them, if they stand there, with the space behind them. */
    static Optional<Sources> ifAny(Arguments in) throws IOException {
        if (!in.lookAhead().equals("IN")) return Optional.empty();
        in.keyword();
        in.space().expect('(');
        List<Source> all = new ArrayList<>();
        do all.add(source(in));
        while (in.passSpace());
        in.expect(')').space();
        if (all.stream().mapToInt(s -> s.names.size()).sum() > MOST_NAMES)
            throw new SyntaxFault("Too many mailboxes are named");
        return Optional.of(new Sources(all));
    }

    private static Source source(Arguments in) throws IOException {
        String word = in.keyword();
        if (PLAIN.containsKey(word)) return new Source(word, List.of());
        if (!NAMED.containsKey(word)) throw new SyntaxFault("There is no such source");
        in.space();
        List<String> names = new ArrayList<>();
        if (!in.pass('(')) names.add(in.mailbox());
        else {
            do names.add(in.mailbox());
            while (in.passSpace());
            in.expect(')');
        }
        return new Source(word, names);
    }

    /** Whether the selected mailbox is among them by that word. */
    boolean selected() {
        return all.contains(SELECTED.all.get(0));
    }

    /** Whether no other word is. */
    boolean onlySelected() {
        return Set.copyOf(all).equals(Set.copyOf(SELECTED.all));
    }

    /** The names of those that are there and can be searched, each once. */
    List<String> mailboxes(Session session) throws IOException {
        List<Listed> there =
                session.account().list().stream().filter(Listed::selectable).toList();
        Set<String> found = new LinkedHashSet<>();
        for (Source source : all) {
            Set<String> tops = new LinkedHashSet<>();
            for (String name : source.names) tops.add(canonical(session, name));
            there.stream().filter(l -> source.means(session, l, tops)).forEach(l -> found.add(l.name()));
        }
        return List.copyOf(found);
    }

    /** INBOX may be written in any case. */
    private static String canonical(Session session, String name) throws IOException {
        return session.account().mailbox(name).map(Mailbox::name).orElse(name);
    }
}
