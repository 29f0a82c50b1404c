package org.posthorn.spool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Mail;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.Message;
import org.posthorn.api.spool.Incoming;
import org.posthorn.api.spool.Pending;
import org.posthorn.api.spool.ShelfNote;

class JournalSpoolTest {

    private static final List<HeaderField> TRACE = List.of(new HeaderField("Received", " from here"));
    private static final UUID OTHER_BOOT = new UUID(3, 4);

    @TempDir
    Path root;

    @Test
    void small_mail_comes_back_as_it_was_committed() throws IOException {
        comesBack("Subject: hi\r\n\r\nbody\r\n");
    }

    @Test
    void large_mail_comes_back_as_it_was_committed() throws IOException {
        comesBack("Subject: hi\r\n\r\n" + "0123456789abcdef\r\n".repeat(20_000));
    }

    private void comesBack(String octets) throws IOException {
        Mail mail;
        try (JournalSpool spool = Mails.open(root)) {
            mail = Mails.commit(
                    spool,
                    octets.getBytes(StandardCharsets.ISO_8859_1),
                    TRACE,
                    "bob@example.test",
                    "\"c d\"@[192.0.2.1]");
            assertThat(Mails.text(mail.message())).isEqualTo("Received: from here\r\n" + octets);
        }
        try (JournalSpool spool = Mails.open(root)) {
            Mail back = spool.replay().get(0).mail();
            assertThat(back.with(mail.message())).isEqualTo(mail);
            assertThat(Mails.text(back.message())).isEqualTo("Received: from here\r\n" + octets);
            assertThat(back.message().size()).isEqualTo(octets.length() + 21);
            assertThat(back.message().header()).extracting(HeaderField::name).containsExactly("Received", "Subject");
            assertThat(MailId.next()).isGreaterThan(mail.id());
        }
    }

    @Test
    void any_part_of_a_message_can_be_transferred() throws IOException {
        try (JournalSpool spool = Mails.open(root)) {
            for (int size : new int[] {50, 60_000, 200_000}) {
                String octets = ("0123456789".repeat(size / 10));
                Message message =
                        Mails.commit(spool, octets, "bob@example.test").message();
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                for (long at = 7; at < size; ) at += message.transferTo(at, 70_000, Channels.newChannel(out));
                assertThat(out.toString(StandardCharsets.ISO_8859_1)).isEqualTo(octets.substring(7));
                assertThat(message.transferTo(size, 1, Channels.newChannel(out)))
                        .isZero();
            }
        }
    }

    @Test
    void settled_recipients_are_told_and_settled_mail_is_gone() throws IOException {
        try (JournalSpool spool = Mails.open(root)) {
            Mail first = Mails.commit(spool, "1", "a@example.test", "b@example.test");
            Mail second = Mails.commit(spool, "2", "a@example.test");
            spool.settle(first.id(), List.of(1));
            spool.settle(second.id(), List.of(0));
            spool.settle(second.id(), List.of(0));
            assertThatThrownBy(() -> spool.settle(first.id(), List.of(2))).isInstanceOf(IllegalArgumentException.class);
        }
        try (JournalSpool spool = Mails.open(root)) {
            assertThat(spool.replay()).hasSize(1);
            assertThat(spool.replay().get(0).settled()).containsExactly(1);
        }
    }

    @Test
    void notes_come_back_in_order() throws IOException {
        ShelfNote shelved = new ShelfNote.Shelved(0, "bob@example.test", "INBOX", 17, 4, "123.M4P5.host", 99);
        ShelfNote moved = new ShelfNote.Moved(0, "Täst", 18, 1, "key");
        ShelfNote gone = new ShelfNote.Gone(0);
        try (JournalSpool spool = Mails.open(root)) {
            Mail mail = Mails.commit(spool, "1", "a@example.test");
            for (ShelfNote note : List.of(shelved, moved, gone)) spool.note(mail.id(), note);
        }
        try (JournalSpool spool = Mails.open(root)) {
            assertThat(spool.replay().get(0).notes()).containsExactly(shelved, moved, gone);
        }
    }

    @Test
    void another_boot_of_the_machine_means_that_power_was_lost() throws IOException {
        MailId renewed;
        try (JournalSpool spool = Mails.open(root)) {
            renewed = Mails.commit(spool, "1", "a@example.test").id();
            Mails.commit(spool, "2", "a@example.test");
            assertThat(spool.replay()).extracting(Pending::powerLost).containsExactly(false, false);
        }
        try (JournalSpool spool = Mails.open(root, Mails.LIMITS, OTHER_BOOT)) {
            assertThat(spool.replay()).extracting(Pending::powerLost).containsExactly(true, true);
            spool.note(renewed, new ShelfNote.Gone(0));
        }
        try (JournalSpool spool = Mails.open(root, Mails.LIMITS, OTHER_BOOT)) {
            assertThat(spool.replay()).extracting(Pending::powerLost).containsExactly(false, true);
        }
    }

    @Test
    void a_large_mail_leaves_no_file_when_it_is_settled_or_given_up() throws IOException {
        byte[] large = new byte[100_000];
        try (JournalSpool spool = Mails.open(root)) {
            Mail mail = Mails.commit(spool, large, List.of(), "a@example.test");
            try (Incoming incoming = spool.begin()) {
                incoming.write(ByteBuffer.wrap(large));
            }
            assertThat(Files.list(root.resolve("large")))
                    .extracting(p -> p.getFileName().toString())
                    .containsExactly(mail.id().text());
            spool.settle(mail.id(), List.of(0));
        }
        assertThat(root.resolve("large")).isEmptyDirectory();
    }

    @Test
    void files_that_no_mail_names_are_deleted_at_the_start() throws IOException {
        Mails.open(root).close();
        Files.writeString(root.resolve("large/1.part"), "x");
        Files.writeString(root.resolve("large").resolve(MailId.next().text()), "x");
        Files.writeString(root.resolve("deferred").resolve(MailId.next() + ".new"), "x");
        Mails.open(root).close();
        assertThat(root.resolve("large")).isEmptyDirectory();
        assertThat(root.resolve("deferred")).isEmptyDirectory();
    }

    @Test
    void mail_beyond_the_memory_bound_goes_through_a_file() throws IOException {
        JournalSpool.Limits tight = new JournalSpool.Limits(64 * 1024, 1 << 20, 0, 0);
        try (JournalSpool spool = Mails.open(root, tight, Mails.BOOT);
                Incoming holder = spool.begin()) {
            holder.write(ByteBuffer.wrap(new byte[10]));
            Mail mail = Mails.commit(spool, "small", "a@example.test");
            assertThat(root.resolve("large").resolve(mail.id().text())).hasContent("small");
            assertThat(Mails.text(mail.message())).isEqualTo("small");
        }
    }

    @Test
    void a_message_that_was_given_up_cannot_be_read_any_more() throws IOException {
        try (JournalSpool spool = Mails.open(root)) {
            Incoming incoming = spool.begin();
            incoming.write(ByteBuffer.wrap("secret".getBytes(StandardCharsets.US_ASCII)));
            Message message = incoming.message();
            assertThat(Mails.text(message)).isEqualTo("secret");
            incoming.close();
            assertThatThrownBy(() -> Mails.text(message)).isInstanceOf(IOException.class);
        }
    }

    @Test
    void kept_octets_outlive_the_journal_until_they_are_dropped() throws IOException {
        Mail mail;
        try (JournalSpool spool = Mails.open(root)) {
            mail = Mails.commit(spool, "octets".getBytes(StandardCharsets.US_ASCII), TRACE, "a@example.test");
            Message kept = spool.kept().keep(mail);
            assertThat(Mails.text(spool.kept().keep(mail))).isEqualTo(Mails.text(kept));
            spool.settle(mail.id(), List.of(0));
        }
        try (JournalSpool spool = Mails.open(root)) {
            assertThat(spool.replay()).isEmpty();
            assertThat(Mails.text(spool.kept().message(mail.id()).orElseThrow()))
                    .isEqualTo("Received: from here\r\noctets");
            spool.kept().drop(mail.id());
            spool.kept().drop(mail.id());
            assertThat(spool.kept().message(mail.id())).isEmpty();
        }
    }

    @Test
    void who_waits_is_forgotten_before_the_octets_are_dropped() throws IOException {
        try (JournalSpool spool = Mails.open(root)) {
            Mail mail = Mails.commit(spool, "octets".getBytes(StandardCharsets.US_ASCII), TRACE, "a@example.test");
            spool.kept().keep(mail);
            assertThat(spool.kept().inspect(mail.id()).mail()).isPresent();
            spool.kept().keep(Mails.with(mail, List.of()));
            assertThat(spool.kept().inspect(mail.id()).over()).isTrue();
            assertThat(spool.kept().message(mail.id())).isPresent();
        }
    }

    @Test
    void a_disk_that_is_too_full_takes_no_mail() throws IOException {
        JournalSpool.Limits full = new JournalSpool.Limits(1 << 20, 1 << 20, Long.MAX_VALUE, 0);
        try (JournalSpool spool = Mails.open(root, full, Mails.BOOT)) {
            assertThat(spool.room()).isFalse();
            assertThatThrownBy(spool::begin).isInstanceOf(IOException.class);
            spool.limit(Mails.LIMITS);
            assertThat(spool.room()).isTrue();
        }
    }

    @Test
    void a_spool_of_another_format_is_not_opened() throws IOException {
        Mails.open(root).close();
        Files.writeString(root.resolve("format"), "posthorn spool 2\n");
        assertThatThrownBy(() -> Mails.open(root))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("spool 2");
    }

    @Test
    void what_the_last_process_left_is_handed_out_once_settled_or_not() throws IOException {
        MailId open;
        MailId settled;
        ShelfNote note = new ShelfNote.Shelved(0, "a@example.test", "INBOX", 1, 7, "key", 8);
        try (JournalSpool spool = Mails.open(root)) {
            assertThat(spool.left()).isEmpty();
            settled = Mails.commit(spool, "Subject: x\r\nMessage-ID: <1@x>\r\n\r\nsettled", "a@example.test")
                    .id();
            spool.note(settled, note);
            spool.settle(settled, List.of(0));
            open = Mails.commit(spool, "open", "a@example.test").id();
        }
        try (JournalSpool spool = Mails.open(root)) {
            List<Pending> left = spool.left();
            assertThat(left).extracting(p -> p.mail().id()).containsExactly(settled, open);
            assertThat(left.get(0).notes()).containsExactly(note);
            Message gone = left.get(0).mail().message();
            assertThat(gone.size()).isEqualTo(40);
            assertThat(gone.header()).extracting(HeaderField::unfolded).containsExactly("<1@x>");
            assertThatThrownBy(gone::open).isInstanceOf(IOException.class);
            assertThat(Mails.text(left.get(1).mail().message())).isEqualTo("open");
            assertThat(spool.left()).isEmpty();
            assertThat(Mails.ids(spool)).containsExactly(open.text());
        }
    }

    @Test
    void of_what_was_settled_long_before_the_end_nothing_is_left() throws IOException {
        long now = MailId.next().number() - 61_000_000;
        MailId early = MailId.of(now);
        MailId slow = MailId.of(now + 1);
        MailId late = MailId.of(now + 61_000_000);
        try (JournalSpool spool = Mails.open(root)) {
            for (MailId id : List.of(early, slow)) Mails.commit(spool, id);
            spool.settle(early, List.of(0));
            Mails.commit(spool, late);
            spool.settle(slow, List.of(0));
        }
        try (JournalSpool spool = Mails.open(root)) {
            assertThat(spool.left()).extracting(p -> p.mail().id()).containsExactlyInAnyOrder(slow, late);
        }
    }

    @Test
    void of_what_was_settled_no_more_is_left_than_a_moment_settles() throws IOException {
        int many = 2_100;
        try (JournalSpool spool = Mails.open(root)) {
            for (int i = 0; i < many; i++) {
                MailId id = Mails.commit(spool, "x", "a@example.test").id();
                spool.settle(id, List.of(0));
            }
            Mails.commit(spool, "open", "a@example.test");
        }
        try (JournalSpool spool = Mails.open(root)) {
            assertThat(spool.left()).hasSize(2_001);
        }
    }

    @Test
    void a_version_that_takes_over_has_nothing_to_tell_of_the_last_process() throws IOException {
        try (JournalSpool spool = Mails.open(root)) {
            Mails.commit(spool, "open", "a@example.test");
        }
        try (JournalSpool spool = new JournalSpool(root, Mails.LIMITS, Mails.BOOT, new Random(8)::nextLong, 1)) {
            assertThat(spool.left()).isEmpty();
        }
    }
}
