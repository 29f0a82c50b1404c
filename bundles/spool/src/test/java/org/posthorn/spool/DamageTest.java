package org.posthorn.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.spool.Pending;

/** What is left of a journal that was cut or damaged. */
class DamageTest {

    @TempDir
    Path root;

    private final Map<String, String> bodies = new LinkedHashMap<>();
    private final Map<String, Long> ends = new LinkedHashMap<>();
    private Path segment;
    private byte[] sound;

    @BeforeEach
    void a_segment_of_twenty_mails() throws IOException {
        segment = root.resolve("journal/0000000000000001.seg");
        Random random = new Random(1);
        try (JournalSpool spool = Mails.open(root)) {
            for (int i = 0; i < 20; i++) {
                String body = ("<" + i + ">").repeat(1 + random.nextInt(700));
                Mail mail = Mails.commit(spool, body, "a@example.test");
                bodies.put(mail.id().text(), body);
                ends.put(mail.id().text(), 0L);
            }
        }
        sound = Files.readAllBytes(segment);
        for (String id : bodies.keySet())
            ends.put(
                    id,
                    (long) new String(sound, StandardCharsets.ISO_8859_1).indexOf(bodies.get(id))
                            + bodies.get(id).length());
    }

    /** The journal is that one segment. */
    private void journal(byte[] octets) throws IOException {
        for (Path path : Directories.list(segment.getParent(), ".seg")) Files.delete(path);
        Files.write(segment, octets);
    }

    @Test
    void a_torn_tail_costs_only_what_was_not_whole() throws IOException {
        Random random = new Random(2);
        for (int round = 0; round < 60; round++) {
            int cut = random.nextInt(sound.length + 1);
            byte[] torn = java.util.Arrays.copyOf(sound, cut);
            // After a power loss the file may already have its new length, with anything in it.
            if (round % 2 == 0 && cut > 0) torn[cut - 1] ^= 0x55;
            int good = round % 2 == 0 ? cut - 1 : cut;
            journal(torn);
            assertThat(replayed())
                    .containsExactlyElementsOf(bodies.keySet().stream()
                            .filter(id -> ends.get(id) <= good)
                            .toList());
            assertThat(root.resolve("damaged")).isEmptyDirectory();
        }
    }

    @Test
    void damage_in_the_middle_costs_only_the_mail_it_hit() throws IOException {
        Random random = new Random(3);
        for (int round = 0; round < 60; round++) {
            byte[] hurt = sound.clone();
            int at = Segment.HEAD + random.nextInt(sound.length - Segment.HEAD);
            int count = 1 + random.nextInt(8);
            for (int i = at; i < Math.min(at + count, hurt.length); i++) hurt[i] ^= (byte) (1 + random.nextInt(255));
            journal(hurt);
            List<String> left = replayed();
            assertThat(bodies.keySet()).containsAll(left);
            // Eight octets lie in two records at most.
            assertThat(left).hasSizeGreaterThanOrEqualTo(18).hasSizeLessThan(20);
        }
        assertThat(Directories.list(root.resolve("damaged"), ".seg")).hasSize(1);
    }

    @Test
    void damage_to_the_last_mail_is_no_torn_tail() throws IOException {
        byte[] hurt = sound.clone();
        hurt[hurt.length - 2] ^= 1;
        journal(hurt);
        List<String> ids = List.copyOf(bodies.keySet());
        assertThat(replayed()).containsExactlyElementsOf(ids.subList(0, 19));
        assertThat(copies()).hasSize(1).first().satisfies(c -> assertThat(c).hasBinaryContent(hurt));
        assertThat(remains(ids.get(19))).hasSize(bodies.get(ids.get(19)).length());
        assertThat(replayed()).containsExactlyElementsOf(ids.subList(0, 19));
        assertThat(copies()).hasSize(1);
    }

    /** A segment behind the first, with a mail in it. */
    private Path anotherSegment(Path other) throws IOException {
        Path begun = segment.resolveSibling("0000000000000002.seg");
        try (JournalSpool spool = Mails.open(other)) {
            Mails.commit(spool, "another", "a@example.test");
        }
        return Files.copy(other.resolve("journal").resolve(segment.getFileName()), begun);
    }

    @Test
    void the_end_of_a_segment_that_was_full_is_damaged_and_not_torn() throws IOException {
        String last = List.copyOf(bodies.keySet()).get(19);
        long end = ends.get(last) - bodies.get(last).length() / 2;
        journal(java.util.Arrays.copyOf(sound, (int) end));
        anotherSegment(root.resolve("other"));
        try (JournalSpool spool = Mails.open(root)) {
            assertThat(spool.replay()).hasSize(20);
            assertThat(Mails.ids(spool)).doesNotContain(last);
        }
        assertThat(copies()).hasSize(1).first().satisfies(c -> assertThat(c).hasSize(end));
        assertThat(bodies.get(last)).startsWith(remains(last)).isNotEqualTo(remains(last));
    }

    @Test
    void a_segment_whose_end_is_zeros_keeps_the_mail_that_they_begin_in() throws IOException {
        List<String> ids = List.copyOf(bodies.keySet());
        byte[] hurt = sound.clone();
        int begin = (int) (ends.get(ids.get(15)) - bodies.get(ids.get(15)).length() / 2);
        java.util.Arrays.fill(hurt, begin, hurt.length, (byte) 0);
        journal(hurt);
        anotherSegment(root.resolve("other"));
        try (JournalSpool spool = Mails.open(root)) {
            assertThat(Mails.ids(spool))
                    .hasSize(16)
                    .startsWith(ids.subList(0, 15).toArray(String[]::new));
        }
        assertThat(copies()).hasSize(1);
        assertThat(bodies.get(ids.get(15))).startsWith(remains(ids.get(15)));
    }

    @Test
    void a_write_that_was_cut_short_is_no_damage_though_the_next_segment_was_begun() throws IOException {
        Path other = root.resolve("other");
        byte[] torn = java.util.Arrays.copyOf(java.util.Arrays.copyOf(sound, sound.length - 10), sound.length + 5000);
        journal(torn);
        Path begun = anotherSegment(other);
        byte[] head = java.util.Arrays.copyOf(Files.readAllBytes(begun), Segment.HEAD);
        Files.write(begun, java.util.Arrays.copyOf(head, 5000));
        try (JournalSpool spool = Mails.open(root)) {
            assertThat(spool.replay()).hasSize(19);
        }
        assertThat(root.resolve("damaged")).isEmptyDirectory();
    }

    @Test
    void a_segment_of_which_nothing_can_be_read_is_set_aside_each_time() throws IOException {
        Path other = root.resolve("other");
        try (JournalSpool spool = Mails.open(other)) {
            Mails.commit(spool, "only", "a@example.test");
        }
        byte[] one = Files.readAllBytes(other.resolve("journal").resolve(segment.getFileName()));
        one[8] ^= 1;
        for (int round = 1; round < 3; round++) {
            one[one.length - 1] ^= (byte) round;
            journal(one);
            assertThat(replayed()).isEmpty();
            assertThat(copies()).hasSize(round).anySatisfy(c -> assertThat(c).hasBinaryContent(one));
        }
    }

    private List<Path> copies() throws IOException {
        return Directories.list(root.resolve("damaged"), ".seg");
    }

    private String remains(String id) throws IOException {
        Remains remains = Remains.read(root.resolve("damaged").resolve(id + Remains.ENDING));
        try (var in = remains.octets().open()) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }

    @Test
    void a_damaged_head_costs_nothing() throws IOException {
        byte[] hurt = sound.clone();
        for (int i = 0; i < Segment.HEAD; i++) hurt[i] = (byte) i;
        journal(hurt);
        assertThat(replayed()).containsExactlyElementsOf(bodies.keySet());
    }

    @Test
    void a_damaged_beginning_costs_the_mail_that_lies_there() throws IOException {
        byte[] hurt = sound.clone();
        for (int i = 0; i < Segment.HEAD + 40; i++) hurt[i] = (byte) (i * 31);
        journal(hurt);
        assertThat(replayed())
                .containsExactlyElementsOf(bodies.keySet().stream().skip(1).toList());
        assertThat(Directories.list(root.resolve("damaged"), ".seg")).hasSize(1);
    }

    @Test
    void anything_at_all_in_a_segment_is_survived() throws IOException {
        Random random = new Random(4);
        for (int round = 0; round < 60; round++) {
            byte[] noise = new byte[random.nextInt(5000)];
            random.nextBytes(noise);
            ByteArrayOutputStream mixed = new ByteArrayOutputStream();
            int from = random.nextInt(sound.length);
            mixed.write(sound, 0, random.nextInt(sound.length));
            mixed.write(noise);
            mixed.write(sound, from, random.nextInt(sound.length - from));
            journal(mixed.toByteArray());
            assertThat(bodies.keySet()).containsAll(replayed());
        }
    }

    @Test
    void a_mail_that_holds_a_journal_does_not_become_one() throws IOException {
        Path other = root.resolve("other");
        try (JournalSpool spool = Mails.open(other, Mails.LIMITS, Mails.BOOT)) {
            Mails.commit(spool, "harmless", "a@example.test");
        }
        byte[] forged = Files.readAllBytes(other.resolve("journal/0000000000000001.seg"));
        Path victim = root.resolve("victim");
        try (JournalSpool spool = new JournalSpool(victim, Mails.LIMITS, Mails.BOOT, new Random(99)::nextLong, 0)) {
            Mails.commit(spool, forged, List.of(), "a@example.test");
            Mails.commit(spool, "good", "a@example.test");
        }
        Path file = victim.resolve("journal/0000000000000001.seg");
        byte[] hurt = Files.readAllBytes(file);
        hurt[Segment.HEAD + Frame.HEAD + 20] ^= 1;
        Files.write(file, hurt);
        try (JournalSpool spool = Mails.open(victim)) {
            assertThat(spool.replay()).hasSize(1);
            assertThat(Mails.text(spool.replay().get(0).mail().message())).isEqualTo("good");
        }
    }

    @Test
    void a_large_mail_whose_file_is_gone_costs_only_itself() throws IOException {
        String id;
        try (JournalSpool spool = Mails.open(root)) {
            id = Mails.commit(spool, new byte[100_000], List.of(), "a@example.test")
                    .id()
                    .text();
        }
        Files.delete(root.resolve("large").resolve(id));
        assertThat(replayed()).containsExactlyElementsOf(bodies.keySet());
        assertThat(root.resolve("damaged")).isNotEmptyDirectory();
    }

    @Test
    void a_large_mail_that_was_settled_needs_its_file_no_more() throws IOException {
        try (JournalSpool spool = Mails.open(root)) {
            Mail large = Mails.commit(spool, new byte[100_000], List.of(), "a@example.test");
            spool.settle(large.id(), List.of(0));
        }
        assertThat(root.resolve("large")).isEmptyDirectory();
        assertThat(replayed()).containsExactlyElementsOf(bodies.keySet());
        assertThat(root.resolve("damaged")).isEmptyDirectory();
    }

    /** The ids that come back, each with the octets it had; and mail can be taken behind them. */
    private List<String> replayed() throws IOException {
        try (JournalSpool spool = Mails.open(root)) {
            for (Pending pending : spool.replay())
                assertThat(Mails.text(pending.mail().message()))
                        .isEqualTo(bodies.get(pending.mail().id().text()));
            List<String> ids = Mails.ids(spool);
            Mail next = Mails.commit(spool, "next", "a@example.test");
            spool.settle(next.id(), List.of(0));
            return ids;
        }
    }
}
