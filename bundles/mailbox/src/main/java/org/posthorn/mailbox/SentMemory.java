package org.posthorn.mailbox;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.posthorn.api.lease.Heirloom;
import org.posthorn.api.mail.Address;

/**
 * Where the copies lie of what was sent within the last minutes, and what clients have put into mailboxes for that. Handed down to the next version of this bundle,
 * and gone with the process. Safe for several threads.
 */
final class SentMemory {

    /**
     * Where one lies.
     *
     * @param filed by this server; else by a client
     * @param body the digest of the body of the mail that was sent; empty for a client's copy of which that has not come yet
     */
    record Place(String mailbox, long uidValidity, long uid, boolean filed, String body) {

        /** Whether it may be a copy of a mail with that body. */
        boolean mayBe(String other) {
            return body.isEmpty() || body.equals(other);
        }

        Place of(String sent) {
            return new Place(mailbox, uidValidity, uid, filed, sent);
        }
    }

    /** So many are remembered, those that came last; one takes some 500 octets. */
    static final int MOST = 10_000;

    /** And so many of one account, so that nobody has those of others forgotten. */
    static final int MOST_OF_ONE = 200;

    /** By account and print, in types of the JDK: the place, and when it came in milliseconds since 1970. In the order in which they came. */
    private final Map<List<String>, List<Object>> copies;

    private final Clock clock;
    private volatile long window = Duration.ofMinutes(10).toMillis();

    /** @param name of what all versions of it share */
    SentMemory(String name, Clock clock) {
        copies = Heirloom.map("sent lately, 1: " + name);
        this.clock = clock;
    }

    /** So long a copy is remembered from now on. */
    void window(Duration changed) {
        window = changed.toMillis();
    }

    /** The last one. */
    Optional<Place> last(Address account, String print) {
        synchronized (copies) {
            return live(copies.get(key(account, print)));
        }
    }

    /** Has another remembered, or none, if the last one is still that one. @return whether it was */
    boolean replace(Address account, String print, Optional<Place> before, Optional<Place> next) {
        List<String> key = key(account, print);
        synchronized (copies) {
            if (!last(account, print).equals(before)) return false;
            copies.remove(key);
            next.ifPresent(place -> copies.put(key, kept(place)));
            drop(key.get(0));
            return true;
        }
    }

    private static List<String> key(Address account, String print) {
        return List.of(account.folded().toString(), print);
    }

    private List<Object> kept(Place place) {
        return List.of(place.mailbox(), place.uidValidity(), place.uid(), place.filed(), place.body(), clock.millis());
    }

    private Optional<Place> live(List<Object> kept) {
        if (kept == null || old(kept)) return Optional.empty();
        return Optional.of(
                new Place((String) kept.get(0), (Long) kept.get(1), (Long) kept.get(2), (Boolean) kept.get(3), (String)
                        kept.get(4)));
    }

    /** A clock that was set back makes none young again. */
    private boolean old(List<Object> kept) {
        return Math.abs(clock.millis() - (Long) kept.get(5)) > window;
    }

    private void drop(String account) {
        copies.values().removeIf(this::old);
        shorten(key -> key.get(0).equals(account), MOST_OF_ONE);
        shorten(key -> true, MOST);
    }

    private void shorten(Predicate<List<String>> which, long most) {
        long over = copies.keySet().stream().filter(which).count() - most;
        List<List<String>> eldest =
                copies.keySet().stream().filter(which).limit(Math.max(0, over)).toList();
        copies.keySet().removeAll(eldest);
    }
}
