package org.posthorn.queue.file;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.queue.QueueStore;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.api.store.Inspection;
import org.posthorn.api.store.StoreCheck;

/** One file a mail in {@code data/queue}; what lies when is kept in memory and read from the files at the start. */
@Component(property = "name=file")
public final class FileQueueStore implements QueueStore, StoreCheck {

    /** When a mail is tried again; all that is kept of it in memory. */
    private record Wait(MailId id, Instant next, boolean held) {
        Wait(QueuedMail mail) {
            this(mail.id(), mail.next(), mail.held());
        }
    }

    private final QueueFolder folder;
    private final NavigableMap<MailId, Wait> waits = new ConcurrentSkipListMap<>();

    @Activate
    public FileQueueStore(BundleContext context) throws IOException {
        this(Path.of(context.getProperty("posthorn.data"), "queue"));
    }

    FileQueueStore(Path folder) throws IOException {
        this.folder = new QueueFolder(folder);
        this.folder.readAll(mail -> waits.put(mail.id(), new Wait(mail)));
    }

    @Override
    public void put(QueuedMail mail) throws IOException {
        folder.write(mail);
        waits.put(mail.id(), new Wait(mail));
    }

    @Override
    public Optional<QueuedMail> get(MailId id) throws IOException {
        return waits.containsKey(id) ? folder.read(id) : Optional.empty();
    }

    @Override
    public void remove(MailId id) throws IOException {
        if (!waits.containsKey(id)) return;
        folder.delete(id);
        waits.remove(id);
    }

    @Override
    public List<QueuedMail> due(Instant now, int most) throws IOException {
        return read(waiting()
                .filter(w -> !w.next().isAfter(now))
                .sorted(Comparator.comparing(Wait::next))
                .limit(most));
    }

    @Override
    public List<QueuedMail> dueAfter(Instant horizon, int most) throws IOException {
        return read(waiting().filter(w -> w.next().isAfter(horizon)).limit(most));
    }

    @Override
    public Optional<Instant> nextDue() {
        return waiting().map(Wait::next).min(Comparator.naturalOrder());
    }

    private Stream<Wait> waiting() {
        return waits.values().stream().filter(w -> !w.held());
    }

    @Override
    public List<QueuedMail> list(Optional<MailId> after, int most) throws IOException {
        NavigableMap<MailId, Wait> rest =
                after.map(id -> waits.tailMap(id, false)).orElse(waits);
        return read(rest.values().stream().limit(most));
    }

    private List<QueuedMail> read(Stream<Wait> which) throws IOException {
        List<QueuedMail> mails = new ArrayList<>();
        for (Wait wait : which.toList()) {
            Optional<QueuedMail> mail = folder.read(wait.id());
            mail.ifPresent(mails::add);
            // Set aside as damaged, or deleted by hand: it is not to be asked for again and again.
            if (mail.isEmpty()) waits.remove(wait.id(), wait);
        }
        return mails;
    }

    @Override
    public String store() {
        return "queue-file";
    }

    /** Behind the queue, which looks whether the mail waits again. */
    @Override
    public int turn() {
        return 3;
    }

    @Override
    public void inspect(Inspection inspection) throws IOException {
        if (inspection.account().isEmpty()) new DamagedFiles(folder.damaged()).inspect(inspection);
    }

    @Override
    public long size() {
        return waits.size();
    }
}
