package org.posthorn.mailbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.MailboxReading;
import org.posthorn.api.mailbox.ObjectId;
import org.posthorn.api.mailbox.SpecialUse;
import org.posthorn.api.mailbox.UidSet;

/** The account as protocols see it. Holds nothing: each call looks it up. */
final class UserAccount implements Account {

    private static final Comparator<String> INBOX_FIRST =
            Comparator.comparing((String n) -> !n.equals(AccountShelf.INBOX)).thenComparing(Comparator.naturalOrder());

    private final Accounts accounts;
    private final Address address;

    UserAccount(Accounts accounts, Address address) {
        this.accounts = accounts;
        this.address = address;
    }

    @Override
    public List<Listed> list() throws IOException {
        return accounts.use(address, shelf -> {
            Set<String> selectable = new HashSet<>(shelf.shelf().names());
            Set<String> all = new TreeSet<>(INBOX_FIRST);
            for (String name : selectable) {
                all.add(name);
                for (int dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1))
                    all.add(name.substring(0, dot));
            }
            synchronized (shelf) {
                return all.stream()
                        .map(name -> listed(shelf.file(), name, selectable.contains(name)))
                        .toList();
            }
        });
    }

    private static Listed listed(AccountFile file, String name, boolean selectable) {
        Optional<SpecialUse> use = selectable ? Optional.ofNullable(file.uses.get(name)) : Optional.empty();
        return new Listed(name, selectable, file.subscriptions.contains(name), use);
    }

    @Override
    public List<String> subscriptions() throws IOException {
        return accounts.use(address, shelf -> {
            return shelf.subscribed().now().stream().sorted(INBOX_FIRST).toList();
        });
    }

    @Override
    public Optional<Mailbox> mailbox(String name) throws IOException {
        String wanted = Names.canonical(name);
        boolean there = accounts.use(address, shelf -> shelf.exists(wanted));
        return there ? Optional.of(new UserMailbox(accounts, address, wanted)) : Optional.empty();
    }

    @Override
    public String create(String given, Optional<SpecialUse> use) throws IOException {
        String name = Names.fresh(given);
        long[] number = new long[1];
        Following following = new Following(accounts, address);
        restructure(shelf -> {
            if (shelf.exists(name)) throw exists(name);
            roomForOne(shelf);
            if (use.isPresent()) shelf.unused(use.get());
            forgetEarlier(shelf, name);
            number[0] = make(shelf, name);
            inherit(shelf, name, following);
            synchronized (shelf) {
                use.ifPresent(u -> shelf.file().uses.put(name, u));
            }
            shelf.save();
            return true;
        });
        following.run();
        return ObjectId.mailbox(number[0]);
    }

    private static long make(AccountShelf shelf, String name) throws IOException {
        long number = shelf.make(name);
        shelf.registrar().made(number, name);
        return number;
    }

    private void roomForOne(AccountShelf shelf) throws IOException {
        if (shelf.shelf().names().size() >= accounts.mailboxes()) throw full("mailboxes");
    }

    private MailboxFault full(String what) {
        return new MailboxFault(MailboxFault.Kind.LIMIT, "An account has at most " + accounts.mailboxes() + " " + what);
    }

    /** It begins with the rights of the nearest mailbox above it, RFC 4314 4. */
    private static void inherit(AccountShelf shelf, String name, Following following) throws IOException {
        for (int dot = name.lastIndexOf('.'); dot > 0; dot = name.lastIndexOf('.', dot - 1)) {
            String above = name.substring(0, dot);
            if (!shelf.exists(above)) continue;
            shelf.notes().access().copy(above, name);
            following.made(shelf, above, name);
            return;
        }
    }

    private static MailboxFault exists(String name) {
        return new MailboxFault(MailboxFault.Kind.ALREADYEXISTS, "There is a mailbox " + name);
    }

    @Override
    public void delete(String given) throws IOException {
        String name = Names.canonical(given);
        if (name.equals(AccountShelf.INBOX)) throw Names.cannot("INBOX cannot be deleted");
        restructure(shelf -> {
            if (!shelf.exists(name)) throw missing(shelf, name);
            // What cannot be read fails before anything is gone.
            shelf.notes().all();
            Set<String> granted = UserAccess.granted(shelf);
            shelf.unload(name);
            // When nothing can come any more.
            Optional<Leaving> emails = shelf.registrar().emails(name);
            shelf.checkpoint().gone(new Owed.Where(shelf.address(), name), UidSet.ALL);
            shelf.shelf().delete(name);
            shelf.usage().gone(name);
            shelf.registrar().gone(name, emails);
            release(shelf, name);
            shelf.notes().remove(name::equals);
            forget(shelf, name);
            UserAccess.withdraw(accounts, shelf, granted);
            // Last: as long as it is there, something may be left.
            Files.deleteIfExists(shelf.indexPath(name));
            return true;
        });
    }

    private static void release(AccountShelf shelf, String name) throws IOException {
        synchronized (shelf) {
            if (shelf.file().uses.remove(name) == null) return;
        }
        shelf.save();
    }

    /** What a crash may have left of an earlier mailbox of that name must not be taken for the new one's. */
    private static void forgetEarlier(AccountShelf shelf, String name) throws IOException {
        if (Files.exists(shelf.indexPath(name))) shelf.notes().remove(name::equals);
        forget(shelf, name);
    }

    /** What is noted of it, and of the levels above it, as far as they are gone. */
    private static void forget(AccountShelf shelf, String name) throws IOException {
        Set<String> gone = new HashSet<>();
        for (String each = name; !shelf.lists(each); each = each.substring(0, each.lastIndexOf('.'))) {
            gone.add(each);
            if (each.indexOf('.') < 0) break;
        }
        shelf.notes().remove(gone::contains);
    }

    private static MailboxFault missing(AccountShelf shelf, String name) throws IOException {
        boolean level = shelf.shelf().names().stream().anyMatch(n -> n.startsWith(name + "."));
        return level
                ? Names.cannot(name + " is only a level above mailboxes")
                : new MailboxFault(MailboxFault.Kind.NONEXISTENT, "There is no mailbox " + name);
    }

    @Override
    public void rename(String given, String wanted) throws IOException {
        String from = Names.canonical(given);
        String to = Names.fresh(wanted);
        if (to.startsWith(from + ".")) throw Names.cannot("A mailbox cannot go below itself");
        Following following = new Following(accounts, address);
        restructure(shelf -> {
            if (shelf.exists(to)) throw exists(to);
            if (from.equals(AccountShelf.INBOX)) renameInbox(shelf, to, following);
            else renameAll(shelf, from, to, following);
            shelf.save();
            return true;
        });
        following.run();
        if (from.equals(AccountShelf.INBOX)) {
            UserMailbox target = new UserMailbox(accounts, address, to);
            new UserMailbox(accounts, address, from).move(UidSet.ALL, target);
        }
    }

    /** What is noted of INBOX stays there, and is noted of the new mailbox as well: RFC 5464 4.1. */
    private void renameInbox(AccountShelf shelf, String to, Following following) throws IOException {
        roomForOne(shelf);
        forgetEarlier(shelf, to);
        shelf.annotations().copy(AccountShelf.INBOX, to);
        make(shelf, to);
        inherit(shelf, to, following);
    }

    private static void renameAll(AccountShelf shelf, String from, String to, Following following) throws IOException {
        List<String> names = new ArrayList<>(shelf.shelf().names());
        names.removeIf(n -> !AnnotationFile.within(n, from));
        if (names.isEmpty()) throw missing(shelf, from);
        for (String name : names) {
            String target = to + name.substring(from.length());
            if (shelf.exists(target)) throw exists(target);
            Names.fresh(target);
            forgetEarlier(shelf, target);
        }
        Notes.Renaming notes = shelf.notes().rename(from, to);
        for (String name : names) renameOne(shelf, name, to + name.substring(from.length()));
        notes.end();
        forget(shelf, from);
        for (String name : names) {
            String target = to + name.substring(from.length());
            following.renamed(shelf, name, target);
        }
    }

    private static void renameOne(AccountShelf shelf, String from, String to) throws IOException {
        shelf.unload(from);
        shelf.shelf().rename(from, to);
        shelf.usage().renamed(from, to);
        Path index = shelf.indexPath(from);
        if (Files.exists(index)) Files.move(index, shelf.indexPath(to), StandardCopyOption.ATOMIC_MOVE);
        IndexFile.forceDirectory(index.getParent());
        synchronized (shelf) {
            SpecialUse use = shelf.file().uses.remove(from);
            if (use != null) shelf.file().uses.put(to, use);
        }
        shelf.registrar().renamed(from, to);
        shelf.renamed(from, to);
        shelf.tell(from);
        shelf.tell(to);
    }

    @Override
    public void subscribe(String name) throws IOException {
        String wanted = Names.subscribed(name);
        restructure(shelf -> {
            Set<String> all = shelf.subscribed().now();
            if (all.size() >= accounts.mailboxes() && !all.contains(wanted)) throw full("subscriptions");
            boolean news = shelf.subscribed().add(wanted);
            if (news) subscribed(shelf, wanted);
            return news;
        });
    }

    @Override
    public void unsubscribe(String name) throws IOException {
        restructure(shelf -> {
            boolean news = shelf.subscribed().remove(Names.canonical(name));
            if (news) subscribed(shelf, Names.canonical(name));
            return news;
        });
    }

    private static void subscribed(AccountShelf shelf, String name) throws IOException {
        shelf.registrar().changed(name);
        shelf.save();
    }

    @Override
    public MailboxReading.Watch watch(Predicate<String> meant, Consumer<String> listener) {
        return accounts.watches().add(address.folded(), meant, listener);
    }

    /** @param deed tells whether it has changed anything; nothing, when it is refused */
    private void restructure(Accounts.Call<Boolean> deed) throws IOException {
        // Of what fails a part may have been done.
        boolean changed = true;
        try {
            changed = accounts.use(address, shelf -> shelf.alone(deed));
        } catch (MailboxFault refused) {
            changed = false;
            throw refused;
        } finally {
            if (changed) accounts.watches().restructured(address.folded());
        }
    }
}
