package org.posthorn.events;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.api.queue.QueueStore;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.api.spool.Pending;
import org.posthorn.api.spool.Spool;

/** Looks where a mail is at this moment: in the queue's stores, in the journal, on the shelf. */
record Present(Leased<QueueStore> stores, Leased<Spool> spools, Leased<MailboxStore> mailboxes) {

    Present() {
        this(new Leased<>(), new Leased<>(), new Leased<>());
    }

    /** It in the store where it waits. @throws IOException when a store cannot be asked */
    Optional<QueuedMail> waiting(MailId id) throws IOException {
        List<Lease<QueueStore>> all = stores.all();
        try {
            for (Lease<QueueStore> store : all) {
                Optional<QueuedMail> mail = store.get().get(id);
                if (mail.isPresent()) return mail;
            }
            return Optional.empty();
        } finally {
            all.forEach(Lease::close);
        }
    }

    /** It in the journal, with what is done of it. */
    Optional<Pending> pending(MailId id) throws IOException {
        try (Lease<Spool> spool = spools.lease().orElseThrow(() -> new IOException("there is no spool"))) {
            return spool.get().replay().stream()
                    .filter(p -> p.mail().id().equals(id))
                    .findFirst();
        }
    }

    /** What there is to say of a mail that was put on a shelf. */
    String shelf(MailEvent.Shelved shelved) {
        try (Lease<MailboxStore> store =
                mailboxes.lease().orElseThrow(() -> new IOException("there is no mailbox store"))) {
            return shelf(store.get(), shelved);
        } catch (IOException e) {
            return "which cannot be looked at now: " + e.getMessage();
        }
    }

    private static String shelf(MailboxStore store, MailEvent.Shelved shelved) throws IOException {
        Address account = shelved.account();
        // Asked for its account, the store would make one.
        if (!store.exists(account)) return "but its account is there no longer";
        Optional<Mailbox> mailbox = store.account(account).mailbox(shelved.mailbox());
        boolean same = mailbox.isPresent() && mailbox.get().status().uidValidity() == shelved.uidValidity();
        List<Entry> entries = same ? mailbox.get().entries(UidSet.of(shelved.uid())) : List.of();
        if (entries.isEmpty()) return "but is there no longer: its reader has moved or deleted it";
        return (entries.get(0).flags().system() & Flags.SEEN) == 0 ? "not read yet" : "read";
    }
}
