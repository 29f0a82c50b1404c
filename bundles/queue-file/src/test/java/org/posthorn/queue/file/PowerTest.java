package org.posthorn.queue.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.testkit.disk.Disk;
import org.posthorn.testkit.disk.PowerCut;

/** The power fails behind each single operation on the disk: each mail is as it was put last, or as a put said that had no answer yet. */
class PowerTest {

    /** Something that was done to the store, or is about to be. Empty for a removal. */
    private record Change(MailId id, Optional<QueuedMail> mail, boolean done) {}

    @TempDir
    Path real;

    private Disk disk;

    @Test
    void what_was_put_is_there_and_what_was_removed_is_gone() throws Exception {
        disk = new Disk(real);
        FileQueueStore store = new FileQueueStore(disk.root().resolve("queue"));
        for (long id = 1; id <= 4; id++) put(store, mail(id, 0));
        put(store, mail(2, 60));
        remove(store, 3);
        put(store, mail(2, 120));
        put(store, mail(3, 60));
        remove(store, 1);
        assertThat(PowerCut.each(disk, 8, PowerTest::holds)).isGreaterThan(300);
    }

    private void put(FileQueueStore store, QueuedMail mail) throws IOException {
        disk.mark(new Change(mail.id(), Optional.of(mail), false));
        store.put(mail);
        disk.mark(new Change(mail.id(), Optional.of(mail), true));
    }

    private void remove(FileQueueStore store, long id) throws IOException {
        disk.mark(new Change(MailId.of(id), Optional.empty(), false));
        store.remove(MailId.of(id));
        disk.mark(new Change(MailId.of(id), Optional.empty(), true));
    }

    private static void holds(Path left, PowerCut cut) throws IOException {
        FileQueueStore store = new FileQueueStore(left.resolve("queue"));
        Map<MailId, Optional<QueuedMail>> answered = new HashMap<>();
        Map<MailId, Optional<QueuedMail>> begun = new HashMap<>();
        for (Change change : cut.told(Change.class)) {
            (change.done() ? answered : begun).put(change.id(), change.mail());
        }
        for (MailId id : begun.keySet())
            assertThat(store.get(id)).isIn(answered.getOrDefault(id, Optional.empty()), begun.get(id));
        assertThat(store.list(Optional.empty(), 100)).hasSize((int) store.size());
        assertThat(left.resolve("queue/damaged")).doesNotExist();
        store.put(mail(9, 0));
    }

    private static QueuedMail mail(long id, long next) {
        List<Recipient> to = List.of(new Recipient(Address.of("bob@example.org")));
        Envelope envelope = new Envelope(Optional.of(Address.of("alice@example.test")), MailParameters.NONE, to);
        Instant start = Instant.parse("2026-11-22T12:00:00Z");
        // Longer than a sector, so that it can be torn.
        String reply = "451 4.7.1 " + "later ".repeat(300);
        List<QueuedMail.Attempts> attempts = List.of(new QueuedMail.Attempts(true, 1, "mx.example.org", reply));
        Origin origin = Origin.local("mx.example.test");
        return new QueuedMail(
                MailId.of(id), start, origin, envelope, attempts, 4096, false, start.plusSeconds(next), false, true);
    }
}
