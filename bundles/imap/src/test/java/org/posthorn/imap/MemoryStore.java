package org.posthorn.imap;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Annotations;
import org.posthorn.api.mailbox.Delivery;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.Placed;
import org.posthorn.api.mailbox.Quota;
import org.posthorn.api.spool.Pending;

/** Mailboxes in memory, exact in all that a session sees. */
final class MemoryStore implements MailboxStore {

    private final Map<Address, MemoryAccount> accounts = new HashMap<>();

    @Override
    public synchronized Account account(Address account) {
        return accounts.computeIfAbsent(account, a -> new MemoryAccount());
    }

    @Override
    public Annotations annotations(Address account) {
        return ((MemoryAccount) account(account)).annotations();
    }

    @Override
    public Quota quota(Address account) {
        return of(account.toString()).quota();
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
