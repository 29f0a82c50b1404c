package org.posthorn.queue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.posthorn.api.delivery.Outcome;
import org.posthorn.api.delivery.Transport;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A mail given to a transport, for those of its targets that go the same way. */
final class Handover implements Lanes.Job {

    private static final Logger LOG = LoggerFactory.getLogger(Handover.class);

    private final Engine engine;
    private final Attempt attempt;
    private final Mail seen;
    private final Destination to;
    private final List<Target> targets;

    Handover(Engine engine, Attempt attempt, Mail seen, Destination to, List<Target> targets) {
        this.engine = engine;
        this.attempt = attempt;
        this.seen = seen;
        this.to = to;
        this.targets = targets;
    }

    Destination to() {
        return to;
    }

    @Override
    public Optional<Outcome.Deferred> run() {
        Map<Recipient, Outcome> said = deliver();
        Map<Target, Outcome> outcomes = new LinkedHashMap<>();
        for (Target target : targets) outcomes.put(target, sound(target, said.get(target.recipient())));
        engine.ended(attempt, to, outcomes);
        return down(outcomes);
    }

    private Map<Recipient, Outcome> deliver() {
        List<Recipient> recipients = targets.stream().map(Target::recipient).toList();
        Optional<Lease<Transport>> transport = engine.parts().transports().lease(to.transport());
        if (transport.isEmpty()) return all(recipients, "4.3.5", "there is no transport " + to.transport());
        try (Lease<Transport> lease = transport.get()) {
            return Objects.requireNonNull(lease.get().deliver(seen, recipients, to.nextHop()), "outcomes");
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            LOG.error("{}: the transport {} broke; the mail is tried again.", seen.id(), to.transport(), e);
            return all(recipients, "4.3.0", "the transport " + to.transport() + " broke");
        }
    }

    private static Map<Recipient, Outcome> all(List<Recipient> recipients, String enhanced, String why) {
        Map<Recipient, Outcome> outcomes = new LinkedHashMap<>();
        for (Recipient recipient : recipients)
            outcomes.put(recipient, new Outcome.Deferred("", new Reply(451, enhanced, why)));
        return outcomes;
    }

    private Outcome sound(Target target, Outcome said) {
        if (said == null) {
            Reply reply = new Reply(451, "4.3.0", "the transport " + to.transport() + " gave no answer");
            return new Outcome.Deferred("", reply);
        }
        if (said instanceof Outcome.Shelved s && !attempt.alone(target)) {
            LOG.error("{}: the transport {} left a copy unforced that nothing guards.", seen.id(), to.transport());
            return new Outcome.Delivered(s.host(), s.reply(), false);
        }
        return said;
    }

    /** RFC 3463 3.5: 4.4.x speaks of the network and the host, not of a mailbox; 421 closes the channel. */
    private static Optional<Outcome.Deferred> down(Map<Target, Outcome> outcomes) {
        for (Outcome outcome : outcomes.values()) {
            if (!(outcome instanceof Outcome.Deferred d)) return Optional.empty();
            if (d.reply().code() != 421 && !d.reply().enhanced().startsWith("4.4.")) return Optional.empty();
        }
        return outcomes.values().stream().map(Outcome.Deferred.class::cast).findFirst();
    }

    @Override
    public void putOff(Outcome.Deferred why) {
        Map<Target, Outcome> outcomes = new LinkedHashMap<>();
        for (Target target : targets) outcomes.put(target, why);
        engine.ended(attempt, to, outcomes);
    }
}
