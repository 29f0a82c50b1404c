package org.posthorn.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.spool.Kept;
import org.posthorn.api.spool.ShelfNote;
import org.posthorn.testkit.disk.Disk;

/** The disk is full for a while. */
class FullDiskTest {

    private static final String BODY = "Subject: hi\r\n\r\n" + "x".repeat(50_000);

    @TempDir
    Path real;

    private Disk disk;

    @BeforeEach
    void plugIn() throws Exception {
        disk = new Disk(real);
    }

    private JournalSpool open(long segment) throws Exception {
        JournalSpool.Limits limits = new JournalSpool.Limits(1 << 20, segment, 0, 0);
        return Mails.open(disk.root().resolve("spool"), limits, Mails.BOOT);
    }

    private static Mail commit(JournalSpool spool) throws IOException {
        return Mails.commit(spool, BODY, "a@example.test");
    }

    /** Commits until that is refused. */
    private List<Mail> fill(JournalSpool spool) {
        List<Mail> taken = new ArrayList<>();
        disk.full(true);
        while (true) {
            try {
                taken.add(commit(spool));
            } catch (IOException full) {
                return taken;
            }
        }
    }

    @Test
    void what_became_of_mail_is_written_down_when_no_more_mail_is_taken() throws Exception {
        Mail settled;
        Mail gone;
        List<Mail> taken;
        try (JournalSpool spool = open(64 << 20)) {
            settled = commit(spool);
            gone = commit(spool);
            taken = fill(spool);
            assertThat(taken).isNotEmpty();
            spool.settle(settled.id(), List.of(0));
            spool.note(gone.id(), new ShelfNote.Gone(0));
            spool.settle(gone.id(), List.of(0));
        }
        disk.full(false);
        try (JournalSpool spool = open(64 << 20)) {
            assertThat(Mails.ids(spool))
                    .containsExactlyElementsOf(
                            taken.stream().map(m -> m.id().text()).toList());
        }
    }

    @Test
    void a_full_segment_takes_it_when_no_other_can_be_begun() throws Exception {
        try (JournalSpool spool = open(100_000)) {
            Mail first = commit(spool);
            disk.full(true);
            List<Mail> taken = fill(spool);
            spool.note(first.id(), new ShelfNote.Gone(0));
            assertThat(taken).as("the next one would need another segment").isEmpty();
            disk.full(false);
            commit(spool);
            assertThat(spool.status().segments()).isEqualTo(2);
        }
    }

    @Test
    void that_nobody_waits_any_more_needs_no_room() throws Exception {
        Mail mail;
        try (JournalSpool spool = open(64 << 20)) {
            mail = commit(spool);
            spool.kept().keep(mail);
            spool.settle(mail.id(), List.of(0));
            fill(spool);
            spool.kept().keep(Mails.with(mail, List.of()));
        }
        disk.full(false);
        try (JournalSpool spool = open(64 << 20)) {
            assertThat(spool.kept().inspect(mail.id()).over()).isTrue();
            assertThat(spool.kept().inspect(mail.id()).whole()).isTrue();
            // Somebody wants it as it is.
            spool.kept().keep(mail);
            assertThat(spool.kept().inspect(mail.id()).over()).isFalse();
            spool.kept().drop(mail.id());
        }
        try (JournalSpool spool = open(64 << 20)) {
            assertThat(spool.kept().all()).isEmpty();
        }
    }

    @Test
    void that_fewer_wait_needs_no_room() throws Exception {
        Mail mail;
        try (JournalSpool spool = open(64 << 20)) {
            mail = Mails.commit(spool, BODY, "a@example.test", "b@example.test", "c@example.test");
            spool.kept().keep(mail);
            spool.settle(mail.id(), List.of(0, 1, 2));
            fill(spool);
            spool.kept().keep(Mails.with(mail, waiting(mail, 0, 2)));
            spool.kept().keep(Mails.with(mail, waiting(mail, 2)));
        }
        disk.full(false);
        try (JournalSpool spool = open(64 << 20)) {
            Kept kept = spool.kept().inspect(mail.id());
            assertThat(kept.whole()).isTrue();
            assertThat(kept.mail().orElseThrow().envelope().recipients()).isEqualTo(waiting(mail, 2));
            // One of them waits again.
            spool.kept().keep(Mails.with(mail, waiting(mail, 1, 2)));
            kept = spool.kept().inspect(mail.id());
            assertThat(kept.whole()).isTrue();
            assertThat(kept.mail().orElseThrow().envelope().recipients()).isEqualTo(waiting(mail, 1, 2));
        }
    }

    private static List<Recipient> waiting(Mail mail, Integer... places) {
        return Stream.of(places).map(mail.envelope().recipients()::get).toList();
    }

    @Test
    void mail_is_taken_again_when_there_is_room() throws Exception {
        try (JournalSpool spool = open(64 << 20)) {
            int taken = fill(spool).size();
            disk.full(false);
            commit(spool);
            assertThat(Mails.ids(spool)).hasSize(taken + 1);
        }
    }

    private Path folder(String name) {
        return real.resolve("spool").resolve(name);
    }

    private Path segment() {
        return folder("journal").resolve("0000000000000001.seg");
    }

    /** The end of the segment. */
    private byte[] hurt() throws IOException {
        byte[] octets = Files.readAllBytes(segment());
        octets[octets.length - 2] ^= 1;
        Files.write(segment(), octets);
        return octets;
    }

    private List<Path> damaged(String ending) throws IOException {
        return Directories.list(folder("damaged"), ending);
    }

    @Test
    void a_damaged_end_keeps_no_spool_shut_and_is_set_aside_when_there_is_room() throws Exception {
        Mail whole;
        try (JournalSpool spool = open(64 << 20)) {
            whole = commit(spool);
            Mails.commit(spool, BODY + "last", "b@example.test");
        }
        byte[] octets = hurt();
        disk.full(true);
        try (JournalSpool spool = open(64 << 20)) {
            assertThat(Mails.ids(spool)).containsExactly(whole.id().text());
            assertThat(damaged("")).as("under a second name").hasSize(1);
            disk.full(false);
            spool.settle(whole.id(), List.of(0));
            commit(spool);
        }
        assertThat(segment()).as("what is left of the last is there alone").hasBinaryContent(octets);
        try (JournalSpool spool = open(64 << 20)) {
            assertThat(Mails.ids(spool)).hasSize(1);
            assertThat(damaged(".seg")).hasSize(1).first().satisfies(c -> assertThat(c)
                    .hasBinaryContent(octets));
            assertThat(damaged(Remains.ENDING)).hasSize(1);
            assertThat(segment()).doesNotExist();
        }
    }

    @Test
    void a_damaged_segment_with_no_mail_to_set_aside_goes_and_keeps_its_second_name() throws Exception {
        Mail open;
        try (JournalSpool spool = open(64 << 20)) {
            open = commit(spool);
            Mail settled = commit(spool);
            spool.settle(settled.id(), List.of(0));
            spool.settle(open.id(), List.of());
        }
        byte[] octets = hurt();
        disk.full(true);
        try (JournalSpool spool = open(64 << 20)) {
            disk.full(false);
            spool.settle(open.id(), List.of(0));
            commit(spool);
        }
        assertThat(segment()).doesNotExist();
        assertThat(damaged("")).hasSize(1).first().satisfies(c -> assertThat(c).hasBinaryContent(octets));
    }

    @Test
    void a_cut_file_of_a_large_mail_is_not_deleted_before_it_is_set_aside() throws Exception {
        Mail large;
        try (JournalSpool spool = open(64 << 20)) {
            large = Mails.commit(spool, new byte[100_000], List.of(), "a@example.test");
        }
        Files.write(folder("large").resolve(large.id().text()), new byte[50_000]);
        disk.full(true);
        open(64 << 20).close();
        disk.full(false);
        try (JournalSpool spool = open(64 << 20)) {
            assertThat(spool.replay()).isEmpty();
        }
        assertThat(damaged(Remains.ENDING)).hasSize(1);
        try (var in = Remains.read(damaged(Remains.ENDING).get(0)).octets().open()) {
            assertThat(in.readAllBytes()).hasSize(50_000);
        }
    }
}
