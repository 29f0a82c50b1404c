package org.posthorn.pop3;

import java.util.regex.Pattern;

/** LANG, RFC 6856 3. What is said is in English, and so it is the administrator's choice as well. */
final class Language {

    /**
     * A range that names a kind of English gets it as the server speaks it, RFC 4647 3.4. Gives nothing back: else each repetition takes room on the stack, and
     * a client may send many.
     */
    private static final Pattern ENGLISH = Pattern.compile("(?i)en(?:-[a-z0-9]{1,8})*+|\\*");

    private Language() {}

    static void choose(Session session, String argument) {
        String range = argument.strip();
        if (range.isEmpty()) {
            session.ok("Languages");
            session.connection().send("en English\r\n.\r\n");
        } else if (ENGLISH.matcher(range).matches()) session.ok("en This is English");
        else session.error("That language is not spoken here");
    }
}
