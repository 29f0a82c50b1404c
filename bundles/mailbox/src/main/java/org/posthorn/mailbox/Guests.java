package org.posthorn.mailbox;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.Function;
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
        subscribe(user, MOST_OF_ONE, now -> List.of(mailbox));
    }

    /**
     * Has whoever is subscribed to a mailbox be so to another one, too: to what is made below it, or what it is called now. The name of before stays, RFC 3501 6.3.6.
     *
     * @param others by its name
     */
    void follow(Address user, Map<String, String> others) {
        Place top = top(user);
        boolean woken = subscribe(user, MOST, now -> {
            List<String> more = new ArrayList<>();
            others.forEach((mailbox, other) -> {
                if (top.shown(mailbox).filter(now::contains).isPresent()) more.add(other);
            });
            return more;
        });
        if (woken) accounts.watches().restructured(user.folded());
    }

    private Place top(Address user) {
        return Place.of(owner, "", accounts.namespaces(user));
    }

    /** @param most to so many of this owner's he may be subscribed then. @return whether he is to any more than before */
    private boolean subscribe(Address user, int most, Function<SortedSet<String>, Collection<String>> wanted) {
        try {
            return isOne(user)
                    && accounts.use(
                            user,
                            shelf -> shelf.alone(alone -> {
                                Collection<String> mailboxes =
                                        wanted.apply(alone.subscribed().now());
                                return add(alone, top(user), most, mailboxes);
                            }));
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} could not be subscribed to what {} shares: {}", user, owner, e.toString());
            return false;
        }
    }

    private boolean add(AccountShelf shelf, Place top, int most, Collection<String> mailboxes) throws IOException {
        boolean any = false;
        for (String mailbox : mailboxes) {
            Optional<String> name = name(top, mailbox);
            if (name.isEmpty() || !hasRoom(shelf.subscribed().now(), top, most)) continue;
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

    private boolean hasRoom(SortedSet<String> all, Place top, int most) {
        long shared = all.stream().filter(Place::isShared).count();
        long his = all.stream().filter(name -> name.startsWith(top.prefix())).count();
        return shared < MOST && his < most && all.size() < accounts.mailboxes();
    }
}
