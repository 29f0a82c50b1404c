package org.posthorn.queue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.posthorn.api.delivery.Outcome;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mail.Notify;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.queue.QueuedMail;

/** One mail that is being tried: out of the journal, or out of the store of mail that waits. */
final class Attempt {

    private final Mail mail;
    private final Optional<QueuedMail> stored;
    private final List<Target> targets;
    private final Set<Address> waiting;
    private final Map<Target, Outcome> outcomes = new ConcurrentHashMap<>();
    private final Set<Integer> alone = new HashSet<>();
    private final List<Target> ends = new ArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private final CompletableFuture<Void> over = new CompletableFuture<>();
    private volatile boolean noted;
    private volatile boolean postponed;

    private Attempt(Mail mail, Optional<QueuedMail> stored, List<Target> targets, Set<Address> waiting) {
        this.mail = mail;
        this.stored = stored;
        this.targets = targets;
        this.waiting = waiting;
    }

    /**
     * The first one.
     *
     * @param places of the recipients that are open
     * @param waiting addresses of this mail that wait in the store already, as a crash between two steps leaves it
     */
    static Attempt first(Mail mail, Set<Integer> places, Set<Address> waiting) {
        List<Target> targets = new TreeSet<>(places)
                .stream()
                        .map(p -> new Target(p, mail.envelope().recipients().get(p), false, 0))
                        .toList();
        return new Attempt(mail, Optional.empty(), targets, waiting);
    }

    /** A later one. */
    static Attempt later(QueuedMail stored, Message bytes) {
        Mail mail = new Mail(stored.id(), stored.arrived(), stored.origin(), stored.envelope(), bytes, stored.junk());
        List<Target> targets = IntStream.range(0, stored.attempts().size())
                .mapToObj(i -> target(stored, i))
                .toList();
        return new Attempt(mail, Optional.of(stored), targets, Set.of());
    }

    private static Target target(QueuedMail stored, int place) {
        QueuedMail.Attempts before = stored.attempts().get(place);
        return new Target(place, stored.envelope().recipients().get(place), before.routed(), before.count());
    }

    Mail mail() {
        return mail;
    }

    Optional<QueuedMail> stored() {
        return stored;
    }

    List<Target> targets() {
        return targets;
    }

    Set<Address> waiting() {
        return waiting;
    }

    /** Nobody is asked: it is put away until its sender wants it to go. */
    void postpone() {
        postponed = true;
    }

    boolean isPostponed() {
        return postponed;
    }

    /** Ends when the mail is out of these hands. */
    CompletableFuture<Void> over() {
        return over;
    }

    /** As a list shows it. */
    QueuedMail shown() {
        return stored.orElseGet(() -> new QueuedMail(
                mail.id(),
                mail.arrived(),
                mail.origin(),
                mail.envelope().with(targets.stream().map(Target::recipient).toList()),
                targets.stream()
                        .map(t -> new QueuedMail.Attempts(false, t.attempts(), "", ""))
                        .toList(),
                mail.message().size(),
                mail.junk(),
                mail.envelope().parameters().earliest(mail.arrived()),
                false,
                false));
    }

    /** It begins: those that ended without a transport have their outcome, the others are counted. */
    void begin(Ways ways) {
        ends.addAll(ways.targets());
        Set<Integer> several = new HashSet<>();
        for (Target target : ways.targets()) if (!alone.add(target.place())) several.add(target.place());
        alone.removeAll(several);
        outcomes.putAll(ways.ended());
        open.set(ways.open().size());
    }

    /**
     * The mail as transports see it. A recipient of its envelope is alone at its place in the journal; mail that waited has no place there, nor have
     * several that one alias led to.
     */
    Mail seen(Ways ways) {
        List<Recipient> recipients = new ArrayList<>();
        if (stored.isEmpty()) {
            mail.envelope().recipients().forEach(r -> recipients.add(several(r)));
            for (Target t : ways.targets()) if (alone.contains(t.place())) recipients.set(t.place(), t.recipient());
        }
        return new Mail(
                mail.id(),
                mail.arrived(),
                mail.origin(),
                mail.envelope().with(recipients),
                mail.message(),
                mail.junk());
    }

    /** What no target equals, though who keeps a copy of what his alias sends on is a target under the address that was written. */
    private static Recipient several(Recipient r) {
        return new Recipient(r.address(), r.notices(), Optional.of("x-posthorn;several"));
    }

    /** @return whether these were the last */
    boolean ended(Map<Target, Outcome> some) {
        outcomes.putAll(some);
        return open.decrementAndGet() == 0;
    }

    Map<Target, Outcome> outcomes() {
        return outcomes;
    }

    /** What the spool has to know of it is noted there. */
    void noted() {
        noted = true;
    }

    /** Mail that waited, for those who have not got it yet; empty when that is as it was, or is noted. Who wants to hear of it has it when he is told. */
    Optional<Mail> rest() {
        Set<Integer> reached = new HashSet<>();
        ends.stream().filter(this::reached).forEach(end -> reached.add(end.place()));
        ends.stream().filter(end -> !reached(end)).forEach(end -> reached.remove(end.place()));
        if (noted || stored.isEmpty() || reached.isEmpty()) return Optional.empty();
        List<Recipient> without = targets.stream()
                .filter(t -> !reached.contains(t.place()))
                .map(Target::recipient)
                .toList();
        Envelope envelope = mail.envelope().with(without);
        return Optional.of(new Mail(mail.id(), mail.arrived(), mail.origin(), envelope, mail.message(), mail.junk()));
    }

    private boolean reached(Target end) {
        return outcomes.get(end) instanceof Outcome.Delivered
                && !end.recipient().notices().contains(Notify.SUCCESS);
    }

    /** Whether no other target stems from the same recipient of the journal's envelope. */
    boolean alone(Target target) {
        return stored.isEmpty() && alone.contains(target.place());
    }
}
