package org.posthorn.jmap.mail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.posthorn.api.events.MailStories;
import org.posthorn.api.events.SentTo;
import org.posthorn.api.events.StoryStep;
import org.posthorn.api.intake.MailIntake;
import org.posthorn.api.intake.Submission;
import org.posthorn.api.intake.SubmissionRules;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.net.Sink;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.api.queue.UnsentMail;
import org.posthorn.api.users.Accounts;
import org.posthorn.api.users.Login;
import org.posthorn.api.users.ScramKeys;

/** All that mail is sent through, in memory, and a clock that a test sets. What is taken waits in the queue until it is delivered. */
final class PostOffice extends Clock implements MailIntake, UnsentMail, MailStories, Accounts {

    static final Address ALICE = Address.of("alice@example.org");

    /** A mail that was taken. */
    record Taken(Origin origin, Envelope envelope, String text) {}

    final List<Taken> taken = new ArrayList<>();
    final Map<MailId, QueuedMail> queue = new ConcurrentSkipListMap<>();
    /** What is told of mail that was sent, to {@link #ALICE} alone. */
    final Map<MailId, List<SentTo>> told = new ConcurrentHashMap<>();

    boolean storiesAway;
    /** How often the queue was asked. */
    final AtomicInteger asked = new AtomicInteger();
    /** What somebody else does while a mail is handed in. */
    Runnable meanwhile = () -> {};

    /** Where reports arrive. */
    final Leased<MailboxStore> mailboxes = new Leased<>();

    final List<Address> own = new ArrayList<>(List.of(ALICE, Address.of("sales@example.org")));
    Reply senderReply = new Reply(250, "2.1.0", "Ok");
    Reply verdict = new Reply(250, "2.0.0", "Ok: queued");
    Duration maxFutureRelease = Duration.ofDays(30);
    String refused = "";
    boolean queueAway;
    volatile Instant now = Instant.parse("2026-11-29T12:00:00Z");
    private long ids = 1;

    Sending sending() {
        Leased<MailIntake> intakes = new Leased<>();
        intakes.add(this, Map.of());
        Leased<UnsentMail> queues = new Leased<>();
        queues.add(this, Map.of());
        Leased<MailStories> stories = new Leased<>();
        stories.add(this, Map.of());
        return new Sending(this, intakes, queues, stories, mailboxes, this::rules);
    }

    private SubmissionRules rules() {
        return new SubmissionRules("mx.example.org", 2000, 3, true, maxFutureRelease);
    }

    @Override
    public CompletionStage<Void> ready() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public Submission begin(Origin origin) {
        return new Noted(origin, MailId.of(ids++));
    }

    private final class Noted implements Submission {
        private final Origin origin;
        private final MailId id;
        private final List<Recipient> recipients = new ArrayList<>();
        private final ByteArrayOutputStream text = new ByteArrayOutputStream();
        private Envelope envelope;

        Noted(Origin origin, MailId id) {
            this.origin = origin;
            this.id = id;
        }

        @Override
        public MailId id() {
            return id;
        }

        @Override
        public Reply sender(Optional<Address> sender, MailParameters parameters) {
            envelope = new Envelope(sender, parameters, List.of());
            return senderReply;
        }

        @Override
        public Reply recipient(Recipient recipient) {
            if (recipient.address().localPart().startsWith("nobody")) return new Reply(550, "5.1.1", "No such user");
            recipients.add(recipient);
            return new Reply(250, "2.1.5", "Ok");
        }

        @Override
        public Sink data() {
            return bytes -> {
                byte[] octets = new byte[bytes.remaining()];
                bytes.get(octets);
                text.write(octets);
            };
        }

        @Override
        public Reply finish() {
            meanwhile.run();
            if (!verdict.positive()) return verdict;
            Envelope whole = envelope.with(recipients);
            taken.add(new Taken(origin, whole, text.toString(StandardCharsets.ISO_8859_1)));
            List<QueuedMail.Attempts> none = recipients.stream()
                    .map(r -> new QueuedMail.Attempts(false, 0, "", ""))
                    .toList();
            Instant next = whole.parameters().earliest(now);
            queue.put(id, new QueuedMail(id, now, origin, whole, none, 1, false, next, false, false));
            return verdict;
        }

        @Override
        public void refused(Reply reply, String why) {
            refused = reply.toString();
        }

        @Override
        public void close() {
            // Nothing is kept open.
        }
    }

    @Override
    public Optional<QueuedMail> open(MailId id) throws IOException {
        asked.incrementAndGet();
        if (queueAway) throw new IOException("the database is away");
        return Optional.ofNullable(queue.get(id));
    }

    @Override
    public Optional<List<SentTo>> sent(Address account, MailId mail) throws IOException {
        if (storiesAway) throw new IOException("the stories are away");
        return account.equals(ALICE) ? Optional.ofNullable(told.get(mail)) : Optional.empty();
    }

    @Override
    public Optional<List<StoryStep>> delivered(Address account, MailId mail) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean takeBack(MailId id, String by) {
        return Optional.ofNullable(queue.get(id)).filter(QueuedMail::wished).isPresent() && queue.remove(id) != null;
    }

    @Override
    public Login login(String name, String password, InetAddress client) {
        throw new UnsupportedOperationException();
    }

    @Override
    public ScramKeys scram(String name) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Login scramEnded(String name, boolean proved, InetAddress client) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean maySend(Address account, Address sender) throws IOException {
        return own.contains(sender);
    }

    @Override
    public List<Address> addresses(Address account) {
        return List.copyOf(own);
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
}
