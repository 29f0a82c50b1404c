package org.posthorn.queue;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.posthorn.api.delivery.Transport;
import org.posthorn.api.events.MailEvents;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.queue.MailQueue;
import org.posthorn.api.queue.QueueStore;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.api.queue.UnsentMail;
import org.posthorn.api.routing.Route;
import org.posthorn.api.routing.Router;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.shell.ShellCommands;
import org.posthorn.api.spool.KeptMail;
import org.posthorn.api.spool.Spool;
import org.posthorn.api.store.Inspection;
import org.posthorn.api.store.StoreCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The queue as the container sees it. */
@Component(
        configurationPid = "org.posthorn.queue",
        immediate = true,
        service = {MailQueue.class, UnsentMail.class, ShellCommands.class, StoreCheck.class})
@Designate(ocd = Queue.Config.class)
public final class Queue implements MailQueue, UnsentMail, ShellCommands, StoreCheck {

    @ObjectClassDefinition(name = "org.posthorn.queue")
    @interface Config {

        @AttributeDefinition(description = "Where mail that waits is kept: sql, file or memory.")
        String store() default "sql";

        @AttributeDefinition(
                description = "The pauses behind each attempt; the last one stays. A number and s, m, h or d.")
        String[] retry() default {"5m", "10m", "20m", "40m", "1h", "2h", "4h"};

        @AttributeDefinition(
                description =
                        "How long mail is tried before it goes back to its sender; so often as there are pauses it is tried in any case.")
        String maxAge() default "5d";

        @AttributeDefinition(description = "When the sender of mail that waits is told of it, once.")
        String warnAfter() default "4h";

        @AttributeDefinition(
                description = "Mails in hand at which new ones are told to come later (452).",
                min = "10",
                max = "1000000")
        int backlog() default 5000;

        @AttributeDefinition(description = "Deliveries at once by one transport.", min = "1", max = "1000")
        int deliveries() default 20;

        @AttributeDefinition(
                description = "Deliveries at once to one destination: a domain, a host, an account.",
                min = "1",
                max = "1000")
        int destinationDeliveries() default 10;

        @AttributeDefinition(
                description = "Octets up to which a bounce gives back the whole mail; beyond it, the header alone.",
                min = "0")
        int wholeBounce() default 65536;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Queue.class);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final Duration AGAIN = Duration.ofSeconds(30);

    private final Parts parts = new Parts();
    private final boolean offline;
    private final Crew crew = new Crew(GRACE);
    private final Engine engine;
    private final Waits waits;
    private final Restart restart;
    private volatile boolean alone;

    @Activate
    public Queue(BundleContext context, Config config) throws InvalidSyntaxException {
        offline = "offline".equals(context.getProperty("posthorn.mode"));
        engine = new Engine(parts, Rules.of(config), Clock.systemUTC(), System::nanoTime, new Random(), crew, AGAIN);
        waits = new Waits(engine, crew);
        List<Bundle> older = context.getServiceReferences(MailQueue.class, null).stream()
                .map(ServiceReference::getBundle)
                .filter(b -> b != null && b != context.getBundle())
                .toList();
        restart = new Restart(engine, crew, () -> older.stream().anyMatch(Queue::runs), this::claimed);
    }

    /** While it stops, it still ends what it had begun. */
    private static boolean runs(Bundle bundle) {
        return (bundle.getState() & (Bundle.STARTING | Bundle.ACTIVE | Bundle.STOPPING)) != 0;
    }

    /** The binds come between the constructor and this. */
    @Activate
    void start() {
        if (offline) return;
        try (Lease<Spool> spool = parts.spools().lease().orElseThrow()) {
            restart.begin(spool.get());
        }
    }

    private void claimed() {
        alone = true;
        waits.start();
        new Comeback(engine, crew, waits).start();
        Litter litter = new Litter(engine);
        crew.whenPresent(parts.stores(), List.of(engine.rules().store()), litter::sweep);
        whenStoresAreThere(this::takeBack);
        tellOfStrays();
    }

    private void tellOfStrays() {
        whenStoresAreThere(new Strays(parts, engine.rules())::warn);
    }

    /** The stores that are not in use may come behind the one that is. */
    private void whenStoresAreThere(Runnable task) {
        Runnable later = () -> crew.later(GRACE.toSeconds(), () -> crew.now(task));
        crew.whenPresent(parts.stores(), List.of(engine.rules().store()), later);
    }

    private void takeBack() {
        try {
            new QueueInspection(engine, waits, restart, new Amends()).lost();
        } catch (IOException | RuntimeException e) {
            LOG.warn("Whether the queue store has lost mail cannot be told ({}); store:check does.", e.toString());
        }
    }

    @Modified
    void modified(Config config) {
        String before = engine.rules().store();
        engine.rules(Rules.of(config));
        if (offline) return;
        waits.wake();
        if (!before.equals(config.store())) tellOfStrays();
    }

    @Deactivate
    void stop() {
        engine.close();
    }

    @Override
    public void add(Mail committed) {
        // A command runs without the server: the mail stays in the journal, where the server finds it.
        if (!offline && restart.isNew(committed.id())) engine.take(committed);
    }

    @Override
    public boolean full() {
        return engine.busy() >= engine.rules().backlog();
    }

    @Override
    public Optional<Reply> refusal(Route.Via way) {
        try (Lease<Transport> transport =
                parts.transports().lease(way.transport()).orElse(null)) {
            return transport == null ? Optional.empty() : transport.get().refusal(way.nextHop());
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            LOG.error(
                    "The transport {} broke when asked about {}; the mail is let in",
                    way.transport(),
                    way.nextHop(),
                    e);
            return Optional.empty();
        }
    }

    @Override
    public Optional<QueuedMail> open(MailId id) throws IOException {
        ready();
        return new Unsent(engine).open(id);
    }

    /** Before that, one that is being swapped may be trying it, or it may stand in the journal alone. */
    private void ready() throws IOException {
        if (!alone) throw new IOException("the queue is not ready yet");
    }

    @Override
    public boolean takeBack(MailId id, String by) throws IOException {
        ready();
        return new Unsent(engine).takeBack(id, by);
    }

    @Override
    public String scope() {
        return "queue";
    }

    @Override
    public List<ShellCommand> commands() {
        return new QueueCommands(engine, waits).all();
    }

    @Override
    public String store() {
        return "queue";
    }

    @Override
    public int turn() {
        return 2;
    }

    @Override
    public void inspect(Inspection inspection) throws IOException {
        if (inspection.account().isPresent()) return;
        QueueInspection queue = new QueueInspection(engine, waits, restart, inspection);
        queue.run();
        // Without the server, all of the journal is in nobody's hands.
        if (!offline) queue.journal();
    }

    @Reference(
            cardinality = ReferenceCardinality.AT_LEAST_ONE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addSpool(Spool spool, Map<String, Object> properties) {
        parts.spools().add(spool, properties);
    }

    void removeSpool(Spool spool) {
        parts.spools().remove(spool);
    }

    @Reference(
            cardinality = ReferenceCardinality.AT_LEAST_ONE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addKept(KeptMail kept, Map<String, Object> properties) {
        parts.kept().add(kept, properties);
    }

    void removeKept(KeptMail kept) {
        parts.kept().remove(kept);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addStore(QueueStore store, Map<String, Object> properties) {
        parts.stores().add(store, properties);
    }

    void removeStore(QueueStore store) {
        parts.stores().remove(store);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addRouter(Router router, Map<String, Object> properties) {
        parts.routers().add(router, properties);
    }

    void removeRouter(Router router) {
        parts.routers().remove(router);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addTransport(Transport transport, Map<String, Object> properties) {
        parts.transports().add(transport, properties);
    }

    void removeTransport(Transport transport) {
        parts.transports().remove(transport);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addMailboxes(MailboxStore mailboxes, Map<String, Object> properties) {
        parts.mailboxes().add(mailboxes, properties);
    }

    void removeMailboxes(MailboxStore mailboxes) {
        parts.mailboxes().remove(mailboxes);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addEvents(MailEvents events, Map<String, ?> properties) {
        parts.teller().add(events, properties);
    }

    void removeEvents(MailEvents events) {
        parts.teller().remove(events);
    }
}
