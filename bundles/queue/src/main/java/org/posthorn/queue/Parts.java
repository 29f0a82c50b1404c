package org.posthorn.queue;

import org.posthorn.api.delivery.Transport;
import org.posthorn.api.events.Teller;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.queue.QueueStore;
import org.posthorn.api.routing.Router;
import org.posthorn.api.spool.KeptMail;
import org.posthorn.api.spool.Spool;

/** The services that the queue works with. */
record Parts(
        Leased<Spool> spools,
        Leased<KeptMail> kept,
        Leased<QueueStore> stores,
        Leased<Router> routers,
        Leased<Transport> transports,
        Leased<MailboxStore> mailboxes,
        Teller teller) {

    Parts() {
        this(
                new Leased<>(),
                new Leased<>(),
                new Leased<>(),
                new Leased<>(),
                new Leased<>(),
                new Leased<>(),
                new Teller());
    }

    Narration narration() {
        return new Narration(teller);
    }
}
