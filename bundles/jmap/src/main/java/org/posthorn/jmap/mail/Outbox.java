package org.posthorn.jmap.mail;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import org.posthorn.api.mail.Address;
import org.posthorn.jmap.ObjectLog;

/** What is kept of all that users send: {@code jmap/outbox/ACCOUNT} in the server's data folder. Safe for several threads. */
public final class Outbox implements AutoCloseable {

    private final AccountFiles<AccountOutbox> files;
    private final Clock clock;

    /** @param data the server's data folder; of several that have {@code jmap/outbox} in it, as in a swap, the next waits until the one before is closed */
    public Outbox(Path data, Clock clock) {
        this.files = new AccountFiles<>(data.resolve("jmap/outbox"), this::open);
        this.clock = clock;
    }

    Clock clock() {
        return clock;
    }

    /** There is one of each account at a time, as long as somebody has it. */
    AccountOutbox account(Address account) throws IOException {
        return files.of(account);
    }

    private AccountOutbox open(Path his) throws IOException {
        long start = clock.millis();
        return new AccountOutbox(
                ObjectLog.open(his.resolve("submissions"), start), ObjectLog.open(his.resolve("identities"), start));
    }

    /** Nothing is asked of it behind this; nothing is left to write. */
    @Override
    public void close() {
        files.close();
    }
}
