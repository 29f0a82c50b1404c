package org.posthorn.queue;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.posthorn.api.delivery.Outcome;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.queue.QueueStore;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.api.spool.KeptMail;
import org.posthorn.api.spool.Spool;

/**
 * What is to be done behind an attempt, in this order: reports, then the store of waiting mail, then the journal, so that a crash between two steps doubles a
 * step but loses nothing. When a step cannot be done now, {@link #run} is called again later and goes on there.
 */
final class Aftermath {

    private final Attempt attempt;
    private final Parts parts;
    private final Rules rules;
    private final Instant now;
    private final RandomGenerator random;
    private final List<Result> results = new ArrayList<>();
    private final Deque<Report> reports = new ArrayDeque<>();
    private final boolean warned;
    private volatile boolean trouble;

    Aftermath(Attempt attempt, Parts parts, Rules rules, Instant now, RandomGenerator random) {
        this.attempt = attempt;
        this.parts = parts;
        this.rules = rules;
        this.now = now;
        this.random = random;
        Mail mail = attempt.mail();
        Instant since = mail.envelope().parameters().earliest(mail.arrived());
        attempt.outcomes().forEach((target, outcome) -> {
            boolean expired = rules.schedule().expired(since, target.attempts() + 1, now);
            boolean givenUp = expired && outcome instanceof Outcome.Deferred && outcome != Lanes.STOPPED;
            results.add(new Result(target, outcome, givenUp));
        });
        results.stream().filter(Result::expired).forEach(r -> parts.narration().givenUp(mail, r, now));
        boolean before = attempt.stored().map(QueuedMail::warned).orElse(false);
        boolean late = !before && rules.schedule().late(since, now);
        reports.addAll(Report.of(mail, results, late));
        warned = before || late;
    }

    /** True the first time. */
    boolean firstTrouble() {
        boolean first = !trouble;
        trouble = true;
        return first;
    }

    Attempt attempt() {
        return attempt;
    }

    /** @return whether the mail waits for another attempt */
    boolean run(Consumer<Mail> queue) throws IOException {
        // Stopped before anything was tried: it lies where it lay.
        if (results.stream().allMatch(r -> r.outcome() == Lanes.STOPPED) && !results.isEmpty()) return false;
        report(queue);
        boolean waits = results.stream().anyMatch(Result::waits);
        if (waits) keep();
        else if (attempt.stored().isPresent()) forget();
        if (attempt.stored().isEmpty()) settle();
        return waits;
    }

    private void report(Consumer<Mail> queue) throws IOException {
        Bounces bounces = new Bounces(parts.spools(), parts.narration());
        Instant until = rules.schedule().end(since());
        while (!reports.isEmpty()) {
            Mail report = bounces.commit(reports.peek(), attempt.mail(), until, rules.wholeBounce(), now);
            reports.remove();
            queue.accept(report);
        }
    }

    private void keep() throws IOException {
        try (Lease<KeptMail> octets = lease(parts.kept().lease(), "spool");
                Lease<QueueStore> store = store(parts.stores(), rules)) {
            QueuedMail waiting = waiting(store.get());
            boolean another = another(waiting.envelope().recipients());
            if (another) store.get().put(waiting);
            octets.get().keep(waitedFor(waiting.envelope().recipients()));
            attempt.noted();
            if (!another) store.get().put(waiting);
            if (postponed()) parts.narration().postponed(attempt.mail(), waiting.next(), now);
            else parts.narration().waits(attempt.mail(), waiting.next(), now);
        }
    }

    /**
     * Whether somebody waits who did not wait before, as when the mail was forwarded. A note that is younger than the store leaves nobody out when it names him, be
     * it that the note before it did: then the store comes first.
     */
    private boolean another(List<Recipient> waiting) {
        return attempt.stored()
                .filter(before -> !before.envelope().recipients().containsAll(waiting))
                .isPresent();
    }

    /** As the spool notes it: should the store be lost, nobody who has it is to get it again. */
    private Mail waitedFor(List<Recipient> open) {
        Mail mail = attempt.mail();
        Envelope envelope = mail.envelope().with(open);
        return new Mail(mail.id(), arrived(), mail.origin(), envelope, mail.message(), mail.junk());
    }

    private QueuedMail waiting(QueueStore store) throws IOException {
        List<Recipient> recipients = new ArrayList<>();
        List<QueuedMail.Attempts> attempts = new ArrayList<>();
        if (!attempt.waiting().isEmpty()) {
            Optional<QueuedMail> before = store.get(attempt.mail().id());
            before.ifPresent(b -> recipients.addAll(b.envelope().recipients()));
            before.ifPresent(b -> attempts.addAll(b.attempts()));
        }
        results.stream().filter(Result::waits).forEach(r -> add(r, recipients, attempts));
        Mail mail = attempt.mail();
        return new QueuedMail(
                mail.id(),
                arrived(),
                mail.origin(),
                mail.envelope().with(recipients),
                attempts,
                mail.message().size(),
                mail.junk(),
                next(),
                false,
                warned);
    }

    /** What arrived in the future arrived now at the latest: it must not be tried until then. */
    private Instant arrived() {
        Instant said = attempt.mail().arrived();
        return said.isAfter(now) ? now : said;
    }

    /** From when on its age counts. */
    private Instant since() {
        return attempt.mail().envelope().parameters().earliest(arrived());
    }

    private boolean postponed() {
        return results.stream().anyMatch(r -> r.outcome() == Lanes.POSTPONED);
    }

    private static void add(Result result, List<Recipient> recipients, List<QueuedMail.Attempts> attempts) {
        Target target = result.target();
        if (result.outcome() instanceof Outcome.Forwarded forwarded) {
            for (Address address : forwarded.targets()) {
                recipients.add(target.recipient().to(address));
                attempts.add(new QueuedMail.Attempts(false, 0, "", ""));
            }
            return;
        }
        recipients.add(target.recipient());
        String reply = result.outcome() == Lanes.POSTPONED
                ? ""
                : Result.reply(result.outcome()).toString();
        attempts.add(new QueuedMail.Attempts(
                target.routed(), result.attempts(), result.outcome().host(), reply));
    }

    private Instant next() {
        return attempt.mail().envelope().parameters().earliest(planned());
    }

    private Instant planned() {
        boolean atOnce = results.stream()
                .anyMatch(r -> r.outcome() == Lanes.STOPPED || r.outcome() instanceof Outcome.Forwarded);
        if (atOnce || postponed()) return now;
        List<Result> waiting = results.stream().filter(Result::waits).toList();
        boolean busy = !waiting.isEmpty() && waiting.stream().allMatch(r -> r.outcome() == Lanes.BUSY);
        if (busy) return now.plus(Lanes.PATIENCE);
        int attempts = waiting.stream().mapToInt(Result::attempts).max().orElse(1);
        return rules.schedule().next(since(), attempts, now, random);
    }

    /**
     * That nobody waits comes first: on a full disk it can be noted when the store can no longer be written, and no start tries the mail again. Then the record
     * before the bytes: bytes without a record are litter, a record without bytes is a mail that cannot be sent.
     */
    private void forget() throws IOException {
        Mail mail = attempt.mail();
        try (Lease<KeptMail> octets = lease(parts.kept().lease(), "spool");
                Lease<QueueStore> store = store(parts.stores(), rules)) {
            try {
                octets.get().keep(waitedFor(List.of()));
                attempt.noted();
            } catch (IOException e) {
                // A spool that lets nothing be deleted must not have it sent again: the store names it, for nobody.
                store.get().put(waiting(store.get()));
                throw e;
            }
            store.get().remove(mail.id());
            octets.get().drop(mail.id());
        }
    }

    private void settle() throws IOException {
        Set<Integer> places = new TreeSet<>();
        attempt.targets().forEach(t -> places.add(t.place()));
        // Who shelved it settles it.
        Set<Integer> shelved = new HashSet<>();
        results.stream()
                .filter(r -> r.outcome() instanceof Outcome.Shelved && attempt.alone(r.target()))
                .forEach(r -> shelved.add(r.target().place()));
        places.removeAll(shelved);
        if (places.isEmpty()) return;
        try (Lease<Spool> spool = lease(parts.spools().lease(), "spool")) {
            spool.get().settle(attempt.mail().id(), places);
        }
    }

    static Lease<QueueStore> store(Leased<QueueStore> stores, Rules rules) throws IOException {
        return lease(stores.lease(rules.store()), "queue store " + rules.store());
    }

    private static <T> Lease<T> lease(Optional<Lease<T>> lease, String what) throws IOException {
        return lease.orElseThrow(() -> new IOException("there is no " + what));
    }
}
