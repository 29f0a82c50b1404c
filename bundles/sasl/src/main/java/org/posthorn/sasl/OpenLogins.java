package org.posthorn.sasl;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.users.Accounts;
import org.posthorn.api.users.Entrance;

/**
 * The logins by which connections of one protocol are open. Each is ended when it counts no more, whichever accounts are there by then: so whoever has a stolen password is
 * out when it is changed, and not only at his next login. Safe for several threads.
 */
public final class OpenLogins {

    private final Leased<Accounts> accounts;
    private final Set<Open> all = ConcurrentHashMap.newKeySet();

    /** @param accounts of the protocol, with which this goes as well */
    public OpenLogins(Leased<Accounts> accounts) {
        this.accounts = accounts;
        accounts.onChange(() -> all.forEach(Open::listen));
    }

    /**
     * A connection is open by that login.
     *
     * @param ended runs once when the login counts no more, on any thread; it waits for nothing
     * @return to be run when the connection is gone, or whoever it is of has logged out
     */
    public Runnable enter(Entrance entrance, Runnable ended) {
        Open open = new Open(entrance, ended);
        all.add(open);
        open.listen();
        return open::leave;
    }

    private final class Open {
        private final Entrance entrance;
        private final Runnable ended;
        /** Who would tell. */
        private Accounts asked;

        private Runnable forget = () -> {};
        private boolean over;

        Open(Entrance entrance, Runnable ended) {
            this.entrance = entrance;
            this.ended = ended;
        }

        synchronized void listen() {
            try (Lease<Accounts> lease = accounts.lease().orElse(null)) {
                Accounts now = lease == null ? null : lease.get();
                if (over || now == asked) return;
                forget.run();
                asked = now;
                forget = now == null ? () -> {} : now.onVoid(entrance, this::end);
            }
        }

        private void end() {
            if (leave()) ended.run();
        }

        /** @return whether it had not left before */
        synchronized boolean leave() {
            if (over) return false;
            over = true;
            all.remove(this);
            forget.run();
            return true;
        }
    }
}
