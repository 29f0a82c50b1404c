package org.posthorn.mailbox.mbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Timeout;
import org.posthorn.api.mailbox.Filed;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Folder;
import org.posthorn.api.mailbox.Found;
import org.posthorn.api.mailbox.Staged;
import org.posthorn.itests.fuzz.Scratch;
import org.posthorn.mime.StoredMessage;

/** A file that anybody wrote. */
class MboxFuzzTest {

    private static final Flags FLAGS = Flags.named(List.of("\\Seen", "\\Draft", "work"));

    @FuzzTest
    @Timeout(60)
    void any_octets_are_an_mbox_and_no_message_changes_when_another_does(byte[] octets) throws IOException {
        try (Scratch scratch = Scratch.make()) {
            use(scratch.folder(), octets);
        }
    }

    private static void use(Path home, byte[] octets) throws IOException {
        MboxShelf shelf = new MboxShelf(home, new OpenFiles());
        shelf.create("INBOX");
        Files.write(home.resolve("mbox"), octets);
        try (Folder folder = shelf.open("INBOX")) {
            Map<String, String> texts = texts(folder);
            texts.put(place(folder), "n: 1\r\n\r\nplaced\r\n");
            assertThat(texts(folder)).isEqualTo(texts);
            String first = texts.keySet().iterator().next();
            assertThat(folder.flag(new Filed(0, first, Flags.NONE), FLAGS)).isTrue();
            assertThat(folder.scan(k -> false).found().get(0).flags()).isEqualTo(FLAGS);
            assertThat(texts(folder)).isEqualTo(texts);
            folder.remove(List.of(new Filed(0, first, FLAGS)));
            texts.remove(first);
            // Of messages that are alike the others have other names now.
            assertThat(texts(folder).values()).containsExactlyElementsOf(texts.values());
        }
    }

    private static String place(Folder folder) throws IOException {
        try (Staged staged = folder.stage(StoredMessage.of("n: 1\r\n\r\nplaced\r\n"), Instant.EPOCH)) {
            staged.place(1, 4_000_000_000L, Flags.NONE);
            return staged.key(4_000_000_000L);
        }
    }

    /** What is read, by key; as long as it is said to be. */
    private static Map<String, String> texts(Folder folder) throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Found found : folder.scan(key -> false).found()) {
            try (InputStream in = folder.read(new Filed(found.uid(), found.key(), found.flags()))
                    .orElseThrow()
                    .open()) {
                String text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
                assertThat(text).hasSize((int) found.size());
                assertThat(texts.put(found.key(), text)).as("two of one key").isNull();
            }
        }
        return texts;
    }
}
