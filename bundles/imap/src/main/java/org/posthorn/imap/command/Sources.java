package org.posthorn.imap.command;

import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.stream.Stream;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.Levels;
import org.posthorn.imap.Selection;
import org.posthorn.imap.Session;
import org.posthorn.imap.SyntaxFault;

/** Which mailboxes a search is about, RFC 7377 2.2 and RFC 5465 6. */
record Sources(List<Source> all) {

    private static final String INBOX = "INBOX";

    /** Words and names, however often the client repeats them. */
    private static final int MOST_NAMES = 1000;

    /** Without any, the selected one is meant. */
    static final Sources SELECTED = new Sources(List.of(new Source("SELECTED", Set.of())));

    /**
     * One word, with the names behind it.
     *
     * @param names in Unicode; none where the word takes none
     */
    record Source(String word, Set<String> names) {

        boolean means(Session session, Listed listed) {
            return PLAIN.containsKey(word)
                    ? PLAIN.get(word).test(session, listed)
                    : NAMED.get(word).test(listed.name(), names);
        }
    }

    /** Words without names. Sieve may file mail into any mailbox, so that all are inboxes. */
    private static final Map<String, BiPredicate<Session, Listed>> PLAIN = Map.of(
            "SELECTED",
                    (session, l) -> session.selected()
                            .map(Selection::name)
                            .filter(l.name()::equals)
                            .isPresent(),
            "INBOXES", (session, l) -> Levels.separator(l.name()) == '.',
            "PERSONAL", (session, l) -> Levels.separator(l.name()) == '.',
            "SUBSCRIBED", (session, l) -> l.subscribed());

    /** Words with names: whether the mailbox is meant by any of them. */
    private static final Map<String, BiPredicate<String, Set<String>>> NAMED = Map.of(
            "MAILBOXES", (name, tops) -> tops.contains(name),
            "SUBTREE",
                    (name, tops) -> Stream.iterate(name, n -> !n.isEmpty(), Levels::above)
                            .anyMatch(tops::contains),
            "SUBTREE-ONE", (name, tops) -> tops.contains(name) || tops.contains(Levels.above(name)));

    /** Reads them, if they stand there, with the space behind them. */
    static Optional<Sources> ifAny(Arguments in) throws IOException {
        if (!in.lookAhead().equals("IN")) return Optional.empty();
        in.keyword();
        in.space().expect('(');
        Set<Source> all = new LinkedHashSet<>();
        int named = 0;
        do {
            Source source = source(in);
            all.add(source);
            named += source.names.size() + 1;
            if (named > MOST_NAMES) throw SyntaxFault.limit("At most " + MOST_NAMES + " mailboxes are named at once");
        } while (in.passSpace());
        in.expect(')').space();
        return Optional.of(new Sources(List.copyOf(all)));
    }

    /** Reads one word, with the names behind it. */
    static Source source(Arguments in) throws IOException {
        String word = in.keyword();
        if (PLAIN.containsKey(word)) return new Source(word, Set.of());
        if (!NAMED.containsKey(word)) throw new SyntaxFault("There is no such source");
        in.space();
        Set<String> names = new HashSet<>();
        if (!in.pass('(')) names.add(canonical(in.mailbox()));
        else {
            do names.add(canonical(in.mailbox()));
            while (in.passSpace());
            in.expect(')');
        }
        // There is no mailbox of that name, nor is it a level above any.
        names.remove("");
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
        for (Source source : all)
            there.stream().filter(l -> source.means(session, l)).forEach(l -> found.add(l.name()));
        return List.copyOf(found);
    }

    /** INBOX may be written in any case, and so may it as the first level of others, RFC 3501 5.1. */
    static String canonical(String name) {
        boolean inbox = name.regionMatches(true, 0, INBOX, 0, INBOX.length())
                && (name.length() == INBOX.length() || name.charAt(INBOX.length()) == '.');
        return inbox ? INBOX + name.substring(INBOX.length()) : name;
    }
}
