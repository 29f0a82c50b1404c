package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Copied;
import org.posthorn.api.mailbox.Delivery;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.FlagChange;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.api.spool.Pending;
import org.posthorn.testkit.disk.Disk;
import org.posthorn.testkit.disk.PowerCut;

/** The power fails, or the process dies, behind each single operation on the disk of a mailbox. */
class PowerTest {

    private static final int DRAWS = 1;

    @TempDir
    Path real;

    private Disk disk;
    private Mailboxes store;

    static Mailboxes open(String format, Path root, String boot, Disk disk) throws Exception {
        Mailboxes store = new Mailboxes(root.resolve("mail"), Clock.systemUTC(), boot, Post.config(format));
        store.addFormat(Post.format(format), Map.of("name", format));
        store.addSpool(new PaperJournal(disk), Map.of());
        return store;
    }

    private Mailbox box(String name) throws Exception {
        return store.account(Post.ALICE).mailbox(name).orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void what_was_answered_is_there_once_with_its_uid_and_flags(String format) throws Exception {
        disk = new Disk(real);
        run(format, account -> {});
        disk = new Disk(real);
        run(format, this::work);
        assertThat(PowerCut.each(disk, DRAWS, (left, cut) -> holds(format, left, cut)))
                .isGreaterThan(300);
    }

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void an_account_that_is_being_made_can_be_made_again(String format) throws Exception {
        disk = new Disk(real);
        run(format, account -> append("INBOX", 1));
        PowerCut.each(disk, 0, (left, cut) -> holds(format, left, cut));
    }

    /** Something that a user does. */
    private interface Work {
        void with(Account account) throws Exception;
    }

    private void run(String format, Work work) throws Exception {
        store = open(format, disk.root(), "first boot", disk);
        try {
            work.with(store.account(Post.ALICE));
        } finally {
            store.deactivate();
        }
    }

    private void work(Account account) throws Exception {
        long first = deliver(1).uid();
        deliver(2);
        Entry appended = append("INBOX", 3);
        String work = account.create("Work", Optional.empty());
        disk.mark(new Facts.HasMailboxId("Work", work));
        flag("INBOX", 1, first, new Flags(Flags.SEEN, List.of("now")));
        flag("INBOX", 3, appended.uid(), new Flags(Flags.FLAGGED, List.of("later")));
        copy(3, appended.uid());
        move(1, first);
        long fourth = deliver(4).uid();
        expunge("INBOX", 4, fourth);
        expunge("INBOX", 3, appended.uid());
        append("Work", 5);
        deliver(6);
        rename(account, "Work", "Play", 1, 3, 5);
        disk.mark(new Facts.HasMailboxId("Play", work));
        deliver(7);
    }

    private void lies(int number, List<?>... ways) {
        Set<List<String>> all = new java.util.HashSet<>();
        for (List<?> way : ways)
            all.add(way.stream().map(Object::toString).sorted().toList());
        disk.mark(new Facts.Lies(number, all));
    }

    private void uid(int number, String mailbox, long uid, long validity) {
        disk.mark(new Facts.HasUid(number, mailbox, uid, validity));
        disk.mark(new Facts.UidsGiven(mailbox, uid, validity));
    }

    private static String text(int number) {
        return "Subject: " + number + "\r\n\r\n" + "number " + number + "\r\n" + "line\r\n".repeat(150);
    }

    private Entry deliver(int number) throws Exception {
        Mail mail = Post.mail(Post.message(text(number)));
        disk.mark(new Facts.Accepted(number, mail));
        lies(number, List.of("INBOX"));
        return store.deliver(delivery(mail)).entry();
    }

    private static Delivery delivery(Mail mail) {
        return new Delivery(mail, 0, mail.message(), Post.ALICE, "INBOX", Flags.NONE);
    }

    private Entry append(String name, int number) throws Exception {
        lies(number, List.of(), List.of(name));
        Entry entry = box(name).append(Post.message(text(number)), Flags.NONE, Instant.ofEpochSecond(1_700_000_000));
        lies(number, List.of(name));
        uid(number, name, entry.uid(), box(name).status().uidValidity());
        disk.mark(new Facts.HasEmailId(number, entry.emailId()));
        return entry;
    }

    private void flag(String name, int number, long uid, Flags flags) throws Exception {
        // As long as nobody had an answer, some of them may be there.
        Set<Flags> some = Set.of(Flags.NONE, Flags.of(flags.system()), new Flags(0, flags.keywords()), flags);
        disk.mark(new Facts.HasFlags(number, name, some));
        box(name).store(UidSet.of(uid), new FlagChange(FlagChange.Kind.REPLACE, flags), OptionalLong.empty());
        disk.mark(new Facts.HasFlags(number, name, Set.of(flags)));
    }

    private void copy(int number, long uid) throws Exception {
        lies(number, List.of("INBOX"), List.of("INBOX", "Work"));
        Copied copied = box("INBOX").copy(UidSet.of(uid), box("Work"));
        lies(number, List.of("INBOX", "Work"));
        uid(number, "Work", copied.to().get(0), copied.uidValidity());
    }

    private void move(int number, long uid) throws Exception {
        lies(number, List.of("INBOX"), List.of("INBOX", "Work"), List.of("Work"));
        long emailId = box("INBOX").entries(UidSet.of(uid)).get(0).emailId();
        Copied copied = box("INBOX").move(UidSet.of(uid), box("Work"));
        lies(number, List.of("Work"));
        disk.mark(new Facts.HasEmailId(number, emailId));
        uid(number, "Work", copied.to().get(0), copied.uidValidity());
    }

    private void expunge(String name, int number, long uid) throws Exception {
        List<String> rest = number == 3 ? List.of("Work") : List.of();
        List<String> before = new ArrayList<>(rest);
        before.add(name);
        lies(number, before, rest);
        box(name).expunge(UidSet.of(uid));
        lies(number, rest);
    }

    private void rename(Account account, String from, String to, int... numbers) throws Exception {
        for (int number : numbers) lies(number, List.of(from), List.of(to));
        account.rename(from, to);
        for (int number : numbers) lies(number, List.of(to));
    }

    private void holds(String format, Path left, PowerCut cut) throws Exception {
        if (cut.machine()) boot(left);
        age(left);
        // What it says to the journal from now on is not looked at.
        Disk beside = new Disk(java.nio.file.Files.createDirectory(left.resolve("journal")));
        store = open(format, left, cut.machine() ? "second boot" : "first boot", beside);
        try {
            for (Pending pending : PaperJournal.left(cut))
                if (!store.shelved(pending).contains(0)) store.deliver(delivery(pending.mail()));
            check(cut);
        } finally {
            store.deactivate();
        }
    }

    /** The number in a lock, if it got to the disk, is that of this process, which lives on here; so minutes must pass. */
    static void age(Path left) throws Exception {
        for (Path lock : locks(left))
            java.nio.file.Files.setLastModifiedTime(
                    lock, java.nio.file.attribute.FileTime.from(Instant.now().minusSeconds(301)));
    }

    /** Behind a power failure the kernel lives another life than the one that stands in a lock. */
    static void boot(Path left) throws Exception {
        for (Path lock : locks(left))
            java.nio.file.Files.writeString(
                    lock, java.nio.file.Files.readString(lock).replaceFirst("-.*\\s*$", "-another\n"));
    }

    private static List<Path> locks(Path left) throws Exception {
        try (var all = java.nio.file.Files.walk(left)) {
            return all.filter(p -> p.toString().endsWith(".lock")).toList();
        }
    }

    private void check(PowerCut cut) throws Exception {
        Map<Integer, List<String>> found = new TreeMap<>();
        for (String name : List.of("INBOX", "Play", "Work")) {
            Optional<Mailbox> box = store.account(Post.ALICE).mailbox(name);
            if (box.isEmpty()) continue;
            for (Entry entry : box.get().entries(UidSet.ALL)) {
                String text = Post.text(box.get().message(entry.uid()).orElseThrow());
                if (fragment(cut, text)) continue;
                int number = Integer.parseInt(text.substring(9, text.indexOf('\r')));
                assertThat(text).isEqualTo(text(number));
                found.computeIfAbsent(number, n -> new ArrayList<>()).add(name);
                checkEntry(cut, name, number, entry, box.get().status().uidValidity());
            }
            checkUids(cut, box.get());
            String id = box.get().status().mailboxId();
            for (Facts.HasMailboxId fact : cut.told(Facts.HasMailboxId.class))
                if (fact.mailbox().equals(name)) assertThat(id).isEqualTo(fact.id());
        }
        for (Facts.Lies fact :
                Facts.last(cut.told(Facts.Lies.class), Facts.Lies::number).values())
            assertThat(fact.ways())
                    .as("message " + fact.number())
                    .contains(found.getOrDefault(fact.number(), List.of()));
    }

    /** Of an append or a copy that had no answer yet an mbox may keep the beginning: nobody can tell that it is one. */
    private static boolean fragment(PowerCut cut, String text) {
        String begin = text.replaceFirst("(\r\n)+$", "");
        return cut.machine()
                && Facts.last(cut.told(Facts.Lies.class), Facts.Lies::number).values().stream()
                        .filter(f -> f.ways().size() > 1)
                        .anyMatch(f -> text(f.number()).startsWith(begin)
                                && !text(f.number()).equals(text));
    }

    private static void checkEntry(PowerCut cut, String name, int number, Entry entry, long validity) {
        for (Facts.HasUid fact : cut.told(Facts.HasUid.class))
            if (fact.number() == number && fact.mailbox().equals(name)) {
                assertThat(entry.uid()).as("UID of " + number).isEqualTo(fact.uid());
                assertThat(validity).isEqualTo(fact.uidValidity());
            }
        // A copy that is about to go, as the source of a move, may come back without.
        Facts.Lies lies =
                Facts.last(cut.told(Facts.Lies.class), Facts.Lies::number).get(number);
        if (lies != null && lies.ways().size() > 1) return;
        for (Facts.HasEmailId fact : cut.told(Facts.HasEmailId.class))
            if (fact.number() == number) assertThat(entry.emailId()).isEqualTo(fact.emailId());
        Facts.last(cut.told(Facts.HasFlags.class), Facts.HasFlags::number).values().stream()
                .filter(f -> f.number() == number && f.mailbox().equals(name))
                .forEach(f -> assertThat(f.flags()).as("flags of " + number).contains(entry.flags()));
    }

    /** What comes next gets a UID that nobody has seen. */
    private static void checkUids(PowerCut cut, Mailbox box) throws Exception {
        for (Facts.UidsGiven given : cut.told(Facts.UidsGiven.class))
            if (given.mailbox().equals(box.name())
                    && given.uidValidity() == box.status().uidValidity())
                assertThat(box.status().uidNext()).isGreaterThan(given.uid());
    }
}
