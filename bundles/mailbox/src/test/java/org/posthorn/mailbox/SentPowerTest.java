package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mailbox.Draft;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Mailbox;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.testkit.disk.Disk;
import org.posthorn.testkit.disk.PowerCut;

/** The power fails, or the process dies, behind each operation on the disk while mail is sent and a client keeps its copy of it. */
class SentPowerTest {

    private static final Flags FLAGS = Flags.of(Flags.SEEN | Flags.ANSWERED);

    @TempDir
    Path real;

    /** How many copies there are, and the UID of the one that a client was told of, or 0. */
    private record Copies(int least, int most, long uid) {}

    private interface Deed {
        void run() throws Exception;
    }

    private Disk disk;
    private Mailboxes store;

    @ParameterizedTest
    @ValueSource(strings = {"maildir", "mbox"})
    void there_is_never_none_of_what_was_told_to_be_there(String format) throws Exception {
        disk = new Disk(real);
        run(format, () -> {});
        disk = new Disk(real);
        run(format, this::work);
        assertThat(PowerCut.each(disk, 1, (left, cut) -> holds(format, left, cut)))
                .isGreaterThan(20);
    }

    private void run(String format, Deed deed) throws Exception {
        store = PowerTest.open(format, disk.root(), "first boot", disk);
        try {
            store.account(Post.ALICE);
            deed.run();
        } finally {
            store.deactivate();
        }
    }

    private void work() throws Exception {
        disk.mark(new Copies(0, 1, 0));
        assertThat(store.keep(SentTest.sent(SentTest.MAIL, true, true))).isPresent();
        disk.mark(new Copies(1, 1, 0));
        disk.mark(new Copies(1, 2, 0));
        Draft draft = new Draft(Post.message("Bcc: carol@far.test\r\n" + SentTest.MAIL), FLAGS, Instant.now());
        Entry copy = sent().appendOwn(List.of(draft)).get(0);
        disk.mark(new Copies(1, 1, copy.uid()));
        assertThat(store.keep(SentTest.sent(SentTest.MAIL, true, true))).isEmpty();
    }

    private Mailbox sent() throws Exception {
        return store.account(Post.ALICE).mailbox("Sent").orElseThrow();
    }

    private void holds(String format, Path left, PowerCut cut) throws Exception {
        if (cut.machine()) PowerTest.boot(left);
        PowerTest.age(left);
        Disk beside = new Disk(Files.createDirectory(left.resolve("journal")));
        store = PowerTest.open(format, left, cut.machine() ? "second boot" : "first boot", beside);
        try {
            List<Copies> told = cut.told(Copies.class);
            if (told.isEmpty()) return;
            Copies last = told.get(told.size() - 1);
            List<Entry> there = sent().entries(UidSet.ALL);
            assertThat(there).hasSizeBetween(last.least(), last.most());
            if (last.uid() == 0) return;
            assertThat(there).extracting(Entry::uid).containsExactly(last.uid());
            assertThat(there).extracting(Entry::flags).containsExactly(FLAGS);
        } finally {
            store.deactivate();
        }
    }
}
