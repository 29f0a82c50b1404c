package org.posthorn.mailbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
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
import org.posthorn.api.lease.Succession;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mailbox.Access;
import org.posthorn.api.mailbox.AccessKeys;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Amount;
import org.posthorn.api.mailbox.Annotations;
import org.posthorn.api.mailbox.Delivery;
import org.posthorn.api.mailbox.Draft;
import org.posthorn.api.mailbox.Emails;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.MailboxFormat;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.Namespaces;
import org.posthorn.api.mailbox.Placed;
import org.posthorn.api.mailbox.Quota;
import org.posthorn.api.mailbox.RightsListener;
import org.posthorn.api.mailbox.SentCopies;
import org.posthorn.api.mailbox.SentMail;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.shell.ShellCommands;
import org.posthorn.api.spool.Pending;
import org.posthorn.api.spool.Spool;
import org.posthorn.api.store.Inspection;
import org.posthorn.api.store.StoreCheck;

/** All shelves, over whatever formats there are. */
@Component(
        configurationPid = "org.posthorn.mailbox",
        service = {MailboxStore.class, SentCopies.class, ShellCommands.class, StoreCheck.class})
@Designate(ocd = Mailboxes.Config.class)
public final class Mailboxes implements MailboxStore, SentCopies, ShellCommands, StoreCheck {

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

        @AttributeDefinition(
                description =
                        "What an account may hold in all its mailboxes, as octets/messages: 2G, 2G/100000 or /100000 (K, M, G and T are"
                                + " powers of 1024); empty or none for no limit")
        String quota() default "";

        @AttributeDefinition(
                description = "Other quotas for domains and accounts: example.org=10G, bob@example.org=none")
        String[] quotas() default {};

        @AttributeDefinition(
                description =
                        "At so many percent of a quota a mail in INBOX tells its owner, once each time it is reached; empty for never")
        String[] quotaWarnings() default {"80", "95"};

        @AttributeDefinition(
                description = "How many mailboxes an account may have, and as many subscriptions",
                min = "10",
                max = "1000000")
        int mailboxes() default 10000;

        @AttributeDefinition(
                description =
                        "The account whose mailboxes stand under Public/ for all users, as far as its lists of rights let them; empty for none")
        String publicAccount() default "";

        @AttributeDefinition(
                description =
                        "Whether what a user sends by SMTP is filed in his mailbox for sent mail; a copy that his client puts there itself takes its place")
        boolean sentCopy() default true;

        @AttributeDefinition(
                description = "Otherwise for domains and accounts: example.org=false, bob@example.org=true")
        String[] sentCopies() default {};

        @AttributeDefinition(
                description = "How many minutes a client may take to put its own copy there, before or behind the mail",
                min = "1",
                max = "60")
        int sentMinutes() default 10;
    }

    private final Leased<MailboxFormat> formats = new Leased<>();
    private final Leased<Spool> spools = new Leased<>();
    private final Checkpoint checkpoint = new Checkpoint(spools);
    private final ScheduledExecutorService clockwork =
            Executors.newSingleThreadScheduledExecutor(r -> Checkpoint.daemon(r, "mailbox-clockwork"));
    private final Clock clock;
    private final Path usualRoot;
    private final SentMemory sentLately;
    private final Accounts accounts;
    /** The accounts, when the version before this one has let go of them. */
    private final Succession<Accounts> ours;

    private Future<?> tending;
    /**
     * Mail that may lie on its shelf though nothing tells of it: the last process may have shelved it in its last moment, or this one on a disk that
     * then let nothing be written. Whether the power was lost then.
     */
    private final Map<MailId, Boolean> suspected = new ConcurrentHashMap<>();

    @Activate
    public Mailboxes(BundleContext context, Config config) throws IOException {
        this(
                Path.of(context.getProperty("posthorn.data")).resolve("mail"),
                Clock.systemUTC(),
                boot(),
                config,
                "the mailboxes");
    }

    /** For tests: nobody waits for these. */
    Mailboxes(Path usualRoot, Clock clock, String boot, Config config) {
        this(usualRoot, clock, boot, config, UUID.randomUUID().toString());
    }

    /** @param turn what it must be the only one to have in this process */
    Mailboxes(Path usualRoot, Clock clock, String boot, Config config, String turn) {
        this.clock = clock;
        this.usualRoot = usualRoot;
        this.sentLately = new SentMemory(turn, clock);
        this.accounts = new Accounts(
                formats, settings(config), new AccountShelf.Surroundings(clock, boot, checkpoint, new Watches()));
        this.tending = tend(config);
        this.ours = Succession.begin(turn, before -> accounts);
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

    private Accounts.Settings settings(Config config) {
        sentLately.window(Duration.ofMinutes(config.sentMinutes()));
        return new Accounts.Settings(
                homes(config),
                Choice.of(config.format(), config.formats(), format -> format),
                Choice.of(
                        Allowance.parse(config.quota(), config.quotaWarnings()),
                        config.quotas(),
                        quota -> Allowance.parse(quota, config.quotaWarnings())),
                config.mailboxes(),
                Optional.of(config.publicAccount().strip())
                        .filter(a -> !a.isEmpty())
                        .map(a -> Address.of(a).folded()),
                new Accounts.Keeping(
                        Choice.of(config.sentCopy(), config.sentCopies(), SentCheck::yesOrNo), sentLately));
    }

    @Modified
    void modified(Config config) {
        tending.cancel(false);
        tending = tend(config);
        accounts.change(settings(config));
    }

    @Deactivate
    void deactivate() {
        clockwork.shutdown();
        ours.close(all -> {
            checkpoint.close();
            all.closeAll(shelf -> true);
            // Of what could not be settled when its mailbox was closed.
            checkpoint.finish();
            all.end();
        });
        // Of one whose turn never came, too.
        checkpoint.close();
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

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addRightsListener(RightsListener listener, Map<String, ?> properties) {
        accounts.watches().rights().add(listener, properties);
    }

    void removeRightsListener(RightsListener listener) {
        accounts.watches().rights().remove(listener);
    }

    @Override
    public boolean exists(Address account) {
        return Files.isDirectory(accounts.homes().of(account));
    }

    @Override
    public String scope() {
        return "mailbox";
    }

    @Override
    public List<ShellCommand> commands() {
        return new MailboxCommands(ours).commands();
    }

    @Override
    public String store() {
        return "mailbox";
    }

    @Override
    public int turn() {
        return 4;
    }

    @Override
    public void inspect(Inspection inspection) throws IOException {
        new MailboxInspection(ours.get(), inspection).run();
    }

    @Override
    public Account account(Address account) throws IOException {
        return ours.get().use(account, shelf -> new UserAccount(accounts, shelf.address()));
    }

    @Override
    public Annotations annotations(Address account) throws IOException {
        return ours.get().use(account, shelf -> new UserAnnotations(accounts, shelf.address()));
    }

    @Override
    public Access access(Address account) throws IOException {
        return ours.get().use(account, shelf -> new UserAccess(accounts, shelf.address()));
    }

    @Override
    public AccessKeys keys(Address account) throws IOException {
        return ours.get().use(account, shelf -> new UserKeys(accounts, shelf.address()));
    }

    @Override
    public Emails emails(Address account) throws IOException {
        return ours.get().use(account, shelf -> new UserEmails(accounts, shelf.address(), Optional.empty()));
    }

    @Override
    public Emails emails(Address account, Emails.Sight sight) throws IOException {
        return ours.get().use(account, shelf -> new UserEmails(accounts, shelf.address(), Optional.of(sight)));
    }

    @Override
    public Namespaces namespaces(Address user) throws IOException {
        return ours.get().namespaces(user);
    }

    @Override
    public Quota quota(Address account) throws IOException {
        Allowance allowance = accounts.allowance(account);
        // Who hands mail in has this asked for each recipient.
        if (allowance.endless()) return Quota.NONE;
        if (!exists(account)) return new Quota(Amount.NOTHING, allowance.limit());
        return ours.get().use(account, shelf -> shelf.counted().quota());
    }

    @Override
    public Optional<Placed> keep(SentMail sent) throws IOException {
        if (!accounts.keepsSent(sent.account()) || !exists(sent.account())) return Optional.empty();
        return new SentFiling(ours.get(), sent.account()).keep(sent);
    }

    @Override
    public Placed deliver(Delivery delivery) throws IOException {
        return ours.get().use(delivery.account(), shelf -> {
            String wanted = Names.canonical(delivery.mailbox());
            String name = shelf.exists(wanted) ? wanted : AccountShelf.INBOX;
            return shelf.use(name, box -> {
                // Asked before: who hears of a failure behind the delivery would bring it again.
                long validity = box.with(b -> b.index().uidValidity());
                return new Placed(box.name(), validity, deliver(box, delivery), shelf.formatName());
            });
        });
    }

    private Entry deliver(Box box, Delivery delivery) throws IOException {
        try {
            return arrive(box, delivery);
        } catch (MailboxFault refused) {
            throw refused;
        } catch (IOException | RuntimeException e) {
            suspected.putIfAbsent(delivery.mail().id(), false);
            throw e;
        }
    }

    private Entry arrive(Box box, Delivery delivery) throws IOException {
        Arrival arrival = new Arrival(box);
        Boolean powerLost = suspected.get(delivery.mail().id());
        Optional<Entry> there = powerLost == null ? Optional.empty() : arrival.again(delivery, powerLost);
        if (there.isPresent()) return there.get();
        return delivery.recipient() < 0
                ? arrival.durable(new Draft(delivery.message(), delivery.flags(), clock.instant()))
                : arrival.delivered(delivery, clock.instant());
    }

    @Override
    public Collection<Integer> shelved(Pending pending) throws IOException {
        suspected.put(pending.mail().id(), pending.powerLost());
        List<Integer> shelved = new ArrayList<>();
        Replay replay = new Replay(ours.get(), checkpoint, pending);
        for (int place = 0; place < pending.mail().envelope().recipients().size(); place++)
            if (!pending.settled().contains(place) && replay.shelved(place)) shelved.add(place);
        return shelved;
    }
}
