package org.posthorn.imap;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Flags;

/**
 * Reads a command's words, RFC 3501 9. Literals stand in the text as they came over the wire, behind their announcement and CRLF; all but a message
 * to be appended. What is not as it should be is a {@link SyntaxFault}.
 */
public final class Arguments {

    private static final String NO_ATOM = "(){%*\"\\]";
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

    private final String text;
    private final Iterator<Message> staged;
    private final Optional<Session> session;
    private int at;

    /**
     * @param staged the messages that are literals of the text, but do not stand there
     * @param session whose words they are
     */
    public Arguments(String text, List<Message> staged, Session session) {
        this.text = text;
        this.staged = staged.iterator();
        this.session = Optional.of(session);
    }

    /** Words that nobody is saying: there are no messages among them, and no names of mailboxes. */
    public Arguments(String text) {
        this.text = text;
        this.staged = Collections.emptyIterator();
        this.session = Optional.empty();
    }

    /** What they are written in. */
    public Dialect dialect() {
        return session.map(Session::dialect).orElse(Dialect.REV1);
    }

    public boolean atEnd() {
        return at == text.length();
    }

    /** The next character; NUL at the end. */
    public char peek() {
        return at < text.length() ? text.charAt(at) : 0;
    }

    /** Whether that character comes next, and such a one behind it. */
    public boolean beginsWith(char first, IntPredicate second) {
        return peek() == first && at + 1 < text.length() && second.test(text.charAt(at + 1));
    }

    /** Passes over that character, if it comes next. */
    public boolean pass(char wanted) {
        if (atEnd() || text.charAt(at) != wanted) return false;
        at++;
        return true;
    }

    public boolean passSpace() {
        return pass(' ');
    }

    /** Passes over that text, in small or capital letters, if it comes next. */
    public boolean passText(String wanted) {
        if (!text.regionMatches(true, at, wanted, 0, wanted.length())) return false;
        at += wanted.length();
        return true;
    }

    public Arguments expect(char wanted) {
        if (!pass(wanted)) throw new SyntaxFault("Expected " + (wanted == ' ' ? "a space" : wanted) + place());
        return this;
    }

    private SyntaxFault missing(String what) {
        return new SyntaxFault(what + " is missing" + place());
    }

    /** What stands there is not repeated, or words that nobody else may read come into the log. */
    private String place() {
        return atEnd() ? " at the end" : " at character " + (at + 1);
    }

    public Arguments space() {
        return expect(' ');
    }

    /** All that is left, as it came. */
    public String rest() {
        return text.substring(at);
    }

    /** Nothing more may come. */
    public void end() {
        if (!atEnd()) throw new SyntaxFault("There is too much, beginning" + place());
    }

    /** Atom characters, perhaps none. */
    public String word() {
        int start = at;
        while (at < text.length() && isAtom(text.charAt(at))) at++;
        return text.substring(start, at);
    }

    private static boolean isAtom(char c) {
        return c > ' ' && c < 127 && NO_ATOM.indexOf(c) < 0;
    }

    public String atom() {
        String word = word();
        if (word.isEmpty()) throw missing("A word");
        return word;
    }

    /** The atom that comes next, in upper case, without passing over it. */
    public String lookAhead() {
        int start = at;
        String word = word().toUpperCase(Locale.ROOT);
        at = start;
        return word;
    }

    /** An identifier, RFC 8474 7. */
    public String objectId() {
        String id = atom();
        if (id.length() > 255 || !id.chars().allMatch(Arguments::inObjectId))
            throw new SyntaxFault("That is no identifier");
        return id;
    }

    private static boolean inObjectId(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-';
    }

    /** An atom in upper case. */
    public String keyword() {
        return atom().toUpperCase(Locale.ROOT);
    }

    /** Letters, digits and dots: a name that a bracket may follow. In upper case. */
    public String item() {
        int start = at;
        while (at < text.length() && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '.')) at++;
        if (start == at) throw missing("A name");
        return text.substring(start, at).toUpperCase(Locale.ROOT);
    }

    /** Octets as characters. */
    public String astring() {
        if (peek() == '"' || peek() == '{') return string();
        int start = at;
        while (at < text.length() && (isAtom(text.charAt(at)) || text.charAt(at) == ']')) at++;
        if (start == at) throw missing("A string");
        return text.substring(start, at);
    }

    public String string() {
        if (peek() == '"') return quoted();
        if (peek() == '{') return literal();
        throw missing("A string");
    }

    /** What an annotation is set to, RFC 5464 5: a string, a literal8 of RFC 3516 5, or NIL, which is empty. */
    public Optional<String> value() {
        if (pass('~')) return Optional.of(octets());
        if (peek() == '"' || peek() == '{') return Optional.of(string());
        if (!keyword().equals("NIL")) throw missing("A value");
        return Optional.empty();
    }

    private String quoted() {
        StringBuilder inside = new StringBuilder();
        for (at++; at < text.length(); at++) {
            char c = text.charAt(at);
            if (c == '"') {
                at++;
                return dialect().hasUtf8() ? sound(inside.toString()) : inside.toString();
            }
            if (c == '\\' && ++at < text.length()) c = text.charAt(at);
            // A literal that begins within the quotes brings line ends.
            if (c == 0 || c == '\r' || c == '\n') throw new SyntaxFault("A quoted string has no NUL, CR or LF");
            inside.append(c);
        }
        throw new SyntaxFault("A quoted string is not closed");
    }

    /** RFC 9755 3: what is not ASCII in quotes must be UTF-8. */
    private static String sound(String quoted) {
        if (Utf8.text(quoted).isEmpty()) throw new SyntaxFault("A quoted string is not in UTF-8");
        return quoted;
    }

    /** RFC 3501 9 "literal": only a literal8 may have NUL. */
    private String literal() {
        String octets = octets();
        if (octets.indexOf(0) >= 0) throw new SyntaxFault("A literal has no NUL");
        return octets;
    }

    private String octets() {
        long octets = announced();
        if (octets > text.length() - at) throw new SyntaxFault("A literal is missing");
        at += (int) octets;
        return text.substring(at - (int) octets, at);
    }

    private long announced() {
        expect('{');
        long octets = number();
        pass('+');
        expect('}');
        if (!pass('\r') || !pass('\n')) throw new SyntaxFault("The announcement of a literal must end its line");
        return octets;
    }

    /** Whether a literal comes next in which NULs are welcome, RFC 3516 7. */
    public boolean atLiteral8() {
        return text.startsWith("~{", at);
    }

    /** Whether nothing but the announcement of a literal, of either kind, is left. */
    public boolean atLastLiteral() {
        return text.startsWith("{", atLiteral8() ? at + 1 : at) && text.indexOf('}', at) == text.length() - 1;
    }

    /** The next message that came as a literal. */
    public Message message() {
        passMessage();
        if (!staged.hasNext()) throw new SyntaxFault("A message must be a literal");
        return staged.next();
    }

    /** The same, before it is there. */
    public void passMessage() {
        pass('~');
        announced();
    }

    /** At most 2^63-1; what counts messages is far smaller. */
    public long number() {
        int start = at;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') at++;
        try {
            return Long.parseLong(text, start, at, 10);
        } catch (NumberFormatException e) {
            throw new SyntaxFault("A number is missing or too large" + place());
        }
    }

    private int digits(int least, int most) {
        int start = at;
        long number = number();
        if (at - start < least || at - start > most) throw new SyntaxFault("There is no such day or time");
        return (int) number;
    }

    public SequenceSet sequenceSet() {
        if (pass('$')) return SequenceSet.SAVED;
        int start = at;
        while (at < text.length() && "0123456789:,*".indexOf(text.charAt(at)) >= 0) at++;
        return SequenceSet.parse(text.substring(start, at));
    }

    /** A mailbox name in Unicode. */
    public String mailbox() throws IOException {
        return mailboxName().name();
    }

    /** The same, with what the client has written. */
    public MailboxName mailboxName() throws IOException {
        return MailboxName.read(astring(), session.orElseThrow());
    }

    /** A mailbox name with wildcards, as octets. */
    public String listMailbox() {
        if (peek() == '"' || peek() == '{') return string();
        int start = at;
        while (at < text.length() && (isAtom(text.charAt(at)) || "%*]".indexOf(text.charAt(at)) >= 0)) at++;
        if (start == at) throw missing("A pattern");
        return text.substring(start, at);
    }

    /** Flags in parentheses. */
    public Flags flags() {
        expect('(');
        List<String> names = new ArrayList<>();
        while (!pass(')')) {
            if (!names.isEmpty()) space();
            names.add(flag());
        }
        return named(names);
    }

    /** Flags with or without parentheses, as STORE takes them. */
    public Flags anyFlags() {
        if (peek() == '(') return flags();
        List<String> names = new ArrayList<>();
        do names.add(flag());
        while (passSpace());
        return named(names);
    }

    private String flag() {
        return pass('\\') ? "\\" + atom() : atom();
    }

    private static Flags named(List<String> names) {
        // Only the server sets \Recent, RFC 3501 2.3.2; some clients send it back all the same.
        names.removeIf("\\Recent"::equalsIgnoreCase);
        if (names.stream().anyMatch(n -> n.length() > 255))
            throw SyntaxFault.limit("A keyword has 255 characters at most");
        try {
            return Flags.named(names);
        } catch (IllegalArgumentException e) {
            throw new SyntaxFault("There is no such system flag");
        }
    }

    /** {@code 1-Feb-1994}, perhaps in quotes. */
    public LocalDate date() {
        boolean quoted = pass('"');
        LocalDate date = dayMonthYear();
        if (quoted) expect('"');
        return date;
    }

    private LocalDate dayMonthYear() {
        passSpace();
        int day = digits(1, 2);
        expect('-');
        int month = 1 + MONTHS.indexOf(item().toLowerCase(Locale.ROOT));
        expect('-');
        int year = digits(4, 4);
        try {
            return LocalDate.of(year, month, day);
        } catch (DateTimeException e) {
            throw new SyntaxFault("There is no such day");
        }
    }

    /** {@code "17-Jul-1996 02:44:25 -0700"}; one that can be told in UTC, of a year from 1 to 9999. */
    public Instant dateTime() {
        expect('"');
        LocalDate date = dayMonthYear();
        space();
        int hour = digits(2, 2);
        expect(':');
        int minute = digits(2, 2);
        expect(':');
        int second = digits(2, 2);
        space();
        boolean west = peek() == '-';
        if (!west && peek() != '+') throw missing("A time zone");
        at++;
        int zone = digits(4, 4);
        expect('"');
        try {
            int minutes = (zone / 100 * 60 + zone % 100) * (west ? -1 : 1);
            OffsetDateTime time = date.atTime(LocalTime.of(hour, minute, Math.min(second, 59)))
                    .atOffset(ZoneOffset.ofTotalSeconds(minutes * 60))
                    .withOffsetSameInstant(ZoneOffset.UTC);
            if (time.getYear() < 1 || time.getYear() > 9999) throw new SyntaxFault("There is no such time");
            return time.toInstant();
        } catch (DateTimeException e) {
            throw new SyntaxFault("There is no such time");
        }
    }
}
