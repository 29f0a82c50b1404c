package org.posthorn.mailbox;

import java.io.IOException;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Access;
import org.posthorn.api.mailbox.AccessList;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.ObjectId;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.api.mailbox.RightsNews;
import org.posthorn.mime.ModifiedUtf7;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Access as protocols see it. Holds nothing: each call looks the account up. A list is kept as annotations are, {@link Notes#access}.
 *
 * @param changer who changes it; empty where nobody has said so
 */
record UserAccess(Accounts accounts, Address address, Optional<Address> changer) implements Access {

    private static final Logger LOG = LoggerFactory.getLogger(UserAccess.class);

    /** What a list was before a change and is behind it. */
    private record Changed(AccessList before, AccessList after) {

        /** Whether a user can look it up by his own entry who could not before. */
        boolean opens(String identifier, Address user) {
            Rights had = before.entries().getOrDefault(identifier, Rights.NONE);
            Rights has = after.entries().getOrDefault(identifier, Rights.NONE);
            return AccessList.names(identifier, user)
                    && !had.has('l')
                    && has.has('l')
                    && after.of(user).has('l');
        }
    }

    UserAccess(Accounts accounts, Address address) {
        this(accounts, address, Optional.empty());
    }

    @Override
    public Access by(Address user) {
        return new UserAccess(accounts, address, Optional.of(user));
    }

    @Override
    public AccessList of(String mailbox) throws IOException {
        return accounts.use(address, shelf -> list(shelf, Names.canonical(mailbox)));
    }

    private static AccessList list(AccountShelf shelf, String name) throws IOException {
        TreeMap<String, Rights> entries = new TreeMap<>();
        shelf.notes()
                .access()
                .of(name)
                .forEach((entry, letters) ->
                        entries.put(ModifiedUtf7.decode(entry).orElse(entry), new Rights(letters)));
        return new AccessList(shelf.address(), entries);
    }

    @Override
    public SortedSet<String> mailboxes(String identifier) throws IOException {
        return accounts.use(address, shelf -> shelf.notes().access().mailboxes(ModifiedUtf7.encode(identifier)));
    }

    @Override
    public void change(String mailbox, String identifier, UnaryOperator<Optional<Rights>> change) throws IOException {
        if (!AccessList.identifier(identifier, address).equals(Optional.of(identifier)))
            throw Names.cannot("That is neither an address nor anyone");
        String name = Names.canonical(mailbox);
        Changed changed = accounts.use(address, shelf -> shelf.alone(alone -> change(alone, name, identifier, change)));
        if (changed.before().equals(changed.after())) return;
        String whom = identifier.substring(identifier.charAt(0) == AccessList.NEGATIVE ? 1 : 0);
        if (whom.equals(AccessList.ANYONE)) {
            accounts.watches().tell(address.folded());
            // Whose list of mailboxes is another now.
            accounts.watches().foundAnew();
        } else {
            Optional<Address> other = Address.parse(whom);
            if (other.isPresent()) tell(new Guests(accounts, address), other.get(), name, identifier, changed);
            accounts.watches().tell(address.folded());
            other.ifPresent(o -> accounts.watches().restructured(o.folded()));
        }
    }

    /** What is changed stays so, whatever fails here. */
    private void tell(Guests guests, Address user, String mailbox, String identifier, Changed changed) {
        try {
            if (!guests.isOne(user)) return;
            if (changed.opens(identifier, user)) guests.subscribe(user, mailbox);
            accounts.use(address, shelf -> tell(shelf, guests, user, mailbox, changed));
        } catch (IOException | RuntimeException e) {
            LOG.warn("{} is not told what he may do in a mailbox of {}: {}", user, address, e.toString());
        }
    }

    /** Of two changes at once that which is told last has the list as it stays. Who hears may take his time, as in a swap, and holds up nothing else of the account. */
    private boolean tell(AccountShelf shelf, Guests guests, Address user, String mailbox, Changed changed)
            throws IOException {
        shelf.telling.lock();
        try {
            Optional<RightsNews> news = shelf.alone(alone -> news(alone, user, mailbox, changed));
            news.ifPresent(guests::tell);
            return news.isPresent();
        } finally {
            shelf.telling.unlock();
        }
    }

    /** What he may do at this moment. Empty when all is as before, or the mailbox has just gone. */
    private Optional<RightsNews> news(AccountShelf shelf, Address user, String mailbox, Changed changed)
            throws IOException {
        Rights before = changed.before().of(user);
        Rights after = list(shelf, mailbox).of(user);
        Optional<String> id = before.equals(after) ? Optional.empty() : id(shelf, mailbox);
        if (id.isEmpty()) return Optional.empty();
        String seen = seen(shelf, user, mailbox);
        boolean isInbox = mailbox.equals(AccountShelf.INBOX);
        return Optional.of(new RightsNews(user, address, changer, id.get(), seen, isInbox, before, after));
    }

    /** Empty when it has just gone. */
    private static Optional<String> id(AccountShelf shelf, String mailbox) throws IOException {
        try {
            return Optional.of(ObjectId.mailbox(
                    shelf.use(mailbox, box -> box.with(b -> b.index().table().mailboxId()))));
        } catch (MailboxFault gone) {
            return Optional.empty();
        }
    }

    /** What it is called below the nearest one above it that he may look up. */
    private static String seen(AccountShelf shelf, Address user, String mailbox) throws IOException {
        for (int dot = mailbox.lastIndexOf('.'); dot > 0; dot = mailbox.lastIndexOf('.', dot - 1))
            if (list(shelf, mailbox.substring(0, dot)).of(user).has('l')) return mailbox.substring(dot + 1);
        return mailbox;
    }

    private Changed change(AccountShelf shelf, String name, String identifier, UnaryOperator<Optional<Rights>> change)
            throws IOException {
        if (!shelf.exists(name)) throw new MailboxFault(MailboxFault.Kind.NONEXISTENT, "There is no mailbox " + name);
        AccessList before = list(shelf, name);
        Optional<Rights> now = change.apply(Optional.ofNullable(before.entries().get(identifier)));
        // Only of the owner it says something that he has nothing by himself.
        if (!AccessList.names(identifier, address)) now = now.filter(r -> !r.equals(Rights.NONE));
        if (now.isPresent()
                && before.entries().size() >= MOST
                && !before.entries().containsKey(identifier))
            throw new MailboxFault(MailboxFault.Kind.LIMIT, "A mailbox is shared with " + MOST + " at most");
        boolean another = !now.equals(Optional.ofNullable(before.entries().get(identifier)));
        // First: after a crash it is told too often, but never not at all.
        if (another) shelf.registrar().saveChanged(name);
        set(shelf, name, identifier, now);
        // Who has asked meanwhile saw the list as it was.
        if (another) shelf.registrar().saveChanged(name);
        return new Changed(before, list(shelf, name));
    }

    private void set(AccountShelf shelf, String name, String identifier, Optional<Rights> now) throws IOException {
        Set<String> before = granted(shelf);
        AnnotationFile access = shelf.notes().access();
        if (now.isPresent() && isGranted(identifier, address)) accounts.grants().add(identifier, address);
        try {
            access.set(name, Map.of(ModifiedUtf7.encode(identifier), now.map(Rights::letters)), shelf.nextModSeq());
        } finally {
            // What could not be set may have left its mark, too.
            if (now.isPresent()) before.add(identifier);
            withdraw(accounts, shelf, before);
        }
    }

    /** The users on the list of a mailbox who may look it up, its owner left out. */
    static Set<Address> guests(AccountShelf shelf, String mailbox) throws IOException {
        AccessList list = list(shelf, mailbox);
        Set<Address> guests = new HashSet<>();
        for (String identifier : list.entries().keySet())
            if (isGranted(identifier, shelf.address()))
                Address.parse(identifier).ifPresent(guests::add);
        guests.removeIf(guest -> guest.domain().isEmpty() || !list.of(guest).has('l'));
        return guests;
    }

    /** To whom else an account gives something. */
    static Set<String> granted(AccountShelf shelf) throws IOException {
        return granted(shelf.notes().access().entries(), shelf.address());
    }

    static Set<String> granted(Set<String> entries, Address owner) {
        Set<String> all = new HashSet<>();
        for (String entry : entries) all.add(ModifiedUtf7.decode(entry).orElse(entry));
        all.removeIf(identifier -> !isGranted(identifier, owner));
        return all;
    }

    private static boolean isGranted(String identifier, Address owner) {
        boolean negative = identifier.charAt(0) == AccessList.NEGATIVE;
        return !negative && !AccessList.names(identifier, owner);
    }

    /** Those to whom it gave something before, and gives nothing now, need not look at it any more. */
    static void withdraw(Accounts accounts, AccountShelf shelf, Set<String> before) throws IOException {
        Set<String> gone = new HashSet<>(before);
        gone.removeAll(granted(shelf));
        accounts.grants().remove(gone, shelf.address());
    }
}
