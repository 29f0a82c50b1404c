package org.posthorn.queue;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.queue.QueueStore;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.api.spool.Kept;
import org.posthorn.api.spool.KeptMail;
import org.posthorn.api.spool.Pending;
import org.posthorn.api.spool.Spool;
import org.posthorn.api.store.Damage;
import org.posthorn.api.store.Inspection;

/** Holds what the store says of waiting mail against the octets that the spool keeps. Mail in somebody's hands is left alone. */
record QueueInspection(Engine engine, Waits waits, Restart restart, Inspection inspection) {

    private static final int PAGE = 200;
    private static final Duration MOMENT = Duration.ofSeconds(2);
    private static final String LOST = "the queue store knows nothing of the octets that wait";

    /** Something done with the octets and the store, neither of which is leased for longer. */
    private interface Call<T> {
        T with(KeptMail octets, QueueStore store) throws IOException;
    }

    /** The same with the journal. */
    private interface Journaled<T> {
        T with(Spool spool) throws IOException;
    }

    /** What the store has lost, alone; nothing is read when it knows of as much mail as there are octets. */
    void lost() throws IOException {
        for (MailId id : call((octets, store) -> {
            List<MailId> kept = octets.all();
            return kept.size() > store.size() ? kept : List.<MailId>of();
        })) alone(id, () -> kept(id));
    }

    void run() throws IOException {
        // A store that is away must not be taken for one that knows nothing.
        for (MailId id : call((octets, store) -> store.size() < 0 ? List.<MailId>of() : octets.all()))
            alone(id, () -> kept(id));
        Optional<MailId> last = Optional.empty();
        for (List<QueuedMail> page = page(last); !page.isEmpty(); page = page(last)) {
            for (QueuedMail mail : page) alone(mail.id(), () -> waiting(mail));
            last = Optional.of(page.get(page.size() - 1).id());
        }
    }

    /** A look at one mail, which keeps nobody from the others when it fails. */
    private interface Look {
        void take() throws IOException;
    }

    private void alone(MailId id, Look look) {
        try {
            look.take();
        } catch (IOException e) {
            inspection.found(new Damage(id.text(), "it cannot be read (" + e + ")", "stays as it is"));
        }
    }

    /** Mail that stands in the journal, be it that a repair has just put it there, and that nobody has in hand. */
    void journal() throws IOException {
        Set<MailId> alone = unheld();
        if (!alone.isEmpty()) alone.retainAll(unheld());
        for (MailId id : alone)
            inspection.found(
                    new Damage(id.text(), "stands in the journal, and nobody has it in hand", "is delivered"),
                    () -> journaled(spool -> {
                        restart.take(spool, id);
                        return id;
                    }));
    }

    /** What lies on a shelf is settled soon. */
    private Set<MailId> unheld() throws IOException {
        return journaled(spool -> spool.replay().stream()
                .filter(p -> p.settled().containsAll(p.shelved()))
                .map(Pending::mail)
                .filter(mail -> !engine.holds(mail.id()) && !isNew(mail))
                .map(Mail::id)
                .collect(Collectors.toCollection(TreeSet::new)));
    }

    /** Whether somebody may be about to add it. What a repair brings back has an id that was made long after it came. */
    private boolean isNew(Mail mail) {
        Instant id = Instant.ofEpochSecond(mail.id().number() / 1_000_000);
        boolean again = id.isAfter(mail.arrived().plus(MOMENT));
        return !again && mail.arrived().isAfter(engine.clock().instant().minus(MOMENT.multipliedBy(30)));
    }

    private List<QueuedMail> page(Optional<MailId> after) throws IOException {
        return call((octets, store) -> store.list(after, PAGE));
    }

    private <T> T call(Call<T> call) throws IOException {
        try (Lease<KeptMail> octets =
                        engine.parts().kept().lease().orElseThrow(() -> new IOException("there is no spool"));
                Lease<QueueStore> store = Aftermath.store(engine.parts().stores(), engine.rules())) {
            return call.with(octets.get(), store.get());
        }
    }

    private <T> T journaled(Journaled<T> call) throws IOException {
        try (Lease<Spool> spool =
                engine.parts().spools().lease().orElseThrow(() -> new IOException("there is no spool"))) {
            return call.with(spool.get());
        }
    }

    private void kept(MailId id) throws IOException {
        inspection.at(id.text());
        if (!call((octets, store) -> orphan(id, octets, store))) return;
        Kept kept = call((octets, store) -> octets.inspect(id));
        // Somebody is about to drop it, or the next start is.
        if (kept.over()) return;
        if (kept.mail().isPresent())
            inspection.found(
                    new Damage(id.text(), LOST, kept.whole() ? "is tried again" : "is held: its octets are damaged"),
                    () -> inHand(id, () -> takeBack(id)));
        else
            inspection.found(new Damage(
                    id.text(),
                    LOST + ", and who waits for it is not noted beside them either",
                    "is deleted a day after maxAge"));
    }

    /** Whether octets are kept for a mail that neither journal nor store can tell of. A record that cannot be read now may be whole. */
    private boolean orphan(MailId id, KeptMail octets, QueueStore store) throws IOException {
        if (engine.holds(id) || octets.message(id).isEmpty() || store.get(id).isPresent()) return false;
        boolean open = journaled(
                spool -> spool.replay().stream().anyMatch(p -> p.mail().id().equals(id)));
        return !open && !elsewhere(id);
    }

    /** In a store that is not in use now it is not lost: queue:list shows it. */
    private boolean elsewhere(MailId id) throws IOException {
        for (String name : engine.parts().stores().names()) {
            if (name.equals(engine.rules().store())) continue;
            try (Lease<QueueStore> store =
                    engine.parts().stores().lease(name).orElseThrow(() -> new IOException("a queue store went"))) {
                if (store.get().get(id).isPresent()) return true;
            }
        }
        return false;
    }

    /** Whoever has it in hand meanwhile sees to it. */
    private void inHand(MailId id, Inspection.Mend mend) throws IOException {
        if (!engine.claim(id)) return;
        try {
            mend.run();
        } finally {
            engine.release(id);
        }
        waits.wake();
    }

    private void takeBack(MailId id) throws IOException {
        call((octets, store) -> {
            Kept kept = octets.inspect(id);
            Mail mail = kept.mail().orElseThrow(() -> new IOException("its octets are gone"));
            store.put(new QueuedMail(
                    id,
                    mail.arrived(),
                    mail.origin(),
                    mail.envelope(),
                    mail.envelope().recipients().stream()
                            .map(r -> new QueuedMail.Attempts(false, 0, "", ""))
                            .toList(),
                    mail.message().size(),
                    mail.junk(),
                    mail.envelope().parameters().earliest(engine.clock().instant()),
                    !kept.whole(),
                    false));
            return id;
        });
    }

    private void waiting(QueuedMail mail) throws IOException {
        MailId id = mail.id();
        inspection.at(id.text());
        if (engine.holds(id)) return;
        boolean there = call((octets, store) ->
                octets.message(id).isPresent() || store.get(id).isEmpty());
        if (!there)
            inspection.found(
                    new Damage(
                            id.text(), "the octets of a mail that waits are gone: " + people(mail), "leaves the queue"),
                    () -> inHand(
                            id,
                            () -> call((octets, store) -> {
                                if (octets.message(id).isEmpty()) store.remove(id);
                                return id;
                            })));
        else if (!mail.held() && !engine.holds(id) && damaged(mail))
            inspection.found(
                    new Damage(
                            id.text(),
                            "the octets of a mail that waits are not those that came: " + people(mail),
                            "is held; queue:release sends it as it is, queue:remove deletes it"),
                    () -> inHand(id, () -> hold(id)));
    }

    private boolean damaged(QueuedMail mail) throws IOException {
        return call((octets, store) -> {
            long size = octets.message(mail.id()).map(m -> m.size()).orElse(mail.size());
            return size != mail.size() || !octets.inspect(mail.id()).whole();
        });
    }

    private void hold(MailId id) throws IOException {
        call((octets, store) -> {
            Optional<QueuedMail> now = store.get(id);
            if (now.isPresent()) store.put(Changed.held(now.get(), true));
            return id;
        });
    }

    private static String people(QueuedMail mail) {
        return "from " + mail.envelope().reversePath() + " to "
                + mail.envelope().recipients().stream()
                        .map(r -> "<" + r.address() + ">")
                        .limit(5)
                        .collect(Collectors.joining(", "));
    }
}
