package org.posthorn.mailbox;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.posthorn.api.mail.Address;

/** Who wants to hear of news in which mailbox. Outlives the accounts in use: a format that is replaced closes those, and sessions go on. */
final class Watches {

    private final Map<Address, Map<String, List<Runnable>>> watches = new ConcurrentHashMap<>();

    void add(Address account, String mailbox, Runnable listener) {
        watches.compute(account, (a, there) -> {
            Map<String, List<Runnable>> own = there == null ? new ConcurrentHashMap<>() : there;
            own.computeIfAbsent(mailbox, n -> new CopyOnWriteArrayList<>()).add(listener);
            return own;
        });
    }

    void remove(Address account, String mailbox, Runnable listener) {
        watches.computeIfPresent(account, (a, own) -> {
            own.computeIfPresent(mailbox, (n, listeners) -> {
                listeners.remove(listener);
                return listeners.isEmpty() ? null : listeners;
            });
            return own.isEmpty() ? null : own;
        });
    }

    /** Wakes who watches. */
    void tell(Address account, String mailbox) {
        watches.getOrDefault(account, Map.of()).getOrDefault(mailbox, List.of()).forEach(Runnable::run);
    }

    /** Wakes who watches any mailbox of an account. */
    void tell(Address account) {
        mailboxes(account).forEach(name -> tell(account, name));
    }

    Set<Address> accounts() {
        return watches.keySet();
    }

    /** The mailboxes of an account that somebody watches. */
    Set<String> mailboxes(Address account) {
        return watches.getOrDefault(account, Map.of()).keySet();
    }
}
