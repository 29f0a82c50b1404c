package org.posthorn.store;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.component.annotations.ReferencePolicyOption;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.shell.BadNews;
import org.posthorn.api.shell.CommandLine;
import org.posthorn.api.shell.Page;
import org.posthorn.api.shell.ShellCommand;
import org.posthorn.api.shell.ShellCommands;
import org.posthorn.api.store.StoreCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code store:check} and {@code store:repair}: asks each store in turn. */
@Component
public final class StoreCommands implements ShellCommands {

    private static final Logger LOG = LoggerFactory.getLogger(StoreCommands.class);

    /** A look that takes minutes holds up no swap: it breaks off instead, and says so. */
    private final Leased<StoreCheck> checks = new Leased<>(Duration.ZERO);

    private final ReentrantLock one = new ReentrantLock();

    @Reference(
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC,
            policyOption = ReferencePolicyOption.GREEDY)
    void addCheck(StoreCheck check, Map<String, ?> properties) {
        checks.add(check, properties);
    }

    void removeCheck(StoreCheck check) {
        checks.remove(check);
    }

    @Override
    public String scope() {
        return "store";
    }

    @Override
    public List<ShellCommand> commands() {
        return List.of(
                new ShellCommand(
                        "check",
                        "[ADDRESS]",
                        "Reads what lies on disk, of one account or all, and shows what is wrong. Changes nothing.",
                        this::check),
                new ShellCommand(
                        "repair", "[ADDRESS]", "Mends what store:check shows, and shows what was done.", this::repair));
    }

    private Object check(CommandLine line) {
        Walk walk = Walk.looking(account(line), progress(line));
        walk(walk);
        if (walk.found().isEmpty()) return new Page("nothing is wrong", walk.found());
        return new BadNews(walk.found(), things(walk.count()) + " wrong; store:repair mends what can be mended");
    }

    private Object repair(CommandLine line) {
        Walk walk = Walk.mending(account(line), progress(line));
        walk(walk);
        if (walk.found().isEmpty()) return new Page("nothing was wrong", walk.found());
        if (walk.left() == 0) return walk.found();
        return new BadNews(walk.found(), walk.left() + " of " + walk.count() + " things could not be mended");
    }

    private static String things(int count) {
        return count == 1 ? "1 thing is" : count + " things are";
    }

    private static Optional<Address> account(CommandLine line) {
        return line.word(0).map(word -> Address.parse(word)
                .orElseThrow(() -> new IllegalArgumentException(word + " is not an address")));
    }

    private static Consumer<String> progress(CommandLine line) {
        return line.terminal() ? line.progress() : place -> {};
    }

    private void walk(Walk walk) {
        if (!one.tryLock()) throw new IllegalArgumentException("the stores are being looked at by another command");
        try {
            for (String store : stores()) inspect(store, walk);
        } finally {
            one.unlock();
        }
    }

    /** In their turn; while a bundle is swapped two have the same name. */
    private List<String> stores() {
        List<Lease<StoreCheck>> leases = checks.all();
        try {
            return leases.stream()
                    .map(Lease::get)
                    .sorted(Comparator.comparingInt(StoreCheck::turn))
                    .map(StoreCheck::store)
                    .distinct()
                    .toList();
        } finally {
            leases.forEach(Lease::close);
        }
    }

    /** Nobody has to wait for a swap longer than for the part that is swapped. */
    private void inspect(String store, Walk walk) {
        List<Lease<StoreCheck>> leases = new ArrayList<>(checks.all());
        Optional<Lease<StoreCheck>> lease =
                leases.stream().filter(l -> l.get().store().equals(store)).findFirst();
        lease.ifPresent(leases::remove);
        leases.forEach(Lease::close);
        if (lease.isEmpty()) return;
        try (Lease<StoreCheck> held = lease.get()) {
            inspect(held.get(), walk);
        }
    }

    private static void inspect(StoreCheck check, Walk walk) {
        walk.enter(check.store());
        try {
            check.inspect(walk);
        } catch (IOException | RuntimeException e) {
            if (e instanceof IllegalArgumentException wrong) throw wrong;
            LOG.error("The {} could not be looked through", check.store(), e);
            walk.broke(e);
        }
    }
}
