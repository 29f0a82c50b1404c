package org.posthorn.imap;

import java.util.ArrayList;
import java.util.List;

/**
 * Levels of mailboxes' names: dots are between those of a user's own mailboxes, slashes between those of others, in which addresses have dots. No own
 * mailbox has a slash in its name, and what is below a top level has one separator, RFC 3501 7.2.2.
 */
public final class Levels {

    private Levels() {}

    /** What stands between the levels of that name. */
    public static char separator(String name) {
        return name.indexOf('/') < 0 ? '.' : '/';
    }

    /** The level above; empty for none. */
    public static String above(String name) {
        return name.substring(0, Math.max(0, name.lastIndexOf(separator(name))));
    }

    /** All levels above, the nearest first. */
    public static List<String> allAbove(String name) {
        List<String> levels = new ArrayList<>();
        for (String level = above(name); !level.isEmpty(); level = above(level)) levels.add(level);
        return levels;
    }

    /** Whether a name lies below that one, at whatever depth. A top level may be above names of both kinds. */
    public static boolean isBelow(String name, String above) {
        return name.length() > above.length()
                && name.startsWith(above)
                && name.charAt(above.length()) == separator(name);
    }

    /** Whether it is that one, or lies below it. */
    public static boolean isWithin(String name, String above) {
        return name.equals(above) || isBelow(name, above);
    }
}
