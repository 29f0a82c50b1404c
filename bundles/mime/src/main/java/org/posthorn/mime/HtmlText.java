package org.posthorn.mime;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The text of HTML, roughly: tags, comments, styles and scripts are left out. One pass over what may be anything. */
public final class HtmlText {

    /** Elements whose content is no text. */
    private static final Set<String> HIDDEN = Set.of("script", "style", "title", "template", "textarea");

    /** Tags that do not part words. */
    private static final Set<String> INLINE = Set.of(
            "a", "abbr", "b", "big", "code", "em", "font", "i", "mark", "s", "small", "span", "strong", "sub", "sup",
            "tt", "u", "wbr");

    /** ISO-8859-1 from 160 on, by the names of HTML. */
    private static final List<String> LATIN = Arrays.asList(
            ("nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute"
                            + " micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc"
                            + " Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH"
                            + " Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute THORN"
                            + " szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave"
                            + " iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute"
                            + " ucirc uuml yacute thorn yuml")
                    .split(" "));

    private static final Map<String, Integer> NAMED = new TreeMap<>(Map.ofEntries(
            Map.entry("amp", (int) '&'),
            Map.entry("lt", (int) '<'),
            Map.entry("gt", (int) '>'),
            Map.entry("quot", (int) '"'),
            Map.entry("apos", (int) '\''),
            Map.entry("ndash", 0x2013),
            Map.entry("mdash", 0x2014),
            Map.entry("lsquo", 0x2018),
            Map.entry("rsquo", 0x2019),
            Map.entry("ldquo", 0x201C),
            Map.entry("rdquo", 0x201D),
            Map.entry("bull", 0x2022),
            Map.entry("hellip", 0x2026),
            Map.entry("euro", 0x20AC)));

    static {
        for (int i = 0; i < LATIN.size(); i++) NAMED.put(LATIN.get(i), 160 + i);
    }

    private final String html;
    private final StringBuilder text = new StringBuilder();
    private int at;

    private HtmlText(String html) {
        this.html = html;
    }

    /** The text of what may be cut anywhere. */
    public static String of(String html) {
        HtmlText in = new HtmlText(html);
        while (in.at < html.length()) in.next();
        return in.text.toString();
    }

    /** The last place that is not behind this one and not within a tag. */
    public static int outsideTag(String html, int place) {
        HtmlText in = new HtmlText(html);
        while (in.at < place) {
            int before = in.at;
            if (html.charAt(in.at) != '<') in.at++;
            else in.at = in.tagBegins() ? in.tagEnd(in.at + 1) : in.at + 1;
            if (in.at > place) return before;
        }
        return place;
    }

    private boolean tagBegins() {
        int next = at + 1;
        return next < html.length() && (Character.isLetter(html.charAt(next)) || "/!?".indexOf(html.charAt(next)) >= 0);
    }

    private void next() {
        char c = html.charAt(at);
        if (c == '<') tag();
        else if (c == '&') reference();
        else {
            text.append(c);
            at++;
        }
    }

    private void tag() {
        if (html.startsWith("<!--", at)) {
            at = behind("-->", at + 4);
            return;
        }
        int begin = html.startsWith("</", at) ? at + 2 : at + 1;
        int end = begin;
        while (end < html.length() && Character.isLetterOrDigit(html.charAt(end))) end++;
        // One that is cut off behind its first sign may have been a tag.
        boolean cut = begin >= html.length();
        boolean tag = cut || end > begin || html.startsWith("!", begin) || html.startsWith("?", begin);
        if (!tag) {
            text.append('<');
            at++;
            return;
        }
        String name = html.substring(begin, Math.min(end, begin + 20)).toLowerCase(Locale.ROOT);
        boolean opens = begin == at + 1;
        at = tagEnd(end);
        if (opens && HIDDEN.contains(name)) at = closing(name);
        if (!INLINE.contains(name)) text.append(' ');
    }

    /** Behind the sign that ends a tag; values in quotes may have some of their own. */
    private int tagEnd(int from) {
        char quote = 0;
        for (int i = from; i < html.length(); i++) {
            char c = html.charAt(i);
            if (quote != 0) quote = c == quote ? 0 : quote;
            else if (c == '>') return i + 1;
            else if ((c == '"' || c == '\'') && html.charAt(i - 1) == '=') quote = c;
        }
        return html.length();
    }

    /** Where the tag stands that closes the element. */
    private int closing(String name) {
        String wanted = "</" + name;
        for (int i = html.indexOf("</", at); i >= 0; i = html.indexOf("</", i + 2)) {
            int end = i + wanted.length();
            boolean whole = end >= html.length() || !Character.isLetterOrDigit(html.charAt(end));
            if (whole && html.regionMatches(true, i, wanted, 0, wanted.length())) return i;
        }
        return html.length();
    }

    private int behind(String wanted, int from) {
        int found = html.indexOf(wanted, from);
        return found < 0 ? html.length() : found + wanted.length();
    }

    private void reference() {
        int end = at + 1;
        while (end < html.length() && end < at + 12 && html.charAt(end) != ';') end++;
        boolean closed = end < html.length() && html.charAt(end) == ';';
        int code = closed ? code(html.substring(at + 1, end)) : -1;
        if (code > 0) {
            text.appendCodePoint(code);
            at = end + 1;
        } else {
            text.append('&');
            at++;
        }
    }

    /** The character of that name or number; -1 when there is none. */
    private static int code(String name) {
        if (!name.startsWith("#")) return NAMED.getOrDefault(name, -1);
        boolean hex = name.startsWith("#x") || name.startsWith("#X");
        try {
            int code = Integer.parseInt(name.substring(hex ? 2 : 1), hex ? 16 : 10);
            return Character.isValidCodePoint(code) && !(code >= 0xD800 && code < 0xE000) ? code : -1;
        } catch (NumberFormatException none) {
            return -1;
        }
    }
}
