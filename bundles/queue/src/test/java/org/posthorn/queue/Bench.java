package org.posthorn.queue;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.posthorn.api.delivery.Outcome;
import org.posthorn.api.delivery.Transport;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.api.routing.Route;
import org.posthorn.mime.StoredMessage;

/** The engine with everything around it in memory, and a clock that a test sets. */
final class Bench extends Clock implements AutoCloseable {

    static final Instant START = Instant.parse("2026-11-22T12:00:00Z");
    static final DeliverySchedule SCHEDULE = new DeliverySchedule(
            List.of(Duration.ofMinutes(5), Duration.ofMinutes(10), Duration.ofHours(1)),
            Duration.ofDays(5),
            Duration.ofHours(4));

    final Happenings happenings = new Happenings();
    final FakeSpool spool = new FakeSpool(happenings);
    final FakeStore store = new FakeStore(happenings);
    final Parts parts = new Parts();
    final Map<String, Route> routes = new ConcurrentHashMap<>();
    final Crew crew;
    final Engine engine;
    final Waits waits;
    private volatile Instant now = START;

    Bench() {
        this(Duration.ofSeconds(10));
    }

    Bench(Duration grace) {
        this(grace, Duration.ofSeconds(30));
    }

    Bench(Duration grace, Duration again) {
        crew = new Crew(grace);
        engine = new Engine(parts, rules("fake"), this, System::nanoTime, new Random(1), crew, again);
        waits = new Waits(engine, crew);
        parts.spools().add(spool, Map.of());
        parts.kept().add(spool, Map.of());
        addStore();
        parts.routers().add(this::route, Map.of("name", "fake"));
    }

    static Rules rules(String store) {
        return new Rules(SCHEDULE, store, 100, 8, 4, 65536);
    }

    void addStore() {
        parts.stores().add(store, Map.of("name", "fake"));
    }

    private Optional<Route> route(Address address) throws IOException {
        if (address.domain().equals("broken.test")) throw new IOException("the database is away");
        return Optional.of(routes.getOrDefault(address.toString(), new Route.Via("fake", address.domain(), true)));
    }

    void alias(String from, String... to) {
        routes.put(from, new Route.Alias(Stream.of(to).map(Address::of).toList()));
    }

    /** A transport that answers for each recipient. */
    Bench transport(BiFunction<Mail, Recipient, Outcome> answer) {
        return transport((mail, recipients, hop) -> {
            Map<Recipient, Outcome> outcomes = new LinkedHashMap<>();
            recipients.forEach(r -> outcomes.put(r, answer.apply(mail, r)));
            return outcomes;
        });
    }

    Bench transport(Transport transport) {
        parts.transports().add(transport, Map.of("name", "fake"));
        return this;
    }

    static Outcome delivered() {
        return new Outcome.Delivered("mx", new Reply(250, "2.0.0", "ok"), false);
    }

    static Outcome deferred() {
        return new Outcome.Deferred("mx", new Reply(451, "4.7.1", "later"));
    }

    static Outcome failed() {
        return new Outcome.Failed("mx", new Reply(550, "5.1.1", "no such user"));
    }

    static Mail mail(long id, String... to) {
        return mail(id, Optional.of(Address.of("alice@sender.test")), to);
    }

    static Mail mail(long id, Optional<Address> sender, String... to) {
        List<Recipient> recipients =
                Stream.of(to).map(t -> new Recipient(Address.of(t))).toList();
        return mail(id, new Envelope(sender, MailParameters.NONE, recipients));
    }

    static Mail mail(long id, Envelope envelope) {
        Origin origin = new Origin(
                "ESMTP",
                new java.net.InetSocketAddress(java.net.InetAddress.getLoopbackAddress(), 4711),
                "client",
                Optional.empty(),
                Optional.empty(),
                "mx.example.test",
                "smtp");
        return new Mail(MailId.of(id), START, origin, envelope, StoredMessage.of("Subject: hi\r\n\r\nbody\r\n"), false);
    }

    QueuedMail stored(long id) {
        return store.mails.get(MailId.of(id));
    }

    void later(Duration time) {
        now = now.plus(time);
    }

    /** Tries what is due. */
    void tryDue() throws IOException {
        waits.takeDue(store);
    }

    /** Waits until nothing is in hand. */
    void idle() {
        while (engine.busy() > 0) Thread.onSpinWait();
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }

    @Override
    public void close() {
        engine.close();
    }
}
