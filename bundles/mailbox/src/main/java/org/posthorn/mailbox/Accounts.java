package org.posthorn.mailbox;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.MailboxFormat;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.Namespaces;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The accounts in use. One is opened when it is first asked for, and let go when nothing of it is in use. */
final class Accounts {

    private static final Logger LOG = LoggerFactory.getLogger(Accounts.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * What administrators say of accounts.
     *
     * @param mailboxes how many each may have, and as many subscriptions
     * @param shared whose mailboxes are everybody's
     * @param sent what is kept of what users send
     */
    record Settings(
            Homes homes,
            Choice<String> formats,
            Choice<Allowance> allowances,
            int mailboxes,
            Optional<Address> shared,
            Keeping sent) {

        Settings(Homes homes, Choice<String> formats, Choice<Allowance> allowances, int mailboxes) {
            this(homes, formats, allowances, mailboxes, Optional.empty(), Keeping.NOTHING);
        }
    }

    /**
     * Whose sent mail is kept.
     *
     * @param memory of what was sent lately
     */
    record Keeping(Choice<Boolean> wanted, SentMemory memory) {
        static final Keeping NOTHING = new Keeping(Choice.of(false), new SentMemory("nobody", Clock.systemUTC()));
    }

    /** Something done with an account. */
    @FunctionalInterface
    interface Call<T> {
        T on(AccountShelf shelf) throws IOException;
    }

    private final Map<Address, Slot> slots = new ConcurrentHashMap<>();
    private final Leased<MailboxFormat> formats;
    private final AccountShelf.Surroundings around;
    private final Duration patience;
    private volatile Settings settings;
    private volatile Grants grants;
    private volatile boolean ended;

    Accounts(Leased<MailboxFormat> formats, Settings settings, AccountShelf.Surroundings around) {
        this(formats, settings, around, PATIENCE);
    }

    /** @param patience with calls that run on an account that is to be closed */
    Accounts(Leased<MailboxFormat> formats, Settings settings, AccountShelf.Surroundings around, Duration patience) {
        this.formats = formats;
        this.settings = settings;
        this.grants = new Grants(settings.homes().root());
        this.around = around;
        this.patience = patience;
    }

    Homes homes() {
        return settings.homes();
    }

    Grants grants() {
        return grants;
    }

    /** Uses an account, which is made if this is the first time. */
    <T> T use(Address address, Call<T> call) throws IOException {
        Address folded = address.folded();
        while (true) {
            Slot slot = slots.computeIfAbsent(folded, a -> new Slot());
            if (!slot.enter()) continue;
            try {
                return call.on(slot.opened(() -> open(folded)));
            } catch (AccountShelf.Closed late) {
                LOG.debug("{} is asked for once more", late.getMessage());
            } finally {
                if (slot.leave()) letGo(folded, slot);
            }
        }
    }

    private void letGo(Address address, Slot slot) {
        slots.remove(address, slot);
        slot.end();
    }

    /** An account if it is in use at this moment; waits for one that is being opened. */
    Optional<AccountShelf> inUse(Address address) {
        return Optional.ofNullable(slots.get(address.folded())).flatMap(Slot::shelf);
    }

    /** Something looked at. */
    @FunctionalInterface
    interface Look<T> {
        T look() throws IOException;
    }

    /** Looks while no mailbox of the account is being made, opened for the first time, renamed or deleted. */
    <T> T still(Address address, Look<T> look) throws IOException {
        Optional<AccountShelf> shelf = inUse(address);
        if (shelf.isEmpty()) return look.look();
        shelf.get().structure.lock();
        try {
            return look.look();
        } finally {
            shelf.get().structure.unlock();
        }
    }

    /** Whether its mailboxes are everybody's. */
    boolean isPublic(Address address) {
        return settings.shared().equals(Optional.of(address.folded()));
    }

    /** As {@link MailboxStore#namespaces}. */
    Namespaces namespaces(Address user) {
        return new UserNamespaces(grants(), user, settings.shared().filter(a -> !a.equals(user.folded())));
    }

    String formatName(Address address) {
        return settings.formats().of(address);
    }

    Allowance allowance(Address address) {
        return settings.allowances().of(address);
    }

    /** Whether what he sends is kept for him. */
    boolean keepsSent(Address address) {
        return settings.sent().wanted().of(address);
    }

    /** What is kept of what an account has sent. */
    Sent sent(AccountShelf shelf) {
        return new Sent(shelf, settings.sent().memory(), keepsSent(shelf.address()));
    }

    /** How many mailboxes an account may have, and as many subscriptions. */
    int mailboxes() {
        return settings.mailboxes();
    }

    Lease<MailboxFormat> format(Address address) throws IOException {
        String name = formatName(address);
        return formats.lease(name).orElseThrow(() -> new IOException("The mailbox format " + name + " is not there"));
    }

    private AccountShelf open(Address address) throws IOException {
        // Whoever looks at the slots behind the end waits for this, or was before it.
        if (ended) throw new IOException("The mailboxes are another version's now");
        try (Lease<MailboxFormat> format = format(address)) {
            return new AccountShelf(
                    address, homes().of(address), formatName(address), format.get(), allowance(address), around);
        }
    }

    Watches watches() {
        return around.watches();
    }

    /** Sees to what is watched, and lets go what has not been used for so long. */
    void tend(long idleNanos) {
        Set<Address> all = new HashSet<>(slots.keySet());
        all.addAll(around.watches().accounts());
        for (Address address : all) if (!ended) tend(address, idleNanos);
    }

    private void tend(Address address, long idleNanos) {
        try {
            if (use(address, shelf -> shelf.tend(idleNanos))) close(address, shelf -> true, (slot, a) -> slot.claim(0));
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            LOG.warn("The mailboxes of {} cannot be looked at", address, e);
        }
    }

    /** Other settings from now on. */
    void change(Settings others) {
        settings = others;
        grants = new Grants(others.homes().root());
        closeAll(shelf -> true);
    }

    /** Lets all accounts go, and opens none any more: the next version does. */
    void end() {
        ended = true;
        closeAll(shelf -> true);
    }

    /**
     * Lets accounts go, each between two of its calls. One in which calls go on has new ones wait for a moment, and when that is not enough comes again behind the
     * others, for twice as long: whoever waits holds a thread, and many accounts with a slow call each would take all there are. What still runs in the end is let run.
     */
    void closeAll(Predicate<AccountShelf> which) {
        Collection<Address> left = slots.keySet();
        long most = patience.toNanos();
        for (long moment = most / 32; moment < most; moment *= 2) left = inUse(left, which, moment);
        Crew.each(left, address -> close(address, which, Accounts::closeAnyway));
    }

    private Collection<Address> inUse(Collection<Address> all, Predicate<AccountShelf> which, long nanos) {
        Queue<Address> left = new ConcurrentLinkedQueue<>();
        Crew.each(all, address -> {
            if (close(address, which, (slot, a) -> slot.claim(nanos)) == Slot.Claim.IN_USE) left.add(address);
        });
        return left;
    }

    private static Slot.Claim closeAnyway(Slot slot, Address address) {
        LOG.warn("Calls on the mailboxes of {} do not end; these are closed under them", address);
        return slot.take();
    }

    private Slot.Claim close(
            Address address, Predicate<AccountShelf> which, BiFunction<Slot, Address, Slot.Claim> claiming) {
        Slot slot = slots.get(address);
        Optional<AccountShelf> shelf =
                slot == null ? Optional.empty() : slot.shelf().filter(which);
        if (shelf.isEmpty()) return Slot.Claim.OVER;
        // Calls go on meanwhile, and little is left to force when they wait.
        shelf.get().settle();
        Slot.Claim claim = claiming.apply(slot, address);
        if (claim == Slot.Claim.OURS)
            try {
                close(shelf.get());
            } finally {
                letGo(address, slot);
            }
        return claim;
    }

    private static void close(AccountShelf shelf) {
        try {
            shelf.close();
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            LOG.warn("The mailboxes of {} were not closed cleanly", shelf.address(), e);
        }
    }
}
