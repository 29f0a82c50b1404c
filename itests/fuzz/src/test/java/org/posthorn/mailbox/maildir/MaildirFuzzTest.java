package org.posthorn.mailbox.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Timeout;
import org.posthorn.api.mailbox.Filed;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.api.mailbox.Folder;
import org.posthorn.api.mailbox.Found;
import org.posthorn.api.mailbox.Scan;
import org.posthorn.itests.fuzz.Scratch;
import org.posthorn.testkit.TestInspection;

/** Files of any name, and lists that anybody wrote: in the input {@code new/…} and {@code cur/…}, a line each, an empty line, a list of UIDs, an empty line, a list of keywords. */
class MaildirFuzzTest {

    private static final int MOST_FILES = 50;
    private static final Flags FLAGS = Flags.named(List.of("\\Seen", "\\Draft"));

    @FuzzTest
    @Timeout(60)
    void files_of_any_name_are_messages_and_keep_their_flags(byte[] octets) throws IOException {
        try (Scratch scratch = Scratch.make()) {
            use(scratch.folder(), new String(octets, StandardCharsets.ISO_8859_1).split("\n\n", 3));
        }
    }

    private static void use(Path home, String[] parts) throws IOException {
        MaildirShelf shelf = shelf(home);
        shelf.create("INBOX");
        Path maildir = home.resolve("Maildir");
        Set<String> twins = new HashSet<>();
        Set<String> keys = new HashSet<>();
        for (String line : parts[0].lines().limit(MOST_FILES).toList())
            file(maildir, line).filter(key -> !keys.add(key)).ifPresent(twins::add);
        if (parts.length > 1) write(maildir.resolve("dovecot-uidlist"), parts[1]);
        if (parts.length > 2) write(maildir.resolve("dovecot-keywords"), parts[2]);
        try (Folder folder = shelf.open("INBOX")) {
            List<Found> found = found(folder);
            for (Found one : found) assertThat(folder.flag(filed(one), FLAGS)).isTrue();
            assertThat(found(folder))
                    .allSatisfy(one -> assertThat(
                                    twins.contains(one.key()) || one.flags().equals(FLAGS))
                            .isTrue())
                    .extracting(Found::key)
                    .containsExactlyInAnyOrderElementsOf(
                            found.stream().map(Found::key).toList());
            shelf.inspect("INBOX", key -> Optional.of(FLAGS), TestInspection.mending());
            TestInspection again = TestInspection.looking();
            shelf.inspect("INBOX", key -> Optional.of(FLAGS), again);
            assertThat(again.lines()).isEmpty();
            // Of two files with one name the other shows when the first is gone.
            for (List<Found> left = found(folder); !left.isEmpty(); left = found(folder))
                folder.remove(left.stream().map(MaildirFuzzTest::filed).toList());
        }
    }

    private static MaildirShelf shelf(Path home) throws IOException {
        UniqueName names = new UniqueName(Clock.systemUTC(), 1, "host");
        return new MaildirShelf(home.resolve("Maildir"), names, new OddFiles(), new OpenFiles(1, System::nanoTime));
    }

    /** Makes a file of that name, if one can have it. @return its key */
    private static Optional<String> file(Path maildir, String line) throws IOException {
        String name = line.substring(Math.min(4, line.length()));
        boolean place = line.startsWith("new/") || line.startsWith("cur/");
        if (!place || name.isEmpty() || name.contains("/") || name.startsWith(".")) return Optional.empty();
        try {
            write(maildir.resolve(line.substring(0, 3)).resolve(name), "a: b\n\n" + name + "\n");
            return Optional.of(MaildirName.of(name).key());
        } catch (InvalidPathException | FileSystemException e) {
            return Optional.empty();
        }
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(file, text, StandardCharsets.ISO_8859_1);
    }

    private static Filed filed(Found found) {
        return new Filed(found.uid(), found.key(), found.flags());
    }

    private static List<Found> found(Folder folder) throws IOException {
        Scan scan = folder.scan(key -> false);
        assertThat(scan.found()).extracting(Found::key).doesNotHaveDuplicates();
        assertThat(scan.found())
                .extracting(Found::uid)
                .filteredOn(uid -> uid > 0)
                .doesNotHaveDuplicates();
        for (Found one : scan.found()) {
            assertThat(one.uid()).isBetween(0L, scan.uidNext() - 1);
            try (InputStream in = folder.read(filed(one)).orElseThrow().open()) {
                assertThat(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1))
                        .startsWith("a: b\r\n\r\n");
            }
        }
        return scan.found();
    }
}
