package org.posthorn.mailbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.osgi.framework.BundleContext;
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
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Delivery;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.MailboxFormat;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.shell.ShellCommands;
import org.posthorn.api.spool.Pending;
import org.posthorn.api.spool.Spool;

/** All shelves, over whatever formats there are. */
@Component(
        configurationPid = "org.posthorn.mailbox",
        service = {MailboxStore.class, ShellCommands.class})
@Designate(ocd = Mailboxes.Config.class)
public final class Mailboxes implements MailboxStore, ShellCommands {

    /** Settings. */
    @ObjectClassDefinition(name = "Mailboxes")
    public @interface Config {
        @AttributeDefinition(
                description =
                        "The format that mailboxes are kept in: maildir or mbox, or that of another mailbox-* bundle")
        String format() default "maildir";

        @AttributeDefinition(
                description = "Other formats for domains and accounts: example.org=mbox, bob@example.org=maildir")
        String[] formats() default {};

        @AttributeDefinition(
                description = "Where accounts live, as <domain>/<local part>; empty means mail in the data directory")
        String root() default "";

        @AttributeDefinition(
                description = "Seconds between looks at what other programs did to a mailbox that a client watches",
                min = "1",
                max = "3600")
        int poll() default 2;

        @AttributeDefinition(
                description = "Seconds without use after which a mailbox leaves the memory",
                min = "1",
                max = "86400")
        int idle() default 60;
    }

    private final Leased<MailboxFormat> formats = new Leased<>();
    private final Leased<Spool> spools = new Leased<>();
    private final Checkpoint checkpoint = new Checkpoint(spools);
    private final ScheduledExecutorService clockwork =
            Executors.newSingleThreadScheduledExecutor(r -> Checkpoint.daemon(r, "mailbox-clockwork"));
    private final Clock clock;
    private final Path usualRoot;
    private final Accounts accounts;
    private Future<?> tending;
    /** Mail that the last process may have shelved in its last moment, with no time to note it. */
    private final Set<MailId> replayed = ConcurrentHashMap.newKeySet();

    @Activate
    public Mailboxes(BundleContext context, Config config) throws IOException {
        this(Path.of(context.getProperty("posthorn.data")).resolve("mail"), Clock.systemUTC(), boot(), config);
    }

    Mailboxes(Path usualRoot, Clock clock, String boot, Config config) {
        this.clock = clock;
        this.usualRoot = usualRoot;
        this.accounts = new Accounts(
                formats,
                homes(config),
                choice(config),
                new AccountShelf.Surroundings(clock, boot, checkpoint, new Watches()));
        this.tending = tend(config);
        checkpoint.start(where -> accounts.use(
                where.account(),
                shelf -> shelf.use(where.mailbox(), box -> {
                    box.settle();
                    return box;
                })));
    }

    private Future<?> tend(Config config) {
        long idle = TimeUnit.SECONDS.toNanos(config.idle());
        return clockwork.scheduleWithFixedDelay(
                () -> accounts.tend(idle), config.poll(), config.poll(), TimeUnit.SECONDS);
    }

    private static String boot() throws IOException {
        Path id = Path.of("/proc/sys/kernel/random/boot_id");
        return Files.isReadable(id) ? Files.readString(id).strip() : "unknown";
    }

    private Homes homes(Config config) {
        boolean usual = config.root().isEmpty();
        return new Homes(usual ? usualRoot : usualRoot.getFileSystem().getPath(config.root()));
    }

    private static FormatChoice choice(Config config) {
        return new FormatChoice(config.format(), config.formats());
    }

    @Modified
    void modified(Config config) {
        tending.cancel(false);
        tending = tend(config);
        accounts.change(homes(config), choice(config));
    }

    @Deactivate
    void deactivate() {
        clockwork.shutdown();
        checkpoint.close();
        accounts.closeAll(shelf -> true);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addFormat(MailboxFormat format, Map<String, ?> properties) {
        formats.add(format, properties);
    }

    void removeFormat(MailboxFormat format) {
        formats.remove(format);
        accounts.closeAll(shelf -> shelf.format() == format);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addSpool(Spool spool, Map<String, ?> properties) {
        spools.add(spool, properties);
    }

    void removeSpool(Spool spool) {
        spools.remove(spool);
    }

    @Override
    public String scope() {
        return "mailbox";
    }

    @Override
    public List<ShellCommand> commands() {
        return new MailboxCommands(accounts).commands();
    }

    @Override
    public Account account(Address account) throws IOException {
        return accounts.use(account, shelf -> new UserAccount(accounts, shelf.address()));
    }

    @Override
    public Entry deliver(Delivery delivery) throws IOException {
        return accounts.use(delivery.account(), shelf -> {
            String wanted = Names.canonical(delivery.mailbox());
            String name = shelf.exists(wanted) ? wanted : AccountShelf.INBOX;
            return shelf.use(name, box -> deliver(box, delivery));
        });
    }

    private Entry deliver(Box box, Delivery delivery) throws IOException {
        Arrival arrival = new Arrival(box);
        Optional<Entry> there = replayed.contains(delivery.mail().id()) ? arrival.again(delivery) : Optional.empty();
        if (there.isPresent()) return there.get();
        return delivery.recipient() < 0
                ? arrival.durable(delivery.message(), delivery.flags(), clock.instant())
                : arrival.delivered(delivery, clock.instant());
    }

    @Override
    public Collection<Integer> shelved(Pending pending) throws IOException {
        replayed.add(pending.mail().id());
        List<Integer> shelved = new ArrayList<>();
        Replay replay = new Replay(accounts, checkpoint, pending);
        for (int place = 0; place < pending.mail().envelope().recipients().size(); place++)
            if (!pending.settled().contains(place) && replay.shelved(place)) shelved.add(place);
        return shelved;
    }
}
