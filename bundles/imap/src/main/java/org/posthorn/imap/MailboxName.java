package org.posthorn.imap;

import java.io.IOException;
import java.text.Normalizer;
import java.text.Normalizer.Form;

/**
 * A mailbox as the client names it, in Unicode.
 *
 * @param given as it was written
 * @param name which mailbox that is: in normal form C if it was in UTF-8, unless there is one of the name just as it was written (RFC 9051 5.1)
 */
public record MailboxName(String given, String name) {

    static MailboxName read(String octets, Session session) throws IOException {
        String given = session.dialect().read(octets);
        boolean asGiven =
                !session.dialect().hasUtf8() || Normalizer.isNormalized(given, Form.NFC) || session.exists(given);
        return new MailboxName(given, asGiven ? given : Normalizer.normalize(given, Form.NFC));
    }
}
