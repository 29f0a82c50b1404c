package org.posthorn.imap;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Amount;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.MailboxFault.Kind;
import org.posthorn.api.mailbox.MailboxReading;
import org.posthorn.api.mailbox.Quota;
import org.posthorn.api.mailbox.SpecialUse;
import org.posthorn.api.mailbox.UidSet;

final class MemoryAccount implements Account {

    private final TreeMap<String, MemoryMailbox> mailboxes = new TreeMap<>();
    final TreeMap<String, SpecialUse> uses = new TreeMap<>();
    private final MemoryAnnotations annotations = new MemoryAnnotations(this);
    private final MemoryKeys keys = new MemoryKeys(this);
    private final List<Watcher> watchers = new CopyOnWriteArrayList<>();
    private final MemoryAccess access;
    private final TreeSet<String> subscribed = new TreeSet<>();
    private long modSeq = 1;
    private long uidValidity = 3857529044L;
    private long emailId = 1;
    private Instant now = Instant.parse("2015-01-01T17:50:53Z");
    private IOException inTheWay;
    private IOException unwatched;
    private int lookups;
    private Amount limit = Amount.ENDLESS;

    MemoryAccount(Address owner) {
        access = new MemoryAccess(owner, this);
        mailboxes.put("INBOX", new MemoryMailbox(this, "INBOX", uidValidity++));
        for (SpecialUse use : SpecialUse.values()) if (use.fromStart()) put(use.mailbox(), Optional.of(use));
    }

    private void put(String name, Optional<SpecialUse> use) {
        mailboxes.put(name, new MemoryMailbox(this, name, uidValidity++));
        use.ifPresent(u -> uses.put(name, u));
    }

    /** No mailbox can be made from now on. */
    void inTheWay(IOException reason) {
        inTheWay = reason;
    }

    /** What comes from now on comes at that time. */
    void now(Instant time) {
        now = time;
    }

    Instant now() {
        return now;
    }

    synchronized long nextEmailId() {
        return emailId++;
    }

    /** It may hold that from now on. */
    void limit(Amount most) {
        limit = most;
    }

    Quota quota() {
        Amount used = Amount.NOTHING;
        for (MemoryMailbox mailbox : mailboxes.values()) used = used.plus(mailbox.held());
        return new Quota(used, limit);
    }

    /** Lets that much in, or says why not. */
    void admit(Amount more) throws MailboxFault {
        if (!limit.equals(Amount.ENDLESS) && !quota().admits(more))
            throw new MailboxFault(Kind.OVERQUOTA, "The mailbox is full");
    }

    synchronized long nextModSeq() {
        return ++modSeq;
    }

    synchronized long modSeq() {
        return modSeq;
    }

    MemoryMailbox box(String name) {
        return mailboxes.get(name);
    }

    MemoryAccess access() {
        return access;
    }

    MemoryKeys keys() {
        return keys;
    }

    MemoryAnnotations annotations() {
        return annotations;
    }

    static String canonical(String name) {
        return name.equalsIgnoreCase("INBOX") ? "INBOX" : name;
    }

    @Override
    public List<Listed> list() {
        TreeMap<String, Listed> all = new TreeMap<>();
        for (String name : mailboxes.keySet()) {
            for (int dot = name.indexOf('.'); dot > 0; dot = name.indexOf('.', dot + 1)) {
                String level = name.substring(0, dot);
                all.putIfAbsent(level, new Listed(level, false, subscribed.contains(level), Optional.empty()));
            }
            all.put(name, new Listed(name, true, subscribed.contains(name), Optional.ofNullable(uses.get(name))));
        }
        List<Listed> inboxFirst = new ArrayList<>(all.values());
        inboxFirst.sort(
                (a, b) -> Boolean.compare(b.name().equals("INBOX"), a.name().equals("INBOX")));
        return inboxFirst;
    }

    @Override
    public List<String> subscriptions() {
        return List.copyOf(subscribed);
    }

    @Override
    public Optional<Mailbox> mailbox(String name) {
        lookups++;
        return Optional.ofNullable(mailboxes.get(canonical(name)));
    }

    @Override
    public String create(String name, Optional<SpecialUse> use) throws IOException {
        if (inTheWay != null) throw inTheWay;
        if (mailboxes.containsKey(canonical(name)))
            throw new MailboxFault(Kind.ALREADYEXISTS, "There is a mailbox " + name);
        if (name.isEmpty() || name.contains("..") || name.startsWith("."))
            throw new MailboxFault(Kind.CANNOT, "That is no name");
        put(name, use);
        told("");
        told(name);
        access.inherit(name);
        return box(name).mailboxId();
    }

    @Override
    public void delete(String name) throws IOException {
        if (mailboxes.remove(name) == null) throw new MailboxFault(Kind.NONEXISTENT, "There is no such mailbox");
        annotations.gone(name);
        keys.gone(name);
        told("");
        access.renamed(name, "\0gone");
    }

    @Override
    public void rename(String from, String to) throws IOException {
        if (mailboxes.containsKey(canonical(to))) throw new MailboxFault(Kind.ALREADYEXISTS, "It exists already");
        MemoryMailbox source = mailboxes.get(canonical(from));
        if (source == null) throw new MailboxFault(Kind.NONEXISTENT, "There is no such mailbox");
        if (canonical(from).equals("INBOX")) {
            put(to, Optional.empty());
            told("");
            source.move(UidSet.ALL, mailboxes.get(to));
            return;
        }
        for (String name : List.copyOf(mailboxes.keySet()))
            if (name.equals(from) || name.startsWith(from + ".")) {
                MemoryMailbox moved = mailboxes.remove(name);
                moved.renamed(to + name.substring(from.length()));
                mailboxes.put(moved.name(), moved);
                access.renamed(name, moved.name());
                told(name);
                told(moved.name());
            }
        told("");
    }

    @Override
    public void subscribe(String name) {
        subscribed.add(canonical(name));
        told("");
    }

    @Override
    public void unsubscribe(String name) {
        subscribed.remove(canonical(name));
        told("");
    }

    private record Watcher(Predicate<String> meant, Consumer<String> listener) {}

    @Override
    public MailboxReading.Watch watch(Predicate<String> meant, Consumer<String> listener) throws IOException {
        if (unwatched != null) throw unwatched;
        Watcher watcher = new Watcher(meant, listener);
        watchers.add(watcher);
        return () -> watchers.remove(watcher);
    }

    /** Nobody can watch it from now on; null when one can. */
    void unwatched(IOException reason) {
        unwatched = reason;
    }

    /** How often somebody has asked for a mailbox. */
    int lookups() {
        return lookups;
    }

    int watchers() {
        return watchers.size();
    }

    /** Something has happened in that mailbox; to mailboxes, if the name is empty. */
    void told(String name) {
        for (Watcher w : watchers) if (name.isEmpty() || w.meant.test(name)) w.listener.accept(name);
    }

    /** Puts a message into INBOX, as a delivery does. */
    long deliver(String message) throws IOException {
        return box("INBOX").add(message, Flags.NONE);
    }
}
