package org.posthorn.imap.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.SpecialUse;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.SyntaxFault;

/**
 * What a LIST asks for, RFC 5258 6.
 *
 * @param selection options in front of the reference
 * @param patterns with the reference before them
 * @param returns options behind RETURN
 * @param status what to tell of each mailbox as well, RFC 5819
 * @param metadata the annotations to tell of each, RFC 9590
 * @param basic whether it has no more than RFC 3501 knows
 */
record ListRequest(
        Set<String> selection,
        String reference,
        List<MailboxPattern> patterns,
        Set<String> returns,
        List<StatusOf.Item> status,
        Set<String> metadata,
        boolean basic) {

    private static final Set<String> SELECTION = Set.of("SUBSCRIBED", "REMOTE", "RECURSIVEMATCH", "SPECIAL-USE");
    /** Those of them that say of a mailbox whether it is meant. */
    private static final List<String> CRITERIA = List.of("SUBSCRIBED", "SPECIAL-USE");

    private static final Set<String> RETURNS =
            Set.of("SUBSCRIBED", "CHILDREN", "SPECIAL-USE", "STATUS", "METADATA", "MYRIGHTS");
    private static final int MOST_PATTERNS = 100;
    /** What all patterns have together, in characters: each is held against each name. */
    static final int LONGEST = 2000;

    static ListRequest parse(Arguments in) throws IOException {
        boolean plain = in.space().peek() != '(';
        Set<String> selection = plain ? Set.of() : options(in);
        String reference = in.dialect().read(in.astring());
        boolean single = in.space().peek() != '(';
        List<MailboxPattern> patterns = patterns(in, reference);
        if (patterns.stream().mapToInt(p -> p.pattern().length()).sum() > LONGEST)
            throw SyntaxFault.limit("The patterns have " + LONGEST + " characters together at most");
        boolean basic = plain && single && in.atEnd();
        Set<String> returns = new HashSet<>();
        Set<String> metadata = new LinkedHashSet<>();
        List<StatusOf.Item> status = in.passSpace() ? returns(in, returns, metadata) : List.of();
        in.end();
        return new ListRequest(selection, reference, patterns, returns, status, metadata, basic);
    }

    private static Set<String> options(Arguments in) {
        Set<String> options = new HashSet<>();
        in.expect('(');
        while (!in.pass(')')) {
            if (!options.isEmpty()) in.space();
            options.add(known(in.keyword(), SELECTION));
        }
        // RFC 5258 3.1: alone it has nothing to look for.
        boolean alone = !options.contains("SUBSCRIBED") && !options.contains("SPECIAL-USE");
        if (options.contains("RECURSIVEMATCH") && alone)
            throw new SyntaxFault("RECURSIVEMATCH needs something to match");
        if (in.passSpace()) return options;
        throw new SyntaxFault("A space is missing");
    }

    private static String known(String option, Set<String> all) {
        if (!all.contains(option)) throw new SyntaxFault("There is no such option");
        return option;
    }

    private static List<MailboxPattern> patterns(Arguments in, String reference) throws IOException {
        List<MailboxPattern> patterns = new ArrayList<>();
        boolean several = in.pass('(');
        int read = 0;
        do {
            if (++read > MOST_PATTERNS) throw SyntaxFault.limit("There are " + MOST_PATTERNS + " patterns at most");
            pattern(in, reference).ifPresent(patterns::add);
        } while (several && in.passSpace());
        if (several) in.expect(')');
        return patterns;
    }

    /** One that no name can be like matches none, and is no fault: RFC 5258 3. */
    private static Optional<MailboxPattern> pattern(Arguments in, String reference) {
        String octets = in.listMailbox();
        try {
            String pattern = in.dialect().read(octets);
            return Optional.of(pattern.isEmpty() ? new MailboxPattern("") : MailboxPattern.of(reference, pattern));
        } catch (MailboxFault unreadable) {
            return Optional.empty();
        }
    }

    private static List<StatusOf.Item> returns(Arguments in, Set<String> returns, Set<String> metadata) {
        if (!in.keyword().equals("RETURN")) throw new SyntaxFault("Expected RETURN");
        in.space().expect('(');
        List<StatusOf.Item> status = List.of();
        while (!in.pass(')')) {
            if (!returns.isEmpty()) in.space();
            String option = known(in.keyword(), RETURNS);
            if (option.equals("STATUS")) status = StatusOf.items(in.space());
            if (option.equals("METADATA")) {
                if (!metadata.isEmpty()) throw new SyntaxFault("METADATA stands there twice");
                metadata.addAll(EntryName.list(in.space()));
            }
            returns.add(option);
        }
        return status;
    }

    /** An empty pattern asks for nothing but the separator; among what RFC 5258 has added it asks for nothing. */
    boolean hierarchyOnly() {
        return basic && patterns.stream().anyMatch(p -> p.pattern().isEmpty());
    }

    boolean subscribedOnly() {
        return selection.contains("SUBSCRIBED");
    }

    boolean recursiveMatch() {
        return selection.contains("RECURSIVEMATCH");
    }

    /** What there is below a name, with a space in front: RFC 5258 3.5. */
    String childInfo() {
        return CRITERIA.stream()
                .filter(selection::contains)
                .collect(Collectors.joining("\" \"", " (\"CHILDINFO\" (\"", "\"))"));
    }

    /** Asking for the subscribed ones says that they are, RFC 5258 3.1. */
    boolean tellsSubscribed() {
        return subscribedOnly() || returns.contains("SUBSCRIBED");
    }

    boolean myRights() {
        return returns.contains("MYRIGHTS");
    }

    boolean selects(boolean subscribed, Optional<SpecialUse> use) {
        return (!subscribedOnly() || subscribed) && (!selection.contains("SPECIAL-USE") || use.isPresent());
    }

    /** The top of the namespace that the reference lies in, with the separator behind it; nothing for one's own, RFC 3501 6.3.8. */
    String root() {
        return reference.substring(0, reference.indexOf('/') + 1);
    }

    /**
     * Whether it asks for what others share under that name. A wildcard in front does not reach into their namespaces, as RFC 3501 6.3.8 lets a server have it:
     * programs that copy whatever there is expect one separator everywhere.
     */
    boolean means(String name) {
        return subscribedOnly() || patterns.stream().anyMatch(p -> !p.beginsAnyhow() && p.matches(name));
    }

    boolean matches(String name) {
        return patterns.stream().anyMatch(p -> p.matches(name));
    }
}
