package org.posthorn.users;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Access;
import org.posthorn.api.mailbox.AccessList;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.Namespaces;

/** What others share with a user, RFC 4314. They gave it to him, and not to whoever has his address later. */
final class Shares {

    private Shares() {}

    /** Takes him out of the lists of all mailboxes of others that give him something; those who share with anyone still do. */
    static void end(MailboxStore store, Address user) throws IOException {
        Namespaces namespaces = store.namespaces(user);
        List<Address> owners = new ArrayList<>(namespaces.others());
        namespaces.shared().ifPresent(owners::add);
        // Asking must not make an account.
        for (Address owner : owners) if (store.exists(owner)) end(store, owner, AccessList.identifier(user));
    }

    private static void end(MailboxStore store, Address owner, String identifier) throws IOException {
        Access access = store.access(owner);
        for (String mailbox : access.mailboxes(identifier)) end(access, mailbox, identifier);
    }

    private static void end(Access access, String mailbox, String identifier) throws IOException {
        try {
            access.change(mailbox, identifier, rights -> Optional.empty());
        } catch (MailboxFault gone) {
            // Its list has outlived it, and gives nobody anything.
            if (gone.kind() != MailboxFault.Kind.NONEXISTENT) throw gone;
        }
    }
}
