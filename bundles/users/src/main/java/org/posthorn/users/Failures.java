package org.posthorn.users;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.posthorn.api.lease.Heirloom;

/**
 * Counts failed logins by client and by name: each one doubles the time that the next denial is held back, and behind too many no password is looked at before
 * that time is over. A client that logged in under a name before answers under that name for its own failures alone, so that nobody can
 * lock it out. When this bundle is swapped the next version goes on with the counts: nobody who guesses wins by that. Safe for several threads.
 */
final class Failures {

    /** @param next when one may be checked although there were too many failures */
    private record Count(int failures, int busy, long last, long next) {
        static Count of(List<Long> kept) {
            return new Count(kept.get(0).intValue(), kept.get(1).intValue(), kept.get(2), kept.get(3));
        }

        List<Long> kept() {
            return List.of((long) failures, (long) busy, last, next);
        }
    }

    /**
     * What is remembered, in types of the JDK.
     *
     * @param counts by name, by network, and by both where they are known
     * @param told when the log told of a network
     * @param known names and networks from which somebody logged in
     */
    record Records(Map<Object, List<Long>> counts, Map<Object, Long> told, Map<List<Object>, Boolean> known) {
        /** Of this version and all others; another form takes another number. */
        static Records handedDown() {
            return new Records(
                    Heirloom.map("logins that failed, 1"),
                    Heirloom.map("networks that were told of, 1"),
                    Heirloom.map("who logged in, 1"));
        }

        static Records fresh() {
            return new Records(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
        }
    }

    private static final int MOST = 10_000;
    private static final long NEWS = Duration.ofMinutes(1).toNanos();
    private static final long FORGOTTEN = Duration.ofMinutes(15).toNanos();

    private final Map<Object, List<Long>> counts;
    private final Map<Object, Long> told;
    private final Map<List<Object>, Boolean> known;
    /** The same for all versions that have these records. */
    private final Object lock;

    private final LongSupplier nanoTime;
    private volatile Delays delays;

    Failures(Records records, LongSupplier nanoTime, Delays delays) {
        counts = records.counts;
        told = records.told;
        known = records.known;
        lock = counts;
        this.nanoTime = nanoTime;
        this.delays = delays;
    }

    /** Goes on with what this process counted, with all others that do. */
    static Failures handedDown(Delays delays) {
        return new Failures(Records.handedDown(), System::nanoTime, delays);
    }

    void delays(Delays changed) {
        delays = changed;
    }

    /** One login, from when it is asked for until it is judged or the judgement broke. */
    final class Guess implements AutoCloseable {

        private final long asked = nanoTime.getAsLong();
        private final String name;
        private final Object network;
        private final List<Object> who;
        private final List<Object> watched;

        private Guess(String name, Object network) {
            this.name = name;
            this.network = network;
            who = List.of(name, network);
            watched = watched(name, network);
        }

        /** @return how often the client or the name, whichever is worse, has failed of late; at least 1 */
        int failed() {
            synchronized (lock) {
                if (known.containsKey(who)) count(who, delays.longest());
                // Were it the longest one, who guesses from everywhere would lock a user out who comes from somewhere
                // new.
                int ofName = count(name, delays.first());
                return Math.max(ofName, count(network, delays.longest()));
            }
        }

        /** It could not be judged: that counts for the client alone. @return how often it has failed of late; at least 1 */
        int undecided() {
            synchronized (lock) {
                return count(network, delays.longest());
            }
        }

        private int count(Object key, Duration longest) {
            Count before = now(key);
            int failures = before.failures + 1;
            Duration delay = delays.after(failures);
            long next = asked + (delay.compareTo(longest) < 0 ? delay : longest).toNanos();
            put(key, new Count(failures, before.busy, nanoTime.getAsLong(), next));
            return failures;
        }

        /**
         * The client's count stays, as who owns one account may be guessing at others; and so does that of the name when the client is known,
         * as others may be guessing at it while its owner looks for mail every minute.
         */
        void succeeded() {
            synchronized (lock) {
                Object cleared = known.containsKey(who) ? who : name;
                Count before = now(cleared);
                put(cleared, new Count(0, before.busy, before.last, before.next));
                put(known, who, true);
            }
        }

        /** Counted from when the login was asked for, so that it does not tell how long the check took. */
        Duration pause(int failures) {
            Duration left = delays.after(failures).minusNanos(nanoTime.getAsLong() - asked);
            return left.isNegative() ? Duration.ZERO : left;
        }

        @Override
        public void close() {
            synchronized (lock) {
                watched.forEach(key -> busy(key, -1));
            }
        }
    }

    /** Empty when there were too many failures and the time for another try has not come. */
    Optional<Guess> begin(String name, InetAddress client) {
        synchronized (lock) {
            Guess guess = new Guess(name, network(client));
            if (!guess.watched.stream().allMatch(this::free)) return Optional.empty();
            guess.watched.forEach(key -> busy(key, 1));
            return Optional.of(guess);
        }
    }

    private List<Object> watched(String name, Object network) {
        List<Object> both = List.of(name, network);
        return known.containsKey(both) ? List.of(both) : both;
    }

    /** How long one that was not let begin is to wait: until the next may, and no less than behind a first failure. */
    Duration left(String name, InetAddress client) {
        synchronized (lock) {
            long now = nanoTime.getAsLong();
            long longest = delays.first().toNanos();
            for (Object key : watched(name, network(client))) longest = Math.max(longest, now(key).next - now);
            return Duration.ofNanos(longest);
        }
    }

    /** Whether it is news that a client there is put off: once a minute, as who guesses is not to fill the log. */
    boolean isNews(InetAddress client) {
        return isNewsOf(network(client));
    }

    /** The same of something else that goes wrong with each login. */
    boolean isNews(String matter) {
        return isNewsOf(matter);
    }

    private boolean isNewsOf(Object what) {
        synchronized (lock) {
            long now = nanoTime.getAsLong();
            Long before = told.get(what);
            if (before != null && now - before < NEWS) return false;
            put(told, what, now);
            return true;
        }
    }

    private boolean free(Object key) {
        Count count = now(key);
        return count.failures + count.busy < delays.tries()
                || delays.first().isZero()
                || key instanceof List && count.failures == 0
                || count.busy == 0 && nanoTime.getAsLong() - count.next >= 0;
    }

    private void busy(Object key, int more) {
        Count count = now(key);
        put(key, new Count(count.failures, Math.max(0, count.busy + more), count.last, count.next));
    }

    private Count now(Object key) {
        long now = nanoTime.getAsLong();
        List<Long> kept = counts.get(key);
        Count count = kept == null ? new Count(0, 0, now, now) : Count.of(kept);
        return now - count.last > FORGOTTEN ? new Count(0, count.busy, now, now) : count;
    }

    private void put(Object key, Count count) {
        counts.remove(key);
        if (count.failures + count.busy > 0) put(counts, key, count.kept());
    }

    /** The one that was touched last stands last. */
    private static <K, V> void put(Map<K, V> map, K key, V value) {
        map.remove(key);
        map.put(key, value);
        if (map.size() > MOST) map.remove(map.keySet().iterator().next());
    }

    /** Whoever has one IPv6 address has the 2^64 around it. */
    private static Object network(InetAddress client) {
        if (!(client instanceof Inet6Address)) return client;
        byte[] address = client.getAddress();
        Arrays.fill(address, 8, 16, (byte) 0);
        return ByteBuffer.wrap(address);
    }
}
