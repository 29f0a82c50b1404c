package org.posthorn.queue.file;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.queue.QueueStore;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.api.store.Inspection;
import org.posthorn.api.store.StoreCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One file a mail in {@code data/queue}; what lies when is kept in memory and read from the files at the start. */
@Component(property = "name=file")
public final class FileQueueStore implements QueueStore, StoreCheck {

    private static final Logger LOG = LoggerFactory.getLogger(FileQueueStore.class);
    /** Behind which a file that could not be read is read again. */
    private static final Duration AGAIN = Duration.ofMinutes(1);

    /** When a mail is tried again; all that is kept of it in memory. */
    private record Wait(MailId id, Instant next, boolean held, boolean wished) {
        Wait(QueuedMail mail) {
            this(mail.id(), mail.next(), mail.held(), mail.wished());
        }

        Wait at(Instant other) {
            return new Wait(id, other, held, wished);
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
        // Whose file cannot be read now is asked for when mail is due, and tells then when it is.
        this.folder.all().forEach(id -> waits.put(id, new Wait(id, Instant.EPOCH, false, false)));
        read(waits.values().stream(), w -> w, mail -> {});
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
    public List<QueuedMail> due(Instant now, int most) {
        List<QueuedMail> mails = new ArrayList<>();
        Stream<Wait> due = waiting()
                .filter(w -> !w.next().isAfter(now))
                .sorted(Comparator.comparing(Wait::next))
                .limit(most);
        read(due, w -> w.at(now.plus(AGAIN)), mails::add);
        mails.removeIf(m -> m.held() || m.next().isAfter(now));
        return mails;
    }

    @Override
    public List<QueuedMail> dueAfter(Instant horizon, int most) {
        List<QueuedMail> mails = new ArrayList<>();
        Stream<Wait> far =
                waiting().filter(w -> w.next().isAfter(horizon) && !w.wished()).limit(most);
        read(far, w -> w.at(horizon), mails::add);
        return mails;
    }

    @Override
    public Optional<Instant> nextDue() {
        return waiting().map(Wait::next).min(Comparator.naturalOrder());
    }

    private Stream<Wait> waiting() {
        return waits.values().stream().filter(w -> !w.held());
    }

    @Override
    public List<QueuedMail> list(Optional<MailId> after, int most) {
        List<QueuedMail> mails = new ArrayList<>();
        NavigableMap<MailId, Wait> rest =
                after.map(id -> waits.tailMap(id, false)).orElse(waits);
        // A page without a mail would be taken for the end.
        while (mails.isEmpty() && !rest.isEmpty()) {
            List<Wait> page = rest.values().stream().limit(most).toList();
            read(page.stream(), w -> w, mails::add);
            rest = rest.tailMap(page.get(page.size() - 1).id(), false);
        }
        return mails;
    }

    /**
     * What one file has, the others must not miss.
     *
     * @param unreadable what is kept in memory of one that cannot be read now
     */
    private void read(Stream<Wait> which, UnaryOperator<Wait> unreadable, Consumer<QueuedMail> each) {
        List<IOException> troubles = new ArrayList<>();
        for (Wait wait : which.toList()) {
            try {
                Optional<QueuedMail> mail = folder.read(wait.id());
                mail.ifPresent(each);
                // Set aside as damaged, or deleted by hand: it is not to be asked for again and again.
                if (mail.isEmpty()) waits.remove(wait.id(), wait);
                else waits.replace(wait.id(), wait, new Wait(mail.get()));
            } catch (IOException e) {
                troubles.add(e);
                waits.replace(wait.id(), wait, unreadable.apply(wait));
            }
        }
        if (!troubles.isEmpty())
            LOG.warn(
                    "{} files of the queue cannot be read now; their mail stays and is tried when they can. The first: {}",
                    troubles.size(),
                    troubles.get(0).toString());
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
