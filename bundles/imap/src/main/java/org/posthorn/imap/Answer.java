package org.posthorn.imap;

import java.util.regex.Pattern;

/**
 * How a command ends, RFC 3501 7.1.
 *
 * @param text in Unicode, with its response code, if there is one; control characters become question marks, RFC 3501 9 "resp-text"
 */
public record Answer(Word word, String text) {

    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

    public Answer {
        text = CONTROL.matcher(text).replaceAll("?");
    }

    public enum Word {
        OK,
        NO,
        BAD
    }

    /** The command is not done yet; it is going to be completed otherwise. */
    public static final Answer LATER = new Answer(Word.OK, "");

    public static Answer ok(String text) {
        return new Answer(Word.OK, text);
    }

    public static Answer no(String text) {
        return new Answer(Word.NO, text);
    }

    public static Answer bad(String text) {
        return new Answer(Word.BAD, text);
    }

    @Override
    public String toString() {
        return word + " " + text;
    }
}
