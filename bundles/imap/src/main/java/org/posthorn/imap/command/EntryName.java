package org.posthorn.imap.command;

import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.SyntaxFault;

/** Names of annotations, RFC 5464 3.2: in lower case, since case does not count. */
final class EntryName {

    static final String SHARED = "/shared";

    private static final String PRIVATE = "/private";
    private static final String VENDOR = "/vendor";
    private static final int LONGEST = 255;
    private static final int DEEPEST = 16;

    /** So many can be asked for at once, with so many characters together: LIST tells each of every mailbox. */
    private static final int MOST = 100;

    private static final int LONGEST_LIST = 4000;

    private EntryName() {}

    /** Entries to be told; a mere beginning will do, since DEPTH counts from there. */
    static Set<String> list(Arguments in) {
        Set<String> names = new LinkedHashSet<>();
        if (!in.pass('(')) return Set.of(name(in));
        do names.add(name(in));
        while (in.passSpace());
        in.expect(')');
        if (names.size() > MOST || names.stream().mapToInt(String::length).sum() > LONGEST_LIST)
            throw SyntaxFault.limit("At most " + MOST + " entries are asked for at once");
        return names;
    }

    /** An entry to be set: it has two components at least, and four where vendors have their names. */
    static String whole(Arguments in) {
        String name = name(in);
        String below = name.substring((name.startsWith(SHARED) ? SHARED : PRIVATE).length());
        boolean vendor = below.equals(VENDOR) || below.startsWith(VENDOR + "/");
        if (depth(below) < (vendor ? 3 : 1)) throw new SyntaxFault("The name of an entry has more components");
        return name;
    }

    private static String name(Arguments in) {
        String name = in.astring().toLowerCase(Locale.ROOT);
        boolean scope = (name + "/").startsWith(SHARED + "/") || (name + "/").startsWith(PRIVATE + "/");
        if (!scope) throw new SyntaxFault("Entries begin with /private/ or /shared/");
        if (name.chars().anyMatch(c -> c < ' ' || c > '~' || c == '*' || c == '%'))
            throw new SyntaxFault("That does not belong into the name of an entry");
        if (name.endsWith("/") || name.contains("//")) throw new SyntaxFault("A component of an entry is empty");
        if (name.length() > LONGEST || depth(name) > DEEPEST)
            throw SyntaxFault.limit(
                    "The name of an entry has " + LONGEST + " characters and " + DEEPEST + " levels at most");
        return name;
    }

    private static long depth(String name) {
        return name.chars().filter(c -> c == '/').count();
    }

    /** How far below the other it lies: 0 when it is the same; -1 when it is elsewhere. */
    static long below(String name, String above) {
        if (name.equals(above)) return 0;
        return name.startsWith(above + "/") ? depth(name.substring(above.length())) : -1;
    }
}
