package org.posthorn.queue.memory;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Component;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.queue.QueueStore;
import org.posthorn.api.queue.QueuedMail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps nothing beyond the process: for tests and for machines whose mail may be lost. */
@Component(property = "name=memory")
public final class MemoryQueueStore implements QueueStore {

    private static final Logger LOG = LoggerFactory.getLogger(MemoryQueueStore.class);

    private final AtomicBoolean told = new AtomicBoolean();
    private final NavigableMap<MailId, QueuedMail> mails = new ConcurrentSkipListMap<>();

    @Override
    public void put(QueuedMail mail) {
        if (!told.getAndSet(true))
            LOG.warn("Mail waits in the queue store \"memory\", and is lost when the server stops.");
        mails.put(mail.id(), mail);
    }

    @Override
    public Optional<QueuedMail> get(MailId id) {
        return Optional.ofNullable(mails.get(id));
    }

    @Override
    public void remove(MailId id) {
        mails.remove(id);
    }

    @Override
    public List<QueuedMail> due(Instant now, int most) {
        return waiting()
                .filter(m -> !m.next().isAfter(now))
                .sorted(Comparator.comparing(QueuedMail::next))
                .limit(most)
                .toList();
    }

    @Override
    public List<QueuedMail> dueAfter(Instant horizon, int most) {
        return waiting()
                .filter(m -> m.next().isAfter(horizon) && !m.wished())
                .limit(most)
                .toList();
    }

    @Override
    public Optional<Instant> nextDue() {
        return waiting().map(QueuedMail::next).min(Comparator.naturalOrder());
    }

    private Stream<QueuedMail> waiting() {
        return mails.values().stream().filter(m -> !m.held());
    }

    @Override
    public List<QueuedMail> list(Optional<MailId> after, int most) {
        NavigableMap<MailId, QueuedMail> rest =
                after.map(id -> mails.tailMap(id, false)).orElse(mails);
        return rest.values().stream().limit(most).toList();
    }

    @Override
    public long size() {
        return mails.size();
    }
}
