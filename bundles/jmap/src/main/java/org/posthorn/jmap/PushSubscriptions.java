package org.posthorn.jmap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.lease.Succession;
import org.posthorn.api.mail.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The push subscriptions of all users: an {@link ObjectLog} of each who ever had some, {@code jmap/push/subscriptions/ACCOUNT} in the server's data folder. Each change is forced before its call
 * returns. Safe for several threads.
 */
final class PushSubscriptions implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PushSubscriptions.class);

    private final Succession<Path> folder;
    private final Clock clock;
    private final Map<String, ObjectLog> logs = new HashMap<>();
    private boolean read;

    /** @param folder of several that have it, as in a swap, the next waits until the one before is closed */
    PushSubscriptions(Path folder, Clock clock) {
        this.folder = Succession.begin("push subscriptions " + folder.toAbsolutePath(), before -> folder);
        this.clock = clock;
    }

    /** Whoever has some. */
    synchronized Set<Address> users() throws IOException {
        Set<Address> users = new HashSet<>();
        for (ObjectLog log : logs().values())
            for (ObjectLog.Entry entry : log.all()) user(entry).ifPresent(users::add);
        return users;
    }

    private static Optional<Address> user(ObjectLog.Entry entry) {
        return Address.parse(entry.object().path("user").asText());
    }

    private Map<String, ObjectLog> logs() throws IOException {
        Path mine = folder.get();
        if (read) return logs;
        if (Files.isDirectory(mine))
            try (DirectoryStream<Path> files = Files.newDirectoryStream(mine, f -> Id.is(name(f)))) {
                for (Path file : files) known(file).ifPresent(log -> logs.put(name(file), log));
            }
        read = true;
        return logs;
    }

    /** One that cannot be read keeps nothing from others. */
    private Optional<ObjectLog> known(Path file) {
        try {
            return Optional.of(open(file));
        } catch (IOException e) {
            LOG.error("Nothing is pushed to whoever has the push subscriptions in {}: {}", file, e.toString());
            return Optional.empty();
        }
    }

    /** What a log writes beside itself has a dot in its name. */
    private static String name(Path file) {
        return file.getFileName().toString();
    }

    private ObjectLog open(Path file) throws IOException {
        return ObjectLog.open(file, clock.millis());
    }

    /** Those of a user, the oldest first. */
    synchronized List<PushSubscription> of(Address user) throws IOException {
        ObjectLog log = logs().get(Id.account(user));
        List<PushSubscription> his = new ArrayList<>();
        if (log != null) log.all().forEach(e -> his.add(new PushSubscription(user, e.number(), e.object())));
        return his;
    }

    /** Whether he has some; none can be told of while the files are another's. */
    synchronized boolean any(Address user) {
        ObjectLog log = logs.get(Id.account(user));
        return log != null && log.size() > 0;
    }

    synchronized PushSubscription add(Address user, ObjectNode json) throws IOException {
        String id = Id.account(user);
        ObjectLog log = logs().get(id);
        if (log == null) log = open(folder.get().resolve(id));
        ObjectNode whole = json.deepCopy().put("user", user.toString());
        long number = log.add(whole);
        logs.put(id, log);
        return new PushSubscription(user, number, whole);
    }

    /** Of one that is gone meanwhile, nothing. */
    synchronized void put(PushSubscription changed) throws IOException {
        ObjectLog log = logs().get(Id.account(changed.user()));
        if (log != null) log.put(changed.number(), changed.json());
    }

    /** Notes that its code goes out now. @return whether it does: not when it did before, or the subscription is gone meanwhile */
    synchronized boolean ask(PushSubscription one) throws IOException {
        Optional<PushSubscription> now = of(one.user()).stream()
                .filter(known -> known.number() == one.number() && !known.asked())
                .findFirst();
        if (now.isPresent()) put(now.get().with(now.get().json().deepCopy().put("asked", true)));
        return now.isPresent();
    }

    /** Nothing of its URL and its keys is kept, RFC 8620 7.2. */
    synchronized void remove(PushSubscription gone) throws IOException {
        ObjectLog log = logs().get(Id.account(gone.user()));
        if (log != null) log.erase(gone.number());
    }

    /** Nothing is asked of it behind this; nothing is left to write. */
    @Override
    public void close() {
        folder.close(mine -> {});
    }
}
