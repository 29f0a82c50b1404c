package org.posthorn.jmap.mail;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** What a string in a filter looks for, RFC 8621 4.4.1: words, and phrases in quotes, all of which must be there. */
final class SearchWords {

    /** More strings than so many are more than a server should look for at once. */
    static final int MOST = 500;

    /** Where a line of a text ends there is a blank. */
    private static final Pattern WHITE = Pattern.compile("\\s+");

    private final String text;
    private final List<String> found = new ArrayList<>();
    private int at;

    private SearchWords(String text) {
        this.text = text;
    }

    /** One more than {@link #MOST} when there are more than those. */
    static List<String> of(String text) {
        SearchWords words = new SearchWords(text);
        while (words.found.size() <= MOST && words.next()) continue;
        return words.found;
    }

    private boolean next() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) at++;
        if (at >= text.length()) return false;
        if (!phrase()) word();
        return true;
    }

    private void word() {
        int from = at;
        while (at < text.length() && !Character.isWhitespace(text.charAt(at))) at++;
        found.add(text.substring(from, at));
    }

    /** A quote that is not closed is a character like others. */
    private boolean phrase() {
        char quote = text.charAt(at);
        if (quote != '"' && quote != '\'') return false;
        StringBuilder phrase = new StringBuilder();
        for (int i = at + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == quote) {
                if (phrase.length() > 0) found.add(WHITE.matcher(phrase).replaceAll(" "));
                at = i + 1;
                return true;
            }
            if (c == '\\' && i + 1 < text.length()) c = text.charAt(++i);
            phrase.append(c);
        }
        return false;
    }
}
