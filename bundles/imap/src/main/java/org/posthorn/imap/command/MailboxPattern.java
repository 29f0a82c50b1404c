package org.posthorn.imap.command;

import java.text.Normalizer;
import java.text.Normalizer.Form;
import org.posthorn.imap.Levels;

/**
 * A mailbox name with wildcards, RFC 3501 6.3.8: the asterisk stands for anything, the percent sign for anything within one level. Takes time that grows
 * with pattern and name, whatever is in them.
 */
record MailboxPattern(String pattern) {

    MailboxPattern {
        boolean inbox =
                pattern.regionMatches(true, 0, "INBOX", 0, 5) && (pattern.length() == 5 || pattern.charAt(5) == '.');
        if (inbox) pattern = "INBOX" + pattern.substring(5);
        pattern = withoutRepeats(Normalizer.normalize(pattern, Form.NFC));
    }

    /** The pattern behind a reference, RFC 3501 6.3.8. */
    static MailboxPattern of(String reference, String pattern) {
        return new MailboxPattern(reference + pattern);
    }

    /** Whether any name may begin as it does. */
    boolean beginsAnyhow() {
        return pattern.startsWith("*") || pattern.startsWith("%");
    }

    /** Wildcards in a row are as the widest of them. */
    private static String withoutRepeats(String pattern) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            char before = out.isEmpty() ? 0 : out.charAt(out.length() - 1);
            boolean row = (c == '*' || c == '%') && (before == '*' || before == '%');
            if (!row) out.append(c);
            else if (c == '*') out.setCharAt(out.length() - 1, c);
        }
        return out.toString();
    }

    /** Whether that is so in whatever normal form the name is, RFC 9051 5.1. */
    boolean matches(String given) {
        String name = Normalizer.normalize(given, Form.NFC);
        char separator = Levels.separator(name);
        // Which ends of the name's beginnings the pattern read so far can reach.
        boolean[] reached = new boolean[name.length() + 1];
        reached[0] = true;
        for (int p = 0; p < pattern.length(); p++) {
            char c = pattern.charAt(p);
            if (c == '*' || c == '%') spread(reached, name, c == '%' ? separator : 0);
            else if (!step(reached, name, c)) return false;
        }
        return reached[name.length()];
    }

    /** @param border what a wildcard does not go beyond */
    private static void spread(boolean[] reached, String name, char border) {
        for (int i = 1; i < reached.length; i++) reached[i] |= reached[i - 1] && name.charAt(i - 1) != border;
    }

    /** @return whether anything is still reached */
    private static boolean step(boolean[] reached, String name, char c) {
        boolean any = false;
        for (int i = reached.length - 1; i > 0; i--) any |= reached[i] = reached[i - 1] && name.charAt(i - 1) == c;
        reached[0] = false;
        return any;
    }
}
