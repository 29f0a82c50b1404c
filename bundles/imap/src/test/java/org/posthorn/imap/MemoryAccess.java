package org.posthorn.imap;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Access;
import org.posthorn.api.mailbox.AccessList;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.MailboxFault.Kind;
import org.posthorn.api.mailbox.Rights;

final class MemoryAccess implements Access {

    private final Address owner;
    private final MemoryAccount account;
    private Address changer;
    private final Map<String, TreeMap<String, Rights>> lists = new HashMap<>();

    MemoryAccess(Address owner, MemoryAccount account) {
        this.owner = owner;
        this.account = account;
    }

    @Override
    public Access by(Address user) {
        changer = user;
        return this;
    }

    /** Who was last said to change something. */
    Address changer() {
        return changer;
    }

    @Override
    public AccessList of(String mailbox) {
        return new AccessList(owner, lists.getOrDefault(MemoryAccount.canonical(mailbox), new TreeMap<>()));
    }

    @Override
    public SortedSet<String> mailboxes(String identifier) {
        SortedSet<String> names = new TreeSet<>(lists.keySet());
        names.removeIf(name -> !lists.get(name).containsKey(identifier));
        return names;
    }

    /** Whether a list of any mailbox has that identifier. */
    boolean gives(String identifier) {
        return lists.values().stream().anyMatch(list -> list.containsKey(identifier));
    }

    @Override
    public void change(String mailbox, String identifier, UnaryOperator<Optional<Rights>> change) throws IOException {
        String name = MemoryAccount.canonical(mailbox);
        if (account.mailbox(name).isEmpty()) throw new MailboxFault(Kind.NONEXISTENT, "There is no such mailbox");
        TreeMap<String, Rights> list = lists.computeIfAbsent(name, n -> new TreeMap<>());
        Optional<Rights> now =
                change.apply(Optional.ofNullable(of(name).entries().get(identifier)));
        list.remove(identifier);
        now.ifPresent(rights -> list.put(identifier, rights));
        account.told("");
        account.list().stream().filter(Listed::selectable).forEach(l -> account.box(l.name())
                .told());
    }

    void give(String mailbox, String identifier, String rights) throws IOException {
        change(mailbox, identifier, before -> Rights.parse(rights));
    }

    /** A new mailbox has the list of the nearest one above it. */
    void inherit(String name) {
        for (String above : Levels.allAbove(name))
            if (account.box(above) != null) {
                lists.put(name, new TreeMap<>(lists.getOrDefault(above, new TreeMap<>())));
                return;
            }
        lists.remove(name);
    }

    void renamed(String from, String to) {
        if (lists.containsKey(from)) lists.put(to, lists.remove(from));
    }

    static List<String> identifiers(Address user) {
        return List.of(AccessList.identifier(user), AccessList.ANYONE);
    }
}
