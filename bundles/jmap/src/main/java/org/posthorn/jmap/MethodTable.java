package org.posthorn.jmap;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.posthorn.api.events.MailStories;
import org.posthorn.api.lease.Leased;
import org.posthorn.jmap.mail.ExplainCapability;
import org.posthorn.jmap.mail.ImapCapability;
import org.posthorn.jmap.mail.MailCapability;
import org.posthorn.jmap.mail.ShareNotifications;
import org.posthorn.jmap.mail.SnoozeCapability;
import org.posthorn.jmap.mail.Snoozes;

/** All that can be called, and by which capability: a new data type adds a {@link Capability} here. */
final class MethodTable {

    /** One method, and whose it is. */
    record Entry(Capability capability, Method method) {}

    private final Map<String, Capability> capabilities = new LinkedHashMap<>();
    private final Map<String, Entry> methods = new HashMap<>();

    MethodTable(List<Capability> all) {
        for (Capability capability : all) {
            capabilities.put(capability.uri(), capability);
            capability.methods().forEach((name, method) -> methods.put(name, new Entry(capability, method)));
        }
    }

    /**
     * What this server can do.
     *
     * @param push what RFC 8620 has beside, see {@link CoreCapability}
     * @param stories of mails, as far as they are there
     * @param snoozes the mail that sleeps
     * @param shares what users are told of what others share
     * @param more beside what needs nothing but the mailboxes
     */
    static MethodTable whole(
            Map<String, Method> push,
            Leased<MailStories> stories,
            Snoozes snoozes,
            ShareNotifications shares,
            Capability... more) {
        List<Capability> all = new ArrayList<>(List.of(
                new CoreCapability(push),
                new MailCapability(snoozes),
                new SnoozeCapability(),
                new ImapCapability(),
                new QuotaCapability(),
                new BlobCapability(),
                new WebSocketCapability(),
                new PrincipalsCapability(shares),
                new ExplainCapability(stories)));
        all.addAll(List.of(more));
        return new MethodTable(all);
    }

    Map<String, Capability> capabilities() {
        return capabilities;
    }

    List<BlobSource> blobs() {
        return capabilities.values().stream().flatMap(c -> c.blobs().stream()).toList();
    }

    /** Empty when there is none of that name, or none of those capabilities has it: who does not ask for an extension does not meet it, RFC 8620 1.8. */
    Optional<Entry> method(String name, Set<String> using) {
        Entry entry = methods.get(name);
        return Optional.ofNullable(entry)
                .filter(e -> using.contains(e.capability().uri()));
    }
}
