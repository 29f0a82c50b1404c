package org.posthorn.jmap.mail;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.posthorn.api.mail.Address;
import org.posthorn.jmap.ObjectLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is kept of all that users send: {@code jmap/outbox/ACCOUNT} in the server's data folder; and the thread on which it is looked at. Safe for several threads. */
public final class Outbox implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

    private static final int PATIENCE_SECONDS = 60;

    private final AccountFiles<AccountOutbox> files;
    private final Clock clock;
    private final ThreadPoolExecutor worker;

    /** @param data the server's data folder; of several that have {@code jmap/outbox} in it, as in a swap, the next waits until the one before is closed */
    public Outbox(Path data, Clock clock) {
        this.files = new AccountFiles<>(data.resolve("jmap/outbox"), this::open);
        this.clock = clock;
        worker = new ThreadPoolExecutor(
                1, 1, 5, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), work -> new Thread(work, "jmap-outbox"));
        worker.allowCoreThreadTimeOut(true);
    }

    Clock clock() {
        return clock;
    }

    /** There is one of each account at a time, as long as somebody has it. */
    AccountOutbox account(Address account) throws IOException {
        return files.of(account);
    }

    /** Does what nobody waits for, on one thread that is there while there is such work; nothing when this is closed. */
    void work(Runnable task) {
        try {
            worker.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("The next version does it: {}", e.getMessage());
        }
    }

    private AccountOutbox open(Path his) throws IOException {
        long start = clock.millis();
        return new AccountOutbox(
                ObjectLog.open(his.resolve("submissions"), start), ObjectLog.open(his.resolve("identities"), start));
    }

    /** Nothing is asked of it behind this; nothing is left to write. Ends behind the work that is under way. */
    @Override
    public void close() {
        worker.getQueue().clear();
        worker.shutdown();
        try {
            if (!worker.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS))
                LOG.error("What became of mail that was sent is still being looked at");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        files.close();
    }
}
