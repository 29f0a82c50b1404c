package org.posthorn.api.mailbox;

import java.util.Optional;

/**
 * What somebody may do with a mailbox, RFC 4314 2.1.
 *
 * @param letters the standard rights, each once, in the order of that section
 */
public record Rights(String letters) {

    private static final String STANDARD = "lrswipkxtea";

    /** What c and d stand for, RFC 4314 2.1.1. */
    private static final String CREATE = "kx";

    private static final String DELETE = "te";

    public static final Rights NONE = new Rights("");
    public static final Rights ALL = new Rights(STANDARD);

    private static final int WRITTEN = Flags.ANSWERED | Flags.FLAGGED | Flags.DRAFT;

    public Rights {
        StringBuilder sorted = new StringBuilder();
        for (char right : STANDARD.toCharArray()) if (letters.indexOf(right) >= 0) sorted.append(right);
        letters = sorted.toString();
    }

    /** Reads letters in any order, c and d among them; empty when one stands for no right. */
    public static Optional<Rights> parse(String letters) {
        String known = STANDARD + "cd";
        if (!letters.chars().allMatch(c -> known.indexOf(c) >= 0)) return Optional.empty();
        return Optional.of(new Rights(letters.replace("c", CREATE).replace("d", DELETE)));
    }

    public boolean has(char right) {
        return letters.indexOf(right) >= 0;
    }

    /** Whether one of these is among them. */
    public boolean hasAny(String rights) {
        return rights.chars().anyMatch(right -> has((char) right));
    }

    /** Whether all of these are. */
    public boolean hasAll(String rights) {
        return rights.chars().allMatch(right -> has((char) right));
    }

    /** These and those. */
    public Rights with(Rights more) {
        return new Rights(letters + more.letters);
    }

    /** These less those. */
    public Rights without(Rights less) {
        StringBuilder left = new StringBuilder();
        for (char right : letters.toCharArray()) if (!less.has(right)) left.append(right);
        return new Rights(left.toString());
    }

    /** Which of these flags they let be set and removed, RFC 4314 4. */
    public Flags permitted(Flags flags) {
        int system = (has('s') ? Flags.SEEN : 0) | (has('t') ? Flags.DELETED : 0) | (has('w') ? WRITTEN : 0);
        Flags permitted = Flags.of(flags.system() & system);
        return has('w') ? permitted.with(new Flags(0, flags.keywords())) : permitted;
    }

    /** The letters as clients are told them: c and d are there when any is that they stand for, RFC 4314 2.1.1. */
    public String told() {
        String obsolete = (hasAny(CREATE) ? "c" : "") + (hasAny(DELETE) ? "d" : "");
        return has('a') ? letters.substring(0, letters.length() - 1) + obsolete + "a" : letters + obsolete;
    }
}
