package org.posthorn.replay;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.osgi.framework.BundleContext;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.posthorn.api.config.SettingsReader;
import org.posthorn.api.filter.BundlesBeside;
import org.posthorn.api.intake.ChainTrial;
import org.posthorn.api.intake.ChainTrials;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.shell.ShellCommands;
import org.posthorn.api.users.UserDirectory;

/** {@code filter:replay}. */
@Component
public final class ReplayCommand implements ShellCommands {

    private static final Pattern AGE = Pattern.compile("([1-9][0-9]{0,4})([mhdw])");

    private final Leased<MailboxStore> stores = new Leased<>();
    private final Leased<UserDirectory> directories = new Leased<>();
    private final Leased<BundlesBeside> beside;
    private final ReentrantLock one = new ReentrantLock();
    private final ChainTrials trials;
    private final Proposals proposals;
    private final Shelves shelves = new Shelves(stores, directories);
    private final Clock clock;

    /** In that container. */
    @Activate
    public ReplayCommand(
            BundleContext context,
            @Reference ChainTrials trials,
            @Reference SettingsReader reader,
            @Reference ConfigurationAdmin admin)
            throws IOException {
        this(context, trials, reader, admin, new Leased<>());
    }

    private ReplayCommand(
            BundleContext context,
            ChainTrials trials,
            SettingsReader reader,
            ConfigurationAdmin admin,
            Leased<BundlesBeside> beside)
            throws IOException {
        this(trials, proposals(context, trials, reader, admin, beside), beside, Clock.systemUTC());
        proposals.tidy();
    }

    ReplayCommand(ChainTrials trials, Proposals proposals, Leased<BundlesBeside> beside, Clock clock) {
        this.trials = trials;
        this.proposals = proposals;
        this.beside = beside;
        this.clock = clock;
    }

    private static Proposals proposals(
            BundleContext context,
            ChainTrials trials,
            SettingsReader reader,
            ConfigurationAdmin admin,
            Leased<BundlesBeside> beside) {
        Copies copies = new Copies(context, beside, Duration.ofSeconds(10));
        return new Proposals(trials, reader, admin, copies, Path.of(context.getProperty("posthorn.config")));
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addBeside(BundlesBeside one, Map<String, ?> properties) {
        beside.add(one, properties);
    }

    void removeBeside(BundlesBeside one) {
        beside.remove(one);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addStore(MailboxStore store, Map<String, ?> properties) {
        stores.add(store, properties);
    }

    void removeStore(MailboxStore store) {
        stores.remove(store);
    }

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addDirectory(UserDirectory directory, Map<String, ?> properties) {
        directories.add(directory, properties);
    }

    void removeDirectory(UserDirectory directory) {
        directories.remove(directory);
    }

    @Override
    public String scope() {
        return "filter";
    }

    @Override
    public List<ShellCommand> commands() {
        return List.of(new ShellCommand(
                "replay",
                "FILE [--since AGE] [--account ADDRESS] [--limit N]",
                "Tells what would become of delivered mail by the filters of a proposed intake's file, of a folder of"
                        + " such files, or with those of a jar. AGE is 7d (which is meant if none is given), 12h, 30m or"
                        + " 2w. Nothing is delivered or changed.",
                this::replay));
    }

    private Object replay(CommandLine line) throws IOException {
        Path file = Path.of(line.word(0, "FILE"));
        Instant since = clock.instant().minus(age(line.option("since").orElse("7d")));
        long limit = limit(line.option("limit").orElse("1000000000"));
        List<Address> accounts = line.option("account").isPresent()
                ? shelves.account(account(line.option("account").get()))
                : shelves.accounts();
        if (!one.tryLock()) throw new IllegalArgumentException("another replay is under way");
        try (Proposal proposal = proposals.of(file, line.progress());
                ChainTrial trial = trials.begin(proposal.chain())) {
            tell(proposal, trial, line);
            Report report = new Report(trial, limit, line.progress());
            for (Address account : accounts) if (!shelves.visit(account, since, report)) break;
            line.progress().accept(report.summary());
            return report.changes();
        } finally {
            one.unlock();
        }
    }

    private static void tell(Proposal proposal, ChainTrial trial, CommandLine line) {
        line.progress().accept("filters = " + String.join(", ", proposal.chain()));
        for (String name : trial.unasked())
            line.progress().accept(name + " is not asked: it remembers what it is asked, and judges live mail by it");
    }

    private static Duration age(String text) {
        Matcher age = AGE.matcher(text);
        if (!age.matches()) throw new IllegalArgumentException(text + " is no age; 7d, 12h, 30m and 2w are some");
        long number = Long.parseLong(age.group(1));
        return switch (age.group(2)) {
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> Duration.ofDays(7 * number);
        };
    }

    private static long limit(String text) {
        if (!text.matches("[1-9][0-9]{0,11}"))
            throw new IllegalArgumentException("--limit is a number from 1, not " + text);
        return Long.parseLong(text);
    }

    private static Address account(String text) {
        return Address.parse(text).orElseThrow(() -> new IllegalArgumentException(text + " is not an address"));
    }
}
