package org.posthorn.jmap;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Issuer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Push to those who are not connected, RFC 8620 7.2, by Web Push (RFC 8030). What is waited for is waited for by the server's clock, which hands all work to a few threads. After a start all are told all
 * states once, as nobody knows what they have missed. Safe for several threads.
 */
final class Pushes implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Pushes.class);

    private static final int THREADS = 4;
    private static final int IDLE_SECONDS = 30;
    private static final int PATIENCE_SECONDS = 5;
    private static final int TIDY_MINUTES = 60;

    /** What cannot be read is read again behind so long. */
    private static final Duration AGAIN = Duration.ofMinutes(1);

    private final PushSubscriptions subscriptions;
    private final PushCredentials credentials;
    private final PushLine.Means means;
    private final ScheduledExecutorService clock;
    private final ThreadPoolExecutor workers;
    private final Map<Address, PushUser> users = new ConcurrentHashMap<>();
    private Optional<Services> services = Optional.empty();
    private final List<Runnable> unlisten = new ArrayList<>();

    /**
     * What is given from outside.
     *
     * @param toPrivate whether services may have addresses that are not public
     * @param contact a URI of whoever keeps this server
     * @param trust by which push services are known
     * @param time that it is
     */
    record Settings(BooleanSupplier toPrivate, Supplier<String> contact, SSLContext trust, Clock time) {

        /** With the services that this machine trusts, and its time. */
        static Settings of(BooleanSupplier toPrivate, Supplier<String> contact) {
            try {
                return new Settings(toPrivate, contact, SSLContext.getDefault(), Clock.systemUTC());
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("each JVM has TLS", e);
            }
        }
    }

    /**
     * @param data the server's data folder
     * @param issuers of what subscriptions are made with
     * @param clock the server's; the caller's
     */
    Pushes(Path data, Leased<Issuer> issuers, Settings settings, ScheduledExecutorService clock) {
        this.clock = clock;
        SecureRandom random = new SecureRandom();
        workers = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), Pushes::thread);
        workers.allowCoreThreadTimeOut(true);
        Path folder = data.resolve("jmap/push");
        PushClient client = new PushClient(settings.trust(), settings.toPrivate(), settings.time());
        Vapid vapid = vapid(folder.resolve("vapid"), random, settings);
        subscriptions = new PushSubscriptions(folder.resolve("subscriptions"), settings.time());
        means = new PushLine.Means(client, vapid, random, settings.time(), subscriptions);
        credentials = new PushCredentials(issuers);
    }

    private static Vapid vapid(Path file, SecureRandom random, Settings settings) {
        try {
            return Vapid.in(file, random, settings.contact());
        } catch (IOException e) {
            throw new UncheckedIOException("the key that push messages are signed by cannot be read or made", e);
        }
    }

    private static Thread thread(Runnable work) {
        Thread thread = new Thread(work, "jmap-push");
        thread.setDaemon(true);
        return thread;
    }

    /** What clients do with subscriptions. */
    Map<String, Method> methods() {
        PushDraft drafts = new PushDraft(
                means.client(), means.vapid().applicationServerKey(), means.random(), means.clock(), new PushRate());
        return new PushMethods(subscriptions, credentials, drafts, this::changed).methods();
    }

    /** By what messages are known to be this server's. */
    Capability capability() {
        return new VapidCapability(means.vapid().applicationServerKey());
    }

    /** From now on changes are pushed. */
    synchronized void begin(Services all) {
        services = Optional.of(all);
        unlisten.add(all.stores().onChange(() -> users.values().forEach(PushUser::storeChanged)));
        unlisten.add(credentials.issuers().onChange(() -> users.values().forEach(PushUser::news)));
        later(this::wake, Duration.ZERO);
        clock.scheduleWithFixedDelay(
                () -> users.values().forEach(u -> later(u::tidy, Duration.ZERO)),
                TIDY_MINUTES,
                TIDY_MINUTES,
                TimeUnit.MINUTES);
    }

    private void wake() {
        try {
            subscriptions.users().forEach(this::changed);
        } catch (IOException e) {
            LOG.error("Nothing is pushed yet to those who subscribed before, as it cannot be read who they are", e);
            later(this::wake, AGAIN);
        }
    }

    private synchronized Optional<Services> services() {
        return services;
    }

    private void changed(Address user) {
        services().ifPresent(all -> users.computeIfAbsent(user, u -> new PushUser(u, this, all))
                .news());
    }

    /** Whoever has no subscriptions any more is watched no more. */
    void forget(Address user) {
        users.computeIfPresent(user, (a, known) -> {
            if (subscriptions.any(a)) return known;
            known.end();
            return null;
        });
    }

    /** Whether what is needed is there; when it comes all are looked at. */
    boolean able() {
        boolean stores = services().filter(s -> !s.stores().names().isEmpty()).isPresent();
        return stores && !credentials.issuers().names().isEmpty();
    }

    PushSubscriptions subscriptions() {
        return subscriptions;
    }

    PushLine.Means means() {
        return means;
    }

    Instant now() {
        return means.clock().instant();
    }

    /** Whether it is still to be pushed to, by its time and its key. */
    boolean lasts(PushSubscription one) {
        return !one.over(now()) && one.vapid().equals(means.vapid().applicationServerKey());
    }

    /** Whether what it was made with still is good. @throws IOException when that cannot be told now */
    boolean holds(PushSubscription one) throws IOException {
        return credentials.hold(one.user(), one.credential());
    }

    /** Has some work done by a worker, unless all of this ends. */
    Optional<Future<?>> later(Runnable work, Duration delay) {
        try {
            return Optional.of(clock.schedule(() -> handOver(work), delay.toMillis(), TimeUnit.MILLISECONDS));
        } catch (RejectedExecutionException e) {
            return Optional.empty();
        }
    }

    private void handOver(Runnable work) {
        try {
            workers.execute(work);
        } catch (RejectedExecutionException e) {
            LOG.debug("Pushing ends: {}", e.getMessage());
        }
    }

    /** Ends what is under way, behind which the next version of the bundle begins. The clock has ended by then. */
    @Override
    public void close() {
        synchronized (this) {
            unlisten.forEach(Runnable::run);
        }
        users.values().forEach(PushUser::end);
        means.client().close();
        workers.shutdown();
        try {
            if (!workers.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS))
                LOG.warn("What was being pushed has not ended after {} seconds", PATIENCE_SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        subscriptions.close();
    }
}
