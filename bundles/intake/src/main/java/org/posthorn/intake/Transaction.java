package org.posthorn.intake;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.posthorn.api.filter.Finding;
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
import org.posthorn.api.mailbox.SentMail;
import org.posthorn.api.net.Sink;
import org.posthorn.api.queue.MailQueue;
import org.posthorn.api.routing.Route;
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

    /** It is called so from its beginning on, be it taken or refused. */
    private final MailId id = MailId.next();

    private final Origin origin;
    private final Intake intake;
    private final Narration narration;
    private final Routes routes;
    private final Optional<Transcript> transcript;

    private final Opinion opinion = new Opinion();
    private final Set<Address> known = new HashSet<>();
    private final List<Recipient> recipients = new ArrayList<>();
    private Envelope envelope = new Envelope(Optional.empty(), MailParameters.NONE, List.of());
    /** The names of the filters that judge it, and when they have their opinions, as of MAIL. */
    private List<String> chain = List.of();

    private List<Set<Moment>> moments = List.of();
    private boolean waited;
    private boolean recipientDiscarded;
    private Arriving arriving;
    private HeaderSink header;

    Transaction(Origin origin, Intake intake) {
        this.origin = origin;
        this.intake = intake;
        narration = new Narration(id, intake.teller(), intake.clock());
        routes = new Routes(intake.parts().routers(), intake.watchdog());
        transcript = intake.shadows().transcript(id, origin);
    }

    @Override
    public MailId id() {
        return id;
    }

    @Override
    public Reply sender(Optional<Address> sender, MailParameters parameters) {
        envelope = new Envelope(sender, parameters, List.of());
        narration.begun(origin, sender);
        chain = intake.chain(origin, sender);
        transcript.ifPresent(t -> t.begun(envelope, recipients, chain));
        try (Chain filters = new Chain(chain, intake.parts())) {
            if (filters.missing().isPresent())
                return refuse(NOT_WHOLE, "filter " + filters.missing().get() + " is missing");
            moments = filters.moments();
            Optional<Reply> noRoom = noRoom();
            return noRoom.isPresent() ? noRoom.get() : judged(sender, filters);
        } catch (NoVerdict e) {
            return refuse(NO_VERDICT, e.getMessage());
        }
    }

    private Reply judged(Optional<Address> sender, Chain filters) throws NoVerdict {
        List<Judges.Step> steps = steps(filters, Moment.CLIENT, (f, before) -> f.client(origin));
        steps.addAll(steps(filters, Moment.SENDER, (f, before) -> f.sender(origin, sender)));
        Optional<Reply> refusal = opinion.add(ask(Stage.MAIL, steps, Optional.empty()), false);
        return refusal.isPresent() ? refuse(refusal.get(), "") : SENDER_OK;
    }

    private Optional<Reply> noRoom() {
        if (intake.parts().routers().names().isEmpty()) return Optional.of(refuse(NO_QUEUE, "routing is missing"));
        try {
            if (!Arriving.room(intake.parts().spools())) return Optional.of(refuse(NO_ROOM, "the disk is full"));
        } catch (IOException e) {
            return Optional.of(refuse(NO_QUEUE, e.getMessage()));
        }
        try (Lease<MailQueue> queue = intake.parts().queues().lease().orElse(null)) {
            if (queue == null) return Optional.of(refuse(NO_QUEUE, "queue is missing"));
            return queue.get().full() ? Optional.of(refuse(NO_ROOM, "the queue is full")) : Optional.empty();
        }
    }

    /**
     * The filters behind MAIL, of which another version may have come in the place of one. It is the same to the mail if it has its opinions at the same moments;
     * else the mail could slip through between the two.
     */
    private Chain filters() throws NoVerdict {
        Chain now = new Chain(chain, intake.parts());
        if (now.missing().isEmpty() && now.moments().equals(moments)) return now;
        now.close();
        throw new NoVerdict(
                now.missing().isPresent()
                        ? "filter " + now.missing().get() + " is missing"
                        : "a filter that judges at other moments has come in the place of another");
    }

    private static List<Judges.Step> steps(Chain filters, Moment moment, Judges.Question question) {
        return filters.at(moment).stream()
                .map(link -> new Judges.Step(link, moment, question))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private List<Judges.Said> ask(Stage stage, Moment moment, Judges.Question question, Optional<Recipient> recipient)
            throws NoVerdict {
        try (Chain filters = filters()) {
            return ask(stage, steps(filters, moment, question), recipient);
        }
    }

    /** Asks the chain; what it was asked and said is written down for those in the shadow. */
    private List<Judges.Said> ask(Stage stage, List<Judges.Step> steps, Optional<Recipient> recipient)
            throws NoVerdict {
        Optional<Asked> question = transcript.map(t -> t.question(stage, recipient, opinion.findings()));
        Optional<Address> about = recipient.map(Recipient::address);
        try {
            List<Judges.Said> said =
                    intake.judges().ask(steps, opinion.findings(), one -> narration.judged(one, about));
            question.ifPresent(q -> transcript.orElseThrow().answered(q, said));
            return said;
        } catch (NoVerdict e) {
            intake.failed(e.failed());
            question.ifPresent(q -> transcript.orElseThrow().unanswered(q, e.failed()));
            throw e;
        }
    }

    /** What is being changed is back in a moment: a mail that has begun waits for it, once, since it has a thread meanwhile. */
    private void awaitParts() {
        if (waited || intake.parts().whole(chain)) return;
        waited = true;
        intake.parts()
                .ready(chain, intake.settings().grace())
                .toCompletableFuture()
                .join();
    }

    @Override
    public Reply recipient(Recipient recipient) {
        Address address = recipient.address();
        if (!opinion.discarded().isEmpty()) return take(recipient);
        awaitParts();
        try {
            Routes.Found found = routes.ask(address, origin.login().isPresent());
            if (found.refusal().isPresent()) return refuse(found.refusal().get(), "", recipient, "routing");
            // Only who keeps a mailbox knows whether case counts in its name, RFC 5321 2.4; the queue delivers to one
            // mailbox once.
            Address key = address.at(address.folded().domain());
            return known.contains(key) ? RECIPIENT_OK : judged(recipient, key, found.end());
        } catch (NoVerdict e) {
            return refuse(NO_VERDICT, e.getMessage(), recipient, e.getMessage());
        }
    }

    private Reply take(Recipient recipient) {
        narration.answered(recipient.address(), RECIPIENT_OK, "");
        return RECIPIENT_OK;
    }

    /** A stranger hears only behind the filters whether a mailbox is full. */
    private Optional<Reply> full(Optional<Route.Via> end) {
        try (Lease<MailQueue> queue = intake.parts().queues().lease().orElse(null)) {
            return queue == null ? Optional.empty() : end.flatMap(queue.get()::refusal);
        }
    }

    private Reply judged(Recipient recipient, Address key, Optional<Route.Via> end) throws NoVerdict {
        Envelope before = envelope.with(recipients);
        List<Judges.Said> said = ask(
                Stage.RECIPIENT,
                Moment.RECIPIENT,
                (f, found) -> f.recipient(origin, before, recipient),
                Optional.of(recipient));
        Optional<Judges.Said> discard = said.stream()
                .filter(s -> s.verdict() instanceof Verdict.Discard)
                .findFirst();
        if (discard.isPresent()) return discarded(recipient, discard.get());
        Optional<Reply> refusal = opinion.add(said, false);
        if (refusal.isPresent())
            return refuse(
                    refusal.get(),
                    "",
                    recipient,
                    Judges.plugin(said.get(said.size() - 1).filter()));
        Optional<Reply> full = full(end);
        if (full.isPresent()) return refuse(full.get(), "", recipient, end.get().transport());
        recipients.add(recipient);
        known.add(key);
        return take(recipient);
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
        return take(recipient);
    }

    @Override
    public Sink data() throws IOException {
        narration.dataBegun();
        if (recipients.isEmpty()) return bytes -> bytes.position(bytes.limit());
        arriving = Arriving.begin(intake.parts().spools());
        header = new HeaderSink(arriving, origin.server(), origin.login().isPresent());
        return header;
    }

    @Override
    public Reply finish() {
        if (!opinion.discarded().isEmpty() || recipients.isEmpty() && recipientDiscarded) return thrownAway();
        if (recipients.isEmpty() || arriving == null) return refuse(NOBODY, "");
        try {
            header.finish();
            tellContent();
            if (header.hops() > intake.settings().maxHops()) return refuse(TOO_MANY_HOPS, header.hops() + " hops");
            awaitParts();
            return judged();
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            log.error("Mail {} could not be taken: {}", id, e.toString());
            return refuse(TROUBLE, "local trouble");
        } catch (NoVerdict e) {
            return refuse(NO_VERDICT, e.getMessage());
        }
    }

    private void tellContent() {
        boolean ours = !header.identified() && origin.login().isPresent();
        narration.content(header.octets(), ours ? TraceFields.messageId(id, origin) : header.messageId());
    }

    private Reply judged() throws IOException, NoVerdict {
        Mail draft = draft();
        transcript.ifPresent(t -> t.message(draft));
        Judges.Question question = (f, found) -> f.message(draft.with(withResults(draft.message(), found, List.of())));
        List<Judges.Said> said = ask(Stage.MESSAGE, Moment.MESSAGE, question, Optional.empty());
        Optional<Reply> refusal = opinion.add(said, true);
        if (refusal.isPresent()) return refuse(refusal.get(), "");
        if (!opinion.discarded().isEmpty()) return thrownAway();
        Message traced = withResults(draft.message(), opinion.findings(), opinion.fields());
        Mail judged = new Mail(id, draft.arrived(), origin, draft.envelope(), traced, opinion.junk());
        Reply yes = queuedAs();
        handOn(arriving.commit(judged), yes);
        return yes;
    }

    /** The mail with what every mail gets: a Received field, and for one of our own users what the client left out. */
    private Mail draft() throws IOException {
        var now = intake.clock().instant();
        List<HeaderField> fields = new ArrayList<>();
        fields.add(intake.trace().received(id, now, origin, recipients));
        if (origin.login().isPresent())
            fields.addAll(intake.trace().missing(id, now, origin, header.date(), header.identified()));
        Message message = arriving.message().withTrace(fields);
        return new Mail(id, now, origin, envelope.with(recipients), message, opinion.junk());
    }

    private Message withResults(Message message, List<Finding> found, List<HeaderField> fields) {
        return AuthenticationResults.before(message, origin.server(), found, fields);
    }

    /** It is safe: the queue finds it in the spool when it starts anew. Whatever fails here, a refusal would bring it a second time. */
    private void handOn(Mail mail, Reply yes) {
        tell(mail, yes);
        // Before the queue has it: with the last delivery its octets go.
        keepForSender(mail);
        try {
            queue(mail);
            // The queue tells of each recipient what became of it; what only the judges know is told here.
            if (mail.junk())
                log.info("{} from={} to={} is junk: {}", mail.id(), envelope.reversePath(), to(), opinion.why());
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            log.error(
                    "Mail {} is safe, but the queue did not take it; it will at the next start: {}",
                    mail.id(),
                    e.toString());
        }
    }

    private void keepForSender(Mail mail) {
        if (!origin.submitted()) return;
        SentMail copy = new SentMail(origin.login().orElseThrow(), mail, header.date(), header.identified());
        intake.sent().keep(copy, intake.settings());
    }

    private void tell(Mail mail, Reply yes) {
        try {
            narration.accepted(yes, mail.junk());
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            log.error("Mail {} is safe and goes on, but its story has no end: {}", mail.id(), e.toString());
        }
    }

    private void queue(Mail mail) {
        try (Lease<MailQueue> queue = intake.parts().queues().lease().orElseThrow()) {
            queue.get().add(mail);
        }
    }

    private Reply queuedAs() {
        return new Reply(250, "2.0.0", "Ok: queued as " + id);
    }

    private Reply thrownAway() {
        narration.discarded(opinion.discarded().isEmpty() ? "for its recipients" : opinion.why());
        log.info("{} from={} to={} client={} discarded: {}", id, envelope.reversePath(), to(), client(), opinion.why());
        return queuedAs();
    }

    private Reply refuse(Reply reply, String why) {
        narration.refused(reply, why);
        log.info(
                "{} refused from={} to={} client={}: {}{}",
                id,
                envelope.reversePath(),
                to(),
                client(),
                reply,
                why.isEmpty() ? "" : " (" + why + ")");
        return reply;
    }

    private Reply refuse(Reply reply, String why, Recipient recipient, String by) {
        narration.answered(recipient.address(), reply, by);
        log.info(
                "{} refused from={} to=<{}> client={}: {}{}",
                id,
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
        String address = TraceFields.literal(origin.client().getAddress());
        return address + origin.login().map(who -> " login=" + who).orElse("");
    }

    @Override
    public void refused(Reply reply, String why) {
        if (narration.ended()) return;
        if (header != null) narration.content(header.octets(), header.messageId());
        refuse(reply, why);
    }

    @Override
    public void close() {
        if (arriving != null) arriving.close();
        narration.closed();
        transcript.ifPresent(intake.shadows()::see);
    }
}
