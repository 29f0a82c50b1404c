package org.posthorn.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.posthorn.api.mailbox.Annotations;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.MailboxFault.Kind;
import org.posthorn.api.mailbox.SpecialUse;

final class MemoryAnnotations implements Annotations {

    private final MemoryAccount account;
    private final TreeMap<String, TreeMap<String, String>> mailboxes = new TreeMap<>();
    private final List<Change> changes = new ArrayList<>();

    private IOException inTheWay;

    MemoryAnnotations(MemoryAccount account) {
        this.account = account;
    }

    /** They cannot be read from now on; null when they can. */
    void inTheWay(IOException reason) {
        inTheWay = reason;
    }

    void gone(String mailbox) {
        mailboxes.remove(mailbox);
    }

    @Override
    public SortedMap<String, String> of(Listed mailbox) throws IOException {
        if (inTheWay != null) throw inTheWay;
        return noted(mailbox.name());
    }

    @Override
    public SortedMap<String, String> of(String mailbox) throws MailboxFault {
        return noted(known(mailbox));
    }

    private SortedMap<String, String> noted(String mailbox) {
        SortedMap<String, String> all = new TreeMap<>(mailboxes.getOrDefault(mailbox, new TreeMap<>()));
        Optional.ofNullable(account.uses.get(mailbox)).ifPresent(u -> all.put(SPECIAL_USE, "\\" + u.mailbox()));
        return all;
    }

    private String known(String mailbox) throws MailboxFault {
        String name = MemoryAccount.canonical(mailbox);
        if (!name.isEmpty() && account.list().stream().map(Listed::name).noneMatch(name::equals))
            throw new MailboxFault(Kind.NONEXISTENT, "There is no such mailbox");
        return name;
    }

    @Override
    public long set(String mailbox, Map<String, Optional<String>> values) throws MailboxFault {
        String name = known(mailbox);
        TreeMap<String, String> next = new TreeMap<>(mailboxes.getOrDefault(name, new TreeMap<>()));
        values.forEach((entry, value) -> {
            if (value.isPresent()) next.put(entry, value.get());
            else next.remove(entry);
        });
        if (next.size() > MOST) throw new MailboxFault(Kind.LIMIT, "They are too many");
        if (values.containsKey(SPECIAL_USE)) dedicate(name, Optional.ofNullable(next.remove(SPECIAL_USE)));
        mailboxes.put(name, next);
        long modSeq = account.nextModSeq();
        values.keySet().forEach(entry -> changes.add(new Change(name, entry, modSeq)));
        account.told("");
        account.list().stream().filter(Listed::selectable).forEach(l -> account.box(l.name())
                .told());
        return modSeq;
    }

    private void dedicate(String name, Optional<String> attribute) throws MailboxFault {
        Optional<SpecialUse> use = List.of(SpecialUse.values()).stream()
                .filter(u ->
                        attribute.filter(("\\" + u.mailbox())::equalsIgnoreCase).isPresent())
                .findFirst();
        if (attribute.isPresent() && use.isEmpty()) throw new MailboxFault(Kind.CANNOT, "There is no such use");
        if (use.isPresent() && account.uses.containsValue(use.get()))
            throw new MailboxFault(Kind.CANNOT, "There is a mailbox for this use already");
        account.uses.remove(name);
        use.ifPresent(u -> account.uses.put(name, u));
    }

    @Override
    public List<Change> since(long modSeq) throws IOException {
        if (inTheWay != null) throw inTheWay;
        return changes.stream().filter(c -> c.modSeq() > modSeq).toList();
    }
}
