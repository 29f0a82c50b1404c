package org.posthorn.jmap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.MailboxReading;
import org.posthorn.api.mailbox.MailboxStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears of what comes to mailboxes that others share with a user: of those alone that he may read and is subscribed to (RFC 9670 1.4), so that he is not told when something happens elsewhere. When his rights change it is
 * {@link #isOf} what they were, and a new one must be begun.
 */
final class SharedWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SharedWatch.class);

    /** What is watched: without what could not be, which is tried again. */
    private final Map<Address, Set<String>> watched = new LinkedHashMap<>();

    private final List<MailboxReading.Watch> watches = new ArrayList<>();

    private SharedWatch() {}

    /** Of nothing. */
    static SharedWatch none() {
        return new SharedWatch();
    }

    /** @param news hears of the account and the mailbox, or an empty name, on any thread */
    static SharedWatch begin(MailboxStore store, Address user, BiConsumer<Address, String> news) throws IOException {
        SharedWatch all = new SharedWatch();
        readable(store, user).forEach((owner, names) -> all.add(store, owner, names, news));
        return all;
    }

    private void add(MailboxStore store, Address owner, Set<String> names, BiConsumer<Address, String> news) {
        try {
            watches.add(store.account(owner).watch(names::contains, name -> news.accept(owner, name)));
            watched.put(owner, names);
        } catch (IOException broken) {
            LOG.warn("What {} shares cannot be watched: {}", owner, broken.toString());
        }
    }

    /** Whether there is nothing else to watch now. */
    boolean isOf(MailboxStore store, Address user) throws IOException {
        return watched.equals(readable(store, user));
    }

    private static Map<Address, Set<String>> readable(MailboxStore store, Address user) throws IOException {
        Map<Address, Set<String>> all = new LinkedHashMap<>();
        for (Map.Entry<Reach, SortedSet<String>> other :
                new Sharing(store, user).subscribed().entrySet())
            try {
                Set<String> names = new TreeSet<>(other.getValue());
                names.retainAll(other.getKey().readable());
                all.put(other.getKey().owner(), names);
            } catch (IOException broken) {
                Address owner = other.getKey().owner();
                LOG.warn("What {} shares with {} could not be read: {}", owner, user, broken.toString());
            }
        return all;
    }

    @Override
    public void close() {
        watches.forEach(MailboxReading.Watch::close);
        watches.clear();
    }
}
