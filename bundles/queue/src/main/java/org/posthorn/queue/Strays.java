package org.posthorn.queue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.queue.QueueStore;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.api.spool.KeptMail;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Mail that waits in another store than the one in use, as another setting leaves it. Nobody tries it, so it must be told of. */
record Strays(Parts parts, Rules rules) {

    private static final Logger LOG = LoggerFactory.getLogger(Strays.class);

    /** By the name of the store. A store that is not in use is asked only when there are bytes that the one in use does not name. */
    Map<String, List<QueuedMail>> find() throws IOException {
        Set<MailId> unnamed = unnamed();
        Map<String, List<QueuedMail>> found = new TreeMap<>();
        if (unnamed.isEmpty()) return found;
        for (String name : parts.stores().names()) {
            List<QueuedMail> there = name.equals(rules.store()) ? List.of() : in(name, unnamed);
            if (!there.isEmpty()) found.put(name, there);
        }
        return found;
    }

    private Set<MailId> unnamed() throws IOException {
        try (Lease<KeptMail> octets = parts.kept().lease().orElseThrow(() -> new IOException("there is no spool"));
                Lease<QueueStore> store = Aftermath.store(parts.stores(), rules)) {
            Set<MailId> unnamed = new TreeSet<>();
            List<MailId> kept = octets.get().all();
            if (kept.size() <= store.get().size()) return unnamed;
            for (MailId id : kept) if (store.get().get(id).isEmpty()) unnamed.add(id);
            return unnamed;
        }
    }

    private List<QueuedMail> in(String name, Set<MailId> ids) {
        List<QueuedMail> there = new ArrayList<>();
        try (Lease<QueueStore> store = parts.stores().lease(name).orElseThrow(() -> new IOException("it is gone"))) {
            for (MailId id : ids) store.get().get(id).ifPresent(there::add);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            LOG.warn("Whether mail waits in the queue store {} cannot be told: {}.", name, e.toString());
        }
        return there;
    }

    void warn() {
        try {
            find().forEach((name, mails) -> LOG.warn(
                    "Mails that nobody tries: {} in the queue store {}, since {} is in use (store in org.posthorn.queue);"
                            + " they go on when {} is named again.",
                    mails.size(),
                    name,
                    rules.store(),
                    name));
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            LOG.warn("Whether mail waits in another queue store cannot be told: {}.", e.toString());
        }
    }
}
