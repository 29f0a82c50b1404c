package org.posthorn.mailbox;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Delivery;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.MailboxFormat;
import org.posthorn.api.spool.Incoming;
import org.posthorn.api.spool.Pending;
import org.posthorn.api.spool.ShelfNote;
import org.posthorn.api.spool.Spool;
import org.posthorn.mailbox.maildir.MaildirFormat;
import org.posthorn.mailbox.mbox.MboxFormat;
import org.posthorn.mime.StoredMessage;

/** A store over one format in a directory of its own, with a spool that writes down what it is told. */
final class Post implements AutoCloseable {

    static final Address ALICE = Address.of("alice@example.test");

    private Path root;
    final Faults faults = new Faults();
    final Journal spool = new Journal();
    private final String format;
    private final Map<String, ?> settings;
    private Mailboxes store;
    private MailboxFormat old;
    private String boot = "first boot";
    /** From the next start on. */
    Clock clock = Clock.systemUTC();

    Post(String format, Path root) throws IOException {
        this(format, root, Map.of());
    }

    /** @param settings beside the format */
    Post(String format, Path root, Map<String, ?> settings) throws IOException {
        this.format = format;
        this.settings = settings;
        this.root = root.resolve("mail");
        open();
    }

    /** Until it is opened again. */
    void stop() {
        close();
    }

    void open() throws IOException {
        store = new Mailboxes(root, clock, boot, config(format, settings));
        old = faults.over(format(format));
        store.addFormat(old, Map.of("name", format));
        store.addSpool(spool, Map.of());
    }

    static MailboxFormat format(String name) throws IOException {
        return switch (name) {
            case "maildir" -> new MaildirFormat();
            case "mbox" -> new MboxFormat();
            default -> throw new IllegalArgumentException(name);
        };
    }

    static Mailboxes.Config config(String format) {
        return config(format, Map.of());
    }

    static Mailboxes.Config config(String format, Map<String, ?> settings) {
        return (Mailboxes.Config) Proxy.newProxyInstance(
                Post.class.getClassLoader(), new Class<?>[] {Mailboxes.Config.class}, (proxy, method, args) -> {
                    if (method.getName().equals("format")) return format;
                    Object set = settings.get(method.getName());
                    return set != null ? set : method.getDefaultValue();
                });
    }

    Mailboxes store() {
        return store;
    }

    Account alice() throws IOException {
        return store.account(ALICE);
    }

    Mailbox inbox() throws IOException {
        return mailbox("INBOX");
    }

    Mailbox mailbox(String name) throws IOException {
        return alice().mailbox(name).orElseThrow();
    }

    Path home() {
        return root.resolve("example.test").resolve("alice");
    }

    /** Replaces the format while all goes on. */
    void swapFormat() throws IOException {
        MailboxFormat fresh = faults.over(format(format));
        store.addFormat(fresh, Map.of("name", format, "service.ranking", 1));
        store.removeFormat(old);
        old = fresh;
    }

    /** An orderly stop and start. */
    void restart() throws IOException {
        close();
        open();
    }

    /** The process dies without a word, so that a new one finds what lay on disk then; with the power if there is another boot. */
    void crash(String nextBoot) throws IOException {
        Path copy = left();
        if (!Files.exists(copy)) copy();
        spool.noted = () -> {};
        close();
        root = copy;
        boot = nextBoot;
        open();
    }

    /** The next crash comes when the journal is told of a mail and nobody else is yet. */
    void crashAtNote() {
        spool.noted = this::copy;
    }

    private Path left() {
        return root.resolveSibling(root.getFileName() + "+");
    }

    private void copy() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : all.toList()) {
                Path to = left().resolve(root.relativize(path).toString());
                if (Files.isDirectory(path)) Files.createDirectories(to);
                else if (Files.exists(path)) Files.copy(path, to, StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    String boot() {
        return boot;
    }

    @Override
    public void close() {
        store.deactivate();
    }

    static Message message(String text) {
        return StoredMessage.of(text);
    }

    static String text(Message message) throws IOException {
        try (var in = message.open()) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    static Mail mail(Message message) {
        Envelope envelope = new Envelope(Optional.empty(), MailParameters.NONE, List.of(new Recipient(ALICE)));
        return new Mail(MailId.next(), Instant.now(), Origin.local("test"), envelope, message, false);
    }

    Entry deliver(Mail mail) throws IOException {
        return deliver(mail, "INBOX");
    }

    Entry deliver(Mail mail, String mailbox) throws IOException {
        return store.deliver(new Delivery(mail, 0, mail.message(), ALICE, mailbox, Flags.NONE))
                .entry();
    }

    /** What the journal knows of a mail. */
    Pending pending(Mail mail, boolean powerLost) {
        return new Pending(mail, Set.of(), List.copyOf(spool.notes), powerLost);
    }

    /** Remembers notes and settlements; the rest is not asked of it here. */
    static final class Journal implements Spool {
        final Collection<ShelfNote> notes = new ConcurrentLinkedQueue<>();
        final Set<MailId> settled = new ConcurrentSkipListSet<>();

        /** Notes that cannot be written. */
        volatile Predicate<ShelfNote> broken = note -> false;

        /** What happens behind a note. */
        volatile Happening noted = () -> {};

        interface Happening {
            void run() throws IOException;
        }

        @Override
        public void note(MailId id, ShelfNote note) throws IOException {
            if (broken.test(note)) throw new IOException("The journal could not be written");
            notes.add(note);
            noted.run();
        }

        @Override
        public synchronized void settle(MailId id, Collection<Integer> recipients) {
            settled.add(id);
            notifyAll();
        }

        /** Comes back when that mail is settled. */
        synchronized void awaitSettled(MailId id) throws InterruptedException {
            long end = System.nanoTime() + 30_000_000_000L;
            while (!settled.contains(id)) {
                if (System.nanoTime() > end) throw new AssertionError("not settled: " + id);
                wait(1000);
            }
        }

        @Override
        public Incoming begin() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Mail commit(Incoming incoming, Mail draft) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Pending> left() {
            return List.of();
        }

        @Override
        public List<Pending> replay() {
            return new ArrayList<>();
        }

        @Override
        public boolean room() {
            return true;
        }
    }
}
