package org.posthorn.api.mailbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/**
 * The flags of a message, RFC 3501 2.3.2, without the session's own Recent.
 *
 * @param system the system flags, added up
 * @param keywords the others, sorted, each once; case does not count in comparing them, the first spelling stays
 */
public record Flags(int system, List<String> keywords) {

    public static final int ANSWERED = 1;
    public static final int FLAGGED = 2;
    public static final int DELETED = 4;
    public static final int SEEN = 8;
    public static final int DRAFT = 16;

    /** The names of the system flags; the place is the bit. */
    public static final List<String> SYSTEM = List.of("\\Answered", "\\Flagged", "\\Deleted", "\\Seen", "\\Draft");

    /** No flag. */
    public static final Flags NONE = new Flags(0, List.of());

    public Flags {
        if (keywords.size() > 1) {
            TreeSet<String> sorted = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
            sorted.addAll(keywords);
            keywords = new ArrayList<>(sorted);
        }
        keywords = List.copyOf(keywords);
    }

    /** System flags alone. */
    public static Flags of(int system) {
        return system == 0 ? NONE : new Flags(system, List.of());
    }

    /** From names as IMAP has them, {@code \Seen} and keywords. @throws IllegalArgumentException for a backslash name that is none of the five */
    public static Flags named(List<String> names) {
        int system = 0;
        List<String> keywords = new ArrayList<>();
        for (String name : names) {
            if (name.startsWith("\\")) system |= bit(name);
            else keywords.add(name);
        }
        return new Flags(system, keywords);
    }

    private static int bit(String name) {
        for (int i = 0; i < SYSTEM.size(); i++) if (SYSTEM.get(i).equalsIgnoreCase(name)) return 1 << i;
        throw new IllegalArgumentException("no such system flag: " + name.toLowerCase(Locale.ROOT));
    }

    /** Whether that could be a keyword: an atom, RFC 3501 9. */
    public static boolean keyword(String name) {
        return !name.isEmpty() && name.chars().allMatch(c -> c > ' ' && c < 127 && "(){%*\"\\]".indexOf(c) < 0);
    }

    /** Whether all of those system flags are set. */
    public boolean has(int flags) {
        return (system & flags) == flags;
    }

    /** Whether that keyword is set. */
    public boolean has(String keyword) {
        return keywords.stream().anyMatch(keyword::equalsIgnoreCase);
    }

    /** These and those. */
    public Flags with(Flags more) {
        List<String> all = new ArrayList<>(keywords);
        more.keywords.stream().filter(k -> !has(k)).forEach(all::add);
        return new Flags(system | more.system, all);
    }

    /** These less those. */
    public Flags without(Flags less) {
        return new Flags(
                system & ~less.system,
                keywords.stream().filter(k -> !less.has(k)).toList());
    }

    /** All names, system flags first. */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        for (int i = 0; i < SYSTEM.size(); i++) if ((system & 1 << i) != 0) names.add(SYSTEM.get(i));
        names.addAll(keywords);
        return names;
    }
}
