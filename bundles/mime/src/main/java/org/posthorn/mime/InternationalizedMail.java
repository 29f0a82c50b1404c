package org.posthorn.mime;

import java.io.IOException;
import java.io.InputStream;
import java.util.regex.Pattern;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Message;

/**
 * Tells internationalized mail, RFC 6532, from mail that has octets above 127 in its header though nobody had to be able to read them: as such mail has always
 * been, in whatever character set, and clients have always been sent it.
 */
public final class InternationalizedMail {

    private static final Pattern ADDRESSES =
            Pattern.compile("(?i)(?:resent-)?(?:from|sender|to|cc|bcc)|reply-to|return-path");

    /** RFC 6531 4.3. */
    private static final Pattern PROTOCOL = Pattern.compile("(?i)\\bwith\\s+UTF8[SL]MTP");

    private InternationalizedMail() {}

    /** Whether it came by SMTPUTF8, as it says, or could have come by nothing else, for an address in its header. Reads the header alone; safe for several threads. */
    public static boolean is(Message message) throws IOException {
        try (InputStream in = message.open()) {
            String header = HeaderBlock.block(in);
            return !isAscii(header) && HeaderBlock.fields(header).stream().anyMatch(InternationalizedMail::tells);
        }
    }

    private static boolean tells(HeaderField field) {
        if (field.is("Received")) return PROTOCOL.matcher(field.value()).find();
        return !isAscii(field.value())
                && ADDRESSES.matcher(field.name()).matches()
                && MailAddress.list(field.value()).stream().anyMatch(InternationalizedMail::isOne);
    }

    private static boolean isOne(MailAddress entry) {
        boolean isAddress = !entry.host().isEmpty() && !entry.host().equals(MailAddress.NO_HOST);
        return isAddress && !isAscii(entry.mailbox() + entry.host());
    }

    private static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }
}
