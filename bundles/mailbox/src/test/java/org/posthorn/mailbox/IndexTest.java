package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mailbox.Changes;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Stamp;
import org.posthorn.api.mailbox.UidSet;

class IndexTest {

    @TempDir
    Path directory;

    private Path path;

    @BeforeEach
    void path() {
        path = directory.resolve("x.index");
    }

    private static Entry entry(long uid, long modSeq) {
        return new Entry(uid, Flags.of((int) uid % 32), modSeq, 100 + uid, Instant.ofEpochSecond(uid));
    }

    private static void add(Index index, long uid, long modSeq) throws IOException {
        index.commit(List.of(new IndexRecord.Added(entry(uid, modSeq), "key" + uid)));
    }

    @Test
    void what_happened_is_known_after_it_was_opened_again_and_after_it_was_made_compact() throws IOException {
        Changes changes;
        try (Index index = Index.create(path, 77, 1)) {
            for (int i = 1; i <= 9000; i++) add(index, i, 1 + i);
            for (int i = 1; i <= 9000; i++)
                index.commit(
                        List.of(new IndexRecord.Flagged(i, 10_000 + i, Flags.named(List.of("\\Seen", "k" + i % 3)))));
            index.commit(IndexRecord.Expunged.of(
                    30_000, UidSet.ofUids(LongStream.rangeClosed(1, 4000).filter(u -> u % 2 == 0))));
            changes = index.since(18_990);
            assertThat(changes.entries())
                    .extracting(Entry::uid)
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(8991, 9000).boxed().toList());
            assertThat(changes.vanished().size()).isEqualTo(2000);
            index.finish(new Stamp(1, 2, 3));
        }
        assertThat(Files.size(path)).isLessThan(700_000);
        try (Index index = Index.open(path)) {
            assertThat(index.whole()).isTrue();
            assertThat(index.closed()).contains(new Stamp(1, 2, 3));
            assertThat(index.uidNext()).isEqualTo(9001);
            assertThat(index.since(18_990)).isEqualTo(changes);
            assertThat(index.table().rows()).isEqualTo(7000);
        }
    }

    @Test
    void a_uid_that_a_crash_took_is_not_given_again() throws IOException {
        try (Index index = Index.create(path, 77, 1)) {
            assertThat(index.takeUid()).isEqualTo(1);
        }
        try (Index index = Index.open(path)) {
            assertThat(index.takeUid()).isGreaterThan(1);
        }
    }

    @Test
    void the_log_of_what_was_expunged_is_bounded_and_says_how_far_it_reaches() throws IOException {
        try (Index index = Index.create(path, 77, 1)) {
            for (int i = 1; i <= ExpungeLog.MOST_RANGES + 100; i++)
                index.commit(List.of(new IndexRecord.Expunged(10 + i, UidSet.of(2L * i))));
            assertThat(index.since(50).complete()).isFalse();
            assertThat(index.since(110).complete()).isTrue();
            assertThat(index.since(110).vanished().size()).isEqualTo(ExpungeLog.MOST_RANGES);
        }
    }

    @Test
    void a_file_that_cannot_be_written_anew_stays_what_it_was_and_no_force_of_it_counts() throws IOException {
        List<IndexRecord> all = new ArrayList<>(List.of(new IndexRecord.Head(77, 1)));
        try (IndexFile file = IndexFile.open(path, r -> {}).file()) {
            file.append(all);
            IndexRecord waiting = new IndexRecord.Added(entry(1, 2), "key");
            long mark = file.append(List.of(waiting));
            Stream<IndexRecord> broken = Stream.of(waiting).peek(r -> {
                throw new OutOfMemoryError("made for this test");
            });
            assertThatThrownBy(() -> file.replace(broken)).isInstanceOf(OutOfMemoryError.class);
            assertThatThrownBy(() -> file.force(mark)).isInstanceOf(IOException.class);
            IndexRecord later = new IndexRecord.Claimed(1);
            file.append(List.of(later));
            all.addAll(List.of(waiting, later));
        }
        List<IndexRecord> found = new ArrayList<>();
        IndexFile.look(path, found::add);
        assertThat(found).isEqualTo(all);
    }

    @Test
    void a_damaged_file_is_read_up_to_the_damage_and_says_so() throws IOException {
        try (Index index = Index.create(path, 77, 1)) {
            for (int i = 1; i <= 100; i++) add(index, i, 1 + i);
            index.finish(new Stamp(1, 2, 3));
        }
        byte[] sound = Files.readAllBytes(path);
        Random random = new Random(1);
        for (int round = 0; round < 2000; round++) {
            byte[] damaged =
                    random.nextBoolean() ? sound.clone() : java.util.Arrays.copyOf(sound, random.nextInt(sound.length));
            for (int i = random.nextInt(4); i > 0 && damaged.length > 0; i--)
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            Files.write(path, damaged);
            try (Index index = Index.open(path)) {
                MessageTable table = index.table();
                for (int row = 0; row < table.rows(); row++) {
                    assertThat(table.entry(row)).isEqualTo(entry(row + 1, row + 2));
                    assertThat(table.key(row)).isEqualTo("key" + (row + 1));
                }
                boolean same = java.util.Arrays.equals(sound, damaged);
                // A cut between two records cannot be told from a process that died there.
                if (damaged.length == sound.length) assertThat(index.whole()).isEqualTo(same);
                assertThat(index.uidNext()).isGreaterThan(table.lastUid());
            }
        }
    }
}
