package org.posthorn.mailbox;

import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.posthorn.api.mailbox.Subscriptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an account is subscribed to: its file has it and, where the format has a place that other programs know, that place. There it is written first,
 * and believed: another program may have changed it meanwhile. What others share stands in the account's file alone. Calls come under the lock of the
 * structure, but for {@link #now}.
 */
final class Subscribed {

    private static final Logger LOG = LoggerFactory.getLogger(Subscribed.class);

    /** Somebody who hears of names that others have added or taken out. */
    @FunctionalInterface
    interface Hearer {
        void hears(String name) throws IOException;
    }

    private final AccountFile file;
    private final Optional<Subscriptions> place;
    private final Hearer hearer;

    Subscribed(AccountFile file, Optional<Subscriptions> place, Hearer hearer) {
        this.file = file;
        this.place = place;
        this.hearer = hearer;
    }

    /** All names. */
    SortedSet<String> now() {
        return file.subscriptions;
    }

    /**
     * When the account is opened: takes over what is noted in the format's place, and notes what is not yet. @return whether that is the first time, which the
     * account's file is to say: from then on what is missing in that place has been taken out
     */
    boolean takeOver() {
        boolean before = file.noted;
        open();
        note();
        return file.noted != before;
    }

    /** Takes over what is noted in the format's place, if anything is; what cannot be read there keeps no account from being opened. */
    boolean open() {
        try {
            return read();
        } catch (IOException e) {
            LOG.warn("Subscriptions cannot be read, those that were known before count: {}", e.toString());
            return false;
        }
    }

    private boolean read() throws IOException {
        Optional<Set<String>> noted = noted();
        if (noted.isEmpty()) return false;
        SortedSet<String> before = now();
        SortedSet<String> all = new TreeSet<>(before);
        if (file.noted) all.removeIf(name -> !shared(name));
        all.addAll(noted.get());
        file.subscriptions = Collections.unmodifiableSortedSet(all);
        for (String name : all) if (!before.contains(name)) hearer.hears(name);
        for (String name : before) if (!all.contains(name)) hearer.hears(name);
        return true;
    }

    private Optional<Set<String>> noted() throws IOException {
        return place.isPresent() ? place.get().read() : Optional.empty();
    }

    /** Adds these, in memory. */
    void begin(Set<String> names) {
        SortedSet<String> all = new TreeSet<>(now());
        all.addAll(names);
        file.subscriptions = Collections.unmodifiableSortedSet(all);
    }

    /** Notes them in the format's place where they differ from what is there. */
    void note() {
        try {
            if (!own(now()).equals(noted().orElse(null))) write(now());
            file.noted = place.isPresent();
        } catch (IOException e) {
            LOG.warn(
                    "Subscriptions cannot be noted for other programs; the next change tries it again: {}",
                    e.toString());
        }
    }

    /** Subscribes to one more. @return whether that is news; to be followed by {@link AccountShelf#save} then */
    boolean add(String name) throws IOException {
        read();
        SortedSet<String> wanted = new TreeSet<>(now());
        return wanted.add(name) && change(wanted);
    }

    /** The opposite. */
    boolean remove(String name) throws IOException {
        read();
        SortedSet<String> wanted = new TreeSet<>(now());
        return wanted.remove(name) && change(wanted);
    }

    /** Has other names for these, all at once. @param names those of now by those of before; as {@link #add} else */
    boolean rename(Map<String, String> names) throws IOException {
        read();
        SortedSet<String> wanted = new TreeSet<>(now());
        wanted.removeAll(names.keySet());
        wanted.addAll(names.values());
        return !wanted.equals(now()) && change(wanted);
    }

    private boolean change(SortedSet<String> wanted) throws IOException {
        write(wanted);
        file.subscriptions = Collections.unmodifiableSortedSet(wanted);
        return true;
    }

    private void write(Set<String> wanted) throws IOException {
        if (place.isPresent()) place.get().write(own(wanted));
    }

    private static Set<String> own(Set<String> names) {
        Set<String> own = new TreeSet<>(names);
        own.removeIf(Subscribed::shared);
        return own;
    }

    private static boolean shared(String name) {
        return name.indexOf('/') >= 0;
    }
}
