package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.Rights;
import org.posthorn.testkit.disk.Disk;
import org.posthorn.testkit.disk.PowerCut;

/** The power fails, or the process dies, behind each operation on the disk while rights are given and taken and their mailboxes renamed and deleted. */
class AccessPowerTest {

    private static final Address BOB = Address.of("bob@example.test");

    @TempDir
    Path real;

    /** What Bob may do, one of these ways: names with rights. */
    private record Given(List<Set<String>> ways) {}

    private interface Deed {
        void run() throws Exception;
    }

    private Disk disk;
    private Mailboxes store;
    private Set<String> now = Set.of();

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void what_was_answered_is_there_and_bob_finds_what_he_was_given(String format) throws Exception {
        disk = new Disk(real);
        store = PowerTest.open(format, disk.root(), "first boot", disk);
        try {
            store.account(Post.ALICE);
            work();
        } finally {
            store.deactivate();
        }
        assertThat(PowerCut.each(disk, 1, (left, cut) -> holds(format, left, cut)))
                .isGreaterThan(40);
    }

    private void work() throws Exception {
        Account account = store.account(Post.ALICE);
        account.create("Work", Optional.empty());
        to(Set.of("Work lr"), () -> give("Work", "lr"));
        to(Set.of("Work lr", "Sent l"), () -> give("Sent", "l"));
        to(Set.of("Play lr", "Sent l"), () -> account.rename("Work", "Play"));
        to(Set.of("Play lr"), () -> give("Sent", ""));
        to(Set.of(), () -> account.delete("Play"));
        to(Set.of("Sent ls"), () -> give("Sent", "ls"));
    }

    private void to(Set<String> next, Deed deed) throws Exception {
        disk.mark(new Given(List.of(now, next)));
        deed.run();
        disk.mark(new Given(List.of(next)));
        now = next;
    }

    private void give(String mailbox, String rights) throws Exception {
        store.access(Post.ALICE).change(mailbox, "bob@example.test", before -> Rights.parse(rights));
    }

    private void holds(String format, Path left, PowerCut cut) throws Exception {
        if (cut.machine()) PowerTest.boot(left);
        PowerTest.age(left);
        Disk beside = new Disk(Files.createDirectory(left.resolve("journal")));
        store = PowerTest.open(format, left, cut.machine() ? "second boot" : "first boot", beside);
        try {
            Set<String> given = given();
            List<Given> told = cut.told(Given.class);
            if (!told.isEmpty()) assertThat(told.get(told.size() - 1).ways()).contains(given);
            if (!given.isEmpty()) assertThat(store.namespaces(BOB).others()).containsExactly(Post.ALICE);
        } finally {
            store.deactivate();
        }
    }

    private Set<String> given() throws Exception {
        Set<String> given = new TreeSet<>();
        for (var listed : store.account(Post.ALICE).list()) {
            Rights rights = store.access(Post.ALICE).of(listed.name()).of(BOB);
            if (!rights.equals(Rights.NONE)) given.add(listed.name() + " " + rights.letters());
        }
        return given;
    }
}
