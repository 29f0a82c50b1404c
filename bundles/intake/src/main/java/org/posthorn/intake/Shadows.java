package org.posthorn.intake;

import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.posthorn.api.filter.Comparison;
import org.posthorn.api.filter.Comparisons;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Origin;

/** The filters that see all mail and do not count. */
final class Shadows implements AutoCloseable {

    /** Octets of mail, and of what the chain was asked and said, that may wait for them in memory. */
    private static final long MOST = 32L << 20;

    private final Filters filters;
    private final Clock clock;
    private final Room room = new Room(MOST);
    private final List<Comparisons> listeners = new CopyOnWriteArrayList<>();
    private volatile Map<String, Shadow> all = Map.of();

    Shadows(Filters filters, Clock clock) {
        this.filters = filters;
        this.clock = clock;
    }

    List<Comparisons> listeners() {
        return listeners;
    }

    Room room() {
        return room;
    }

    /** Those that the settings name, anew: nothing waits for them, and none is left alone. */
    synchronized void change(Settings settings) {
        Map<String, Shadow> before = all;
        Map<String, Shadow> now = new LinkedHashMap<>();
        for (String name : settings.shadow()) now.put(name, new Shadow(name, settings, filters, this::tell, clock));
        all = now;
        before.values().forEach(Shadow::close);
    }

    /** For a mail that begins; empty when nobody is in the shadow. */
    Optional<Transcript> transcript(MailId id, Origin origin) {
        return all.isEmpty() ? Optional.empty() : Optional.of(new Transcript(id, origin, room));
    }

    /** A mail is over. Returns at once. */
    void see(Transcript transcript) {
        Optional<SeenMail> ended = transcript.end(clock.instant());
        if (ended.isEmpty()) return;
        SeenMail mail = ended.get();
        if (room.take(mail.noted())) {
            see(mail);
            return;
        }
        all.values().forEach(shadow -> shadow.skip(mail));
        room.give(mail.copied());
    }

    private void see(SeenMail mail) {
        Map<String, Shadow> now = all;
        AtomicInteger left = new AtomicInteger(now.size() + 1);
        Runnable done = () -> {
            if (left.decrementAndGet() == 0) room.give(mail.copied() + mail.noted());
        };
        now.values().forEach(shadow -> shadow.see(mail, done));
        done.run();
    }

    private void tell(Comparison comparison) {
        listeners.forEach(listener -> listener.add(comparison));
    }

    /** How it does; empty when it is not in the shadow. */
    Optional<Breaker.State> state(String name) {
        return Optional.ofNullable(all.get(name)).map(Shadow::state);
    }

    @Override
    public synchronized void close() {
        all.values().forEach(Shadow::close);
        all = Map.of();
    }
}
