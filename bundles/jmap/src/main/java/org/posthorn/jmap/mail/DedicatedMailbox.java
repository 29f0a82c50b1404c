package org.posthorn.jmap.mail;

import java.io.IOException;
import java.util.Optional;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.SpecialUse;

/** The mailbox of a role or, where some program made one of its name and said nothing of its use, that one. */
record DedicatedMailbox(String name, String id) {

    /** Made where there is none. */
    static DedicatedMailbox of(MailView mail, SpecialUse use) throws IOException {
        Optional<DedicatedMailbox> there = find(mail, use);
        if (there.isPresent()) return there.get();
        try {
            mail.make(use);
        } catch (MailboxFault fault) {
            // Another session may have had it made meanwhile.
            return find(mail, use).orElseThrow(() -> fault);
        }
        return find(mail, use).orElseThrow(() -> new IOException(use.mailbox() + " went while it was made"));
    }

    static Optional<DedicatedMailbox> find(MailView mail, SpecialUse use) throws IOException {
        String name = used(mail.account(), use).orElse(use.mailbox());
        return Optional.ofNullable(mail.emails().mailboxes().get(name)).map(id -> new DedicatedMailbox(name, id));
    }

    private static Optional<String> used(Account account, SpecialUse use) throws IOException {
        return account.list().stream()
                .filter(l -> l.use().filter(use::equals).isPresent())
                .map(Listed::name)
                .findFirst();
    }
}
