package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Filed;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Folder;
import org.posthorn.api.mailbox.Staged;
import org.posthorn.mime.StoredMessage;

class OpenFilesTest {

    // Longer than what is kept in memory.
    private static final String TEXT = "a: b\r\n\r\n" + "0123456789\r\n".repeat(4000);

    @TempDir
    Path home;

    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    private final WritableByteChannel to = Channels.newChannel(sent);
    private final AtomicLong now = new AtomicLong();
    private OpenFiles openFiles = new OpenFiles(1, now::get);
    private Folder folder;

    @BeforeEach
    void open() throws IOException {
        UniqueName names = new UniqueName(Clock.systemUTC(), 1, "host");
        MaildirShelf shelf = new MaildirShelf(home.resolve("Maildir"), names, new OddFiles(), openFiles);
        shelf.create("INBOX");
        folder = shelf.open("INBOX");
    }

    @AfterEach
    void close() throws IOException {
        folder.close();
    }

    private Filed filed(long uid) throws IOException {
        return filed(uid, TEXT);
    }

    private Filed filed(long uid, String text) throws IOException {
        try (Staged staged = folder.stage(StoredMessage.of(text), Instant.now())) {
            staged.place(1, uid, Flags.NONE);
            return new Filed(uid, staged.key(uid), Flags.NONE);
        }
    }

    @Test
    void who_is_in_the_middle_of_a_message_gets_the_rest_though_it_is_expunged() throws IOException {
        Filed filed = filed(1);
        Message message = folder.read(filed).orElseThrow();
        long at = message.transferTo(0, 100, to);
        folder.remove(List.of(filed));
        while (at < message.size()) at += message.transferTo(at, 5000, to);
        assertThat(sent.toString(StandardCharsets.ISO_8859_1)).isEqualTo(TEXT);
        // At its end it was closed, and has no name any more.
        assertThatThrownBy(() -> message.transferTo(0, 100, to)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void who_has_asked_for_a_little_message_reads_it_though_it_is_expunged() throws IOException {
        String little = "a: b\r\n\r\nhello\r\n";
        Filed filed = filed(1, little);
        Message message = folder.read(filed).orElseThrow();
        folder.remove(List.of(filed));
        assertThat(message.size()).isEqualTo(little.length());
        assertThat(message.transferTo(6, 100, to)).isEqualTo(little.length() - 6);
        assertThat(sent.toString(StandardCharsets.ISO_8859_1)).isEqualTo(little.substring(6));
        assertThat(new String(message.open().readAllBytes(), StandardCharsets.ISO_8859_1))
                .isEqualTo(little);
        assertThat(folder.read(filed)).isEmpty();
    }

    @Test
    void no_more_are_open_than_may_be() throws IOException {
        Filed first = filed(1);
        Filed second = filed(2);
        Message early = folder.read(first).orElseThrow();
        Message late = folder.read(second).orElseThrow();
        early.transferTo(0, 100, to);
        late.transferTo(0, 100, to);
        folder.remove(List.of(first, second));
        assertThatThrownBy(() -> early.transferTo(100, 100, to)).isInstanceOf(NoSuchFileException.class);
        assertThat(late.transferTo(100, 100, to)).isEqualTo(100);
    }

    @Test
    void a_reader_who_does_not_come_back_keeps_no_file_open() throws IOException {
        openFiles = new OpenFiles(10, now::get);
        open();
        Filed left = filed(1);
        Filed other = filed(2);
        Message abandoned = folder.read(left).orElseThrow();
        abandoned.transferTo(0, 100, to);
        folder.remove(List.of(left));
        now.addAndGet(TimeUnit.MINUTES.toNanos(6));
        folder.read(other).orElseThrow().transferTo(0, 100, to);
        assertThatThrownBy(() -> abandoned.transferTo(100, 100, to)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void nothing_stays_open_when_the_format_goes() throws IOException {
        Filed filed = filed(1);
        Message message = folder.read(filed).orElseThrow();
        message.transferTo(0, 100, to);
        openFiles.close();
        // Who is in the middle of it goes on by its name, and leaves nothing open.
        assertThat(message.transferTo(100, 100, to)).isEqualTo(100);
        folder.remove(List.of(filed));
        assertThatThrownBy(() -> message.transferTo(200, 100, to)).isInstanceOf(NoSuchFileException.class);
    }
}
