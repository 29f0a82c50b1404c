package org.posthorn.queue;

import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.queue.QueueStore;
import org.posthorn.api.queue.QueuedMail;

/** A store in memory that says what is done to it. */
class FakeStore implements QueueStore {

    final ConcurrentSkipListMap<MailId, QueuedMail> mails = new ConcurrentSkipListMap<>();
    private final Happenings happenings;
    /** Nothing can be changed. */
    volatile boolean full;

    volatile Optional<MailId> unreadable = Optional.empty();

    FakeStore(Happenings happenings) {
        this.happenings = happenings;
    }

    @Override
    public void put(QueuedMail mail) throws IOException {
        room(mail.id());
        unreadable = unreadable.filter(id -> !id.equals(mail.id()));
        mails.put(mail.id(), mail);
        happenings.add("put " + mail.id().number());
    }

    private void room(MailId id) throws IOException {
        if (!full) return;
        happenings.add("no room for " + id.number());
        throw new IOException("No space left on device");
    }

    @Override
    public Optional<QueuedMail> get(MailId id) throws IOException {
        if (unreadable.isPresent() && unreadable.get().equals(id)) throw new IOException("torn");
        return Optional.ofNullable(mails.get(id));
    }

    @Override
    public void remove(MailId id) throws IOException {
        room(id);
        mails.remove(id);
        happenings.add("remove " + id.number());
    }

    @Override
    public List<QueuedMail> due(Instant now, int most) {
        return mails.values().stream()
                .filter(m -> !m.held() && !m.next().isAfter(now))
                .sorted(Comparator.comparing(QueuedMail::next))
                .limit(most)
                .toList();
    }

    @Override
    public List<QueuedMail> dueAfter(Instant horizon, int most) {
        return mails.values().stream()
                .filter(m -> !m.held() && !m.wished() && m.next().isAfter(horizon))
                .limit(most)
                .toList();
    }

    @Override
    public Optional<Instant> nextDue() {
        return mails.values().stream()
                .filter(m -> !m.held())
                .map(QueuedMail::next)
                .min(Comparator.naturalOrder());
    }

    @Override
    public List<QueuedMail> list(Optional<MailId> after, int most) {
        return mails.values().stream()
                .filter(m -> after.isEmpty() || m.id().compareTo(after.get()) > 0)
                .limit(most)
                .toList();
    }

    @Override
    public long size() {
        return mails.size();
    }
}
