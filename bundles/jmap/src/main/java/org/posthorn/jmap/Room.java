package org.posthorn.jmap;

import java.util.HashMap;
import java.util.Map;
import org.posthorn.api.mail.Address;

/** Octets of memory that all requests and their answers may have together, and those of one account. Safe for several threads. */
final class Room {

    private final long most;
    private final long share;
    private long all;
    private final Map<Address, Long> accounts = new HashMap<>();

    /**
     * @param most octets of all
     * @param share octets of one account
     */
    Room(long most, long share) {
        this.most = most;
        this.share = share;
    }

    /** Nothing for a start. Closed when the request is answered. */
    Held hold(Address account) {
        return new Held(account);
    }

    private synchronized boolean take(Address account, long octets) {
        long his = accounts.getOrDefault(account, 0L) + octets;
        if (his > share || all + octets > most) return false;
        all += octets;
        accounts.put(account, his);
        return true;
    }

    private synchronized void give(Address account, long octets) {
        all -= octets;
        accounts.computeIfPresent(account, (a, his) -> his == octets ? null : Long.valueOf(his - octets));
    }

    /** What one request has. For one thread. */
    final class Held implements AutoCloseable {
        private final Address account;
        private long octets;

        private Held(Address account) {
            this.account = account;
        }

        /** False, and nothing is taken, when there is not so much. */
        boolean take(long more) {
            boolean taken = Room.this.take(account, more);
            if (taken) octets += more;
            return taken;
        }

        void give(long less) {
            Room.this.give(account, less);
            octets -= less;
        }

        @Override
        public void close() {
            give(octets);
        }
    }
}
