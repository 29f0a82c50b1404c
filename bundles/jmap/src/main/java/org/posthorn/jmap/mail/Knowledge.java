package org.posthorn.jmap.mail;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.events.MailStories;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.api.queue.UnsentMail;

/** Those who know what became of the mail of an account, for one look; leased when they are first asked. For one thread. */
final class Knowledge implements AutoCloseable {

    private final Address account;
    private final Sending sending;
    private Optional<Lease<UnsentMail>> queue = Optional.empty();
    private Optional<Lease<MailStories>> stories = Optional.empty();

    Knowledge(Address account, Sending sending) {
        this.account = account;
        this.sending = sending;
    }

    /** The queue first: what it has no more has its whole story by then. @throws IOException when it cannot be told now */
    DeliveryStatus of(MailId mail) throws IOException {
        if (queue.isEmpty()) queue = lease(sending.queues(), "the queue");
        Optional<QueuedMail> queued = queue.get().get().open(mail);
        // What its sender still holds back went nowhere.
        if (queued.filter(QueuedMail::wished).isPresent()) return DeliveryStatus.of(queued, List.of());
        if (stories.isEmpty()) stories = lease(sending.stories(), "who keeps the stories of mails");
        return DeliveryStatus.of(queued, stories.get().get().sent(account, mail).orElse(List.of()));
    }

    private static <T> Optional<Lease<T>> lease(Leased<T> service, String what) throws IOException {
        Optional<Lease<T>> lease = service.lease();
        if (lease.isEmpty()) throw new IOException(what + " is away");
        return lease;
    }

    @Override
    public void close() {
        queue.ifPresent(Lease::close);
        stories.ifPresent(Lease::close);
    }
}
