package org.posthorn.mailbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mail.Address;

class MailboxNumbersTest {

    @TempDir
    Path indexes;

    private MailboxNumbers numbers;

    @BeforeEach
    void open() {
        numbers = new MailboxNumbers(Address.of("alice@example.test"), indexes);
    }

    private Path path(String name) {
        return indexes.resolve(name + AccountShelf.INDEX);
    }

    /** Makes a mailbox. */
    private long make(String name, long uidValidity) throws IOException {
        long number = numbers.next(name, uidValidity, path(name));
        Index.create(path(name), new IndexRecord.Head(uidValidity, 1, number, 0))
                .close();
        return number;
    }

    @Test
    void a_mailbox_has_the_same_one_when_its_index_is_lost() throws IOException {
        long number = make("a", 7);
        assertThat(numbers.next("a", 7, path("a"))).isEqualTo(number);
        Files.delete(path("a"));
        assertThat(make("a", 7)).isEqualTo(number);
        open();
        assertThat(make("a", 7)).isEqualTo(number);
        assertThat(make("a", 8)).isNotEqualTo(number);
    }

    @Test
    void one_that_a_renamed_mailbox_has_is_taken() throws IOException {
        long number = make("a", 7);
        Files.move(path("a"), path("b"));
        assertThat(numbers.next("a", 7, path("a"))).isNotEqualTo(number);
        open();
        assertThat(make("a", 7)).isNotEqualTo(number);
    }

    /** A folder cannot be read as an index, and the log tells when one is looked at. */
    @Test
    void others_are_looked_at_once_and_when_one_may_be_taken() throws IOException {
        make("a", 7);
        Files.createDirectory(path("b"));
        assertThat(log(() -> make("c", 8))).isEmpty();
        assertThat(log(() -> make("d", 7))).contains("b" + AccountShelf.INDEX);
        open();
        assertThat(log(() -> make("e", 9))).contains("b" + AccountShelf.INDEX);
    }

    /** Something that is written down. */
    private interface Making {
        void run() throws IOException;
    }

    private static String log(Making making) throws IOException {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            making.run();
        } finally {
            System.setErr(before);
        }
        return log.toString(StandardCharsets.UTF_8);
    }
}
