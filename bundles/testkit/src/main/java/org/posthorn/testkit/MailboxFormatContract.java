package org.posthorn.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Filed;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Folder;
import org.posthorn.api.mailbox.Found;
import org.posthorn.api.mailbox.MailboxFormat;
import org.posthorn.api.mailbox.Scan;
import org.posthorn.api.mailbox.Shelf;
import org.posthorn.api.mailbox.Staged;
import org.posthorn.api.mailbox.Stamp;
import org.posthorn.mime.StoredMessage;

/** What every {@link MailboxFormat} keeps. */
public abstract class MailboxFormatContract {

    private static final Instant DATE = Instant.parse("2020-02-29T23:59:59Z");
    private static final long VALIDITY = 1_700_000_000;

    @TempDir
    Path home;

    private Shelf shelf;
    private long uid;

    /** A new one, as after a restart. */
    protected abstract MailboxFormat format() throws IOException;

    @BeforeEach
    void open() throws IOException {
        shelf = format().shelf(home);
        shelf.create("INBOX");
    }

    @Test
    void folders_are_made_renamed_and_deleted_one_by_one() throws IOException {
        shelf.create("a.b");
        shelf.create("a");
        shelf.create("\u00dcn\u00efc\u00f6de & \u65e5\u672c.x");
        shelf.rename("a", "c");
        assertThat(shelf.names())
                .containsExactlyInAnyOrder("INBOX", "a.b", "c", "\u00dcn\u00efc\u00f6de & \u65e5\u672c.x");
        shelf.delete("a.b");
        assertThat(format().shelf(home).names())
                .containsExactlyInAnyOrder("INBOX", "c", "\u00dcn\u00efc\u00f6de & \u65e5\u672c.x");
        assertThatThrownBy(() -> shelf.open("a.b")).isInstanceOf(IOException.class);
        for (String name : shelf.names()) assertThat(shelf.has(name)).as(name).isTrue();
        for (String name : new String[] {
            "", "a", "a.b", "\u00dcn\u00efc\u00f6de & \u65e5\u672c", ".c", "c.", "../c", "cur", "inbox"
        }) assertThat(shelf.has(name)).as(name).isFalse();
    }

    @Test
    void a_message_is_found_and_read_as_it_was_placed() throws IOException {
        String text = "Subject: x\r\nReceived: y\r\n z\r\n\r\nFrom here\r\n>From there\r\n\r\n\r\n";
        Flags flags = Flags.named(List.of("\\Flagged", "\\Draft", "\\Answered", "Work", "$Label1"));
        try (Folder folder = shelf.open("INBOX")) {
            Filed filed = place(folder, text, flags);
            folder.force(VALIDITY, List.of(filed));
            assertThat(read(folder, filed)).isEqualTo(text);
        }
        try (Folder folder = format().shelf(home).open("INBOX")) {
            Scan scan = folder.scan(key -> false);
            Found found = scan.found().get(0);
            assertThat(scan.found()).hasSize(1);
            assertThat(found.flags()).isEqualTo(flags);
            assertThat(found.internalDate()).isEqualTo(DATE);
            assertThat(scan.stamp()).isEqualTo(folder.stamp());
            assertThat(read(folder, new Filed(uid, found.key(), found.flags()))).isEqualTo(text);
        }
    }

    @Test
    void uids_are_noted() throws IOException {
        try (Folder folder = shelf.open("INBOX")) {
            List<Filed> all =
                    List.of(place(folder, "a: 1\r\n\r\n", Flags.NONE), place(folder, "a: 2\r\n\r\n", Flags.NONE));
            folder.force(VALIDITY, all);
        }
        try (Folder folder = format().shelf(home).open("INBOX")) {
            Scan scan = folder.scan(key -> false);
            assertThat(scan.uidValidity()).isEqualTo(VALIDITY);
            assertThat(scan.uidNext()).isEqualTo(uid + 1);
            assertThat(scan.found()).extracting(Found::uid).containsExactlyInAnyOrder(1L, 2L);
        }
    }

    @Test
    void what_is_staged_is_seen_by_nobody_until_it_is_placed() throws IOException {
        try (Folder folder = shelf.open("INBOX")) {
            Staged staged = folder.stage(StoredMessage.of("a: b\r\n\r\n"), DATE);
            assertThat(folder.scan(key -> false).found()).isEmpty();
            staged.close();
            assertThat(folder.scan(key -> false).found()).isEmpty();
            assertThat(folder.unplaced("1.nothing")).isIn(true, false);
        }
    }

    @Test
    void flags_are_changed_and_the_message_stays() throws IOException {
        try (Folder folder = shelf.open("INBOX")) {
            Filed one = place(folder, "a: 1\r\n\r\nbody\r\n", Flags.NONE);
            Filed two = place(folder, "a: 2\r\n\r\nbody\r\n", Flags.of(Flags.SEEN));
            Flags[] steps = {
                Flags.of(Flags.SEEN),
                Flags.named(List.of("\\Deleted", "a", "b", "c")),
                Flags.named(List.of("x".repeat(100))),
                Flags.NONE
            };
            for (Flags flags : steps) {
                Stamp before = folder.stamp();
                assertThat(folder.flag(one, flags)).isTrue();
                one = new Filed(one.uid(), one.key(), flags);
                String key = one.key();
                assertThat(folder.scan(k -> false).found())
                        .filteredOn(f -> f.key().equals(key))
                        .extracting(Found::flags)
                        .containsExactly(flags);
                assertThat(folder.stamp()).isNotEqualTo(before);
                assertThat(read(folder, one)).isEqualTo("a: 1\r\n\r\nbody\r\n");
                assertThat(read(folder, two)).isEqualTo("a: 2\r\n\r\nbody\r\n");
            }
            folder.remove(List.of(one));
            assertThat(folder.flag(one, Flags.NONE)).isFalse();
        }
    }

    @Test
    void what_is_removed_is_gone_and_the_others_stay() throws IOException {
        try (Folder folder = shelf.open("INBOX")) {
            List<Filed> all = new ArrayList<>();
            for (int i = 0; i < 6; i++) all.add(place(folder, "n: " + i + "\r\n\r\nbody\r\n", Flags.NONE));
            Message kept = folder.read(all.get(5)).orElseThrow();
            folder.remove(List.of(all.get(0), all.get(2), all.get(3)));
            folder.remove(List.of(all.get(2)));
            assertThat(folder.scan(key -> false).found())
                    .extracting(Found::key)
                    .containsExactlyInAnyOrder(
                            all.get(1).key(), all.get(4).key(), all.get(5).key());
            assertThat(folder.read(all.get(3))).isEmpty();
            assertThat(text(kept)).as("had before").isEqualTo("n: 5\r\n\r\nbody\r\n");
            folder.force(VALIDITY, all);
        }
    }

    @Test
    void any_bytes_come_back_and_any_slice_of_them() throws IOException {
        Random random = new Random(11);
        try (Folder folder = shelf.open("INBOX")) {
            for (int round = 0; round < 100; round++) {
                StringBuilder text = new StringBuilder("a: b\r\n\r\n");
                for (int i = random.nextInt(60); i > 0; i--)
                    text.append(List.of(
                                    "\r\n",
                                    ">",
                                    "From ",
                                    "From x 11:11 2020\r\n",
                                    "\r\r\n",
                                    "\u00ff",
                                    "\0",
                                    "x\r\n",
                                    " ")
                            .get(random.nextInt(9)));
                String whole = text.append("\r\n").toString();
                Filed filed = place(folder, whole, Flags.NONE);
                Message message = folder.read(filed).orElseThrow();
                assertThat(text(message)).isEqualTo(whole);
                assertThat(message.size()).isEqualTo(whole.length());
                int from = random.nextInt(whole.length());
                ByteArrayOutputStream slice = new ByteArrayOutputStream();
                while (slice.size() < whole.length() - from)
                    message.transferTo(from + slice.size(), 1 + random.nextInt(50), Channels.newChannel(slice));
                assertThat(slice.toString(StandardCharsets.ISO_8859_1).substring(0, whole.length() - from))
                        .isEqualTo(whole.substring(from));
            }
            assertThat(folder.scan(key -> false).found()).hasSize(100);
        }
    }

    @Test
    void a_large_message_takes_no_memory_to_place() throws IOException {
        String line = "0123456789".repeat(7) + "\r\n";
        String text = "Subject: large\r\n\r\n" + line.repeat(30_000);
        try (Folder folder = shelf.open("INBOX")) {
            assertThat(read(folder, place(folder, text, Flags.NONE))).isEqualTo(text);
            assertThat(folder.scan(key -> false).found().get(0).size()).isIn(-1L, (long) text.length());
        }
    }

    @Test
    void readers_go_on_while_flags_change_and_others_go() throws Exception {
        try (Folder folder = shelf.open("INBOX")) {
            List<Filed> all = new ArrayList<>();
            for (int i = 0; i < 40; i++) all.add(place(folder, "n: " + i + "\r\n\r\n" + "x\r\n".repeat(i), Flags.NONE));
            Filed kept = all.get(39);
            Message message = folder.read(kept).orElseThrow();
            CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> {
                for (int i = 0; i < 300; i++)
                    assertThat(unchecked(message)).startsWith("n: 39\r\n\r\nx").hasSize(9 + 39 * 3);
            });
            Flags seen = Flags.of(Flags.SEEN);
            for (int i = 0; i < 39; i++) {
                Filed now = new Filed(kept.uid(), kept.key(), i % 2 == 0 ? Flags.NONE : seen);
                assertThat(folder.flag(now, i % 2 == 0 ? seen : Flags.NONE)).isTrue();
                folder.remove(List.of(all.get(i)));
            }
            reader.get();
        }
    }

    private static String unchecked(Message message) {
        try {
            return text(message);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Places a message under the next UID. */
    private Filed place(Folder folder, String text, Flags flags) throws IOException {
        try (Staged staged = folder.stage(StoredMessage.of(text), DATE)) {
            assertThat(staged.size()).isEqualTo(text.length());
            String key = staged.key(++uid);
            staged.place(VALIDITY, uid, flags);
            return new Filed(uid, key, flags);
        }
    }

    private static String read(Folder folder, Filed filed) throws IOException {
        return text(folder.read(filed).orElseThrow());
    }

    private static String text(Message message) throws IOException {
        try (var in = message.open()) {
            return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
        }
    }
}
