package org.posthorn.intake;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.posthorn.api.filter.MailFilter;
import org.posthorn.api.intake.Submission;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.queue.MailQueue;
import org.posthorn.api.routing.Route;
import org.posthorn.api.routing.Router;
import org.posthorn.api.spool.Incoming;
import org.posthorn.api.spool.Pending;
import org.posthorn.api.spool.ShelfNote;
import org.posthorn.api.spool.Spool;
import org.posthorn.mime.Octets;
import org.posthorn.mime.StoredMessage;

/** An intake with all around it, in memory. {@code bob@here.test} is a user, {@code far.test} is far away. */
final class World implements Spool, MailQueue, Router, AutoCloseable {

    static final MailParameters NONE = MailParameters.NONE;
    static final Reply REFUSED = new Reply(550, "5.7.1", "no");

    final Map<String, Route> routes = new HashMap<>();
    /** Of what local parts nobody can tell where they lead, and how often they may ask. */
    final Map<String, Integer> troubles = new ConcurrentHashMap<>();

    final List<Mail> queued = new ArrayList<>();
    Instant now = Instant.parse("2026-11-22T18:30:00Z");
    boolean full;
    /** What the way's end says of mail. */
    Function<Route.Via, Optional<Reply>> end = way -> Optional.empty();

    boolean room = true;
    boolean shut;
    boolean broken;
    /** Runs when a mail is safe. */
    Runnable committed = () -> {};
    /** Runs when the queue takes one. */
    Runnable adding = () -> {};
    /** Whether the spool has let go of all bytes. */
    volatile boolean gone;

    Intake intake;

    World(MailFilter... filters) {
        this(settings(Duration.ofSeconds(5), List.of("f0", "f1", "f2").subList(0, filters.length)), filters);
    }

    World(Settings settings, MailFilter... filters) {
        intake = new Intake(settings, Optional.empty(), clock());
        for (int i = 0; i < filters.length; i++) intake.addFilter(filters[i], Map.of("name", "f" + i));
        intake.addRouter(this, Map.of());
        intake.addSpool(this, Map.of());
        intake.addQueue(this, Map.of());
        routes.put("bob@here.test", new Route.Via("local", "bob@here.test", true));
        routes.put("eve@far.test", new Route.Via("smtp", "far.test", false));
        routes.put("nobody@here.test", new Route.Refuse(new Reply(550, "5.1.1", "No such user")));
    }

    static Settings settings(Duration limit, List<String> filters) {
        return new Settings(filters, Duration.ofMillis(50), limit, Duration.ofSeconds(60), 8, 20);
    }

    private Clock clock() {
        return new Clock() {
            @Override
            public ZoneId getZone() {
                return ZoneOffset.ofHours(1);
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }

            @Override
            public Instant instant() {
                return Objects.requireNonNull(now, "there is no time");
            }
        };
    }

    static Origin origin(String... login) throws IOException {
        InetSocketAddress client = new InetSocketAddress(InetAddress.getByName("192.0.2.7"), 4711);
        return new Origin(
                "ESMTPS",
                client,
                "client.example",
                login.length == 0 ? Optional.empty() : Optional.of(Address.of(login[0])),
                Optional.of("TLSv1.3 TLS_AES_128_GCM_SHA256"),
                "mx.here.test",
                "smtp");
    }

    /** Sends a mail; the first reply that is a refusal, or the last one. */
    Reply send(Origin origin, String octets, String... recipients) throws IOException {
        intake.ready().toCompletableFuture().join();
        try (Submission mail = intake.begin(origin)) {
            Reply reply = mail.sender(Optional.of(Address.of("ann@there.test")), NONE);
            for (String recipient : recipients)
                if (reply.positive()) reply = mail.recipient(new Recipient(Address.of(recipient)));
            if (!reply.positive()) return reply;
            // In pieces, as a network gives them.
            var sink = mail.data();
            for (int i = 0; i < octets.length(); i += 7)
                sink.write(bytes(octets.substring(i, Math.min(i + 7, octets.length()))));
            return mail.finish();
        }
    }

    Reply send(String octets) throws IOException {
        return send(origin(), octets, "bob@here.test");
    }

    static ByteBuffer bytes(String octets) {
        return ByteBuffer.wrap(octets.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The octets of the only mail in the queue. */
    String only() throws IOException {
        if (queued.size() != 1) throw new AssertionError(queued.size() + " mails");
        return text(queued.get(0).message());
    }

    static String text(Message message) throws IOException {
        try (var in = message.open()) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Override
    public Incoming begin() {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        return new Incoming() {
            @Override
            public void write(ByteBuffer bytes) throws IOException {
                byte[] some = new byte[bytes.remaining()];
                bytes.get(some);
                octets.write(some);
            }

            @Override
            public Message message() {
                return StoredMessage.of(new Octets() {
                    @Override
                    public long size() {
                        return octets.size();
                    }

                    @Override
                    public java.io.InputStream open() throws IOException {
                        if (gone) throw new IOException("the bytes are gone");
                        return Octets.of(octets.toByteArray()).open();
                    }

                    @Override
                    public long transferTo(long position, long count, java.nio.channels.WritableByteChannel to)
                            throws IOException {
                        if (gone) throw new IOException("the bytes are gone");
                        return Octets.of(octets.toByteArray()).transferTo(position, count, to);
                    }
                });
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public Mail commit(Incoming incoming, Mail draft) throws IOException {
        if (broken) throw new IOException("the disk is broken");
        committed.run();
        return draft;
    }

    @Override
    public void add(Mail committed) {
        adding.run();
        queued.add(committed);
    }

    @Override
    public Optional<Reply> refusal(Route.Via way) {
        return end.apply(way);
    }

    @Override
    public boolean full() {
        return full;
    }

    @Override
    public boolean room() throws IOException {
        if (shut) throw new IOException("the version before has not let go of the spool");
        return room;
    }

    @Override
    public Optional<Route> route(Address address) throws IOException {
        if (troubles.getOrDefault(address.localPart(), 0) > 0) {
            troubles.merge(address.localPart(), -1, Integer::sum);
            throw new IOException("the directory is down");
        }
        return Optional.ofNullable(routes.get(address.folded().toString()));
    }

    @Override
    public void note(MailId id, ShelfNote note) {}

    @Override
    public void settle(MailId id, Collection<Integer> recipients) {}

    @Override
    public List<Pending> left() {
        return List.of();
    }

    @Override
    public List<Pending> replay() {
        return List.of();
    }

    @Override
    public void close() {
        intake.close();
    }
}
