package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import org.posthorn.jmap.Refusal;

/** What a client may call a Mailbox, RFC 8621 2: Net-Unicode (RFC 5198), and nothing that stands between levels here. */
final class MailboxName {

    /** In UTF-8, as {@code maxSizeMailboxName} says. */
    static final int LONGEST = 200;

    private MailboxName() {}

    static String checked(JsonNode json) throws Refusal {
        if (!json.isTextual()) throw Refusal.of("name", "It is a string");
        String name = Normalizer.normalize(json.textValue(), Normalizer.Form.NFC);
        if (name.isBlank() || name.getBytes(StandardCharsets.UTF_8).length > LONGEST)
            throw Refusal.of("name", "It has 1 to " + LONGEST + " octets");
        if (name.chars().anyMatch(MailboxName::isStrange))
            throw Refusal.of("name", "Dots, slashes and control characters cannot be in it");
        if (name.codePoints().noneMatch(MailboxName::isSeen)) throw Refusal.of("name", "Nothing is seen of it");
        return name;
    }

    private static boolean isSeen(int c) {
        return !Character.isWhitespace(c) && !Character.isSpaceChar(c) && Character.getType(c) != Character.FORMAT;
    }

    private static boolean isStrange(int c) {
        return c == '.' || c == '/' || Character.isISOControl(c) || c == 0x2028 || c == 0x2029;
    }
}
