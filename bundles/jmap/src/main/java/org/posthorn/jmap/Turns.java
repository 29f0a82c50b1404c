package org.posthorn.jmap;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.posthorn.api.mail.Address;

/** So many of an account at a time. Safe for several threads. */
final class Turns {

    private final ConcurrentHashMap<Address, Integer> taken = new ConcurrentHashMap<>();

    /** One that is had, until it is closed. */
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    /** Empty when the account has so many already. */
    Optional<Turn> take(Address account, int most) {
        boolean[] had = new boolean[1];
        taken.compute(account, (a, now) -> {
            int before = now == null ? 0 : now;
            had[0] = before < most;
            return had[0] ? Integer.valueOf(before + 1) : now;
        });
        return had[0] ? Optional.of(() -> giveBack(account)) : Optional.empty();
    }

    private void giveBack(Address account) {
        taken.computeIfPresent(account, (a, now) -> now == 1 ? null : now - 1);
    }
}
