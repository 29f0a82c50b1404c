package org.posthorn.mailbox;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.posthorn.api.mail.Address;

/**
 * Who is subscribed to a mailbox that somebody shares with him is so to what is made below it with the same list, and to what it is called now. Those for whom it is open to anyone, and no list
 * names them, subscribe themselves: nobody knows who they are; nor does anybody who may not look it up hear of a name. For one thread.
 */
final class Following {

    private final Accounts accounts;
    private final Address owner;
    private final Map<Address, Map<String, String>> made = new LinkedHashMap<>();
    private final Map<Address, Map<String, String>> renamed = new LinkedHashMap<>();

    Following(Accounts accounts, Address owner) {
        this.accounts = accounts;
        this.owner = owner;
    }

    /** @param fresh has its list already, and is there from now on */
    void made(AccountShelf shelf, String above, String fresh) throws IOException {
        note(shelf, above, fresh, made);
    }

    /** @param to has its list already, and is there from now on instead of the other */
    void renamed(AccountShelf shelf, String from, String to) throws IOException {
        note(shelf, from, to, renamed);
    }

    private static void note(AccountShelf shelf, String mailbox, String other, Map<Address, Map<String, String>> others)
            throws IOException {
        for (Address guest : UserAccess.guests(shelf, other))
            others.computeIfAbsent(guest, g -> new LinkedHashMap<>()).put(mailbox, other);
    }

    /** Subscribes them, without a lock. */
    void run() {
        Guests guests = new Guests(accounts, owner);
        made.forEach(guests::follow);
        renamed.forEach(guests::rename);
    }
}
