package org.posthorn.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.spool.Kept;
import org.posthorn.api.spool.Pending;
import org.posthorn.testkit.TestInspection;

/** What a check of the spool tells of real damage, and what is so after a repair. */
class SpoolCheckTest {

    @TempDir
    Path root;

    private Path segment() {
        return root.resolve("journal/0000000000000001.seg");
    }

    private static List<String> told(JournalSpool spool) throws IOException {
        TestInspection look = TestInspection.looking();
        spool.inspect(look);
        return look.lines();
    }

    private static List<String> mended(JournalSpool spool) throws IOException {
        TestInspection repair = TestInspection.mending();
        spool.inspect(repair);
        return repair.lines();
    }

    /** Changes octets of a file that no server has open. */
    private static void hurt(Path file, String at, int behind) throws IOException {
        byte[] octets = Files.readAllBytes(file);
        int place = new String(octets, StandardCharsets.ISO_8859_1).indexOf(at) + behind;
        for (int i = place; i < place + 5; i++) octets[i] ^= 0x55;
        Files.write(file, octets);
    }

    private static List<String> texts(JournalSpool spool) throws IOException {
        return spool.replay().stream().map(SpoolCheckTest::text).toList();
    }

    private static String text(Pending pending) {
        try {
            return Mails.text(pending.mail().message());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void nothing_is_found_where_nothing_is_wrong() throws IOException {
        try (JournalSpool spool = Mails.open(root)) {
            Mails.commit(spool, "small", "a@example.test");
            Mails.commit(spool, new byte[100_000], List.of(), "a@example.test");
            spool.kept().keep(Mails.commit(spool, "waits", "a@example.test"));
            assertThat(told(spool)).isEmpty();
        }
        try (JournalSpool spool = Mails.open(root)) {
            assertThat(told(spool)).isEmpty();
        }
    }

    @Test
    void what_is_left_of_a_damaged_mail_is_delivered_once_to_those_who_have_not_got_it() throws IOException {
        try (JournalSpool spool = Mails.open(root)) {
            Mail hurt = Mails.commit(spool, "first " + "x".repeat(500), "a@example.test", "b@example.test");
            spool.settle(hurt.id(), List.of(0));
            Mails.commit(spool, "second", "a@example.test");
        }
        hurt(segment(), "first", 100);
        try (JournalSpool spool = Mails.open(root)) {
            assertThat(texts(spool)).containsExactly("second");
            assertThat(told(spool))
                    .hasSize(2)
                    .first()
                    .asString()
                    .contains("from <alice@example.test> for <b@example.test>, not");
            assertThat(mended(spool)).hasSize(2);
            Mail again = spool.replay().get(1).mail();
            assertThat(again.envelope().recipients())
                    .extracting(r -> r.address().toString())
                    .containsExactly("b@example.test");
            assertThat(Mails.text(again.message()))
                    .startsWith("X-Posthorn-Damaged: mail ")
                    .contains("first xxx");
            assertThat(mended(spool)).isEmpty();
            assertThat(spool.replay()).hasSize(2);
        }
        try (JournalSpool spool = Mails.open(root)) {
            mended(spool);
            assertThat(spool.replay()).as("the damage is still in the journal").hasSize(2);
        }
    }

    @Test
    void a_damaged_mail_that_everybody_has_is_not_delivered() throws IOException {
        try (JournalSpool spool = Mails.open(root)) {
            Mail hurt = Mails.commit(spool, "first " + "x".repeat(500), "a@example.test");
            Mails.commit(spool, "second", "a@example.test");
            spool.settle(hurt.id(), List.of(0));
        }
        hurt(segment(), "first", 100);
        try (JournalSpool spool = Mails.open(root)) {
            assertThat(mended(spool)).hasSize(1).first().asString().contains("copy of a journal segment");
            assertThat(texts(spool)).containsExactly("second");
        }
    }

    /** A segment with that number and that mark, hurt; the start that finds it is over, and nothing of it is open. */
    private void hurtSegment(long mark) throws IOException {
        try (JournalSpool spool = new JournalSpool(root, Mails.LIMITS, Mails.BOOT, () -> mark, 0)) {
            Mails.commit(spool, "hurt " + mark + "x".repeat(500), "a@example.test");
            Mails.commit(spool, "second", "a@example.test");
        }
        hurt(segment(), "hurt", 100);
        try (JournalSpool spool = Mails.open(root)) {
            Mail second = spool.replay().get(0).mail();
            spool.settle(second.id(), List.of(0));
        }
        Mails.open(root).close();
        assertThat(Directories.list(root.resolve("journal"), "")).isEmpty();
    }

    @Test
    void a_second_damaged_segment_of_the_same_number_is_set_aside_as_well() throws IOException {
        hurtSegment(1);
        hurtSegment(2);
        assertThat(Directories.list(root.resolve("damaged"), ".seg")).hasSize(2);
        try (JournalSpool spool = Mails.open(root)) {
            mended(spool);
        }
        hurtSegment(3);
        try (JournalSpool spool = Mails.open(root)) {
            mended(spool);
        }
        List<Path> old = Directories.list(root.resolve("damaged/old"), ".seg");
        assertThat(old).hasSize(3);
        for (int i = 0; i < 3; i++)
            assertThat(Files.readString(old.get(i), StandardCharsets.ISO_8859_1))
                    .contains("hurt " + (i + 1));
    }

    @Test
    void a_damaged_segment_is_set_aside_once_whatever_the_copy_is_called() throws IOException {
        try (JournalSpool spool = Mails.open(root)) {
            Mails.commit(spool, "hurt " + "x".repeat(500), "a@example.test");
            Mails.commit(spool, "second", "a@example.test");
        }
        hurt(segment(), "hurt", 100);
        Mails.open(root).close();
        Path copy = Directories.list(root.resolve("damaged"), ".seg").get(0);
        Path older = Files.move(copy, copy.resolveSibling(segment().getFileName()));
        try (JournalSpool spool = Mails.open(root)) {
            assertThat(Directories.list(root.resolve("damaged"), ".seg")).containsExactly(older);
            mended(spool);
        }
        try (JournalSpool spool = Mails.open(root)) {
            assertThat(Directories.list(root.resolve("damaged"), ".seg")).isEmpty();
            assertThat(told(spool)).isEmpty();
        }
    }

    @Test
    void a_large_mail_that_was_cut_is_delivered_as_far_as_it_goes() throws IOException {
        try (JournalSpool spool = Mails.open(root)) {
            Mails.commit(spool, "L".repeat(100_000).getBytes(StandardCharsets.US_ASCII), List.of(), "a@example.test");
        }
        Path file = Directories.list(root.resolve("large"), "").get(0);
        Files.write(file, "L".repeat(70_000).getBytes(StandardCharsets.US_ASCII));
        try (JournalSpool spool = Mails.open(root)) {
            assertThat(spool.replay()).isEmpty();
            mended(spool);
            assertThat(texts(spool).get(0)).endsWith("L".repeat(70_000)).hasSizeLessThan(70_200);
            assertThat(told(spool)).isEmpty();
        }
    }

    /** A large mail, and a small one behind it; then the record of the first is hurt. @return its id */
    private String largeWithHurtRecord(String at, int behind) throws IOException {
        String id;
        try (JournalSpool spool = Mails.open(root)) {
            byte[] octets = "L".repeat(100_000).getBytes(StandardCharsets.US_ASCII);
            List<HeaderField> trace = List.of(new HeaderField("Received", " from there"));
            id = Mails.commit(spool, octets, trace, "a@example.test").id().text();
            Mails.commit(spool, "second", "a@example.test");
        }
        hurt(segment(), at, behind);
        return id;
    }

    @Test
    void a_large_mail_whose_record_was_hurt_is_delivered_with_all_its_octets() throws IOException {
        largeWithHurtRecord("mua.example", 0);
        try (JournalSpool spool = Mails.open(root)) {
            assertThat(texts(spool)).containsExactly("second");
            assertThat(root.resolve("large")).isEmptyDirectory();
            assertThat(told(spool))
                    .hasSize(2)
                    .first()
                    .asString()
                    .contains("from <alice@example.test> for <a@example.test>, not");
            mended(spool);
            assertThat(texts(spool).get(1)).endsWith("Received: from there\r\n" + "L".repeat(100_000));
            assertThat(told(spool)).isEmpty();
        }
    }

    @Test
    void a_large_mail_whose_envelope_was_hurt_keeps_its_octets() throws IOException {
        // The length of the envelope, behind the kind: five octets before the id, which begins with a zero.
        String id = largeWithHurtRecord("ESMTPSA", -(4 + 1 + 4 + 8 + 8 + 16 + 8 + 4));
        try (JournalSpool spool = Mails.open(root)) {
            assertThat(texts(spool)).containsExactly("second");
            assertThat(root.resolve("large")).isEmptyDirectory();
            Path aside = root.resolve("damaged").resolve(id + StrayFiles.ENDING);
            assertThat(aside).hasContent("L".repeat(100_000));
            assertThat(told(spool)).hasSize(2).first().asString().contains("octets of a large mail");
            mended(spool);
            assertThat(told(spool)).isEmpty();
            assertThat(root.resolve("damaged/old").resolve(id + StrayFiles.ENDING))
                    .hasContent("L".repeat(100_000));
        }
    }

    @Test
    void a_large_file_goes_when_its_mail_was_settled_or_never_committed_whatever_is_damaged() throws IOException {
        String settled;
        try (JournalSpool spool = Mails.open(root)) {
            Mail large = Mails.commit(spool, new byte[100_000], List.of(), "a@example.test");
            settled = large.id().text();
            Mails.commit(spool, "first " + "x".repeat(500), "a@example.test");
            spool.settle(large.id(), List.of(0));
            Mails.commit(spool, "second", "a@example.test");
        }
        Files.write(root.resolve("large").resolve(settled), new byte[100_000]);
        Files.write(root.resolve("large/0-1.part"), new byte[100_000]);
        hurt(segment(), "first", 100);
        Mails.open(root).close();
        assertThat(root.resolve("large")).isEmptyDirectory();
        assertThat(Directories.list(root.resolve("damaged"), StrayFiles.ENDING)).isEmpty();
        Files.write(root.resolve("large/unknown"), new byte[10]);
        Path copy = Directories.list(root.resolve("damaged"), ".seg").get(0);
        Files.delete(copy);
        Files.delete(segment());
        Mails.open(root).close();
        assertThat(root.resolve("large")).isEmptyDirectory();
        assertThat(Directories.list(root.resolve("damaged"), StrayFiles.ENDING)).isEmpty();
    }

    @Test
    void damage_to_what_is_in_use_is_told_and_left_to_the_next_start() throws IOException {
        try (JournalSpool spool = Mails.open(root)) {
            Mails.commit(spool, "first " + "x".repeat(500), "a@example.test");
            Mails.commit(spool, "second", "a@example.test");
            hurt(segment(), "first", 100);
            assertThat(told(spool)).hasSize(1).first().asString().contains("damaged in 1 place", "next start");
        }
    }

    @Test
    void kept_octets_are_known_by_their_sum_and_who_waits_for_them_by_name() throws IOException {
        try (JournalSpool spool = Mails.open(root)) {
            Mail mail = Mails.commit(spool, "waits", "a@example.test", "b@example.test");
            spool.kept().keep(mail);
            assertThat(spool.kept().inspect(mail.id()).whole()).isTrue();
            var one = mail.envelope().recipients().subList(1, 2);
            spool.kept().keep(Mails.with(mail, one));
            Kept kept = spool.kept().inspect(mail.id());
            assertThat(kept.mail().orElseThrow().envelope().recipients()).isEqualTo(one);
            assertThat(Mails.text(kept.mail().orElseThrow().message())).isEqualTo("waits");
            hurt(root.resolve("deferred").resolve(mail.id().text()), "waits", 0);
            assertThat(spool.kept().inspect(mail.id()).whole()).isFalse();
            spool.kept().drop(mail.id());
            assertThat(root.resolve("deferred")).isEmptyDirectory();
        }
    }

    @Test
    void a_note_of_an_older_version_is_read_and_written_over() throws IOException {
        try (JournalSpool spool = Mails.open(root)) {
            Mail mail = Mails.commit(spool, "waits", "a@example.test", "b@example.test");
            spool.kept().keep(mail);
            Path note = root.resolve("deferred").resolve(mail.id() + ".note");
            byte[] now = Files.readAllBytes(note);
            byte[] rest = Arrays.copyOfRange(now, 16, now.length - 8);
            ByteBuffer before =
                    ByteBuffer.allocate(12 + rest.length).put(now, 0, 6).putShort((short) 1);
            Files.write(
                    note,
                    before.putInt(Frame.crc(rest, 0, rest.length)).put(rest).array());
            Kept kept = spool.kept().inspect(mail.id());
            assertThat(kept.whole()).isTrue();
            assertThat(kept.mail().orElseThrow().envelope()).isEqualTo(mail.envelope());
            spool.kept().keep(Mails.with(mail, List.of()));
            assertThat(spool.kept().inspect(mail.id()).over()).isTrue();
            spool.kept().keep(mail);
            assertThat(note).hasBinaryContent(now);
        }
    }

    @Test
    void octets_of_an_older_version_have_no_note_and_get_one_when_they_are_kept_again() throws IOException {
        try (JournalSpool spool = Mails.open(root)) {
            Mail mail = Mails.commit(spool, "waits", "a@example.test");
            spool.kept().keep(mail);
            Files.delete(root.resolve("deferred").resolve(mail.id() + ".note"));
            assertThat(spool.kept().inspect(mail.id()).mail()).isEmpty();
            spool.kept().keep(mail);
            assertThat(spool.kept().inspect(mail.id()).mail()).isPresent();
            assertThat(spool.kept().inspect(mail.id()).whole()).isTrue();
        }
    }
}
