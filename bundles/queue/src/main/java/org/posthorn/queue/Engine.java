package org.posthorn.queue;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.posthorn.api.delivery.Outcome;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Notify;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.spool.KeptMail;
import org.posthorn.api.spool.Spool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings mail on its way. Each mail is in one pair of hands at a time: {@link #claim}. A mail is routed, given to its transports lane by lane, and put away when the
 * last of them has answered. What cannot be put away now is tried again, and stays in the journal meanwhile.
 */
final class Engine implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final int DESKS = 4;

    private final Parts parts;
    private final Clock clock;
    private final LongSupplier nanoTime;
    private final RandomGenerator random;
    private final Crew crew;
    private final Duration again;
    private final Lanes desks;
    private final Map<String, Lanes> transports = new ConcurrentHashMap<>();
    private final Set<MailId> claimed = ConcurrentHashMap.newKeySet();
    private final Map<MailId, Attempt> attempts = new ConcurrentHashMap<>();
    private final Set<Aftermath> parked = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicInteger changes = new AtomicInteger();
    private volatile Rules rules;
    private volatile Runnable whenSomethingWaits = () -> {};

    /** @param again the pause behind which what could not be put away is tried again */
    Engine(
            Parts parts,
            Rules rules,
            Clock clock,
            LongSupplier nanoTime,
            RandomGenerator random,
            Crew crew,
            Duration again) {
        this.parts = parts;
        this.rules = rules;
        this.clock = clock;
        this.nanoTime = nanoTime;
        this.random = random;
        this.crew = crew;
        this.again = again;
        this.desks = new Lanes(crew.threads(), nanoTime, () -> DESKS, () -> DESKS);
        crew.atClose(parts.stores().onChange(this::partsChanged));
        crew.atClose(parts.spools().onChange(this::partsChanged));
        crew.atClose(parts.kept().onChange(this::partsChanged));
    }

    Parts parts() {
        return parts;
    }

    Rules rules() {
        return rules;
    }

    void rules(Rules other) {
        rules = other;
        putAwayAgain();
    }

    Clock clock() {
        return clock;
    }

    RandomGenerator random() {
        return random;
    }

    void whenSomethingWaits(Runnable listener) {
        whenSomethingWaits = listener;
    }

    /** Work of the queue's own, in turn with others of its kind. */
    private record Desk(Runnable work, Consumer<Outcome.Deferred> later) implements Lanes.Job {
        @Override
        public Optional<Outcome.Deferred> run() {
            work.run();
            return Optional.empty();
        }

        @Override
        public void putOff(Outcome.Deferred why) {
            later.accept(why);
        }
    }

    /** Mails in hand. */
    int busy() {
        return claimed.size();
    }

    Collection<Attempt> attempts() {
        return attempts.values();
    }

    /** Takes a mail into one's hands; false when somebody else has it. */
    boolean claim(MailId id) {
        return claimed.add(id);
    }

    /** Whether somebody has it in hand. */
    boolean holds(MailId id) {
        return claimed.contains(id);
    }

    void release(MailId id) {
        Attempt attempt = attempts.remove(id);
        claimed.remove(id);
        if (attempt != null) attempt.over().complete(null);
    }

    /** The attempt for which it is in hand; empty when it is in nobody's, or for something else. */
    Optional<Attempt> attempt(MailId id) {
        return Optional.ofNullable(attempts.get(id));
    }

    /** A mail that came: all its recipients are open. */
    boolean take(Mail mail) {
        int recipients = mail.envelope().recipients().size();
        Set<Integer> places = IntStream.range(0, recipients).boxed().collect(Collectors.toSet());
        return take(Attempt.first(mail, places, Set.of()));
    }

    /** False when somebody else has it. */
    boolean take(Attempt attempt) {
        if (!claim(attempt.mail().id())) return false;
        begin(attempt);
        return true;
    }

    /** A mail that the caller has claimed. */
    void begin(Attempt attempt) {
        Instant now = clock.instant();
        boolean early = attempt.mail().envelope().parameters().earliest(now).isAfter(now);
        if (early) attempt.postpone();
        attempts.put(attempt.mail().id(), attempt);
        if (early) desks.add("postpone", new Desk(() -> defer(attempt, Lanes.POSTPONED), why -> defer(attempt, why)));
        else beginToRoute(attempt);
    }

    private void beginToRoute(Attempt attempt) {
        Desk route = new Desk(() -> route(attempt), why -> defer(attempt, why));
        Desk look = new Desk(() -> whenRouted(attempt, route), why -> defer(attempt, why));
        desks.add("route", look);
    }

    private void whenRouted(Attempt attempt, Desk route) {
        if (!parts.routers().names().isEmpty()) route(attempt);
        else crew.await(parts.routers(), List.of(), () -> desks.add("route", route));
    }

    private void route(Attempt attempt) {
        Ways ways;
        try {
            ways = Expansion.of(attempt.targets(), parts.routers(), attempt.waiting());
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            LOG.error(
                    "{}: a router broke; the mail is tried again.",
                    attempt.mail().id(),
                    e);
            defer(attempt, new Outcome.Deferred("", new Reply(451, "4.3.0", "a router broke")));
            return;
        }
        attempt.begin(ways);
        parts.narration().routed(attempt.mail(), ways, clock.instant());
        ways.ended().forEach((target, outcome) -> tell(attempt, target, Destination.NOWHERE, outcome));
        if (ways.open().isEmpty()) finish(attempt);
        Mail seen = attempt.seen(ways);
        ways.open().forEach((to, targets) -> hand(new Handover(this, attempt, seen, to, targets)));
    }

    private void defer(Attempt attempt, Outcome.Deferred why) {
        Ways ways = new Ways();
        attempt.targets().stream()
                .filter(t -> !attempt.waiting().contains(t.recipient().address()))
                .forEach(t -> ways.ended().put(t, why));
        attempt.begin(ways);
        finish(attempt);
    }

    private void hand(Handover handover) {
        String transport = handover.to().transport();
        Runnable enter = () -> lanes(transport).add(handover.to().nextHop(), handover);
        if (parts.transports().names().contains(transport)) enter.run();
        else crew.await(parts.transports(), List.of(transport), enter);
    }

    private Lanes lanes(String transport) {
        Lanes lanes = transports.computeIfAbsent(
                transport,
                t -> new Lanes(crew.threads(), nanoTime, () -> rules.deliveries(), () -> rules.toOneDestination()));
        if (stopped.get()) lanes.close();
        return lanes;
    }

    /** Some targets of a mail have their outcomes. */
    void ended(Attempt attempt, Destination to, Map<Target, Outcome> outcomes) {
        outcomes.forEach((target, outcome) -> tell(attempt, target, to, outcome));
        boolean last;
        // One after the other: a note of who has it must not be overtaken by one from before.
        synchronized (attempt) {
            last = attempt.ended(outcomes);
            if (!last) settleEarly(attempt, outcomes);
        }
        if (last) finish(attempt);
    }

    private void tell(Attempt attempt, Target target, Destination to, Outcome outcome) {
        Instant now = clock.instant();
        DeliveryLog.write(attempt.mail(), target, to.transport(), outcome, now);
        parts.narration().attempted(attempt.mail(), target, to, outcome, now);
    }

    /** While others of the same mail are slow, or wait for room on the disk: what is delivered must not be delivered again after a crash. */
    private void settleEarly(Attempt attempt, Map<Target, Outcome> outcomes) {
        if (outcomes.values().stream().noneMatch(Outcome.Delivered.class::isInstance)) return;
        try {
            if (attempt.stored().isPresent()) noteEarly(attempt);
            else settle(attempt, outcomes);
        } catch (IOException e) {
            LOG.warn("{}: cannot be settled yet ({}).", attempt.mail().id(), e.getMessage());
        }
    }

    /** Mail that waited does not stand in the journal. */
    private void noteEarly(Attempt attempt) throws IOException {
        Optional<Mail> rest = attempt.rest();
        if (rest.isEmpty()) return;
        try (Lease<KeptMail> octets = parts.kept().lease().orElseThrow(() -> new IOException("there is no spool"))) {
            octets.get().keep(rest.get());
        }
    }

    private void settle(Attempt attempt, Map<Target, Outcome> outcomes) throws IOException {
        List<Integer> places = outcomes.entrySet().stream()
                .filter(e -> e.getValue() instanceof Outcome.Delivered && attempt.alone(e.getKey()))
                .filter(e -> !e.getKey().recipient().notices().contains(Notify.SUCCESS))
                .map(e -> e.getKey().place())
                .toList();
        if (places.isEmpty()) return;
        try (Lease<Spool> spool = parts.spools().lease().orElseThrow(() -> new IOException("there is no spool"))) {
            spool.get().settle(attempt.mail().id(), places);
        }
    }

    private void finish(Attempt attempt) {
        putAway(new Aftermath(attempt, parts, rules, clock.instant(), random));
    }

    private void putAway(Aftermath aftermath) {
        MailId id = aftermath.attempt().mail().id();
        int before = changes.get();
        try {
            boolean waits = aftermath.run(this::take);
            release(id);
            if (waits) whenSomethingWaits.run();
        } catch (IOException | RuntimeException | LinkageError | OutOfMemoryError e) {
            if (aftermath.firstTrouble()) {
                LOG.warn(
                        "{}: what became of it cannot be written down now ({}); that is tried again.",
                        id,
                        e.toString());
                settleEarly(aftermath.attempt(), aftermath.attempt().outcomes());
            }
            park(aftermath);
            // What came while it was tried has woken nobody.
            if (changes.get() != before) putAwayAgain();
        }
    }

    private void partsChanged() {
        changes.incrementAndGet();
        putAwayAgain();
    }

    private void park(Aftermath aftermath) {
        parked.add(aftermath);
        crew.laterMillis(again.toMillis(), this::putAwayAgain);
    }

    private void putAwayAgain() {
        for (Aftermath aftermath : parked)
            if (parked.remove(aftermath))
                desks.add("put away", new Desk(() -> putAway(aftermath), why -> park(aftermath)));
    }

    /** What did not begin stays where it is; what runs is waited for and put away. */
    @Override
    public void close() {
        stopped.set(true);
        desks.close();
        transports.values().forEach(Lanes::close);
        crew.close();
    }
}
