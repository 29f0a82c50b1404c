package org.posthorn.mime;

import java.util.ArrayList;
import java.util.List;

/** RFC 5322 3.4 with the obsolete forms of 4.4, and what is worse than these. */
final class AddressListParser {

    private static final int MOST = 10_000;

    private static final String SPECIALS = "()<>@,;:\"[]";

    private final FieldScanner in;
    private final List<MailAddress> found = new ArrayList<>();
    private boolean inGroup;

    AddressListParser(String field) {
        this.in = new FieldScanner(field);
    }

    List<MailAddress> parse() {
        while (!in.skip().atEnd() && found.size() < MOST) {
            if (in.pass(',')) continue;
            if (in.pass(';')) endGroup();
            else entry();
        }
        endGroup();
        return found;
    }

    private void endGroup() {
        if (inGroup) found.add(MailAddress.GROUP_END);
        inGroup = false;
    }

    private void entry() {
        in.takeComment();
        Words words = words();
        switch (in.peek()) {
            case '<' -> angle(words.phrase());
            case ':' -> group(words.phrase());
            case '@' -> found.add(commented(words.before(), "", words.local(), host()));
            default -> lone(words);
        }
        in.passTo(inGroup ? ",;" : ",;:");
        if (!inGroup) in.pass(':');
    }

    /** Words without an at sign: a name and no address, or a local part without a domain. */
    private void lone(Words words) {
        if (words.count > 1)
            found.add(new MailAddress(words.phrase(), "", MailAddress.NO_MAILBOX, MailAddress.NO_HOST));
        else if (words.count == 1) found.add(commented("", "", words.local(), MailAddress.NO_HOST));
        else if (!in.atEnd() && SPECIALS.indexOf(in.peek()) >= 0 && ",;".indexOf(in.peek()) < 0) in.next();
    }

    private void group(String name) {
        in.pass(':');
        if (inGroup) return;
        found.add(MailAddress.group(name.isEmpty() ? MailAddress.NO_MAILBOX : name));
        inGroup = true;
        // What follows is the first member: the caller must not pass over it.
        if (!in.skip().atEnd() && in.peek() != ';' && in.peek() != ',') entry();
    }

    private void angle(String name) {
        in.pass('<');
        String route = in.skip().peek() == '@' ? route() : "";
        Words words = words();
        String host = in.peek() == '@' ? host() : MailAddress.NO_HOST;
        in.passTo(">,");
        in.pass('>');
        found.add(commented(name, route, words.local(), host));
    }

    private MailAddress commented(String name, String route, String mailbox, String host) {
        in.skip();
        String comment = in.takeComment();
        String known = mailbox.isEmpty() ? MailAddress.NO_MAILBOX : mailbox;
        return new MailAddress(name.isEmpty() ? comment : name, route, known, host);
    }

    /** {@code @a,@b:} in front of an address, RFC 5322 4.4. */
    private String route() {
        StringBuilder route = new StringBuilder();
        while (in.skip().pass('@') && route.length() < 10_000) {
            if (route.length() > 0) route.append(',');
            route.append('@').append(domain());
            while (in.skip().pass(',')) in.skip();
        }
        in.pass(':');
        return route.toString();
    }

    private String host() {
        in.pass('@');
        String host = domain();
        return host.isEmpty() ? MailAddress.NO_HOST : host;
    }

    private String domain() {
        if (in.skip().peek() == '[') return literal();
        StringBuilder domain = new StringBuilder(in.word(SPECIALS));
        // Obsolete: white space and comments around the dots.
        while (in.skip().peek() == '.' || domain.length() > 0 && domain.charAt(domain.length() - 1) == '.') {
            String more = in.word(SPECIALS);
            if (more.isEmpty()) break;
            domain.append(more);
        }
        return domain.toString();
    }

    private String literal() {
        StringBuilder literal = new StringBuilder();
        while (!in.atEnd() && in.peek() != ']' && in.peek() != ',' && in.peek() != '>') literal.append(in.next());
        if (in.pass(']')) literal.append(']');
        return literal.toString();
    }

    private Words words() {
        Words words = new Words();
        while (!in.skip().atEnd()) {
            String word = in.peek() == '"' ? in.quoted() : in.word(SPECIALS);
            if (word.isEmpty() && (in.atEnd() || SPECIALS.indexOf(in.peek()) >= 0)) break;
            words.add(word);
        }
        return words;
    }

    /** Words in a row: a phrase has spaces between them; a local part is the last of them, and those that dots tie to it. */
    private static final class Words {
        private final StringBuilder phrase = new StringBuilder();
        private final StringBuilder local = new StringBuilder();
        private int before;
        private int count;

        void add(String word) {
            boolean tied = word.startsWith(".") || local.length() > 0 && local.charAt(local.length() - 1) == '.';
            if (!tied) {
                before = phrase.length();
                local.setLength(0);
            }
            if (count++ > 0) phrase.append(' ');
            phrase.append(word);
            local.append(word);
        }

        String phrase() {
            return phrase.toString();
        }

        String local() {
            return local.toString();
        }

        /** The phrase in front of the local part. */
        String before() {
            return phrase.substring(0, before);
        }
    }
}
