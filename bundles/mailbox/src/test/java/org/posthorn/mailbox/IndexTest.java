package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
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

    /** UIDVALIDITY 77; messages 1 and 2 with the keys key1 and key2; closed. As it was written before there were EMAILIDs. */
    static final String OLD =
            "706f7374686f726e20696e64657820310a0000000308654e10014d010000000c0fe1e75d090a666972737420626f6f74000000"
                    + "1010b08a100201026480e2cfaa060800046b657931000000176d085130020203c80180a0f8fa05000105244a756e6b046b6579"
                    + "3200000005f48b3b350301040a0000000002985c4d630703000000053b50150d0b03010203";

    @TempDir
    Path directory;

    private Path path;

    @BeforeEach
    void path() {
        path = directory.resolve("x.index");
    }

    private static final IndexRecord.Head HEAD = new IndexRecord.Head(77, 1, 1L << 40, 5);

    private static final Flags FLAGS = Flags.of(Flags.SEEN | Flags.FLAGGED);

    private static Instant time(long seconds) {
        return Instant.ofEpochSecond(seconds);
    }

    /** Each third one is a copy of another mailbox's. */
    private static Entry entry(long uid, long modSeq) {
        Instant date = Instant.ofEpochSecond(uid);
        long emailId = uid % 3 == 0 ? -uid : HEAD.mailboxId() + uid;
        return new Entry(uid, Flags.of((int) uid % 32), modSeq, 100 + uid, date, date.plusSeconds(9), emailId);
    }

    private static void add(Index index, long uid, long modSeq) throws IOException {
        index.commit(List.of(new IndexRecord.Added(entry(uid, modSeq), "key" + uid)));
    }

    @Test
    void what_happened_is_known_after_it_was_opened_again_and_after_it_was_made_compact() throws IOException {
        Changes changes;
        try (Index index = Index.create(path, HEAD)) {
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
            for (int row = 0; row < 7000; row++) {
                Entry is = index.table().entry(row);
                Entry was = entry(is.uid(), 0);
                assertThat(is.emailId()).isEqualTo(was.emailId());
                assertThat(is.saved()).isEqualTo(was.saved());
            }
        }
    }

    @Test
    void what_an_earlier_version_wrote_is_read() throws IOException {
        Files.write(path, HexFormat.of().parseHex(OLD));
        try (Index index = Index.open(path)) {
            assertThat(index.whole()).isTrue();
            assertThat(index.closed()).contains(new Stamp(1, 2, 3));
            assertThat(index.table().mailboxId()).isZero();
            index.commit(List.of(new IndexRecord.Head(77, 4, 1000, 1_800_000_000)));
            // It came with 2, and had its flags changed with 4.
            Entry one = new Entry(1, FLAGS, 4, 100, time(1_700_000_000), time(1_800_000_000), 1001, 2);
            assertThat(index.table().entry(0)).isEqualTo(one);
            index.commit(List.of(new IndexRecord.Added(new Entry(3, FLAGS, 5, 9, time(1), time(2), 7), "key3")));
            index.rewrite();
        }
        try (Index index = Index.open(path)) {
            assertThat(index.table().entry(1).saved()).isEqualTo(time(1_800_000_000));
            assertThat(index.table().entry(1).emailId()).isEqualTo(1002);
            assertThat(index.table().entry(2)).isEqualTo(new Entry(3, FLAGS, 5, 9, time(1), time(2), 7));
        }
    }

    /** What is heard of emails that left, or nothing where that is not known. */
    private static List<String> left(Index index, long since, long upTo) {
        List<String> heard = new ArrayList<>();
        boolean known = index.left(since, (id, born, modSeq) -> {
            if (modSeq <= upTo) heard.add(id + " " + born + " " + modSeq);
        });
        return known ? heard : List.of("unknown");
    }

    @Test
    void when_a_message_came_and_which_email_left_is_known_after_all_was_written_anew() throws IOException {
        long own = HEAD.mailboxId();
        try (Index index = Index.create(path, HEAD)) {
            for (int i = 1; i <= 6; i++) add(index, i, 1 + i);
            index.commit(List.of(new IndexRecord.Flagged(4, 20, FLAGS)));
            index.commit(IndexRecord.Expunged.of(21, UidSet.ofUids(LongStream.of(1, 2, 3))));
            index.commit(IndexRecord.Expunged.of(22, UidSet.ofUids(LongStream.of(5, 6))));
        }
        for (int round = 0; round < 3; round++) {
            try (Index index = Index.open(path)) {
                assertThat(index.table().entry(0).born()).isEqualTo(5);
                assertThat(index.table().entry(0).modSeq()).isEqualTo(20);
                assertThat(left(index, 0, 21)).containsExactly(own + 1 + " 2 21", own + 2 + " 3 21", "-3 4 21");
                assertThat(left(index, 21, 99)).containsExactly(own + 5 + " 6 22", "-6 7 22");
                assertThat(left(index, 22, 99)).isEmpty();
                if (round == 1) index.rewrite();
            }
        }
    }

    @Test
    void what_came_together_and_is_no_copy_takes_no_columns() {
        Traces one = new Traces(new long[] {3}, new long[] {7}, new long[0], new long[0]);
        assertThat(one.copies()).isSameAs(Traces.NONE.copies());
        assertThat(one.emailIds()).isSameAs(Traces.NONE.emailIds());
        assertThat(one.counts()).containsExactly(3);
        assertThat(one.born()).containsExactly(7);
        assertThat(one.known()).isTrue();
        assertThat(one.weight()).isZero();
        assertThat(Traces.NONE.known()).isFalse();
    }

    @Test
    void of_very_many_that_left_at_once_the_first_that_came_tells_since_when_they_were_there() throws IOException {
        try (Index index = Index.create(path, HEAD)) {
            for (int i = 1; i <= 1001; i++) add(index, i, 1 + i);
            index.commit(List.of(new IndexRecord.Expunged(5000, UidSet.ALL)));
            assertThat(left(index, 1, 4999)).containsExactly("unknown");
            // There are more UIDs in it than anybody wants to hear of.
            assertThat(left(index, 1, 5000)).containsExactly("unknown");
            for (int i = 2001; i <= 3001; i++) add(index, i, 4000 + i);
            index.commit(List.of(new IndexRecord.Expunged(8000, UidSet.range(2001, 3001))));
            assertThat(left(index, 5000, 8000)).hasSize(1001).allMatch(line -> line.endsWith(" 6001 8000"));
        }
    }

    @Test
    void what_an_earlier_version_expunged_is_not_known() throws IOException {
        Files.write(path, HexFormat.of().parseHex(OLD));
        try (Index index = Index.open(path)) {
            long then = index.highestModSeq();
            IndexFile.Opened file = IndexFile.open(path, record -> {});
            file.file().append(List.of(new IndexRecord.Expunged(then + 1, UidSet.of(1))));
            file.file().close();
        }
        try (Index index = Index.open(path)) {
            long now = index.highestModSeq();
            assertThat(index.table().rows()).isEqualTo(1);
            assertThat(left(index, now - 1, now)).containsExactly("unknown");
            assertThat(left(index, now, now)).isEmpty();
            index.commit(List.of(new IndexRecord.Expunged(now + 1, UidSet.of(2))));
            assertThat(left(index, now, now + 1)).hasSize(1);
        }
    }

    @Test
    void of_many_copies_that_are_gone_the_first_are_forgotten() throws IOException {
        int many = ExpungeLog.MOST_COPIES / 2;
        try (Index index = Index.create(path, HEAD)) {
            for (int part = 0; part < 3; part++) {
                List<IndexRecord> copies = new ArrayList<>();
                for (long uid = part * many + 1; uid <= (part + 1L) * many; uid++)
                    copies.add(new IndexRecord.Added(new Entry(uid, FLAGS, 2, 1, time(1), time(2), -uid), "k" + uid));
                index.commit(copies);
                index.commit(List.of(
                        new IndexRecord.Expunged(10 + part, UidSet.range(part * many + 1L, (part + 1L) * many))));
            }
            assertThat(left(index, 10, 99)).containsExactly("unknown");
            assertThat(left(index, 11, 99)).hasSize(many);
            assertThat(index.since(9).vanished().size()).isEqualTo(3L * many);
            index.rewrite();
        }
        try (Index index = Index.open(path)) {
            assertThat(left(index, 10, 99)).containsExactly("unknown");
            assertThat(left(index, 11, 99)).hasSize(many);
            assertThat(index.since(9).vanished().size()).isEqualTo(3L * many);
        }
    }

    /** A message that an earlier version took in, from the year 2211. */
    @Test
    void time_of_saving_is_the_same_when_all_is_written_anew_whatever_the_date() throws IOException {
        Entry told;
        try (Index index = Index.create(path, HEAD)) {
            Entry old = new Entry(1, FLAGS, 4, 100, time(7_605_580_032L), time(0), 0);
            index.commit(List.of(new IndexRecord.Added(old, "key1")));
            told = index.table().entry(0);
            index.rewrite();
        }
        try (Index index = Index.open(path)) {
            assertThat(index.table().entry(0)).isEqualTo(told);
        }
    }

    @Test
    void a_uid_that_a_crash_took_is_not_given_again() throws IOException {
        try (Index index = Index.create(path, HEAD)) {
            assertThat(index.takeUid()).isEqualTo(1);
        }
        try (Index index = Index.open(path)) {
            assertThat(index.takeUid()).isGreaterThan(1);
        }
    }

    @Test
    void many_uids_are_made_ready_at_once_and_a_crash_takes_them_all() throws IOException {
        try (Index index = Index.create(path, HEAD)) {
            index.reserve(10_000);
            for (int uid = 1; uid <= 10_000; uid++) assertThat(index.takeUid()).isEqualTo(uid);
            List<IndexRecord> written = new ArrayList<>();
            IndexFile.look(path, written::add);
            assertThat(written).hasSize(2).last().isEqualTo(new IndexRecord.Reserved(10_001));
        }
        try (Index index = Index.open(path)) {
            assertThat(index.takeUid()).isGreaterThan(10_000);
        }
    }

    @Test
    void the_log_of_what_was_expunged_is_bounded_and_says_how_far_it_reaches() throws IOException {
        try (Index index = Index.create(path, HEAD)) {
            for (int i = 1; i <= ExpungeLog.MOST_RANGES + 100; i++)
                index.commit(List.of(new IndexRecord.Expunged(10 + i, UidSet.of(2L * i))));
            assertThat(index.since(50).complete()).isFalse();
            assertThat(index.since(110).complete()).isTrue();
            assertThat(index.since(110).vanished().size()).isEqualTo(ExpungeLog.MOST_RANGES);
        }
    }

    @Test
    void who_knows_of_a_mod_sequence_that_was_never_given_is_told_all() throws IOException {
        try (Index index = Index.create(path, HEAD)) {
            add(index, 1, 2);
            add(index, 2, 3);
            index.finish(new Stamp(1, 2, 3));
        }
        try (Index index = Index.open(path)) {
            Changes all = new Changes(List.of(entry(1, 2), entry(2, 3)), UidSet.EMPTY, false, 3);
            assertThat(index.since(3)).isEqualTo(new Changes(List.of(), UidSet.EMPTY, true, 3));
            assertThat(index.since(4)).isEqualTo(all);
            // What had been reserved when the process died is never given.
            add(index, 3, 1003);
            all = new Changes(List.of(entry(1, 2), entry(2, 3), entry(3, 1003)), UidSet.EMPTY, false, 1003);
            assertThat(index.since(500)).isEqualTo(all);
            assertThat(index.since(1004)).isEqualTo(all);
            assertThat(index.since(1003)).isEqualTo(new Changes(List.of(), UidSet.EMPTY, true, 1003));
        }
    }

    @Test
    void a_file_that_cannot_be_written_anew_stays_what_it_was_and_no_force_of_it_counts() throws IOException {
        List<IndexRecord> all = new ArrayList<>(List.of(HEAD));
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
        try (Index index = Index.create(path, HEAD)) {
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
