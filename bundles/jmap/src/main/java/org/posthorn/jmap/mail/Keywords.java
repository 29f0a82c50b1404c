package org.posthorn.jmap.mail;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import org.posthorn.api.mailbox.Flags;

/** Keywords as JMAP has them, RFC 8621 4.1.1: flags of the mailbox, four of the system's with a dollar sign in front; {@code \Deleted} is none. */
final class Keywords {

    private static final Map<String, Integer> SYSTEM =
            Map.of("$answered", Flags.ANSWERED, "$draft", Flags.DRAFT, "$flagged", Flags.FLAGGED, "$seen", Flags.SEEN);

    /** In characters. */
    private static final int LONGEST = 255;

    private Keywords() {}

    /** Whether there can be one of that name. */
    static boolean possible(String name) {
        return name.length() <= LONGEST && Flags.keyword(name);
    }

    /** Those that these flags are, in lower case. */
    static SortedSet<String> of(Flags flags) {
        SortedSet<String> keywords = new TreeSet<>();
        SYSTEM.forEach((name, bit) -> {
            if (flags.has(bit)) keywords.add(name);
        });
        flags.keywords().forEach(k -> keywords.add(k.toLowerCase(Locale.ROOT)));
        return keywords;
    }

    /** The flags that these keywords, in any case, are. */
    static Flags flags(Collection<String> keywords) {
        int system = 0;
        List<String> others = new ArrayList<>();
        for (String keyword : keywords) {
            String name = keyword.toLowerCase(Locale.ROOT);
            if (SYSTEM.containsKey(name)) system |= SYSTEM.get(name);
            else others.add(name);
        }
        return new Flags(system, others);
    }

    /** Whether that keyword, in any case, is among the flags. */
    static boolean has(Flags flags, String keyword) {
        Integer bit = SYSTEM.get(keyword.toLowerCase(Locale.ROOT));
        return bit == null ? flags.has(keyword) : flags.has(bit);
    }
}
