package org.posthorn.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Access;
import org.posthorn.api.mailbox.AccessList;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.Namespaces;
import org.posthorn.api.mailbox.Place;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.api.mailbox.SpecialUse;
import org.posthorn.api.mailbox.Threaded;
import org.posthorn.api.mailbox.UidSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All mailboxes that a user finds, his own, those that others share with him, and public ones: each with the rights that he has there. All commands go
 * through here. Who is only asked for is not made: only an account that says it has shared something is looked at.
 */
public record Realm(MailboxStore store, Address user) implements Account {

    private static final Logger LOG = LoggerFactory.getLogger(Realm.class);

    /** So many mailboxes of other users are listed, with the levels above them; of public ones all, which are as many as an account may have. */
    private static final int MOST = 10_000;

    /** And so many of each, so that nobody who makes many hides those of others. */
    private static final int MOST_OF_ONE = 1_000;

    /** The rights by which one knows that a mailbox is there, RFC 4314 4 "Any". */
    private static final String VISIBLE = "lrikxa";

    private Account own() throws IOException {
        return store.account(user);
    }

    private Account of(Place place) throws IOException {
        return store.account(place.owner());
    }

    /** Whose mailboxes beside his own there are. */
    public Namespaces namespaces() throws IOException {
        return store.namespaces(user);
    }

    /** Where a mailbox of that name lies, whether there is one or not; empty where there cannot be any. */
    Optional<Place> place(String name) throws IOException {
        if (!Place.isShared(name)) return Optional.of(Place.own(user, name));
        Optional<Place> shared = Place.shared(name, namespaces());
        return shared.isPresent() && store.exists(shared.get().owner()) ? shared : Optional.empty();
    }

    Rights rights(Place place) throws IOException {
        return store.access(place.owner()).of(place.name()).of(user);
    }

    /** What he may do with one that was just listed: nobody looks whether it is still there. */
    public Rights rights(String listed) throws IOException {
        Optional<Place> place = place(listed);
        return place.isEmpty() ? Rights.NONE : rights(place.get());
    }

    @Override
    public Optional<Mailbox> mailbox(String name) throws IOException {
        Optional<Place> place = place(name);
        return place.isEmpty() ? Optional.empty() : mailbox(place.get());
    }

    private Optional<Mailbox> mailbox(Place place) throws IOException {
        Optional<Mailbox> there = of(place).mailbox(place.name());
        Optional<String> name = there.flatMap(m -> place.shown(m.name()));
        if (name.isEmpty()) return Optional.empty();
        Rights rights = rights(place);
        return rights.hasAny(VISIBLE) ? Optional.of(new Guarded(there.get(), name.get(), rights)) : Optional.empty();
    }

    /** One of these without its guard, for what the server itself must see of it. */
    public static Mailbox whole(Mailbox mailbox) {
        return ((Guarded) mailbox).mailbox();
    }

    /** Messages of one that he may read, with their threads; none where nobody keeps those. */
    public List<Threaded> threaded(Mailbox mailbox, UidSet uids) throws IOException {
        Optional<Place> place = place(mailbox.name());
        if (place.isEmpty()) return List.of();
        try {
            return store.emails(place.get().owner()).mailbox(whole(mailbox).name(), uids);
        } catch (MailboxFault none) {
            if (none.kind() == MailboxFault.Kind.CANNOT) return List.of();
            throw none;
        }
    }

    /** One into which something is put, or none that is known of. @throws MailboxFault NOPERM when he may not */
    public Optional<Mailbox> target(String name) throws IOException {
        return mailbox(name, Operation.INSERT);
    }

    /** One out of which something is read, in the same way. */
    public Optional<Mailbox> source(String name) throws IOException {
        return mailbox(name, Operation.READ);
    }

    private Optional<Mailbox> mailbox(String name, Operation operation) throws IOException {
        Optional<Mailbox> there = mailbox(name);
        if (there.isEmpty() || operation.isAllowed(there.get().rights())) return there;
        if (!Operation.LIST.isAllowed(there.get().rights())) return Optional.empty();
        throw Operation.refused();
    }

    /** The list of a mailbox that he administers. */
    public AccessList administered(String name) throws IOException {
        Place place = demand(name, Operation.ADMINISTER);
        return store.access(place.owner()).of(place.name());
    }

    /** Changes it. @throws MailboxFault as {@link Access#change} */
    public void administer(String name, String identifier, UnaryOperator<Optional<Rights>> change) throws IOException {
        Place place = demand(name, Operation.ADMINISTER);
        String kept = AccessList.identifier(identifier, place.owner())
                .orElseThrow(() -> new MailboxFault(
                        MailboxFault.Kind.CANNOT, "Rights are for anyone, or for users by their addresses"));
        store.access(place.owner()).by(user).change(place.name(), kept, change);
    }

    private Place demand(String name, Operation operation) throws IOException {
        Optional<Mailbox> there = mailbox(name);
        if (there.isEmpty()) throw Operation.missing();
        operation.demand(there.get().rights());
        return place(name).orElseThrow(Operation::missing);
    }

    @Override
    public List<Listed> list() throws IOException {
        List<Listed> all = new ArrayList<>(own().list());
        TreeSet<String> subscribed = new TreeSet<>(own().subscriptions());
        TreeMap<String, Listed> shared = new TreeMap<>();
        Namespaces namespaces = namespaces();
        for (Address other : namespaces.others())
            list(Place.ofUser(other), other, subscribed, shared, Math.min(MOST, shared.size() + MOST_OF_ONE));
        if (namespaces.shared().isPresent())
            list(Place.PUBLIC + "/", namespaces.shared().get(), subscribed, shared, Integer.MAX_VALUE);
        all.forEach(own -> shared.remove(own.name()));
        all.addAll(shared.values());
        return all;
    }

    /** What another one's files are like is no reason to be told of nobody's mailboxes. @param most so many there are to be in all of them then */
    private void list(String prefix, Address owner, TreeSet<String> subscribed, TreeMap<String, Listed> all, int most) {
        try {
            if (!store.exists(owner)) return;
            Account account = store.account(owner);
            Access access = store.access(owner);
            for (Listed listed : account.list()) {
                Optional<String> name = new Place(owner, listed.name(), prefix).shown(listed.name());
                boolean seen = listed.selectable() && name.isPresent();
                if (!seen || !Operation.LIST.isAllowed(access.of(listed.name()).of(user))) continue;
                List<String> levels = Levels.allAbove(name.get());
                if (all.size() + levels.size() >= most) return;
                for (String level : levels)
                    all.putIfAbsent(level, new Listed(level, false, subscribed.contains(level), Optional.empty()));
                all.put(name.get(), new Listed(name.get(), true, subscribed.contains(name.get()), Optional.empty()));
            }
        } catch (IOException broken) {
            LOG.warn("What {} shares with {} could not be read: {}", owner, user, broken.toString());
        }
    }

    /** Whether there is something of just that name, or a subscription to it. */
    boolean exists(String name) throws IOException {
        return mailbox(name).isPresent()
                || subscriptions().contains(name)
                || list().stream().anyMatch(l -> l.name().equals(name));
    }

    @Override
    public List<String> subscriptions() throws IOException {
        return own().subscriptions();
    }

    @Override
    public void subscribe(String name) throws IOException {
        own().subscribe(name);
    }

    @Override
    public void unsubscribe(String name) throws IOException {
        own().unsubscribe(name);
    }

    /** Of others those are watched who share something that is meant now; when their lists change, or his, one has to watch anew. */
    @Override
    public Mailbox.Watch watch(Predicate<String> meant, Consumer<String> listener) throws IOException {
        List<Mailbox.Watch> all = new ArrayList<>();
        Mailbox.Watch every = () -> all.forEach(Mailbox.Watch::close);
        try {
            all.add(own().watch(meant, listener));
            for (Place other : sharing(meant)) watch(other, meant, listener).ifPresent(all::add);
            return every;
        } catch (IOException | RuntimeException broken) {
            every.close();
            throw broken;
        }
    }

    /** Where those mailboxes lie that are meant and shared, one of each owner. */
    private Collection<Place> sharing(Predicate<String> meant) throws IOException {
        Map<Address, Place> others = new HashMap<>();
        for (Listed listed : list()) {
            if (!listed.selectable() || !meant.test(listed.name())) continue;
            place(listed.name()).filter(p -> !p.isOwn()).ifPresent(p -> others.putIfAbsent(p.owner(), p));
        }
        return others.values();
    }

    /** What another one's files are like is no reason to hear of nobody's mailboxes. */
    private Optional<Mailbox.Watch> watch(Place other, Predicate<String> meant, Consumer<String> listener) {
        try {
            return Optional.of(of(other)
                    .watch(
                            name -> other.shown(name).filter(meant).isPresent(),
                            name -> listener.accept(
                                    name.isEmpty() ? "" : other.shown(name).orElse(""))));
        } catch (IOException broken) {
            LOG.warn("What {} shares with {} could not be watched: {}", other.owner(), user, broken.toString());
            return Optional.empty();
        }
    }

    @Override
    public String create(String name, Optional<SpecialUse> use) throws IOException {
        Place place = toBeMade(name);
        if (use.isPresent() && !place.isOwn())
            throw new MailboxFault(MailboxFault.Kind.CANNOT, "A use is for one's own mailboxes");
        return of(place).create(place.name(), use);
    }

    /** Where a new one may go: below a mailbox that lets it, or at the top of one's own. Who may not is not told what is there. */
    private Place toBeMade(String name) throws IOException {
        Place place = place(name).orElseThrow(Operation::refused);
        Optional<Rights> above = above(place);
        boolean allowed = above.isPresent() ? Operation.CREATE.isAllowed(above.get()) : place.isOwn();
        if (!allowed) throw Operation.refused();
        return place;
    }

    /** His rights in the nearest mailbox above, if there is one. */
    private Optional<Rights> above(Place place) throws IOException {
        Account account = of(place);
        for (String above : Levels.allAbove(place.name()))
            if (account.mailbox(above).isPresent()) return Optional.of(rights(place.named(above)));
        return Optional.empty();
    }

    @Override
    public void delete(String name) throws IOException {
        Optional<Mailbox> there = mailbox(name);
        if (there.isPresent()) Operation.DELETE.demand(there.get().rights());
        else if (Place.isShared(name)) throw Operation.missing();
        Place place = place(name).orElseThrow(Operation::missing);
        of(place).delete(place.name());
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Place was = place(from).orElseThrow(Operation::missing);
        mayRename(was);
        Place is = toBeMade(to);
        if (!was.owner().equals(is.owner()))
            throw new MailboxFault(MailboxFault.Kind.CANNOT, "A mailbox stays with its owner");
        of(was).rename(was.name(), is.name());
    }

    /** What lies below goes along, and must be his to take. */
    private void mayRename(Place place) throws IOException {
        Account account = of(place);
        Optional<Mailbox> itself = account.mailbox(place.name());
        List<Rights> all = new ArrayList<>();
        if (itself.isPresent()) all.add(rights(place));
        boolean inbox = itself.filter(m -> m.name().equals("INBOX")).isPresent();
        if (!inbox)
            for (Listed listed : account.list())
                if (listed.selectable() && Levels.isBelow(listed.name(), place.name()))
                    all.add(rights(place.named(listed.name())));
        if (!place.isOwn() && all.stream().noneMatch(Operation.LIST::isAllowed)) throw Operation.missing();
        if (!all.stream().allMatch(Operation.RENAME::isAllowed)) throw Operation.refused();
        // It would only take the messages out, which needs more rights than that.
        if (inbox && !place.isOwn())
            throw new MailboxFault(MailboxFault.Kind.CANNOT, "Only its owner renames an INBOX");
    }
}
