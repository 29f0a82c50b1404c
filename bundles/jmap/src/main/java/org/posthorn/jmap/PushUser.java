package org.posthorn.jmap;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.posthorn.api.mail.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Somebody who has subscriptions: his data is watched, whether he is connected or not. It is looked at by one worker at a time, so who has it wait holds no more than one. */
final class PushUser {

    private static final Logger LOG = LoggerFactory.getLogger(PushUser.class);

    private static final Duration GATHER = Duration.ofMillis(200);
    private static final Duration TURN = Duration.ofSeconds(1);
    private static final Duration TROUBLE = Duration.ofMinutes(1);

    private final Address user;
    private final Pushes pushes;
    private final StateWatch watch;
    private final Map<Long, PushLine> lines = new HashMap<>();
    /** That something may be new, since the last look began. */
    private final AtomicInteger signs = new AtomicInteger();

    private boolean watching;
    private volatile boolean troubled;
    private Optional<Future<?>> timer = Optional.empty();

    PushUser(Address user, Pushes pushes, Services services) {
        this.user = user;
        this.pushes = pushes;
        this.watch = new StateWatch(user, services, this::news);
    }

    /** Something may be new: on any thread, perhaps often. */
    void news() {
        if (signs.getAndIncrement() == 0) pushes.later(this::look, GATHER);
    }

    /** Other mailboxes have come in the place of those that are watched. */
    void storeChanged() {
        pushes.later(this::watchAnew, Duration.ZERO);
    }

    private void watchAnew() {
        synchronized (this) {
            watching = false;
        }
        news();
    }

    private void look() {
        int seen = signs.get();
        try {
            lookNow();
            troubled = false;
        } catch (IOException | RuntimeException e) {
            if (!troubled) LOG.warn("What is new for {} cannot be pushed now: {}", user, e.toString());
            troubled = true;
            pushes.later(this::news, TROUBLE);
        }
        if (signs.compareAndSet(seen, 0)) return;
        signs.set(1);
        pushes.later(this::look, GATHER);
    }

    private synchronized void lookNow() throws IOException {
        if (!pushes.able()) return;
        List<PushSubscription> live = lasting();
        boolean ready = live.stream().anyMatch(one -> line(one).ready());
        if (ready) live = holding(live);
        if (live.isEmpty()) pushes.forget(user);
        boolean verified = live.stream().anyMatch(PushSubscription::verified);
        if (verified && !watching) watching = watch.begin();
        // They cost a look at the index, and are asked for when they can be told.
        boolean telling = verified && ready;
        AccountStates states = telling ? watch.states() : AccountStates.NONE;
        Optional<Instant> next =
                verified && !watching ? Optional.of(pushes.now().plus(TROUBLE)) : Optional.empty();
        long turn = System.nanoTime() + TURN.toNanos();
        for (PushSubscription one : live) {
            // DNS may take long to say where one leads: others have their turn before the rest.
            Optional<Instant> at = System.nanoTime() > turn
                    ? Optional.of(pushes.now())
                    : line(one).look(one, states);
            if (at.isPresent() && next.filter(n -> n.isBefore(at.get())).isEmpty()) next = at;
        }
        if (next.isEmpty() && telling && watch.isBehind())
            next = Optional.of(pushes.now().plus(TROUBLE));
        timer.ifPresent(t -> t.cancel(false));
        timer = next.flatMap(at -> pushes.later(this::news, Duration.between(pushes.now(), at)));
    }

    private PushLine line(PushSubscription one) {
        return lines.computeIfAbsent(one.number(), n -> new PushLine(pushes.means(), this::news));
    }

    /** Ends those that hold no more, of which otherwise the next change would tell. */
    void tidy() {
        try {
            synchronized (this) {
                if (holding(lasting()).isEmpty()) pushes.forget(user);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("Whether the push subscriptions of {} hold cannot be told now: {}", user, e.toString());
        }
    }

    private List<PushSubscription> lasting() throws IOException {
        List<PushSubscription> lasting = new ArrayList<>();
        for (PushSubscription one : pushes.subscriptions().of(user))
            if (line(one).gone()) end(one, "its service does not know it");
            else if (!pushes.lasts(one)) end(one, "its time is over, or the key that it knows");
            else lasting.add(one);
        lines.keySet().retainAll(lasting.stream().map(PushSubscription::number).toList());
        return lasting;
    }

    private List<PushSubscription> holding(List<PushSubscription> some) throws IOException {
        List<PushSubscription> holding = new ArrayList<>();
        for (PushSubscription one : some)
            if (pushes.holds(one)) holding.add(one);
            else end(one, "what it was made with holds no more");
        return holding;
    }

    private void end(PushSubscription one, String why) throws IOException {
        pushes.subscriptions().remove(one);
        LOG.info("The push subscription {} ends: {}", one, why);
    }

    void end() {
        watch.end();
    }
}
