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
import org.posthorn.api.mailbox.Rights;
import org.posthorn.mime.ModifiedUtf7;

/**
 * Access as protocols see it. Holds nothing: each call looks the account up. A list is kept as annotations are, {@link Notes#access}.
 */
record UserAccess(Accounts accounts, Address address) implements Access {

    @Override
    public AccessList of(String mailbox) throws IOException {
        return accounts.use(address, shelf -> list(shelf, Names.canonical(mailbox)));
    }

    private AccessList list(AccountShelf shelf, String name) throws IOException {
        TreeMap<String, Rights> entries = new TreeMap<>();
        shelf.notes()
                .access()
                .of(name)
                .forEach((entry, letters) ->
                        entries.put(ModifiedUtf7.decode(entry).orElse(entry), new Rights(letters)));
        return new AccessList(address, entries);
    }

    @Override
    public SortedSet<String> mailboxes(String identifier) throws IOException {
        return accounts.use(address, shelf -> shelf.notes().access().mailboxes(ModifiedUtf7.encode(identifier)));
    }

    @Override
    public void change(String mailbox, String identifier, UnaryOperator<Optional<Rights>> change) throws IOException {
        if (!AccessList.identifier(identifier, address).equals(Optional.of(identifier)))
            throw Names.cannot("That is neither an address nor anyone");
        boolean changed = accounts.use(
                address, shelf -> shelf.alone(alone -> change(alone, Names.canonical(mailbox), identifier, change)));
        if (!changed) return;
        accounts.watches().tell(address.folded());
        String whom = identifier.substring(identifier.charAt(0) == AccessList.NEGATIVE ? 1 : 0);
        // Whose list of mailboxes is another now.
        if (whom.equals(AccessList.ANYONE)) accounts.watches().foundAnew();
        else Address.parse(whom).ifPresent(other -> accounts.watches().restructured(other.folded()));
    }

    /** @return whether the list is another then */
    private boolean change(AccountShelf shelf, String name, String identifier, UnaryOperator<Optional<Rights>> change)
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
        return !list(shelf, name).equals(before);
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
