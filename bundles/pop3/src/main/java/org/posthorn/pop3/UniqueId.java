package org.posthorn.pop3;

import java.util.HexFormat;
import java.util.Locale;

/** How a unique id is made of the UIDVALIDITY of the INBOX and the message's UID, RFC 1939 7: as this server has always done, or as one did that had the mail before. */
enum UniqueId {
    POSTHORN((validity, uid) -> validity + "." + uid),
    /** As Dovecot has it by default, {@code pop3_uidl_format = %08Xu%08Xv}. */
    DOVECOT((validity, uid) -> hex(uid) + hex(validity)),
    /** As {@code ipop3d} of the University of Washington has it. */
    UW((validity, uid) -> hex(validity) + hex(uid));

    private interface Form {
        String of(long uidValidity, long uid);
    }

    private final Form form;

    UniqueId(Form form) {
        this.form = form;
    }

    /** @throws IllegalArgumentException when there is none of that name */
    static UniqueId named(String name) {
        try {
            return valueOf(name.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException none) {
            throw new IllegalArgumentException("uidl is posthorn, dovecot or uw, and not " + name, none);
        }
    }

    /** Two numbers of 32 bits as one word. It never changes, and no other message of the account ever has it. */
    String of(long uidValidity, long uid) {
        return form.of(uidValidity, uid);
    }

    private static String hex(long number) {
        return HexFormat.of().toHexDigits(number, 8);
    }
}
