package org.posthorn.intake;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.posthorn.api.filter.Verdict;
import org.posthorn.api.intake.Submission;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.net.Sink;
import org.posthorn.api.queue.MailQueue;
import org.posthorn.api.routing.Router;
import org.posthorn.api.spool.Incoming;
import org.posthorn.api.spool.Spool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One mail on its way in. */
final class Transaction implements Submission {

    private static final Logger log = LoggerFactory.getLogger(Intake.class);

    private static final Reply SENDER_OK = new Reply(250, "2.1.0", "Ok");
    private static final Reply RECIPIENT_OK = new Reply(250, "2.1.5", "Ok");
    private static final Reply NOT_WHOLE =
            new Reply(451, "4.3.5", "Mail cannot be judged at the moment; try again later");
    private static final Reply NO_QUEUE = new Reply(451, "4.3.2", "Mail is not taken at the moment; try again later");
    private static final Reply NO_ROOM = new Reply(452, "4.3.1", "No room for mail at the moment; try again later");
    private static final Reply NO_VERDICT = new Reply(451, "4.3.0", "Mail could not be judged; try again later");
    private static final Reply TROUBLE = new Reply(451, "4.3.0", "Local trouble; try again later");
    private static final Reply TOO_MANY_HOPS = new Reply(554, "5.4.6", "The mail goes round in circles: too many hops");
    private static final Reply NOBODY = new Reply(554, "5.5.1", "No valid recipients");

    private final Origin origin;
    private final Intake intake;
    private final Chain chain;
    private final Optional<Lease<Spool>> spool;
    private final Optional<Lease<MailQueue>> queue;
    private final List<Lease<Router>> routers;
    private final Routes routes;

    private final Opinion opinion = new Opinion();
    private final Set<Address> known = new HashSet<>();
    private final List<Recipient> recipients = new ArrayList<>();
    private Envelope envelope = new Envelope(Optional.empty(), MailParameters.NONE, List.of());
    private boolean recipientDiscarded;
    private Incoming incoming;
    private HeaderSink header;

    Transaction(Origin origin, Intake intake) {
        this.origin = origin;
        this.intake = intake;
        Parts parts = intake.parts();
        chain = new Chain(intake.settings().filters(), parts);
        spool = parts.spools().lease();
        queue = parts.queues().lease();
        routers = parts.routers().all();
        routes = new Routes(routers.stream().map(Lease::get).toList(), intake.watchdog());
    }

    @Override
    public Reply sender(Optional<Address> sender, MailParameters parameters) {
        envelope = new Envelope(sender, parameters, List.of());
        if (chain.missing().isPresent())
            return refuse(NOT_WHOLE, "filter " + chain.missing().get() + " is missing");
        if (spool.isEmpty() || queue.isEmpty() || routers.isEmpty())
            return refuse(
                    NO_QUEUE, (spool.isEmpty() ? "spool" : queue.isEmpty() ? "queue" : "routing") + " is missing");
        if (!spool.get().get().room()) return refuse(NO_ROOM, "the disk is full");
        if (queue.get().get().full()) return refuse(NO_ROOM, "the queue is full");
        List<Judges.Step> steps = steps(Moment.CLIENT, (f, before) -> f.client(origin));
        steps.addAll(steps(Moment.SENDER, (f, before) -> f.sender(origin, sender)));
        try {
            Optional<Reply> refusal = opinion.add(intake.judges().ask(steps, opinion.findings()), false);
            return refusal.isPresent() ? refuse(refusal.get(), "") : SENDER_OK;
        } catch (NoVerdict e) {
            return refuse(NO_VERDICT, e.getMessage());
        }
    }

    private List<Judges.Step> steps(Moment moment, Judges.Question question) {
        return chain.at(moment).stream()
                .map(link -> new Judges.Step(link, question))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    @Override
    public Reply recipient(Recipient recipient) {
        Address address = recipient.address();
        if (!opinion.discarded().isEmpty()) return RECIPIENT_OK;
        try {
            Optional<Reply> refusal = routes.refusal(address, origin.login().isPresent());
            if (refusal.isPresent()) return refuse(refusal.get(), "", recipient);
            // Only who keeps a mailbox knows whether case counts in its name, RFC 5321 2.4; the queue delivers to one
            // mailbox once.
            Address key = address.at(address.folded().domain());
            return known.contains(key) ? RECIPIENT_OK : judged(recipient, key);
        } catch (NoVerdict e) {
            return refuse(NO_VERDICT, e.getMessage(), recipient);
        }
    }

    private Reply judged(Recipient recipient, Address key) throws NoVerdict {
        Envelope before = envelope.with(recipients);
        List<Judges.Said> said = intake.judges()
                .ask(steps(Moment.RECIPIENT, (f, found) -> f.recipient(origin, before, recipient)), opinion.findings());
        Optional<Judges.Said> discard = said.stream()
                .filter(s -> s.verdict() instanceof Verdict.Discard)
                .findFirst();
        if (discard.isPresent()) return discarded(recipient, discard.get());
        Optional<Reply> refusal = opinion.add(said, false);
        if (refusal.isPresent()) return refuse(refusal.get(), "", recipient);
        recipients.add(recipient);
        known.add(key);
        return RECIPIENT_OK;
    }

    private Reply discarded(Recipient recipient, Judges.Said said) {
        recipientDiscarded = true;
        log.info(
                "discarded from={} to=<{}> client={}: {}: {}",
                envelope.reversePath(),
                recipient.address(),
                client(),
                said.filter(),
                ((Verdict.Discard) said.verdict()).reason());
        return RECIPIENT_OK;
    }

    @Override
    public Sink data() throws IOException {
        if (recipients.isEmpty()) return bytes -> bytes.position(bytes.limit());
        incoming = spool.orElseThrow(() -> new IOException("the spool is missing"))
                .get()
                .begin();
        header = new HeaderSink(incoming, origin.server(), origin.login().isPresent());
        return header;
    }

    @Override
    public Reply finish() {
        MailId id = MailId.next();
        if (!opinion.discarded().isEmpty() || recipients.isEmpty() && recipientDiscarded) return thrownAway(id);
        if (recipients.isEmpty() || incoming == null) return refuse(NOBODY, "");
        try {
            header.finish();
            if (header.hops() > intake.settings().maxHops()) return refuse(TOO_MANY_HOPS, header.hops() + " hops");
            return judged(id);
        } catch (IOException | RuntimeException e) {
            log.error("Mail {} could not be taken: {}", id, e.toString());
            return refuse(TROUBLE, "local trouble");
        } catch (NoVerdict e) {
            return refuse(NO_VERDICT, e.getMessage());
        }
    }

    private Reply judged(MailId id) throws IOException, NoVerdict {
        Mail draft = draft(id);
        Judges.Question question = (f, found) -> f.message(draft.with(withResults(draft.message(), found, List.of())));
        List<Judges.Said> said = intake.judges().ask(steps(Moment.MESSAGE, question), opinion.findings());
        Optional<Reply> refusal = opinion.add(said, true);
        if (refusal.isPresent()) return refuse(refusal.get(), "");
        if (!opinion.discarded().isEmpty()) return thrownAway(id);
        Message traced = withResults(draft.message(), opinion.findings(), opinion.fields());
        Mail judged = new Mail(id, draft.arrived(), origin, draft.envelope(), traced, opinion.junk());
        return queued(spool.orElseThrow().get().commit(incoming, judged));
    }

    /** The mail with what every mail gets: a Received field, and for one of our own users what the client left out. */
    private Mail draft(MailId id) throws IOException {
        var now = intake.clock().instant();
        List<HeaderField> fields = new ArrayList<>();
        fields.add(intake.trace().received(id, now, origin, recipients));
        if (origin.login().isPresent())
            fields.addAll(intake.trace().missing(id, now, origin, header.date(), header.messageId()));
        Message message = incoming.message().withTrace(fields);
        return new Mail(id, now, origin, envelope.with(recipients), message, opinion.junk());
    }

    private Message withResults(
            Message message, List<org.posthorn.api.filter.Finding> found, List<HeaderField> fields) {
        List<HeaderField> front = new ArrayList<>(fields);
        if (!found.isEmpty()) front.add(AuthenticationResults.of(origin.server(), found));
        return front.isEmpty() ? message : message.withTrace(front);
    }

    private Reply queued(Mail mail) {
        try {
            queue.orElseThrow().get().add(mail);
        } catch (RuntimeException e) {
            // It is safe: the queue finds it in the spool when it starts anew. A refusal would bring it a second time.
            log.error(
                    "Mail {} is safe, but the queue did not take it; it will at the next start: {}",
                    mail.id(),
                    e.toString());
        }
        // The queue tells of each recipient what became of it; what only the judges know is told here.
        if (mail.junk())
            log.info("{} from={} to={} is junk: {}", mail.id(), envelope.reversePath(), to(), opinion.why());
        return new Reply(250, "2.0.0", "Ok: queued as " + mail.id());
    }

    private Reply thrownAway(MailId id) {
        log.info("{} from={} to={} client={} discarded: {}", id, envelope.reversePath(), to(), client(), opinion.why());
        return new Reply(250, "2.0.0", "Ok: queued as " + id);
    }

    private Reply refuse(Reply reply, String why) {
        log.info(
                "refused from={} to={} client={}: {}{}",
                envelope.reversePath(),
                to(),
                client(),
                reply,
                why.isEmpty() ? "" : " (" + why + ")");
        return reply;
    }

    private Reply refuse(Reply reply, String why, Recipient recipient) {
        log.info(
                "refused from={} to=<{}> client={}: {}{}",
                envelope.reversePath(),
                recipient.address(),
                client(),
                reply,
                why.isEmpty() ? "" : " (" + why + ")");
        return reply;
    }

    private String to() {
        if (recipients.size() == 1) return "<" + recipients.get(0).address() + ">";
        return recipients.stream().map(r -> "<" + r.address() + ">").collect(Collectors.joining(","));
    }

    private String client() {
        return TraceFields.literal(origin.client().getAddress());
    }

    @Override
    public void close() {
        if (incoming != null) incoming.close();
        chain.close();
        Stream.of(spool.stream(), queue.stream(), routers.stream())
                .flatMap(s -> s)
                .forEach(Lease::close);
    }
}
