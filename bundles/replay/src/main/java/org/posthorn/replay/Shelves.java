package org.posthorn.replay;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.SpecialUse;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.api.users.User;
import org.posthorn.api.users.UserDirectory;

/** Goes through delivered mail: account by account, mailbox by mailbox, the newest first. */
final class Shelves {

    /** A message on the shelf. @param junk whether its mailbox is the one for junk */
    record Found(Address account, String mailbox, boolean junk, Entry entry, Message message) {}

    /** What is done with each. */
    interface Visitor {
        /** @return whether to go on */
        boolean visit(Found found) throws IOException;
    }

    private final Leased<MailboxStore> stores;
    private final Leased<UserDirectory> directories;

    Shelves(Leased<MailboxStore> stores, Leased<UserDirectory> directories) {
        this.stores = stores;
        this.directories = directories;
    }

    /** All accounts that the directories know, in order. */
    List<Address> accounts() throws IOException {
        TreeSet<String> all = new TreeSet<>();
        List<Lease<UserDirectory>> leases = directories.all();
        try {
            for (Lease<UserDirectory> lease : leases)
                for (String domain : lease.get().domains())
                    for (User user : lease.get().users(domain))
                        all.add(user.address().toString());
        } finally {
            leases.forEach(Lease::close);
        }
        return all.stream().map(Address::of).toList();
    }

    /** That account alone. @throws IllegalArgumentException when there is neither a user nor a mailbox of that name */
    List<Address> account(Address account) throws IOException {
        try (Lease<MailboxStore> store = store()) {
            if (store.get().exists(account)) return List.of(account);
        }
        if (accounts().contains(account.folded())) return List.of(account);
        throw new IllegalArgumentException("there is no account " + account + "; user:list shows those that there are");
    }

    /** @return false when the visitor wanted no more */
    boolean visit(Address account, Instant since, Visitor visitor) throws IOException {
        List<Listed> mailboxes;
        try (Lease<MailboxStore> store = store()) {
            if (!store.get().exists(account)) return true;
            mailboxes = store.get().account(account).list();
        }
        for (Listed listed : mailboxes)
            if (listed.selectable() && !visit(account, listed, since, visitor)) return false;
        return true;
    }

    private Lease<MailboxStore> store() throws IOException {
        return stores.lease().orElseThrow(() -> new IOException("there is no mailbox store"));
    }

    private boolean visit(Address account, Listed listed, Instant since, Visitor visitor) throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (Lease<MailboxStore> store = store()) {
            Optional<Mailbox> mailbox = store.get().account(account).mailbox(listed.name());
            if (mailbox.isPresent()) entries.addAll(mailbox.get().entries(UidSet.ALL));
        }
        entries.removeIf(e -> e.internalDate().isBefore(since));
        Collections.reverse(entries);
        boolean junk = listed.use().filter(SpecialUse.JUNK::equals).isPresent();
        for (Entry entry : entries) if (!visit(account, listed.name(), junk, entry, visitor)) return false;
        return true;
    }

    /** The store is leased for one message alone, so that a swap of it does not wait for all. */
    private boolean visit(Address account, String name, boolean junk, Entry entry, Visitor visitor) throws IOException {
        try (Lease<MailboxStore> store = store()) {
            Account owner = store.get().account(account);
            Optional<Mailbox> mailbox = owner.mailbox(name);
            Optional<Message> message = mailbox.isPresent() ? mailbox.get().message(entry.uid()) : Optional.empty();
            return message.isEmpty() || visitor.visit(new Found(account, name, junk, entry, message.get()));
        }
    }
}
