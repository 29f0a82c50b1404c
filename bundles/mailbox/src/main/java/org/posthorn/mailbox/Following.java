package org.posthorn.mailbox;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.posthorn.api.mail.Address;

/**
 * Who is subscribed to a mailbox that somebody shares with him is so to what is made below it with the same list, and to what it is called now. Those for whom it is open to anyone, and no list
 * names them, subscribe themselves: nobody knows who they are. For one thread.
 */
final class Following {

    private final Accounts accounts;
    private final Address owner;
    private final Map<Address, Map<String, String>> others = new LinkedHashMap<>();

    Following(Accounts accounts, Address owner) {
        this.accounts = accounts;
        this.owner = owner;
    }

    /** @param other has its list already, and is there from now on */
    void note(AccountShelf shelf, String mailbox, String other) throws IOException {
        for (Address guest : UserAccess.guests(shelf, other))
            others.computeIfAbsent(guest, g -> new LinkedHashMap<>()).put(mailbox, other);
    }

    /** Subscribes them, without a lock. */
    void run() {
        others.forEach(new Guests(accounts, owner)::follow);
    }
}
