package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Timeout;
import org.posthorn.api.mailbox.Entry;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Stamp;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.itests.fuzz.Scratch;

/** Records that say anything: the input is their contents, each behind an octet that tells its length. Sums are made here, since nobody guesses them. */
class IndexFuzzTest {

    private static final byte[] MAGIC = "posthorn index 1\n".getBytes(StandardCharsets.US_ASCII);

    @FuzzTest
    @Timeout(60)
    void whatever_its_records_say_an_index_can_be_used(byte[] octets) throws IOException {
        try (Scratch scratch = Scratch.make()) {
            use(scratch.folder().resolve("INBOX.index"), octets);
        }
    }

    private static void use(Path path, byte[] octets) throws IOException {
        Files.write(path, framed(octets));
        List<Entry> entries;
        try (Index index = Index.open(path)) {
            sound(index);
            // There are no more UIDs to give.
            if (index.uidNext() > 0xFFFF0000L) return;
            if (!index.whole()) index.mend(new IndexRecord.Head(77, 1000, 7, 0));
            long uid = index.takeUid();
            long modSeq = index.highestModSeq() + 1;
            index.commit(List.of(
                    new IndexRecord.Added(
                            new Entry(uid, Flags.NONE, modSeq, 5, Instant.EPOCH, Instant.EPOCH, 9), "key"),
                    new IndexRecord.Flagged(uid, modSeq, Flags.named(List.of("x")))));
            sound(index);
            assertThat(index.table().lastUid()).isEqualTo(uid);
            entries = index.table().entries(UidSet.ALL);
            index.finish(new Stamp(1, 2, 3));
        }
        try (Index index = Index.open(path)) {
            assertThat(index.whole()).isTrue();
            assertThat(index.table().entries(UidSet.ALL)).isEqualTo(entries);
            index.commit(List.of(new IndexRecord.Expunged(index.highestModSeq() + 1, UidSet.ALL)));
            assertThat(index.table().rows()).isZero();
            sound(index);
        }
    }

    private static byte[] framed(byte[] octets) {
        ByteBuffer file = ByteBuffer.allocate(MAGIC.length + 9 * octets.length).put(MAGIC);
        for (ByteBuffer in = ByteBuffer.wrap(octets); in.hasRemaining(); ) {
            byte[] content = new byte[Math.min(in.get() & 0xFF, in.remaining())];
            in.get(content);
            CRC32C sum = new CRC32C();
            sum.update(content);
            file.putInt(content.length).putInt((int) sum.getValue()).put(content);
        }
        return java.util.Arrays.copyOf(file.array(), file.position());
    }

    private static void sound(Index index) {
        MessageTable table = index.table();
        List<Entry> entries = table.entries(UidSet.ALL);
        assertThat(entries).hasSize(table.rows());
        assertThat(entries).extracting(Entry::uid).isSorted().doesNotHaveDuplicates();
        assertThat(table.octets())
                .isEqualTo(entries.stream().mapToLong(Entry::size).sum());
        assertThat(table.unseen())
                .isEqualTo(
                        entries.stream().filter(e -> !e.flags().has(Flags.SEEN)).count());
        assertThat(table.firstUnseen()).isGreaterThanOrEqualTo(0);
        assertThat(index.uidNext()).isGreaterThan(table.lastUid());
        assertThat(index.since(0).entries())
                .allSatisfy(e -> assertThat(table.row(e.uid())).isGreaterThanOrEqualTo(0));
    }
}
