package org.posthorn.imap;

import java.io.IOException;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Access;
import org.posthorn.api.mailbox.AccessKeys;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Annotations;
import org.posthorn.api.mailbox.Delivery;
import org.posthorn.api.mailbox.Emails;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.Namespaces;
import org.posthorn.api.mailbox.Placed;
import org.posthorn.api.mailbox.Quota;
import org.posthorn.api.spool.Pending;

/** Mailboxes in memory, exact in all that a session sees. */
final class MemoryStore implements MailboxStore {

    private final Map<Address, MemoryAccount> accounts = new HashMap<>();

    @Override
    public synchronized Account account(Address account) {
        return accounts.computeIfAbsent(account, MemoryAccount::new);
    }

    @Override
    public Annotations annotations(Address account) {
        return ((MemoryAccount) account(account)).annotations();
    }

    /** Whether threads are kept. */
    boolean threads = true;

    @Override
    public Emails emails(Address account) throws IOException {
        return threads ? new MemoryEmails(of(account.toString())) : MailboxStore.super.emails(account);
    }

    @Override
    public Quota quota(Address account) {
        return of(account.toString()).quota();
    }

    /** The account whose mailboxes are everybody's. */
    Optional<Address> shared = Optional.empty();

    @Override
    public synchronized boolean exists(Address account) {
        return accounts.containsKey(account);
    }

    @Override
    public Access access(Address account) {
        return of(account.toString()).access();
    }

    @Override
    public AccessKeys keys(Address account) {
        return of(account.toString()).keys();
    }

    @Override
    public Namespaces namespaces(Address user) {
        return new Namespaces() {
            @Override
            public List<Address> others() {
                return accounts.keySet().stream()
                        .filter(this::hasOther)
                        .sorted(Comparator.comparing(Address::toString))
                        .toList();
            }

            @Override
            public boolean hasOther(Address owner) {
                if (owner.equals(user) || shared.equals(Optional.of(owner)) || !exists(owner)) return false;
                return MemoryAccess.identifiers(user).stream()
                        .anyMatch(of(owner.toString()).access()::gives);
            }

            @Override
            public Optional<Address> shared() {
                return shared.filter(account -> !account.equals(user));
            }
        };
    }

    MemoryAccount of(String account) {
        return (MemoryAccount) account(Address.of(account));
    }

    @Override
    public Placed deliver(Delivery delivery) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Collection<Integer> shelved(Pending pending) {
        return List.of();
    }
}
