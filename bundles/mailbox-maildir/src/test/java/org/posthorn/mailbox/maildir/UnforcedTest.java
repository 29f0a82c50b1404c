package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mailbox.Filed;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Folder;
import org.posthorn.api.mailbox.Shelf;
import org.posthorn.api.mailbox.Staged;
import org.posthorn.mime.StoredMessage;
import org.posthorn.testkit.disk.Disk;

class UnforcedTest {

    @TempDir
    Path maildir;

    private Path fresh;
    private Path away;

    @BeforeEach
    void make() throws IOException {
        fresh = Files.createDirectory(maildir.resolve("new"));
        Files.createDirectory(maildir.resolve("cur"));
        away = maildir.resolve("away");
    }

    @Test
    void names_that_an_earlier_process_may_have_left_are_forced() throws IOException {
        Files.move(fresh, away);
        assertThatThrownBy(new Unforced(maildir)::forceNames).isInstanceOf(NoSuchFileException.class);
    }

    /** How many forces that takes. */
    private static long forces(Disk disk, Unforced unforced) throws IOException {
        int before = disk.operations();
        unforced.forceNames();
        return forces(disk, before);
    }

    @Test
    void only_names_that_have_changed_are_forced() throws IOException {
        Disk disk = new Disk(maildir);
        Unforced unforced = new Unforced(disk.root());
        assertThat(forces(disk, unforced)).isEqualTo(2);
        assertThat(forces(disk, unforced)).isZero();
        unforced.changed(maildir.resolve("cur/message:2,S"));
        assertThat(forces(disk, unforced)).isEqualTo(1);
        unforced.renamed();
        assertThat(forces(disk, unforced)).isEqualTo(2);
        assertThat(forces(disk, unforced)).isZero();
    }

    @Test
    void what_failed_is_not_done() throws IOException {
        Unforced unforced = new Unforced(maildir);
        unforced.forceNames();
        unforced.changed(maildir.resolve("new/message"));
        Files.move(fresh, away);
        for (int i = 0; i < 2; i++) assertThatThrownBy(unforced::forceNames).isInstanceOf(NoSuchFileException.class);
        Files.move(away, fresh);
        unforced.forceNames();
    }

    /** A mail reader that looks at a message moves it to cur, behind our delivery, where it is when its mail is settled. */
    @Test
    void names_that_another_program_has_changed_are_forced() throws IOException {
        Path message = Files.createFile(fresh.resolve("message"));
        Path current = maildir.resolve("cur");
        FileTime before = FileTime.from(Instant.parse("2026-11-22T12:00:00Z"));
        for (Path directory : List.of(fresh, current)) Files.setLastModifiedTime(directory, before);
        Disk disk = new Disk(maildir);
        Unforced unforced = new Unforced(disk.root());
        unforced.forceNames();
        Files.move(message, current.resolve("message:2,"));
        assertThat(forces(disk, unforced)).isEqualTo(2);
        assertThat(forces(disk, unforced)).isZero();
    }

    @Test
    void nothing_is_forced_twice() throws IOException {
        Disk disk = new Disk(Files.createDirectory(maildir.resolve("disk")));
        Shelf shelf = new MaildirFormat().shelf(disk.root());
        shelf.create("INBOX");
        try (Folder folder = shelf.open("INBOX")) {
            // With the first one UIDs are written down, too.
            append(folder, 1);
            int before = disk.operations();
            append(folder, 2);
            assertThat(forces(disk, before)).as("the message and its name").isEqualTo(2);
            int then = disk.operations();
            folder.force(1, List.of());
            assertThat(forces(disk, then)).isZero();
        }
    }

    private static void append(Folder folder, long uid) throws IOException {
        try (Staged staged = folder.stage(StoredMessage.of("a: b\r\n\r\n"), Instant.now())) {
            staged.force();
            staged.place(1, uid, Flags.NONE);
            folder.force(1, List.of(new Filed(uid, staged.key(uid), Flags.NONE)));
        }
    }

    private static long forces(Disk disk, int from) {
        return IntStream.range(from, disk.operations())
                .filter(i -> disk.describe(i).startsWith("Force"))
                .count();
    }

    @Test
    void a_message_was_forced_before_it_got_its_place_once() {
        Unforced unforced = new Unforced(maildir);
        unforced.forced("key");
        assertThat(unforced.takeForced("other")).isFalse();
        assertThat(unforced.takeForced("key")).isTrue();
        assertThat(unforced.takeForced("key")).isFalse();
    }
}
