package org.posthorn.mailbox;

import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.MailboxFormat;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The accounts in use. One is opened when it is first asked for, and let go when nothing of it is in use. */
final class Accounts {

    private static final Logger LOG = LoggerFactory.getLogger(Accounts.class);
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(10);
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(1);

    /** Something done with an account. */
    @FunctionalInterface
    interface Call<T> {
        T on(AccountShelf shelf) throws IOException;
    }

    /** An account, from when somebody begins to open it. The number of users changes inside the map's compute only. */
    private static final class Slot {
        private volatile AccountShelf shelf;
        private volatile int users;
    }

    private final Map<Address, Slot> slots = new ConcurrentHashMap<>();
    private final Leased<MailboxFormat> formats;
    private final AccountShelf.Surroundings around;
    private volatile Homes homes;
    private volatile FormatChoice choice;

    Accounts(Leased<MailboxFormat> formats, Homes homes, FormatChoice choice, AccountShelf.Surroundings around) {
        this.formats = formats;
        this.homes = homes;
        this.choice = choice;
        this.around = around;
    }

    Homes homes() {
        return homes;
    }

    /** Uses an account, which is made if this is the first time. */
    <T> T use(Address address, Call<T> call) throws IOException {
        Address folded = address.folded();
        Slot slot = slots.compute(folded, (a, s) -> {
            Slot there = s == null ? new Slot() : s;
            there.users++;
            return there;
        });
        try {
            return call.on(opened(slot, folded));
        } finally {
            // One that could not be opened is not kept, or each look would try it again.
            slots.computeIfPresent(folded, (a, s) -> --s.users == 0 && s.shelf == null ? null : s);
        }
    }

    /** An account if it is in use at this moment; waits for one that is being opened. */
    Optional<AccountShelf> inUse(Address address) {
        Slot slot = slots.get(address.folded());
        if (slot == null) return Optional.empty();
        synchronized (slot) {
            return Optional.ofNullable(slot.shelf);
        }
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

    String formatName(Address address) {
        return choice.of(address);
    }

    Lease<MailboxFormat> format(Address address) throws IOException {
        String name = choice.of(address);
        return formats.lease(name).orElseThrow(() -> new IOException("The mailbox format " + name + " is not there"));
    }

    private AccountShelf opened(Slot slot, Address address) throws IOException {
        synchronized (slot) {
            if (slot.shelf == null) slot.shelf = open(address);
            return slot.shelf;
        }
    }

    private AccountShelf open(Address address) throws IOException {
        try (Lease<MailboxFormat> format = format(address)) {
            return new AccountShelf(address, homes.of(address), formatName(address), format.get(), around);
        }
    }

    Watches watches() {
        return around.watches();
    }

    /** Sees to what is watched, and lets go what has not been used for so long. */
    void tend(long idleNanos) {
        Set<Address> all = new HashSet<>(slots.keySet());
        all.addAll(around.watches().accounts());
        all.forEach(address -> tend(address, idleNanos));
    }

    private void tend(Address address, long idleNanos) {
        try {
            if (use(address, shelf -> shelf.tend(idleNanos))) close(address, shelf -> true, 0);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            LOG.warn("The mailboxes of {} cannot be looked at", address, e);
        }
    }

    /** Other homes or formats from now on. */
    void change(Homes newHomes, FormatChoice newChoice) {
        homes = newHomes;
        choice = newChoice;
        closeAll(shelf -> true);
    }

    /** Lets accounts go as soon as the calls that run on them are over. */
    void closeAll(Predicate<AccountShelf> which) {
        for (Address address : slots.keySet()) close(address, which, PATIENCE);
    }

    private void close(Address address, Predicate<AccountShelf> which, long patience) {
        long end = System.nanoTime() + patience;
        boolean[] busy = {true};
        do {
            slots.computeIfPresent(address, (a, slot) -> {
                boolean other = slot.shelf != null && !which.test(slot.shelf);
                busy[0] = !other && slot.users > 0 && System.nanoTime() < end;
                boolean leave = slot.shelf == null || other || slot.users > 0 && (busy[0] || patience == 0);
                return leave || !close(slot.shelf) ? slot : null;
            });
            if (busy[0]) LockSupport.parkNanos(PAUSE);
        } while (busy[0] && System.nanoTime() < end);
    }

    private static boolean close(AccountShelf shelf) {
        try {
            shelf.close();
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            LOG.warn("The mailboxes of {} were not closed cleanly", shelf.address(), e);
        }
        return true;
    }
}
