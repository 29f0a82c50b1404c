package org.posthorn.mailbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Amount;
import org.posthorn.api.mailbox.MailboxFault;
import org.posthorn.api.mailbox.MailboxFormat;
import org.posthorn.api.mailbox.Shelf;
import org.posthorn.api.mailbox.SpecialUse;
import org.posthorn.api.spool.ShelfNote;
import org.posthorn.mime.ModifiedUtf7;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One account in use: its shelf, its count of mod-sequences, and those of its mailboxes that are in use. */
final class AccountShelf {

    private static final Logger LOG = LoggerFactory.getLogger(AccountShelf.class);
    static final String INBOX = "INBOX";
    static final String INDEX = ".index";
    private static final long RESERVE = 100_000;
    private static final int LONGEST = 200;

    /** What all accounts share. */
    record Surroundings(Clock clock, String boot, Checkpoint checkpoint, Watches watches) {}

    private final Address address;
    private final Path home;
    private final Path indexes;
    private final Shelf shelf;
    private final String formatName;
    private final MailboxFormat format;
    private final Surroundings around;
    private final AccountFile file;
    private final Subscribed subscribed;
    private final Usage usage;
    private final UsageCount usageCount;
    private final Notes notes;
    private final MailboxNumbers numbers;
    private final Threads threads;
    private final Map<String, Box> boxes = new ConcurrentHashMap<>();
    /** For whoever makes, deletes and renames mailboxes. */
    final ReentrantLock structure = new ReentrantLock();
    /** Held while those with whom it is shared are told of it, one change at a time; before that of the structure. */
    final ReentrantLock telling = new ReentrantLock();

    private long modSeq;
    // From then on no mailbox is opened; under the lock of the structure.
    private boolean closed;
    // From then on the file is another's.
    private boolean handedOver;

    /** It was closed while somebody held on to it: the account has to be asked for anew. */
    static final class Closed extends IOException {
        private static final long serialVersionUID = 1;

        Closed(Address address) {
            super("The account " + address + " is being opened anew, try again");
        }
    }

    AccountShelf(
            Address address,
            Path home,
            String formatName,
            MailboxFormat format,
            Allowance allowance,
            Surroundings around)
            throws IOException {
        this.address = address;
        this.formatName = formatName;
        this.format = format;
        this.around = around;
        this.home = home;
        this.usage = new Usage(allowance);
        this.notes = new Notes(this, home, formatName);
        Homes.privately(home);
        this.indexes = indexes(home, formatName);
        this.numbers = new MailboxNumbers(address, indexes);
        this.threads = new Threads(indexes.resolve(Threads.NAME));
        boolean known = Files.isDirectory(indexes);
        Homes.make(indexes);
        this.shelf = format.shelf(home);
        this.usageCount = new UsageCount(this, usage, new UsageFile(indexes.resolve(UsageFile.NAME), this::indexPath));
        this.file = new AccountFile(indexes.resolve(AccountFile.NAME));
        this.subscribed = new Subscribed(file, format.subscriptions(home), registrar()::saveChanged);
        if (file.load()) modSeq = file.modSeq;
        else begin(known);
        if (subscribed.takeOver()) file.save();
    }

    private void begin(boolean lost) throws IOException {
        // A count that was lost, be it that of another program, goes on above anything it can have reached.
        if (lost || !shelf.names().isEmpty()) passClock();
        file.modSeq = modSeq;
        new FirstMailboxes(this).make(lost);
        file.save();
    }

    /** Makes a mailbox; to be followed by {@link #save}. @return the number of its MAILBOXID */
    long make(String name) throws IOException {
        shelf.create(name);
        // What a crash may have left of an earlier mailbox of that name must not be taken for the new one's.
        Files.deleteIfExists(indexPath(name));
        IndexRecord.Head head = head(name, takeUidValidity(), nextModSeq());
        Index.create(indexPath(name), head).close();
        usage.holds(name, Amount.NOTHING);
        tell(name);
        return head.mailboxId();
    }

    /** The head of the index of a mailbox of that name that has had none. */
    IndexRecord.Head head(String name, long uidValidity, long modSeq) throws IOException {
        long number = numbers.next(name, uidValidity, indexPath(name));
        return new IndexRecord.Head(uidValidity, modSeq, number, now().getEpochSecond());
    }

    Address address() {
        return address;
    }

    MailboxFormat format() {
        return format;
    }

    /** As settings call it. */
    String formatName() {
        return formatName;
    }

    Shelf shelf() {
        return shelf;
    }

    AccountFile file() {
        return file;
    }

    Subscribed subscribed() {
        return subscribed;
    }

    Checkpoint checkpoint() {
        return around.checkpoint();
    }

    String boot() {
        return around.boot();
    }

    long millis() {
        return around.clock().millis();
    }

    Clock clock() {
        return around.clock();
    }

    Instant now() {
        return around.clock().instant();
    }

    Path indexPath(String name) {
        return indexPath(indexes, name);
    }

    /** Where the indexes of an account lie. */
    static Path indexes(Path home, String formatName) {
        return home.resolve("index").resolve(formatName);
    }

    static Path indexPath(Path indexes, String name) {
        String encoded = ModifiedUtf7.encode(name);
        return indexes.resolve((encoded.length() > LONGEST ? Homes.name(name) : encoded) + INDEX);
    }

    /** A mailbox if it is in use. */
    Optional<Box> inUse(String name) {
        return Optional.ofNullable(boxes.get(name));
    }

    /** The next in the account's count. Written down, forced, for many at a time. */
    synchronized long nextModSeq() throws IOException {
        if (modSeq + 1 > file.modSeq) reserve(modSeq + RESERVE);
        return ++modSeq;
    }

    /** The last one given. */
    synchronized long highestModSeq() {
        return modSeq;
    }

    /** What could not be written down was not reserved: after a restart the same ones would be given again. */
    private void reserve(long upTo) throws IOException {
        long before = file.modSeq;
        file.modSeq = upTo;
        try {
            save();
        } catch (IOException e) {
            file.modSeq = before;
            throw e;
        }
    }

    /** A mailbox has had that one, whatever the file knows of it: the next is higher, or no session would hear of its change. */
    synchronized void had(long highest) {
        modSeq = Math.max(modSeq, highest);
    }

    /** Goes on above anything that clients can have heard, since no count has gone faster than milliseconds: of a mailbox that has its UIDVALIDITY and not its count. */
    synchronized void passClock() {
        modSeq = Math.max(modSeq, around.clock().millis());
    }

    /** The same of a UIDVALIDITY, which another program may have given. */
    synchronized void hadValidity(long validity) {
        file.uidValidity = Math.max(file.uidValidity, validity);
    }

    /** One that no mailbox of this account has had. */
    synchronized long nextUidValidity() throws IOException {
        takeUidValidity();
        save();
        return file.uidValidity;
    }

    private synchronized long takeUidValidity() {
        long now = around.clock().instant().getEpochSecond();
        return file.uidValidity = Math.max(file.uidValidity + 1, now);
    }

    synchronized void save() throws IOException {
        if (handedOver) throw new Closed(address);
        file.save();
    }

    boolean exists(String name) throws IOException {
        return boxes.containsKey(name) || shelf.has(name);
    }

    /** Whether there is a mailbox of that name, or one below it. */
    boolean lists(String name) throws IOException {
        return shelf.has(name) || shelf.names().stream().anyMatch(n -> AnnotationFile.within(n, name));
    }

    /** That use is no mailbox's yet, or it cannot be given; only under the lock of the structure. */
    void unused(SpecialUse use) throws IOException {
        List<String> there = shelf.names();
        synchronized (this) {
            // A crash, or another program, may have left that of a mailbox that is gone.
            file.uses.keySet().retainAll(there);
            if (file.uses.containsValue(use))
                throw new MailboxFault(MailboxFault.Kind.USEATTR, "There is a mailbox for this use already");
        }
    }

    /** Since when it has which mailboxes. */
    Registrar registrar() {
        return new Registrar(this);
    }

    /** Which of its messages belong together. */
    Threads threads() {
        return threads;
    }

    /** What is kept of its mailboxes beside them. */
    Notes notes() {
        return notes;
    }

    /** What users have noted of them. */
    AnnotationFile annotations() throws IOException {
        return notes.annotations();
    }

    /** Calls under the lock of the structure, while the account is still open. */
    <T> T alone(Accounts.Call<T> call) throws IOException {
        structure.lock();
        try {
            stillOpen();
            return call.on(this);
        } finally {
            structure.unlock();
        }
    }

    /** Uses a mailbox, which is not unloaded meanwhile. */
    <T> T use(String name, Box.Call<T> call) throws IOException {
        while (true) {
            Box box = box(name);
            if (!box.retain()) continue;
            try {
                return call.on(box);
            } catch (NoSuchFileException e) {
                if (shelf.has(name)) throw e;
                throw new MailboxFault(MailboxFault.Kind.NONEXISTENT, "Mailbox " + name + " is gone");
            } finally {
                box.release();
            }
        }
    }

    Usage usage() {
        return usage;
    }

    /** The same, when all is counted. Not with the lock of a mailbox. */
    Usage counted() throws IOException {
        if (usage.counted()) return usage;
        structure.lock();
        try {
            stillOpen();
            if (!usage.counted()) usageCount.all();
            return usage;
        } finally {
            structure.unlock();
        }
    }

    /** Something that adds messages. */
    @FunctionalInterface
    interface Arriving<T> {
        T run() throws IOException;
    }

    /** Lets so much arrive, if it may; then the owner is told if it has become much. Not with the lock of a mailbox. */
    <T> T arriving(Amount more, Arriving<T> arrival) throws IOException {
        if (!usage.limited()) return arrival.run();
        T arrived;
        counted().enter(more);
        try {
            arrived = arrival.run();
        } finally {
            usage.leave(more);
        }
        usage.warning().ifPresent(percent -> Warning.tell(this, percent));
        return arrived;
    }

    private Box box(String name) throws IOException {
        Box there = boxes.get(name);
        if (there != null) return there;
        // Nothing is opened while mailboxes are renamed or deleted.
        structure.lock();
        try {
            stillOpen();
            if (!shelf.has(name)) {
                usage.gone(name);
                throw new MailboxFault(MailboxFault.Kind.NONEXISTENT, "There is no mailbox " + name);
            }
            return boxes.computeIfAbsent(name, n -> new Box(this, n));
        } finally {
            structure.unlock();
        }
    }

    /** To be called with the lock of the structure, which closing takes as well: two of one account must not be at its files. */
    void stillOpen() throws Closed {
        if (closed) throw new Closed(address);
    }

    void forget(Box box) {
        boxes.remove(box.name(), box);
    }

    /** Unloads a mailbox that is about to be deleted or renamed. */
    void unload(String name) throws IOException {
        // What a box that failed has left must be forced under the name that the journal knows.
        if (checkpoint().owed().any(new Owed.Where(address, name)))
            use(name, box -> {
                box.settle();
                return box;
            });
        Box box = boxes.get(name);
        if (box != null) box.close();
    }

    /** What is still owed there is looked for under the new name after a crash. */
    void renamed(String from, String to) throws IOException {
        Owed.Where now = new Owed.Where(address, to);
        for (Unsettled one : checkpoint().owed().renamed(new Owed.Where(address, from), now)) {
            Unsettled.Source source = one.source();
            checkpoint()
                    .note(
                            source.mail(),
                            new ShelfNote.Moved(
                                    source.recipient(),
                                    to,
                                    0,
                                    one.uid(),
                                    one.filed().key()));
            checkpoint().later(now);
        }
    }

    /** Wakes who watches. */
    void tell(String name) {
        around.watches().tell(address, name);
    }

    /** Looks into the mailboxes that somebody watches, and unloads those that nobody has used. @return whether none is left */
    boolean tend(long idleNanos) throws IOException {
        Watches watches = around.watches();
        Set<String> names = watches.any(address) ? Set.copyOf(shelf.names()) : Set.of();
        watches.looked(address, names);
        Set<String> watched = watches.mailboxes(address, names);
        for (String name : watched) look(name);
        for (Box box : boxes.values()) if (!watched.contains(box.name())) box.closeIfIdle(idleNanos);
        return boxes.isEmpty();
    }

    private void look(String name) {
        try {
            use(
                    name,
                    box -> box.with(b -> {
                        b.refresh();
                        return b;
                    }));
        } catch (MailboxFault e) {
            // It was deleted: let the sessions see that.
            tell(name);
        } catch (IOException e) {
            // Others are looked at all the same.
            LOG.warn("Mailbox {} of {} cannot be looked at: {}", name, address, e.toString());
        }
    }

    /** Forces and settles what waits for that. */
    void settle() {
        for (Box box : boxes.values()) if (box.due()) checkpoint().settle(box);
    }

    private void close(Box box) {
        try {
            box.close();
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            LOG.warn("Mailbox {} of {} was not closed cleanly", box.name(), address, e);
        }
    }

    /** Unloads everything, for good. */
    void close() throws IOException {
        structure.lock();
        closed = true;
        structure.unlock();
        for (Box box : boxes.values()) close(box);
        usageCount.note();
        threads.close();
        synchronized (this) {
            handedOver = true;
            if (file.modSeq == modSeq) return;
            file.modSeq = modSeq;
            file.save();
        }
    }
}
