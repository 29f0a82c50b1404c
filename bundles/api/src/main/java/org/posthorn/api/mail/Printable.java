package org.posthorn.api.mail;

/**
 * What strangers and plug-ins say, on its way to people and protocols: it must neither steer a terminal, nor look like a line of ours, nor turn
 * the writing round.
 */
public final class Printable {

    private Printable() {}

    /** On one line, with a question mark for each character that does more than stand there. */
    public static String line(String text) {
        return of(text, "");
    }

    /** The same, but for line ends and tabs, which stay. */
    public static String lines(String text) {
        return of(text, "\n\t");
    }

    /** Most has nothing to replace, and is asked for with every reply. */
    private static String of(String text, String kept) {
        StringBuilder clean = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (harmless(c) || kept.indexOf(c) >= 0) continue;
            if (clean == null) clean = new StringBuilder(text);
            clean.setCharAt(i, '?');
        }
        return clean == null ? text : clean.toString();
    }

    /** Whether that character only stands there. */
    public static boolean harmless(char c) {
        if (c >= ' ' && c < 127) return true;
        return switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
