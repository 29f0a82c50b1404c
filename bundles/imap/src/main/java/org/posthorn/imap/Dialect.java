package org.posthorn.imap;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.mime.Charsets;
import org.posthorn.mime.EncodedWords;
import org.posthorn.mime.ModifiedUtf7;

/** What a session speaks; with ENABLE it goes up these steps, and never down. The one place that knows how names of mailboxes and other text are written. */
public enum Dialect {
    /** IMAP4rev1, RFC 3501: ASCII, but for literals. */
    REV1,
    /** The same with UTF8=ACCEPT, RFC 9755: strings may be in UTF-8. */
    UTF8,
    /** IMAP4rev2, RFC 9051. */
    REV2;

    private static final Pattern NOT_PRINTABLE = Pattern.compile("[^ -~]");

    public boolean isRev2() {
        return this == REV2;
    }

    /** Whether strings go in UTF-8, names of mailboxes among them. */
    public boolean hasUtf8() {
        return this != REV1;
    }

    /** A mailbox's name, or a pattern of names, in Unicode. */
    public String read(String octets) throws MailboxFault {
        if (hasUtf8()) return Utf8.text(octets).orElseThrow(() -> cannot("That mailbox name is not in UTF-8"));
        // Some clients send that all the same.
        if (octets.chars().anyMatch(c -> c > 126))
            return Charsets.decode(octets.getBytes(StandardCharsets.ISO_8859_1), "utf-8");
        return ModifiedUtf7.decode(octets).orElseThrow(() -> cannot("That mailbox name is not in modified UTF-7"));
    }

    private static MailboxFault cannot(String why) {
        return new MailboxFault(MailboxFault.Kind.CANNOT, why);
    }

    /** A mailbox's name as it goes to the client, RFC 3501 5.1.3 and RFC 9051 5.1: an atom, or a string. */
    public String mailbox(String name) {
        String octets = hasUtf8() ? Utf8.octets(name) : ModifiedUtf7.encode(name);
        if (Text.isAtom(octets)) return octets;
        StringBuilder out = new StringBuilder();
        return (hasUtf8() ? Text.utf8(out, octets) : Text.string(out, octets)).toString();
    }

    /** A user's name as octets: it is in UTF-8 whatever is spoken, RFC 4314 2. */
    public String octets(String user) {
        return Utf8.octets(user);
    }

    /** What a mailbox's name stands in, as text for an answer: before IMAP4rev2 that is ASCII, RFC 9051 9 "text". */
    String naming(String text) {
        return isRev2() ? text : ModifiedUtf7.encode(text);
    }

    /** The text of an answer as octets. */
    String text(String text) {
        return isRev2() ? Utf8.octets(text) : NOT_PRINTABLE.matcher(text).replaceAll("?");
    }

    /** A string out of a message: in UTF-8 whatever it was in, or else octets as they are. */
    StringBuilder string(StringBuilder out, String octets) {
        return hasUtf8() ? Text.utf8(out, inUtf8(octets)) : Text.string(out, octets);
    }

    /** The same, or NIL for an empty one. */
    StringBuilder nstring(StringBuilder out, String octets) {
        return octets.isEmpty() ? out.append("NIL") : string(out, octets);
    }

    /** A string where words for people stand, in which encoded words may take the place of what is not ASCII: RFC 6857 3.1.1. */
    StringBuilder words(StringBuilder out, String octets) {
        if (hasUtf8() || Utf8.isAscii(octets)) return string(out, octets);
        return Text.string(out, EncodedWords.encode(EncodedWords.decode(octets)));
    }

    private static String inUtf8(String octets) {
        boolean already = Utf8.text(octets).isPresent();
        return already ? octets : Utf8.octets(Charsets.decode(octets.getBytes(StandardCharsets.ISO_8859_1), "utf-8"));
    }
}
