package org.posthorn.queue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.queue.QueueStore;
import org.posthorn.api.spool.Pending;
import org.posthorn.api.spool.Spool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Goes on with what the journal holds from before: of the last process, or of the version of this bundle that ran until now, which is let end first. What lies on a shelf
 * already, and what waits in the store, is not tried again; therefore both must be there.
 */
final class Restart {

    private static final Logger LOG = LoggerFactory.getLogger(Restart.class);

    private final Engine engine;
    private final Crew crew;
    private final BooleanSupplier another;
    private final Runnable claimed;
    private final Set<MailId> came = new HashSet<>();
    private final Set<MailId> found = new HashSet<>();
    private final Set<MailId> mine = new HashSet<>();
    private boolean over;

    /**
     * @param another whether an older queue still has mail in hand
     * @param claimed called when all of the journal's mail is in our hands: before that, nobody may take mail out of the store, since a crash may have
     *     left it in both
     */
    Restart(Engine engine, Crew crew, BooleanSupplier another, Runnable claimed) {
        this.engine = engine;
        this.crew = crew;
        this.another = another;
        this.claimed = claimed;
    }

    /** Whether a mail that comes is new to us; if it is, it will not be looked for in the journal. */
    synchronized boolean isNew(MailId id) {
        if (found.contains(id)) return false;
        if (!over) came.add(id);
        return true;
    }

    void begin(Spool spool) {
        if (another.getAsBoolean()) {
            crew.later(1, () -> crew.now(() -> begin(spool)));
            return;
        }
        try {
            // A report of ours on mail that came meanwhile was never added: it is in hand, and not to be gone on with.
            missed(spool).stream().filter(engine::claim).forEach(mine::add);
            List<Pending> pending = claimed(spool);
            claimed.run();
            if (!pending.isEmpty()) resume(pending);
        } catch (IOException e) {
            LOG.error("The journal cannot be read ({}); that is tried again.", e.getMessage());
            crew.later(10, () -> crew.now(() -> begin(spool)));
        }
    }

    /** As they stand now: what was looked at before the claim may be settled by now. */
    private List<Pending> claimed(Spool spool) throws IOException {
        List<Pending> open = new ArrayList<>();
        for (Pending pending : spool.replay()) if (mine.remove(pending.mail().id())) open.add(pending);
        mine.forEach(engine::release);
        mine.clear();
        return open;
    }

    private synchronized List<MailId> missed(Spool spool) throws IOException {
        List<MailId> missed = new ArrayList<>();
        for (Pending pending : spool.replay()) {
            MailId id = pending.mail().id();
            if (!came.contains(id) && found.add(id)) missed.add(id);
        }
        over = true;
        came.clear();
        return missed;
    }

    /** Takes a mail in hand that came into the journal without being added; whoever adds it now comes too late. */
    void take(Spool spool, MailId id) throws IOException {
        if (!engine.claim(id)) return;
        // What was looked at before the claim may be settled by now.
        for (Pending pending : spool.replay())
            if (pending.mail().id().equals(id)) {
                seen(id);
                resume(List.of(pending));
                return;
            }
        engine.release(id);
    }

    private synchronized void seen(MailId id) {
        found.add(id);
    }

    private void resume(List<Pending> pending) {
        LOG.info("{} mails of the journal are gone on with.", pending.size());
        Runnable take = () -> pending.forEach(this::take);
        List<String> store = List.of(engine.rules().store());
        crew.whenPresent(
                engine.parts().mailboxes(),
                List.of(),
                () -> crew.whenPresent(engine.parts().stores(), store, take));
    }

    /** It is claimed, and stays so until it is tried or nothing of it is open. */
    private void take(Pending pending) {
        MailId id = pending.mail().id();
        try {
            Set<Integer> open = open(pending);
            Set<Address> waiting = waiting(id);
            if (waiting.isEmpty()) new Litter(engine).sweepHalfKept(id);
            if (open.isEmpty()) engine.release(id);
            else engine.begin(Attempt.first(pending.mail(), open, waiting));
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            LOG.warn("{}: cannot be gone on with now ({}); that is tried again.", id, e.toString());
            crew.later(10, () -> crew.now(() -> take(pending)));
        }
    }

    private Set<Integer> open(Pending pending) throws IOException {
        Mail mail = pending.mail();
        Set<Integer> open = IntStream.range(0, mail.envelope().recipients().size())
                .boxed()
                .collect(Collectors.toCollection(HashSet::new));
        open.removeAll(pending.settled());
        if (open.isEmpty()) return open;
        try (Lease<MailboxStore> mailboxes =
                engine.parts().mailboxes().lease().orElseThrow(() -> new IOException("there is no mailbox store"))) {
            open.removeAll(mailboxes.get().shelved(pending));
        }
        return open;
    }

    private Set<Address> waiting(MailId id) throws IOException {
        try (Lease<QueueStore> store = Aftermath.store(engine.parts().stores(), engine.rules())) {
            return store.get()
                    .get(id)
                    .map(m -> m.envelope().recipients().stream()
                            .map(Recipient::address)
                            .collect(Collectors.toSet()))
                    .orElse(Set.of());
        }
    }
}
