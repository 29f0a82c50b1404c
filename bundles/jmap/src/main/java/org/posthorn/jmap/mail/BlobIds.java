package org.posthorn.jmap.mail;

import org.posthorn.api.mailbox.ObjectId;

/** What octets of mail go by: a message by its EMAILID, a part by what its message goes by, with its place in that. */
final class BlobIds {

    private BlobIds() {}

    static String email(long number) {
        return ObjectId.email(number);
    }

    /** @param message of a message in a message that of the part which it is */
    static String part(String message, String partId) {
        return message + (message.indexOf('-') < 0 ? '-' : '_') + partId;
    }
}
