package org.posthorn.spool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.spool.Kept;
import org.posthorn.api.spool.Pending;
import org.posthorn.api.spool.ShelfNote;
import org.posthorn.testkit.disk.Disk;
import org.posthorn.testkit.disk.PowerCut;

/** The power fails, or the process dies, behind each single operation on the disk. What a caller had an answer for is there. */
class PowerTest {

    private static final UUID NEXT_BOOT = new UUID(3, 4);
    private static final JournalSpool.Limits SMALL_SEGMENTS = new JournalSpool.Limits(1 << 20, 3000, 0, 0);
    private static final int DRAWS = 3;

    /** It was committed: its sender has a 250. */
    private record Accepted(MailId id, String text) {}

    /** It is about to be settled. */
    private record Settling(MailId id) {}

    /** It was settled, and something forced came after that. */
    private record Over(MailId id) {}

    /** A note of it was forced. */
    private record Noted(MailId id, ShelfNote note) {}

    /** Its octets are kept for the queue. */
    private record KeptThen(MailId id, String text) {}

    /** Those from this place on are noted to wait. */
    private record Waiting(MailId id, int from) {}

    /** They are about to be dropped. */
    private record Dropping(MailId id) {}

    @TempDir
    Path real;

    private Disk disk;
    private final Map<MailId, String> texts = new HashMap<>();

    @BeforeEach
    void plugIn() throws Exception {
        disk = new Disk(real);
    }

    private JournalSpool open(JournalSpool.Limits limits) throws Exception {
        return Mails.open(disk.root().resolve("spool"), limits, Mails.BOOT);
    }

    private Mail accept(JournalSpool spool, int size, String... recipients) throws Exception {
        String text = "Subject: " + texts.size() + "\r\n\r\n" + "x".repeat(size);
        Mail mail = Mails.commit(spool, text, recipients);
        texts.put(mail.id(), text);
        disk.mark(new Accepted(mail.id(), text));
        return mail;
    }

    private void settle(JournalSpool spool, Mail mail, Integer... places) throws Exception {
        disk.mark(new Settling(mail.id()));
        spool.settle(mail.id(), List.of(places));
    }

    private void keep(JournalSpool spool, Mail mail) throws Exception {
        Message kept = spool.kept().keep(mail);
        disk.mark(new KeptThen(mail.id(), Mails.text(kept)));
    }

    private void note(JournalSpool spool, Mail mail, ShelfNote note) throws Exception {
        spool.note(mail.id(), note);
        disk.mark(new Noted(mail.id(), note));
    }

    @Test
    void what_was_committed_is_there_whatever_was_not_forced() throws Exception {
        try (JournalSpool spool = open(Mails.LIMITS)) {
            Mail small = accept(spool, 1000, "a@example.test", "b@example.test");
            Mail large = accept(spool, 100_000, "a@example.test");
            settle(spool, small, 0);
            Mail third = accept(spool, 3000, "a@example.test");
            note(spool, small, new ShelfNote.Gone(1));
            keep(spool, third);
            settle(spool, third, 0);
            settle(spool, large, 0);
            accept(spool, 10, "a@example.test");
            disk.mark(new Over(third.id()));
            disk.mark(new Over(large.id()));
            disk.mark(new Dropping(third.id()));
            spool.kept().drop(third.id());
            accept(spool, 70_000, "a@example.test");
        }
        assertThat(PowerCut.each(disk, DRAWS, this::holds)).isGreaterThan(300);
    }

    @Test
    void who_waits_is_noted_as_before_or_as_it_was_said() throws Exception {
        List<Recipient> all;
        try (JournalSpool spool = open(Mails.LIMITS)) {
            Mail mail = accept(spool, 1000, "a@example.test", "b@example.test", "c@example.test");
            all = mail.envelope().recipients();
            for (int from = 0; from <= all.size(); from++) {
                spool.kept().keep(Mails.with(mail, all.subList(from, all.size())));
                disk.mark(new Waiting(mail.id(), from));
            }
        }
        PowerCut.each(disk, DRAWS, (left, cut) -> {
            holds(left, cut);
            List<Waiting> told = cut.told(Waiting.class);
            if (told.isEmpty()) return;
            Waiting last = told.get(told.size() - 1);
            try (JournalSpool spool = Mails.open(left.resolve("spool"))) {
                assertThat(spool.kept()
                                .inspect(last.id())
                                .mail()
                                .orElseThrow()
                                .envelope()
                                .recipients())
                        .isIn(all.subList(last.from(), 3), all.subList(Math.min(last.from() + 1, 3), 3));
            }
        });
    }

    @Test
    void damaged_octets_that_are_taken_as_they_are_have_who_waits_beside_them_all_the_time() throws Exception {
        Mail mail;
        try (JournalSpool before = Mails.open(real.resolve("spool"))) {
            mail = Mails.commit(before, "Subject: x\r\n\r\nbody", "a@example.test", "b@example.test");
            before.kept().keep(mail);
            before.settle(mail.id(), List.of(0, 1));
        }
        Files.writeString(real.resolve("spool/deferred").resolve(mail.id().text()), "Subject: x\r\n\r\nbXdy");
        disk = new Disk(real);
        try (JournalSpool spool = open(Mails.LIMITS)) {
            spool.kept().noteAnew(mail);
            disk.mark(new Waiting(mail.id(), 0));
        }
        PowerCut.each(disk, DRAWS, (left, cut) -> {
            try (JournalSpool spool = Mails.open(left.resolve("spool"))) {
                Kept kept = spool.kept().inspect(mail.id());
                assertThat(kept.mail().orElseThrow().envelope()).isEqualTo(mail.envelope());
                if (!cut.told(Waiting.class).isEmpty()) assertThat(kept.whole()).isTrue();
            }
        });
    }

    @Test
    void segments_come_and_go_and_what_is_stuck_is_carried() throws Exception {
        try (JournalSpool spool = open(SMALL_SEGMENTS)) {
            Mail stuck = accept(spool, 500, "a@example.test", "b@example.test");
            settle(spool, stuck, 1);
            for (int i = 0; i < 8; i++) {
                Mail mail = accept(spool, 900, "a@example.test");
                settle(spool, mail, 0);
                accept(spool, 10, "a@example.test");
                disk.mark(new Over(mail.id()));
            }
        }
        assertThat(PowerCut.each(disk, DRAWS, this::holds)).isGreaterThan(300);
    }

    @Test
    void a_second_failure_while_the_first_is_mended_costs_nothing() throws Exception {
        try (JournalSpool spool = open(SMALL_SEGMENTS)) {
            for (int i = 0; i < 2; i++) {
                Mail mail = accept(spool, 1500, "a@example.test");
                if (i % 2 == 0) settle(spool, mail, 0);
            }
        }
        PowerCut.each(disk, 0, (left, cut) -> {
            Disk second = new Disk(left);
            Mails.open(second.root().resolve("spool"), SMALL_SEGMENTS, NEXT_BOOT)
                    .close();
            PowerCut.each(second, 0, (leftAgain, next) -> holds(leftAgain, cut));
        });
    }

    @Test
    void a_damaged_segment_goes_when_its_copy_is_safe() throws Exception {
        Path spool = real.resolve("spool");
        try (JournalSpool before = Mails.open(spool)) {
            Mails.commit(before, "hurt", "a@example.test");
            Mail second = Mails.commit(before, "second", "a@example.test");
            before.settle(second.id(), List.of(0));
        }
        Path segment = spool.resolve("journal/0000000000000001.seg");
        byte[] octets = Files.readAllBytes(segment);
        // The length of the envelope: nothing is left of the mail but in the copy.
        octets[Segment.HEAD + Frame.HEAD + 1] ^= 1;
        Files.write(segment, octets);
        disk = new Disk(real);
        open(Mails.LIMITS).close();
        assertThat(segment).doesNotExist();
        PowerCut.each(disk, DRAWS, (left, cut) -> {
            Path damaged = left.resolve("spool/damaged");
            Path there = left.resolve("spool/journal").resolve(segment.getFileName());
            List<Path> copies = Directories.list(damaged, ".seg");
            assertThat(copies.isEmpty() ? there : copies.get(0)).hasBinaryContent(octets);
        });
    }

    private void holds(Path left, PowerCut cut) throws Exception {
        try (JournalSpool spool =
                Mails.open(left.resolve("spool"), Mails.LIMITS, cut.machine() ? NEXT_BOOT : Mails.BOOT)) {
            Map<MailId, Pending> there = new HashMap<>();
            for (Pending pending : spool.replay())
                assertThat(there.put(pending.mail().id(), pending)).isNull();
            acceptedIsThere(there, cut);
            for (MailId id : there.keySet())
                assertThat(left.resolve("spool/damaged").resolve(id + Remains.ENDING))
                        .doesNotExist();
            for (Over over : cut.told(Over.class)) assertThat(there).doesNotContainKey(over.id());
            for (Noted noted : cut.told(Noted.class))
                if (there.containsKey(noted.id()))
                    assertThat(there.get(noted.id()).notes()).contains(noted.note());
            keptIsThere(spool, cut);
            // What nobody had an answer for may be there, but never with other octets.
            for (Pending pending : there.values())
                if (texts.containsKey(pending.mail().id()))
                    assertThat(Mails.text(pending.mail().message()))
                            .isEqualTo(texts.get(pending.mail().id()));
            Mails.commit(spool, "and it goes on", "a@example.test");
        }
    }

    private static void acceptedIsThere(Map<MailId, Pending> there, PowerCut cut) throws Exception {
        Set<MailId> settling = new HashSet<>();
        cut.told(Settling.class).forEach(s -> settling.add(s.id()));
        for (Accepted mail : cut.told(Accepted.class)) {
            if (!there.containsKey(mail.id())) assertThat(settling).contains(mail.id());
            else assertThat(Mails.text(there.get(mail.id()).mail().message())).isEqualTo(mail.text());
        }
        for (Pending pending : there.values()) assertThat(pending.powerLost()).isEqualTo(cut.machine());
    }

    private static void keptIsThere(JournalSpool spool, PowerCut cut) throws Exception {
        Set<MailId> dropping = new HashSet<>();
        cut.told(Dropping.class).forEach(d -> dropping.add(d.id()));
        for (KeptThen kept : cut.told(KeptThen.class)) {
            Optional<Message> message = spool.kept().message(kept.id());
            if (message.isEmpty()) assertThat(dropping).contains(kept.id());
            else
                assertThat(Mails.text(message.get()).getBytes(StandardCharsets.ISO_8859_1))
                        .isEqualTo(kept.text().getBytes(StandardCharsets.ISO_8859_1));
        }
    }
}
