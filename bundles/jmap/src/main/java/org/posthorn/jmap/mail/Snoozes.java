package org.posthorn.jmap.mail;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Email;
import org.posthorn.jmap.Json;
import org.posthorn.jmap.MethodError;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.ObjectLog;
import org.posthorn.jmap.Reach;
import org.posthorn.jmap.Sort;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is kept of all Emails that users have snoozed: {@code jmap/snooze/ACCOUNT} in the server's data folder. Safe for several threads. */
public final class Snoozes implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Snoozes.class);

    private final AccountFiles<AccountSnoozes> files;
    private final Clock clock;
    private final Set<String> unread = ConcurrentHashMap.newKeySet();
    private volatile Consumer<Address> listener = account -> {};

    /** @param data the server's data folder; of several that have {@code jmap/snooze} in it, as in a swap, the next waits until the one before is closed */
    public Snoozes(Path data, Clock clock) {
        this.clock = clock;
        this.files = new AccountFiles<>(
                data.resolve("jmap/snooze"), his -> new AccountSnoozes(ObjectLog.open(his, clock.millis())));
    }

    Instant now() {
        return clock.instant();
    }

    AccountSnoozes of(Address account) throws IOException {
        return files.of(account);
    }

    /** Whether another, as in a swap, still has what is kept. */
    boolean waits() {
        return files.waits();
    }

    /** Tells whose mail sleeps. Reads what is kept of all. @return whether all could be read; what could not is told of in the log, once */
    boolean sleepers(Consumer<Address> each) throws IOException {
        boolean all = true;
        for (String id : files.ids()) all &= sleeper(id, each);
        return all;
    }

    private boolean sleeper(String id, Consumer<Address> each) {
        try {
            files.of(id).all(one -> !one.over()).stream()
                    .findFirst()
                    .map(Snooze::account)
                    .ifPresent(each);
            unread.remove(id);
            return true;
        } catch (IOException e) {
            if (unread.add(id))
                LOG.error("What of {} is snoozed cannot be read, and is not woken until it can: {}", id, e.toString());
            return false;
        }
    }

    /** Has one told of each account in which something else is to be woken than before, on any thread. */
    void listen(Consumer<Address> news) {
        listener = news;
    }

    void changed(Address account) {
        listener.accept(account);
    }

    /** The property {@code snoozed} of an Email: what is to become of it, or what it was woken by; else null, as in an account of another one. */
    JsonNode told(Reach reach, Email email) throws IOException {
        if (!reach.isOwn()) return Json.NODES.nullNode();
        return of(reach.owner())
                .get(email.number())
                .filter(one -> !one.sending() && (one.over() || one.isAsleep(email)))
                .<JsonNode>map(one -> one.details().json())
                .orElse(Json.NODES.nullNode());
    }

    /** The times by which {@code snoozedUntil} sorts, where that is asked for. @throws MethodFault unsupportedSort in an account of another one */
    Function<Email, Instant> times(Reach reach, List<Sort> sorts) throws IOException, MethodFault {
        boolean asked = sorts.stream().anyMatch(s -> s.property().equals(EmailOrder.SNOOZED_UNTIL));
        if (asked && !reach.isOwn()) throw new MethodFault(MethodError.UNSUPPORTED_SORT);
        return asked ? of(reach.owner())::time : Metadata::receivedAt;
    }

    /** Nothing is asked of it behind this; nothing is left to write. */
    @Override
    public void close() {
        files.close();
    }
}
