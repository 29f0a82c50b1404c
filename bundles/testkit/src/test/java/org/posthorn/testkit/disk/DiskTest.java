package org.posthorn.testkit.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the disk of the tests says that a power failure leaves. */
class DiskTest {

    @TempDir
    Path real;

    @TempDir
    Path left;

    private Disk disk;
    private int states;

    @BeforeEach
    void open() throws IOException {
        disk = new Disk(real);
    }

    private Path left(Survival survival) throws IOException {
        Path folder = Files.createDirectory(left.resolve("" + states++));
        disk.leave(disk.operations(), survival, folder);
        return folder;
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Test
    void what_was_not_forced_is_lost_and_what_was_is_there() throws IOException {
        Path file = Files.writeString(disk.root().resolve("a"), "one");
        assertThat(left(Survival.NOTHING)).isEmptyDirectory();
        assertThat(left(Survival.ALL).resolve("a")).hasContent("one");
        force(disk.root());
        assertThat(left(Survival.NOTHING).resolve("a")).isEmptyFile();
        force(file);
        Files.writeString(file, "two", StandardOpenOption.APPEND);
        assertThat(left(Survival.NOTHING).resolve("a")).hasContent("one");
        assertThat(left(Survival.ALL).resolve("a")).hasContent("onetwo");
    }

    @Test
    void a_forced_file_whose_folder_was_not_forced_has_no_name() throws IOException {
        Path folder = Files.createDirectory(disk.root().resolve("folder"));
        force(Files.writeString(folder.resolve("a"), "one"));
        force(folder);
        assertThat(left(Survival.NOTHING)).isEmptyDirectory();
        force(disk.root());
        assertThat(left(Survival.NOTHING).resolve("folder/a")).hasContent("one");
    }

    @Test
    void a_rename_happened_or_not() throws IOException {
        Path old = Files.writeString(disk.root().resolve("a"), "old");
        Path fresh = Files.writeString(disk.root().resolve("b"), "new");
        for (Path path : new Path[] {old, fresh, disk.root()}) force(path);
        Files.move(fresh, old, StandardCopyOption.ATOMIC_MOVE);
        assertThat(left(Survival.NOTHING).resolve("a")).hasContent("old");
        assertThat(left(Survival.NOTHING).resolve("b")).hasContent("new");
        assertThat(left(Survival.ALL).resolve("a")).hasContent("new");
        assertThat(left(Survival.ALL).resolve("b")).doesNotExist();
        force(disk.root());
        assertThat(left(Survival.NOTHING).resolve("a")).hasContent("new");
    }

    @Test
    void a_large_write_is_torn_in_every_way() throws IOException {
        Path file = disk.root().resolve("a");
        Files.write(file, new byte[0]);
        force(file);
        force(disk.root());
        byte[] octets = new byte[3 * Content.SECTOR];
        Arrays.fill(octets, (byte) 1);
        Files.write(file, octets);
        Set<String> seen = new HashSet<>();
        for (long seed = 0; seed < 300; seed++) {
            byte[] there = Files.readAllBytes(left(Survival.drawn(seed)).resolve("a"));
            StringBuilder sectors = new StringBuilder();
            for (int at = 0; at < there.length; at += Content.SECTOR) sectors.append(there[at]);
            seen.add(sectors.toString());
        }
        assertThat(seen)
                .containsExactlyInAnyOrder("", "1", "01", "11", "000", "100", "010", "001", "110", "101", "011", "111");
    }

    @Test
    void deletion_cutting_links_and_what_lay_there_before_are_followed() throws IOException {
        Files.writeString(real.resolve("before"), "x");
        disk = new Disk(real);
        Path before = disk.root().resolve("before");
        Files.createLink(disk.root().resolve("link"), before);
        Files.delete(before);
        assertThat(left(Survival.NOTHING).resolve("before")).hasContent("x");
        assertThat(left(Survival.ALL).resolve("link")).hasContent("x");
        assertThat(left(Survival.ALL).resolve("before")).doesNotExist();
        try (FileChannel channel = FileChannel.open(disk.root().resolve("link"), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {'y', 'z'}), 1);
            channel.truncate(2);
        }
        assertThat(left(Survival.ALL).resolve("link")).hasContent("xy");
    }

    @Test
    void marks_stand_where_they_were_made() throws IOException {
        disk.mark("first");
        Files.writeString(disk.root().resolve("a"), "1");
        disk.mark("second");
        assertThat(disk.marks(0)).isEmpty();
        assertThat(disk.marks(disk.operations() - 1)).containsExactly("first");
        assertThat(disk.marks(disk.operations())).containsExactly("first", "second");
    }
}
