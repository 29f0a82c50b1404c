package org.posthorn.jmap.mail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Delivery;
import org.posthorn.api.mailbox.Email;
import org.posthorn.api.mailbox.Emails;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.IdChanges;
import org.posthorn.api.mailbox.Listed;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.MailboxChanges;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.MailboxReading;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.Placed;
import org.posthorn.api.mailbox.SpecialUse;
import org.posthorn.api.mailbox.Threaded;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.api.spool.Pending;
import org.posthorn.mime.Octets;
import org.posthorn.mime.PlainSubject;
import org.posthorn.mime.StoredMessage;

/** The mail of one account in memory; mails with the same base subject are a thread. */
final class MemoryMail implements MailboxStore, Account, Emails {

    final SortedMap<String, MemoryBox> boxes = new TreeMap<>();
    final Map<String, SpecialUse> uses = new HashMap<>();
    final List<String> subscriptions = new ArrayList<>();
    final Map<Long, Long> born = new HashMap<>();
    final Map<Long, Long> touched = new HashMap<>();
    final Map<Long, Long> gone = new HashMap<>();
    private final Map<Long, Long> threads = new HashMap<>();
    private final Map<String, Long> subjects = new HashMap<>();
    private long modSeq = 1;
    private long numbers;
    /** How often the octets of a message were opened. */
    int opened;

    /** How often all Emails were asked for. */
    int wholes;

    /** How many Emails were asked for at once by their numbers. */
    int most;

    boolean full;

    /** Something that happens once, when an operation is about to begin. */
    interface Event {
        void happen() throws IOException;
    }

    /** By operation: {@code copy A B}, {@code expunge A}; {@code moved A B} comes behind a move. */
    private final Map<String, Event> events = new HashMap<>();

    void when(String operation, Event event) {
        events.put(operation, event);
    }

    void breakAt(String operation) {
        when(operation, () -> {
            throw new IOException("no more disk at " + operation);
        });
    }

    /** What happens each time. */
    void each(String operation, Event event) {
        when(operation, () -> {
            each(operation, event);
            event.happen();
        });
    }

    void begins(String operation) throws IOException {
        Event event = events.remove(operation);
        if (event != null) event.happen();
    }

    MemoryMail(String... names) {
        for (String name : names) boxes.put(name, new MemoryBox(this, name, "F" + name));
    }

    /** @param mail with a bar for each line end */
    Entry add(String mailbox, String mail, Instant received, String... flags) throws IOException {
        byte[] octets = mail.replace("|", "\r\n").getBytes(StandardCharsets.UTF_8);
        return boxes.get(mailbox).append(StoredMessage.of(Octets.of(octets)), Flags.named(List.of(flags)), received);
    }

    long next() {
        return ++modSeq;
    }

    long born(String subject) {
        long number = ++numbers;
        threads.put(
                number,
                subjects.computeIfAbsent(PlainSubject.of(subject).text().toLowerCase(Locale.ROOT), s -> number));
        return number;
    }

    @Override
    public long state() throws IOException {
        begins("state");
        return modSeq;
    }

    @Override
    public SortedMap<String, String> mailboxes() {
        SortedMap<String, String> ids = new TreeMap<>();
        boxes.forEach((name, box) -> ids.put(name, box.id()));
        return ids;
    }

    @Override
    public List<Email> all() throws IOException {
        wholes++;
        begins("all");
        return everything();
    }

    List<Email> everything() {
        Map<Long, List<Email.Place>> places = new TreeMap<>();
        boxes.forEach((name, box) -> box.entries(UidSet.ALL)
                .forEach(e -> places.computeIfAbsent(e.emailId(), n -> new ArrayList<>())
                        .add(new Email.Place(name, box.id(), e))));
        List<Email> all = new ArrayList<>();
        places.forEach((number, of) -> all.add(new Email(number, threads.get(number), of)));
        all.sort(Comparator.comparing(Metadata::receivedAt).thenComparing(Email::number));
        return all;
    }

    @Override
    public List<Email> emails(Set<Long> wanted) {
        most = Math.max(most, wanted.size());
        return everything().stream()
                .filter(e -> wanted.contains(e.number()))
                .sorted(Comparator.comparing(Email::number))
                .toList();
    }

    @Override
    public List<Email> threads(Set<Long> wanted) {
        return everything().stream().filter(e -> wanted.contains(e.thread())).toList();
    }

    @Override
    public List<Threaded> mailbox(String name, UidSet uids) {
        return boxes.get(name).entries(uids).stream()
                .map(e -> new Threaded(threads.get(e.emailId()), e))
                .toList();
    }

    @Override
    public Optional<IdChanges> changes(long since) throws IOException {
        Optional<IdChanges> changes = told(since);
        begins("changes told");
        return changes;
    }

    private Optional<IdChanges> told(long since) {
        if (since > modSeq || since < 1) return Optional.empty();
        List<IdChanges.Change> created = new ArrayList<>();
        List<IdChanges.Change> updated = new ArrayList<>();
        List<IdChanges.Change> destroyed = new ArrayList<>();
        born.forEach((number, at) -> {
            boolean there = !gone.containsKey(number);
            if (there && at > since) created.add(new IdChanges.Change(number, at));
            else if (there && touched.get(number) > since)
                updated.add(new IdChanges.Change(number, touched.get(number)));
            else if (!there && at <= since && gone.get(number) > since)
                destroyed.add(new IdChanges.Change(number, gone.get(number)));
        });
        return Optional.of(new IdChanges(created, updated, destroyed, modSeq));
    }

    @Override
    public Optional<IdChanges> threadChanges(long since) {
        Optional<IdChanges> emails = told(since);
        if (emails.isEmpty()) return emails;
        Map<Long, Long> created = new TreeMap<>();
        Map<Long, Long> updated = new TreeMap<>();
        Map<Long, Long> destroyed = new TreeMap<>();
        List<IdChanges.Change> moved = new ArrayList<>(emails.get().created());
        moved.addAll(emails.get().destroyed());
        for (IdChanges.Change change : moved) {
            long thread = threads.get(change.number());
            boolean was = born.entrySet().stream()
                    .anyMatch(b -> threads.get(b.getKey()) == thread
                            && b.getValue() <= since
                            && gone.getOrDefault(b.getKey(), Long.MAX_VALUE) > since);
            boolean is = everything().stream().anyMatch(e -> e.thread() == thread);
            (was && is ? updated : is ? created : destroyed).merge(thread, change.modSeq(), Math::max);
        }
        return Optional.of(new IdChanges(list(created), list(updated), list(destroyed), modSeq));
    }

    private static List<IdChanges.Change> list(Map<Long, Long> changes) {
        List<IdChanges.Change> list = new ArrayList<>();
        changes.forEach((number, at) -> list.add(new IdChanges.Change(number, at)));
        return list;
    }

    @Override
    public Account account(Address account) {
        return this;
    }

    @Override
    public Emails emails(Address account) {
        return this;
    }

    @Override
    public Optional<Mailbox> mailbox(String name) {
        return Optional.ofNullable(boxes.get(name));
    }

    void admit() throws MailboxFault {
        if (full) throw new MailboxFault(MailboxFault.Kind.OVERQUOTA, "There is no room");
    }

    private static UnsupportedOperationException notAsked() {
        return new UnsupportedOperationException("Emails need no such thing");
    }

    @Override
    public Optional<MailboxChanges> mailboxChanges(long since) {
        throw notAsked();
    }

    @Override
    public List<Listed> list() {
        return boxes.keySet().stream()
                .map(name -> new Listed(name, true, true, Optional.ofNullable(uses.get(name))))
                .toList();
    }

    @Override
    public List<String> subscriptions() {
        throw notAsked();
    }

    @Override
    public String create(String name, Optional<SpecialUse> use) throws IOException {
        begins("create " + name);
        boxes.put(name, new MemoryBox(this, name, "F" + name));
        use.ifPresent(u -> uses.put(name, u));
        return boxes.get(name).id();
    }

    @Override
    public void delete(String name) {
        throw notAsked();
    }

    @Override
    public void rename(String from, String to) {
        throw notAsked();
    }

    @Override
    public void subscribe(String name) {
        subscriptions.add(name);
    }

    @Override
    public void unsubscribe(String name) {
        throw notAsked();
    }

    @Override
    public MailboxReading.Watch watch(Predicate<String> meant, Consumer<String> listener) {
        throw notAsked();
    }

    @Override
    public Placed deliver(Delivery delivery) {
        throw notAsked();
    }

    @Override
    public Collection<Integer> shelved(Pending pending) {
        throw notAsked();
    }
}
