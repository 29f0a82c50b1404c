package org.posthorn.imap.command;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.imap.Arguments;
import org.posthorn.imap.MessageCache;
import org.posthorn.imap.SyntaxFault;

/**
 * A message or a part of one by a URL without scheme and server, RFC 5092 7.
 *
 * @param mailbox its name in Unicode; empty for the selected one
 * @param uidValidity what the mailbox must have, if that is said
 * @param section all of the message, when none is named
 */
record MessageUrl(Optional<String> mailbox, OptionalLong uidValidity, long uid, Section section) {

    private static final String NUMBER = "([1-9][0-9]{0,17})";
    private static final Pattern FORM = Pattern.compile(
            "/?(?<mailbox>[^;?#]*?)(?:;UIDVALIDITY=(?<validity>" + NUMBER + "))?/?;UID=(?<uid>" + NUMBER + ")"
                    + "(?:/;SECTION=(?<section>[^;?#]+?))?"
                    + "(?:/;PARTIAL=(?<from>[0-9]{1,18})(?:\\.(?<count>" + NUMBER + "))?)?",
            Pattern.CASE_INSENSITIVE);

    /** Reads one; empty for what is none, and for those of other servers and users. */
    static Optional<MessageUrl> parse(String text) {
        Matcher url = FORM.matcher(text);
        if (!url.matches() || text.startsWith("//")) return Optional.empty();
        try {
            String mailbox = decode(url.group("mailbox"));
            String section = url.group("section") == null ? "" : decode(url.group("section"));
            return Optional.of(new MessageUrl(
                    Optional.of(mailbox).filter(m -> !m.isEmpty()),
                    number(url.group("validity")),
                    Long.parseLong(url.group("uid")),
                    piece(url, section(section))));
        } catch (CharacterCodingException | SyntaxFault wrong) {
            return Optional.empty();
        }
    }

    /** The message, if the mailbox still is the one that is meant, and has it. @param user who calls the mailbox by its name */
    Optional<ReadMessage> message(Mailbox mailbox, MessageCache cache, Address user) throws IOException {
        long validity = mailbox.status().uidValidity();
        if (uidValidity.orElse(validity) != validity) return Optional.empty();
        return mailbox.entries(UidSet.of(uid)).stream()
                .findFirst()
                .map(entry -> new ReadMessage(cache, user, mailbox, validity, entry));
    }

    private static OptionalLong number(String digits) {
        return digits == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(digits));
    }

    private static Section section(String text) {
        Arguments in = new Arguments("[" + text + "]");
        Section section = Section.parse(in, true);
        in.end();
        return section;
    }

    private static Section piece(Matcher url, Section whole) {
        OptionalLong from = number(url.group("from"));
        return from.isEmpty()
                ? whole
                : whole.piece(from.getAsLong(), number(url.group("count")).orElse(Long.MAX_VALUE));
    }

    /** UTF-8 behind percent signs, RFC 5092 8. */
    static String decode(String text) throws CharacterCodingException {
        ByteBuffer octets = ByteBuffer.allocate(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%') octets.put((byte) c);
            else {
                octets.put((byte) octet(text, i + 1));
                i += 2;
            }
        }
        return StandardCharsets.UTF_8.newDecoder().decode(octets.flip()).toString();
    }

    private static int octet(String text, int from) {
        if (from + 2 > text.length()) throw new SyntaxFault("Two digits are missing behind %");
        int high = Character.digit(text.charAt(from), 16);
        int low = Character.digit(text.charAt(from + 1), 16);
        if (high < 0 || low < 0) throw new SyntaxFault("% is for two hexadecimal digits");
        return high << 4 | low;
    }
}
