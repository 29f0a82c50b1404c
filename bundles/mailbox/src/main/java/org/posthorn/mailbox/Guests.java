package org.posthorn.mailbox;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.Place;
import org.posthorn.api.mailbox.RightsListener;
import org.posthorn.api.mailbox.RightsNews;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Those with whom an account shares something, as far as they have mailboxes here: they hear of it, and are subscribed to it, so that they find it. What fails is logged, and takes nothing
 * back. Nobody's account is made. To be called without a lock, as other accounts are used.
 */
record Guests(Accounts accounts, Address owner) {

    private static final Logger LOG = LoggerFactory.getLogger(Guests.class);

    /** To so many mailboxes of one owner somebody is subscribed without having said so himself, and to so many of all: whoever shares very much takes nobody's room. */
    private static final int MOST_OF_ONE = 100;

    private static final int MOST = 1000;

    /** Whether it is somebody else who has mailboxes here. */
    boolean isOne(Address user) {
        return !user.folded().equals(owner.folded())
                && Files.isDirectory(accounts.homes().of(user));
    }

    void tell(RightsNews news) {
        for (Lease<RightsListener> listener : accounts.watches().rights().all())
            try (listener) {
                listener.get().changed(news);
            } catch (IOException | RuntimeException e) {
                LOG.warn("{} is not told what {} shares with him: {}", news.user(), owner, e.toString());
            }
    }

    /** Subscribes one of them to a mailbox that he may look up from now on; whoever has let him wakes him. */
    void subscribe(Address user, String mailbox) {
        Place top = top(user);
        Predicate<String> there = there(top);
        change(user, shelf -> shelf.alone(alone -> add(alone, top, List.of(mailbox), there)));
    }

    /**
     * Has whoever is subscribed to a mailbox be so to what is made below it, too.
     *
     * @param made by the name of the nearest one above it
     */
    void follow(Address user, Map<String, String> made) {
        Place top = top(user);
        Predicate<String> there = there(top);
        changeOfSubscribed(
                user, made, shelf -> add(shelf, top, known(user, made, shelf).values(), there));
    }

    /**
     * Has whoever is subscribed to a mailbox be so to what it is called now. The name of before goes: it is the server that has made another of it, RFC 3501 6.3.9, and it would take the room of others.
     *
     * @param renamed names of now by those of before
     */
    void rename(Address user, Map<String, String> renamed) {
        Place top = top(user);
        changeOfSubscribed(user, renamed, shelf -> {
            Map<String, String> names = new LinkedHashMap<>();
            known(user, renamed, shelf).forEach((from, to) -> name(top, to)
                    .ifPresent(name -> names.put(top.shown(from).orElseThrow(), name)));
            if (!shelf.subscribed().rename(names)) return false;
            for (String name : names.values()) shelf.registrar().changed(name);
            shelf.save();
            return true;
        });
    }

    /** Those to which he is subscribed. */
    private Map<String, String> known(Address user, Map<String, String> others, AccountShelf shelf) {
        SortedSet<String> now = shelf.subscribed().now();
        Map<String, String> known = new LinkedHashMap<>(others);
        known.keySet()
                .removeIf(mailbox ->
                        top(user).shown(mailbox).filter(now::contains).isEmpty());
        return known;
    }

    private Place top(Address user) {
        return Place.of(owner, "", accounts.namespaces(user));
    }

    /** Whether there is what a guest has that name for; to be asked for while his account is not held. */
    private Predicate<String> there(Place top) {
        try {
            Set<String> names =
                    accounts.use(owner, shelf -> Set.copyOf(shelf.shelf().names()));
            return name -> names.contains(name.substring(top.prefix().length()).replace('/', '.'));
        } catch (IOException | RuntimeException e) {
            LOG.warn("Which mailboxes {} has cannot be told; no name of a guest makes room: {}", owner, e.toString());
            return name -> true;
        }
    }

    /** Whoever is subscribed to none of them waits for nobody, nor has anybody wait. */
    private void changeOfSubscribed(Address user, Map<String, String> others, Accounts.Call<Boolean> change) {
        if (change(user, shelf -> !known(user, others, shelf).isEmpty() && shelf.alone(change)))
            accounts.watches().restructured(user.folded());
    }

    /** @return whether that has changed anything */
    private boolean change(Address user, Accounts.Call<Boolean> change) {
        try {
            return isOne(user) && accounts.use(user, change);
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} could not be subscribed to what {} shares: {}", user, owner, e.toString());
            return false;
        }
    }

    private boolean add(AccountShelf shelf, Place top, Collection<String> mailboxes, Predicate<String> there)
            throws IOException {
        boolean any = false;
        for (String mailbox : mailboxes) {
            Optional<String> name = name(top, mailbox);
            if (name.filter(shelf.subscribed().now()::contains).isPresent()) continue;
            if (name.isEmpty() || !hasRoom(shelf.subscribed().now(), top) && !makeRoom(shelf, top, there)) continue;
            if (!shelf.subscribed().add(name.get())) continue;
            shelf.registrar().changed(name.get());
            any = true;
        }
        if (any) shelf.save();
        return any;
    }

    /** Empty when nobody can subscribe to it: its name is too long with that of its owner in front, or cannot be said. */
    private static Optional<String> name(Place top, String mailbox) {
        try {
            Optional<String> shown = top.shown(mailbox);
            return shown.isEmpty() ? shown : Optional.of(Names.subscribed(shown.get()));
        } catch (MailboxFault none) {
            LOG.debug("Nobody can subscribe to a mailbox of {}: {}", top.owner(), none.getMessage());
            return Optional.empty();
        }
    }

    /** Where there is no more room the name of what is gone makes some: what one owner shares and deletes all the time would keep from view what he shares next. */
    private boolean makeRoom(AccountShelf shelf, Place top, Predicate<String> there) throws IOException {
        SortedSet<String> rest = new TreeSet<>(shelf.subscribed().now());
        Optional<String> gone = rest.stream()
                .filter(name -> name.startsWith(top.prefix()) && !there.test(name))
                .findFirst();
        gone.ifPresent(rest::remove);
        if (gone.isEmpty() || !hasRoom(rest, top)) return false;
        shelf.subscribed().remove(gone.get());
        shelf.registrar().changed(gone.get());
        return true;
    }

    private boolean hasRoom(SortedSet<String> all, Place top) {
        long shared = all.stream().filter(Place::isShared).count();
        long his = all.stream().filter(name -> name.startsWith(top.prefix())).count();
        return shared < MOST && his < MOST_OF_ONE && all.size() < accounts.mailboxes();
    }
}
