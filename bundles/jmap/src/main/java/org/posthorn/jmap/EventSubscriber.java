package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.function.Predicate;
import org.posthorn.api.mail.Address;

/** One who hears of changes in his account and in those that others share with him, RFC 8620 7.1. All but {@link #stopWatching} is called on one thread. */
final class EventSubscriber {

    private final Predicate<String> wants;
    private final Hearer hearer;
    private final StateWatch watch;
    /** Empty until it begins. */
    private Optional<AccountStates> told = Optional.empty();

    /** How it is told. */
    interface Hearer {
        /**
         * @param change a StateChange
         * @param id of all that is so now: whoever comes back with it has missed nothing as long as that is the same
         */
        void hear(ObjectNode change, String id);
    }

    /**
     * @param wants names of data types
     * @param news called, on any thread and perhaps often, when there is something to look at
     */
    EventSubscriber(Address user, Predicate<String> wants, Hearer hearer, Services services, Runnable news) {
        this.wants = wants;
        this.hearer = hearer;
        this.watch = new StateWatch(user, services, news);
    }

    /**
     * From what is now on; of what came since he was here he is told at once.
     *
     * @param last the id that he heard last, when he comes back
     * @return whether he is told
     */
    boolean begin(Optional<String> last) {
        AccountStates before = states();
        told = Optional.of(before);
        watch();
        // What came while nobody watched is told as well.
        if (last.filter(id -> !id.equals(before.id())).isEmpty()) return look();
        AccountStates now = states();
        told = Optional.of(now);
        hearer.hear(now.change(), now.id());
        return true;
    }

    /** Watches the mailboxes that are there now: others may have come in their place. */
    void watch() {
        watch.begin();
    }

    /** Tells what has another state than it was told of; nothing before it has begun. @return whether there is any */
    boolean look() {
        if (told.isEmpty()) return false;
        AccountStates now = states();
        AccountStates changed = now.since(told.get());
        told = Optional.of(now);
        if (!changed.isEmpty()) hearer.hear(changed.change(), now.id());
        return !changed.isEmpty();
    }

    private AccountStates states() {
        return watch.states().of(wants);
    }

    void stopWatching() {
        watch.end();
    }
}
