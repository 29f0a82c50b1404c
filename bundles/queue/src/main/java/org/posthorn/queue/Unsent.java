package org.posthorn.queue;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.posthorn.api.events.MailEvent;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.queue.QueueStore;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.api.queue.UnsentMail;
import org.posthorn.api.spool.Kept;
import org.posthorn.api.spool.KeptMail;
import org.posthorn.api.spool.ShelfNote;
import org.posthorn.api.spool.Spool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What senders may do with their mail in the queue. Whoever has it in hand, an attempt or this, keeps the other out. */
record Unsent(Engine engine) implements UnsentMail {

    private static final Logger LOG = LoggerFactory.getLogger(Unsent.class);

    /** So long it is waited for that a mail which has just come is put away. */
    private static final int PATIENCE_SECONDS = 5;

    @Override
    public Optional<QueuedMail> open(MailId id) throws IOException {
        Optional<Attempt> attempt = engine.attempt(id);
        if (attempt.isPresent()) return attempt.map(Attempt::shown);
        boolean held = engine.holds(id);
        try (Lease<QueueStore> store = Aftermath.store(engine.parts().stores(), engine.rules())) {
            Optional<QueuedMail> mail = store.get().get(id);
            if (mail.isPresent() || !held) return mail;
        }
        // Out of the journal, or just come: it is in hand before it is tried, and in no store yet.
        return Optional.of(engine.attempt(id)
                .map(Attempt::shown)
                .orElseThrow(() -> new IOException("the mail is in other hands for a moment")));
    }

    @Override
    public boolean takeBack(MailId id, String by) throws IOException {
        if (!claim(id)) return false;
        try (Lease<QueueStore> store = Aftermath.store(engine.parts().stores(), engine.rules());
                Lease<KeptMail> octets = lease(engine.parts().kept().lease());
                Lease<Spool> journal = lease(engine.parts().spools().lease())) {
            Optional<QueuedMail> mail = store.get().get(id);
            if (mail.isEmpty() || !mail.get().wished()) return false;
            takeBack(mail.get(), store.get(), octets.get(), journal.get());
            engine.parts()
                    .narration()
                    .handled(id, MailEvent.Action.REMOVED, by, engine.clock().instant());
            return true;
        } finally {
            engine.release(id);
        }
    }

    /** @return false when it is being tried */
    private boolean claim(MailId id) throws IOException {
        while (!engine.claim(id)) {
            Optional<Attempt> attempt = engine.attempt(id);
            if (attempt.isPresent() && !attempt.get().isPostponed()) return false;
            // Who holds it without an attempt has it for a moment only, as a command.
            if (attempt.isPresent()) await(attempt.get());
            else if (engine.holds(id)) throw new IOException("the mail is in other hands for a moment");
        }
        return true;
    }

    private static void await(Attempt attempt) throws IOException {
        try {
            attempt.over().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
            throw new IOException("the mail cannot be put away now, nor taken back", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /**
     * The journal comes first: that it needs the mail no more may not be forced yet, and a start would send what stands there. Then who waits, which is nobody, as no
     * start tries such mail again whatever the store says. With that it is taken back, and what cannot be cleared away now is when its time comes.
     */
    private static void takeBack(QueuedMail mail, QueueStore store, KeptMail octets, Spool journal) throws IOException {
        MailId id = mail.id();
        journal.note(id, new ShelfNote.Gone(0));
        Kept kept = octets.inspect(id);
        if (!kept.over()) QueueCommands.nobodyWaits(octets, mail);
        try {
            store.remove(id);
            octets.drop(id);
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "{}: is taken back, and nobody gets it; it cannot be removed from the queue now ({}), and is at its time.",
                    id,
                    e.toString());
        }
    }

    private static <T> Lease<T> lease(Optional<Lease<T>> lease) throws IOException {
        return lease.orElseThrow(() -> new IOException("there is no spool"));
    }
}
