package org.posthorn.jmap.mail;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.posthorn.jmap.ObjectLog;

/** What is kept of what one user sends: his EmailSubmissions and his Identities. Who holds it as a lock lets nobody else look at what became of them. */
final class AccountOutbox {

    private final ObjectLog submissions;
    private final ObjectLog identities;
    private final Watchers watchers = new Watchers();

    private final Set<Long> sending = ConcurrentHashMap.newKeySet();
    private final Object timing = new Object();
    private Optional<Future<?>> timer = Optional.empty();
    private volatile boolean troubled;

    AccountOutbox(ObjectLog submissions, ObjectLog identities) {
        this.submissions = submissions;
        this.identities = identities;
    }

    ObjectLog submissions() {
        return submissions;
    }

    ObjectLog identities() {
        return identities;
    }

    /** The numbers of those EmailSubmissions whose mail is being handed in at this moment. */
    Set<Long> sending() {
        return sending;
    }

    /** @return whether it was so before */
    boolean troubled(boolean now) {
        boolean before = troubled;
        troubled = now;
        return before;
    }

    boolean isWatched() {
        return watchers.isAny();
    }

    /** Puts another timer in the place of the one that there is, which ends. */
    void timer(Supplier<Optional<Future<?>>> next) {
        synchronized (timing) {
            timer.ifPresent(t -> t.cancel(false));
            timer = next.get();
        }
    }

    /** Has somebody told of changes, perhaps once too often. @return ends it */
    Runnable watch(Runnable news) {
        return watchers.add(news);
    }

    void changed() {
        watchers.tell();
    }
}
