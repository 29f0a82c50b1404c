package org.posthorn.jmap.mail;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
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
    private final AtomicBoolean asked = new AtomicBoolean();
    private final AtomicBoolean troubled = new AtomicBoolean();
    private volatile long heard;

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

    /** What became of them cannot be told now. @return whether that is news */
    boolean troubled() {
        return troubled.compareAndSet(false, true);
    }

    /** It can. */
    void untroubled() {
        troubled.set(false);
    }

    /** The mod-sequence up to which the account's mail was looked through for reports; 0 when it was not yet. */
    long heard() {
        return heard;
    }

    void heard(long modSeq) {
        heard = modSeq;
    }

    /** Whether a look for reports is wanted from now on, and was not before. */
    boolean ask() {
        return asked.compareAndSet(false, true);
    }

    /** That look begins. */
    void answered() {
        asked.set(false);
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
