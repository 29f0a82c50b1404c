package org.posthorn.imap;

import java.nio.charset.StandardCharsets;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.mime.Charsets;
import org.posthorn.mime.ModifiedUtf7;

/** Mailbox names as clients send them: in modified UTF-7, RFC 3501 5.1.3, or in the plain UTF-8 that some send instead. */
public final class MailboxName {

    private MailboxName() {}

    /** Octets as a name in Unicode. */
    public static String decode(String octets) throws MailboxFault {
        if (octets.chars().anyMatch(c -> c > 126))
            return Charsets.decode(octets.getBytes(StandardCharsets.ISO_8859_1), "utf-8");
        return ModifiedUtf7.decode(octets)
                .orElseThrow(
                        () -> new MailboxFault(MailboxFault.Kind.CANNOT, "That mailbox name is not in modified UTF-7"));
    }
}
