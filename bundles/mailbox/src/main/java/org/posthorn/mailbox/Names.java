package org.posthorn.mailbox;

import java.util.Locale;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.mime.ModifiedUtf7;

/** What a mailbox may be called. */
final class Names {

    private static final int LONGEST = 200;

    private Names() {}

    /** INBOX in any case is INBOX, and so is the first level of what lies below it; RFC 3501 5.1. */
    static String canonical(String name) {
        if (name.equalsIgnoreCase(AccountShelf.INBOX)) return AccountShelf.INBOX;
        boolean below = name.toUpperCase(Locale.ROOT).startsWith("INBOX.");
        return below ? AccountShelf.INBOX + name.substring(AccountShelf.INBOX.length()) : name;
    }

    /** The name for something to be made. A separator at the end only says that more will come below it, RFC 3501 6.3.3. */
    static String fresh(String name) throws MailboxFault {
        String plain = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        boolean empty = plain.isEmpty() || plain.startsWith(".") || plain.endsWith(".") || plain.contains("..");
        if (empty) throw cannot("A mailbox name has no empty level");
        if (plain.chars().anyMatch(Names::foreign))
            throw cannot("A mailbox name has no / * % and no control characters");
        if (ModifiedUtf7.encode(plain).length() > LONGEST || !Character.isDefined(plain.charAt(0)))
            throw cannot("This mailbox name is too long");
        return canonical(plain);
    }

    /** The name for something to be subscribed to: what others share may be, and has slashes between its levels. */
    static String subscribed(String name) throws MailboxFault {
        if (name.indexOf('/') < 0) return fresh(name);
        fresh(name.replace('/', '.'));
        return name;
    }

    /** What separates lines or paragraphs counts as control, RFC 9755 3. */
    private static boolean foreign(int c) {
        return c == '/' || c == '*' || c == '%' || c == 0x2028 || c == 0x2029 || Character.isISOControl(c);
    }

    static MailboxFault cannot(String why) {
        return new MailboxFault(MailboxFault.Kind.CANNOT, why);
    }
}
