package org.posthorn.queue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.queue.QueueStore;
import org.posthorn.api.queue.QueuedMail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries at once what waits because a part of the server was away or broke, whenever routers, transports or mailboxes have come or gone: perhaps it is put right now, and the
 * retry date may lie hours ahead. An attempt that is none of those of the schedule lengthens no pause.
 */
final class Comeback {

    private static final Logger LOG = LoggerFactory.getLogger(Comeback.class);
    /** A swap tells of each of its steps. */
    private static final long BEHIND_MILLIS = 1_000;

    private static final int PAGE = 200;

    /** What the server says of itself, RFC 3463 3.4. */
    private static final Pattern OURS = Pattern.compile("451 4\\.3\\.[025] .*", Pattern.DOTALL);

    private final Engine engine;
    private final Crew crew;
    private final Waits waits;
    private final AtomicBoolean asked = new AtomicBoolean();

    Comeback(Engine engine, Crew crew, Waits waits) {
        this.engine = engine;
        this.crew = crew;
        this.waits = waits;
    }

    /** Also what waited for a part when the server was stopped. */
    void start() {
        Parts parts = engine.parts();
        crew.atClose(parts.routers().onChange(this::changed));
        crew.atClose(parts.transports().onChange(this::changed));
        crew.atClose(parts.mailboxes().onChange(this::changed));
        crew.atClose(parts.stores().onChange(this::changed));
        changed();
    }

    private void changed() {
        if (asked.compareAndSet(false, true)) crew.laterMillis(BEHIND_MILLIS, () -> crew.now(this::look));
    }

    private void look() {
        asked.set(false);
        // Whoever comes later, as in a start, is asked then.
        if (!engine.parts().stores().names().contains(engine.rules().store())) return;
        try (Lease<QueueStore> store = Aftermath.store(engine.parts().stores(), engine.rules())) {
            long tried = putOff(store.get()).stream()
                    .filter(id -> tryNow(store.get(), id))
                    .count();
            if (tried == 0) return;
            LOG.info("Parts of the server have changed: {} mails that waited for one are tried now.", tried);
            waits.wake();
        } catch (IOException | RuntimeException e) {
            LOG.warn("Mail that waits for a part of the server is tried at its time: {}.", e.toString());
        }
    }

    /** Those that were put off for a part of the server. */
    private static List<MailId> putOff(QueueStore store) throws IOException {
        List<MailId> ids = new ArrayList<>();
        List<QueuedMail> page = store.list(Optional.empty(), PAGE);
        while (!page.isEmpty()) {
            page.stream().filter(Comeback::forPart).map(QueuedMail::id).forEach(ids::add);
            page = store.list(Optional.of(page.get(page.size() - 1).id()), PAGE);
        }
        return ids;
    }

    private static boolean forPart(QueuedMail mail) {
        return !mail.held()
                && mail.attempts().stream()
                        .anyMatch(a -> a.lastHost().isEmpty()
                                && OURS.matcher(a.lastReply()).matches());
    }

    private boolean tryNow(QueueStore store, MailId id) {
        if (!engine.claim(id)) return false;
        try {
            // What was read before the claim may be over by now.
            Optional<QueuedMail> mail = store.get(id).filter(Comeback::forPart);
            if (mail.isPresent())
                store.put(Changed.now(mail.get(), engine.clock().instant()));
            return mail.isPresent();
        } catch (IOException e) {
            LOG.warn("{} waits for a part of the server and is tried at its time: {}.", id, e.toString());
            return false;
        } finally {
            engine.release(id);
        }
    }
}
