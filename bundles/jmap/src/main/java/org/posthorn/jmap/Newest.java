package org.posthorn.jmap;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.Address;

/** The newest of each account, so many: whoever comes behind them takes the place of the oldest, which nobody may hear any more. Safe for several threads. */
final class Newest<T> {

    private final int most;
    private final Map<Address, Deque<T>> all = new HashMap<>();

    Newest(int most) {
        this.most = most;
    }

    /** @return the oldest, which has to go */
    synchronized Optional<T> enter(Address user, T one) {
        Deque<T> his = all.computeIfAbsent(user, a -> new ArrayDeque<>());
        his.addLast(one);
        return his.size() > most ? Optional.of(his.removeFirst()) : Optional.empty();
    }

    synchronized void leave(Address user, T one) {
        Deque<T> his = all.get(user);
        if (his != null && his.remove(one) && his.isEmpty()) all.remove(user);
    }
}
