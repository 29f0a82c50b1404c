package org.posthorn.queue.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mail.Envelope;
import org.posthorn.api.mail.MailId;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.queue.QueueStore;
import org.posthorn.api.queue.QueuedMail;
import org.posthorn.testkit.QueueStoreContract;
import org.posthorn.testkit.TestInspection;

class FileQueueStoreTest extends QueueStoreContract {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");

    @TempDir
    Path folder;

    @Override
    protected QueueStore open() throws IOException {
        return new FileQueueStore(folder);
    }

    @Override
    protected Optional<QueueStore> reopen() throws IOException {
        return Optional.of(open());
    }

    @Test
    void a_damaged_file_is_set_aside_and_the_others_are_kept() throws IOException {
        open().put(mail(1));
        open().put(mail(2));
        Path file = folder.resolve(MailId.of(1).text());
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, new byte[] {1, 2, 3});
        assertThat(open().list(Optional.empty(), 10)).containsExactly(mail(2));
        assertThat(folder.resolve("damaged").resolve(MailId.of(1).text())).hasBinaryContent(new byte[] {1, 2, 3});
        Files.write(file, whole);
        assertThat(open().size()).isEqualTo(2);
    }

    @Test
    void what_was_set_aside_is_told_until_a_repair_has_seen_to_it() throws IOException {
        FileQueueStore store = new FileQueueStore(folder);
        store.inspect(TestInspection.mending());
        store.put(mail(1));
        Files.writeString(folder.resolve(MailId.of(1).text()), "noise");
        assertThat(store.due(NOW, 10)).isEmpty();
        TestInspection look = TestInspection.looking();
        store.inspect(look);
        assertThat(look.lines()).hasSize(1).first().asString().contains("damaged/" + MailId.of(1));
        TestInspection repair = TestInspection.mending();
        store.inspect(repair);
        store.inspect(repair);
        assertThat(repair.lines()).isEqualTo(look.lines());
        assertThat(folder.resolve("damaged/old").resolve(MailId.of(1).text())).hasContent("noise");
    }

    @Test
    void a_file_damaged_while_the_store_runs_is_due_no_more() throws IOException {
        QueueStore store = open();
        store.put(mail(1));
        Files.writeString(folder.resolve(MailId.of(1).text()), "posthorn queued mail 9\n");
        assertThat(store.due(NOW, 10)).isEmpty();
        assertThat(store.nextDue()).isEmpty();
    }

    @Test
    void a_file_that_cannot_be_read_now_stays_and_holds_up_no_other() throws IOException {
        QueueStore store = open();
        store.put(mail(1));
        store.put(mail(2));
        byte[] whole = makeUnreadable(1);
        assertThat(store.due(NOW, 10)).containsExactly(mail(2));
        assertThat(store.list(Optional.empty(), 1)).containsExactly(mail(2));
        store.remove(MailId.of(2));
        assertThat(store.nextDue()).contains(NOW.plusSeconds(60));
        makeReadable(1, whole);
        assertThat(store.due(NOW.plusSeconds(60), 10)).containsExactly(mail(1));
        assertThat(store.nextDue()).contains(NOW);
        assertThat(folder.resolve("damaged")).doesNotExist();
    }

    @Test
    void a_file_that_the_start_cannot_read_is_known_when_it_can_be_read() throws IOException {
        QueuedMail later = mail(1, NOW.plusSeconds(3600));
        open().put(later);
        open().put(mail(2));
        byte[] whole = makeUnreadable(1);
        QueueStore store = open();
        assertThat(store.size()).isEqualTo(2);
        assertThat(store.due(NOW, 10)).containsExactly(mail(2));
        makeReadable(1, whole);
        assertThat(store.due(NOW.plusSeconds(60), 10)).containsExactly(mail(2));
        assertThat(store.due(NOW.plusSeconds(3600), 10)).containsExactly(mail(2), later);
    }

    @Test
    void what_could_not_be_deleted_is_still_there_and_goes_when_it_can() throws IOException {
        QueueStore store = open();
        store.put(mail(1));
        byte[] whole = makeUnreadable(1);
        assertThatThrownBy(() -> store.remove(MailId.of(1))).isInstanceOf(IOException.class);
        assertThat(store.size()).isEqualTo(1);
        makeReadable(1, whole);
        store.remove(MailId.of(1));
        assertThat(store.size()).isZero();
        assertThat(open().size()).isZero();
    }

    /** A folder in its place can neither be read nor, as something lies in it, deleted. */
    private byte[] makeUnreadable(long id) throws IOException {
        Path file = folder.resolve(MailId.of(id).text());
        byte[] whole = Files.readAllBytes(file);
        Files.delete(file);
        Files.writeString(Files.createDirectory(file).resolve("inside"), "");
        return whole;
    }

    private void makeReadable(long id, byte[] whole) throws IOException {
        Path file = folder.resolve(MailId.of(id).text());
        Files.delete(file.resolve("inside"));
        Files.delete(file);
        Files.write(file, whole);
    }

    @Test
    void files_cut_short_or_changed_at_random_never_stop_the_start() throws IOException {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            open().put(mail(1));
            Path file = folder.resolve(MailId.of(1).text());
            byte[] bytes = Files.readAllBytes(file);
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            Files.write(file, List.of(new String(bytes, 0, random.nextInt(bytes.length), "ISO-8859-1")));
            assertThat(open().size()).isLessThanOrEqualTo(1);
            Files.deleteIfExists(file);
        }
    }

    @Test
    void what_a_crash_left_half_written_goes_and_what_is_no_mail_stays_alone() throws IOException {
        Path half = Files.writeString(folder.resolve(MailId.of(1) + ".1.tmp"), "posthorn");
        Path note = Files.writeString(folder.resolve("NOTES"), "by the administrator");
        assertThat(open().size()).isZero();
        assertThat(half).doesNotExist();
        assertThat(note).exists();
    }

    @Test
    void nothing_temporary_is_left_behind() throws IOException {
        open().put(mail(1));
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve(MailId.of(1).text()));
        }
    }

    private static QueuedMail mail(long id) {
        return mail(id, NOW);
    }

    private static QueuedMail mail(long id, Instant next) {
        Envelope envelope = new Envelope(Optional.empty(), MailParameters.NONE, List.of());
        return new QueuedMail(
                MailId.of(id), NOW, Origin.local("mx"), envelope, List.of(), 1, false, next, false, false);
    }
}
