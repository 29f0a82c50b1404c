package org.posthorn.mailbox;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.posthorn.api.mail.Address;

/** What a mailbox keeps whatever it is called later: the number of its MAILBOXID, RFC 8474 4. */
final class MailboxNumber {

    private MailboxNumber() {}

    /**
     * Of a mailbox that begins under that name. The index keeps it; made of what the shelf tells as well, it is the same one when the index is lost, as the same
     * name and UIDVALIDITY demand. UIDVALIDITY alone would not do: other programs give it twice.
     */
    static long of(Address account, String name, long uidValidity) {
        byte[] whole = (account.folded() + "\n" + name + "\n" + uidValidity).getBytes(StandardCharsets.UTF_8);
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(whole))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
