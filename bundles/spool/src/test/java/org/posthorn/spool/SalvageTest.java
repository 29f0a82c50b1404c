package org.posthorn.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.spool.ShelfNote;

/** A start finds what is left of damaged mail, however much of it there is. */
class SalvageTest {

    private static final JournalSpool.Limits LIMITS = new JournalSpool.Limits(1 << 20, 128 << 20, 0, 0);
    private static final int MAILS = 1200;

    @TempDir
    Path root;

    private Path segment() {
        return root.resolve("journal/0000000000000001.seg");
    }

    @Test
    void a_journal_that_is_hurt_everywhere_needs_little_memory() throws Exception {
        try (JournalSpool spool = Mails.open(root, LIMITS, Mails.BOOT)) {
            for (int i = 0; i < MAILS; i++) Mails.commit(spool, "x".repeat(65_000) + "end", "a@example.test");
            Mails.commit(spool, "whole", "a@example.test");
        }
        byte[] octets = Files.readAllBytes(segment());
        int hurt = 0;
        for (int at = 0; at + 3 < octets.length; at++)
            if (octets[at] == 'x' && octets[at + 1] == 'e' && octets[at + 2] == 'n') {
                octets[at] = 'y';
                hurt++;
            }
        Files.write(segment(), octets);
        assertThat(hurt).isEqualTo(MAILS);
        String path = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Process child = new ProcessBuilder(java, "-Xmx24m", "-cp", path, Opener.class.getName(), root.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(said).endsWith("1 of mail is whole\n");
        List<Path> left = Directories.list(root.resolve("damaged"), Remains.ENDING);
        assertThat(left).hasSize(MAILS);
        try (var in = Remains.read(left.get(MAILS / 2)).octets().open()) {
            assertThat(in.readAllBytes()).hasSize(65_003).endsWith("xyend".getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Test
    void a_time_that_there_is_not_costs_only_the_mail_that_has_it() throws IOException {
        try (JournalSpool spool = Mails.open(root)) {
            Mails.commit(spool, "hurt", "a@example.test");
            Mails.commit(spool, "whole", "a@example.test");
        }
        byte[] octets = Files.readAllBytes(segment());
        // Behind the kind and its length, the id, the boot and a size.
        octets[Segment.HEAD + Frame.HEAD + 5 + 8 + 16 + 8] = 0x7F;
        Files.write(segment(), octets);
        try (JournalSpool spool = Mails.open(root)) {
            Mail left = spool.replay().get(0).mail();
            assertThat(spool.replay()).hasSize(1);
            assertThat(Mails.text(left.message())).isEqualTo("whole");
        }
    }

    private static final String STUCK = "stuck" + "x".repeat(500) + "end";

    private JournalSpool small() throws IOException {
        return Mails.open(root, new JournalSpool.Limits(1 << 20, 3000, 0, 0), Mails.BOOT);
    }

    /** Has what is stuck in the first segment written once more. @return where: the oldest segment was deleted then */
    private Path carried(JournalSpool spool) throws IOException {
        for (int i = 0; i < 40 && Files.exists(segment()); i++) {
            Mail next = Mails.commit(spool, "y".repeat(900), "a@example.test");
            spool.settle(next.id(), List.of(0));
        }
        for (Path path : Directories.list(root.resolve("journal"), ".seg"))
            if (text(path).contains(STUCK)) return path;
        throw new IllegalStateException("it was not carried");
    }

    private static String text(Path segment) throws IOException {
        return Files.readString(segment, StandardCharsets.ISO_8859_1);
    }

    private static void hurt(Path segment, int at) throws IOException {
        byte[] octets = Files.readAllBytes(segment);
        octets[at] ^= 1;
        Files.write(segment, octets);
    }

    @Test
    void a_hurt_copy_of_a_mail_that_stands_whole_is_nothing_to_deliver() throws IOException {
        Path copy;
        byte[] first;
        Mail stuck;
        try (JournalSpool spool = small()) {
            stuck = Mails.commit(spool, STUCK, "a@example.test", "b@example.test");
            spool.settle(stuck.id(), List.of(1));
            Mails.commit(spool, "behind it", "a@example.test");
            first = Files.readAllBytes(segment());
            copy = carried(spool);
        }
        // The machine went down when the copy was written, and before the segment that it came from was gone.
        Files.write(segment(), first);
        hurt(copy, text(copy).indexOf(STUCK) + 100);
        try (JournalSpool spool = small()) {
            assertThat(Mails.ids(spool)).contains(stuck.id().text());
            assertThat(spool.replay().get(0).settled()).containsExactly(1);
            assertThat(Directories.list(root.resolve("damaged"), ".seg")).hasSize(1);
            assertThat(Directories.list(root.resolve("damaged"), Remains.ENDING))
                    .isEmpty();
        }
    }

    @Test
    void who_was_settled_in_front_of_the_hurt_copy_of_a_mail_does_not_get_what_is_left_of_it() throws IOException {
        Path copy;
        Mail stuck;
        try (JournalSpool spool = small()) {
            stuck = Mails.commit(spool, STUCK, "a@example.test", "b@example.test");
            Mails.commit(spool, "z".repeat(2400), "a@example.test");
            // In the second segment, which stands for as long as this one is open.
            spool.settle(stuck.id(), List.of(1));
            copy = carried(spool);
        }
        int end = text(copy).indexOf(STUCK) + STUCK.length();
        hurt(copy, end - 1);
        // What is known of it stands behind the copy, in a record of its own.
        hurt(copy, end + Frame.HEAD + 2);
        try (JournalSpool spool = small()) {
            assertThat(Mails.ids(spool)).hasSize(1);
            List<Path> left = Directories.list(root.resolve("damaged"), Remains.ENDING);
            assertThat(left).hasSize(1);
            assertThat(Remains.read(left.get(0)).mail().envelope().recipients())
                    .isEqualTo(stuck.envelope().recipients().subList(0, 1));
        }
    }

    @Test
    void who_has_a_copy_no_more_because_it_was_taken_from_the_shelf_again_gets_what_is_left() throws IOException {
        Mail stuck;
        try (JournalSpool spool = Mails.open(root)) {
            stuck = Mails.commit(spool, STUCK, "a@example.test", "b@example.test", "c@example.test");
            for (int place = 0; place < 3; place++)
                spool.note(stuck.id(), new ShelfNote.Shelved(place, "x@example.test", "INBOX", 1, 7, "key", 99));
            for (int place = 0; place < 2; place++)
                spool.note(stuck.id(), new ShelfNote.Moved(place, "INBOX", 0, 0, "key"));
            spool.settle(stuck.id(), List.of(1));
        }
        hurt(segment(), text(segment()).indexOf(STUCK) + 100);
        Mails.open(root).close();
        List<Path> left = Directories.list(root.resolve("damaged"), Remains.ENDING);
        assertThat(left).hasSize(1);
        assertThat(Remains.read(left.get(0)).mail().envelope().recipients())
                .isEqualTo(stuck.envelope().recipients().subList(0, 1));
    }

    /** Opens a spool and tells how many mails are whole. */
    static final class Opener {

        private Opener() {}

        public static void main(String[] args) throws IOException {
            try (JournalSpool spool = Mails.open(Path.of(args[0]), LIMITS, Mails.BOOT)) {
                System.out.println(spool.replay().size() + " of mail is whole");
            }
        }
    }
}
