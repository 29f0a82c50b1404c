package org.posthorn.jmap.mail;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.posthorn.api.mail.Address;
import org.posthorn.jmap.Context;
import org.posthorn.jmap.MethodError;
import org.posthorn.jmap.MethodFault;

/**
 * Lets one call of a user at a time hold all Emails of an account, and a few of an account of somebody else: they take much memory, and a user can have many calls at a time. Nobody waits
 * for those with whom he shares what is his. Safe for several threads.
 */
final class WholeAccounts {

    /** So long a call waits for the one before it. */
    private static final int SECONDS = 30;

    /** So many calls of others hold an account at a time; its owner has a place of his own. */
    private static final int PLACES = 3;

    private static final int OWNERS = PLACES;

    /** @param place of an account; the one place that a user has for himself is of no account */
    private record Place(Address address, Optional<Integer> place) {}

    private final ConcurrentHashMap<Place, ReentrantLock> turns = new ConcurrentHashMap<>();

    /** Waits until it is this call's turn among those of its user, which ends with the call. @throws MethodFault serverUnavailable when that takes too long */
    void take(Context context, Address account) throws MethodFault {
        Address user = context.user().folded();
        Address owner = account.folded();
        take(context, new Place(user, Optional.empty()));
        int place = user.equals(owner) ? OWNERS : Math.floorMod(user.hashCode(), PLACES);
        take(context, new Place(owner, Optional.of(place)));
    }

    private void take(Context context, Place place) throws MethodFault {
        // A call that another one implies runs within it, on its thread.
        ReentrantLock turn = turns.computeIfAbsent(place, p -> new ReentrantLock(true));
        try {
            if (!turn.tryLock(SECONDS, TimeUnit.SECONDS)) throw new MethodFault(MethodError.SERVER_UNAVAILABLE);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new MethodFault(MethodError.SERVER_UNAVAILABLE);
        }
        context.atEnd(turn::unlock);
    }
}
