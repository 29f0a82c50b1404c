package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.imap.Server.talk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mail.HeaderField;
import org.posthorn.api.mail.Message;
import org.posthorn.api.mailbox.Flags;
import org.posthorn.testkit.MemoryLine;

/** NUL, which stands in a literal8 alone: RFC 3501 9 "CHAR8" and RFC 3516 7. */
class NulTest {

    private static final String MAIL = "Subject: a\0b\r\nX: y\r\n\r\nc\0d";

    @TempDir
    Path data;

    private Server server;

    private MemoryLine select() throws IOException {
        server = new Server(data);
        server.inbox().add(MAIL, Flags.of(Flags.SEEN));
        return server.select();
    }

    private void told(String items, String answer) throws IOException {
        MemoryLine line = select();
        line.send("a FETCH 1 " + items + "\r\n");
        assertThat(line.unread()).isEqualTo("* 1 FETCH (" + answer + ")\r\na OK Fetched\r\n");
    }

    @Test
    void what_lies_there_with_one_is_told_without_and_as_long_as_it_is() throws IOException {
        String told = MAIL.replace('\0', '\u0080');
        told("(BODY.PEEK[] RFC822.SIZE)", "BODY[] {25}\r\n" + told + " RFC822.SIZE 25");
        told("BODY.PEEK[TEXT]", "BODY[TEXT] {3}\r\nc\u0080d");
        told("BODY.PEEK[]<9.2>", "BODY[]<9> {2}\r\na\u0080");
        told("BODY.PEEK[HEADER.FIELDS (Subject)]", "BODY[HEADER.FIELDS (Subject)] {16}\r\nSubject: a\u0080b\r\n\r\n");
    }

    /** What is big is looked at once, and goes out as it lies there where that has none. */
    @Test
    void so_it_is_with_big_ones() throws IOException {
        MemoryLine line = select();
        String before = "Subject: x\r\n\r\n" + "y".repeat(100_000);
        server.inbox().add(before + "\0" + "z".repeat(90_000), Flags.NONE);
        line.send("a NOOP\r\n");
        for (int from : new int[] {0, 10, before.length() - 100_000, before.length() - 99_999, before.length() + 1}) {
            String whole = before + "\u0080" + "z".repeat(90_000);
            String piece = whole.substring(from, Math.min(whole.length(), from + 100_000));
            line.send("b FETCH 2 BODY.PEEK[]<" + from + ".100000>\r\n");
            String answer =
                    "* 2 FETCH (BODY[]<" + from + "> {" + piece.length() + "}\r\n" + piece + ")\r\nb OK Fetched\r\n";
            assertThat(line.unread().endsWith(answer)).as("from " + from).isTrue();
        }
    }

    /** One that counts how often it is read from its beginning. */
    private record Counted(Message message, AtomicInteger times) implements Message {

        @Override
        public long size() {
            return message.size();
        }

        @Override
        public List<HeaderField> header() throws IOException {
            return message.header();
        }

        @Override
        public InputStream open() throws IOException {
            times.incrementAndGet();
            return message.open();
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
            return message.transferTo(position, count, to);
        }

        @Override
        public Message withTrace(List<HeaderField> fields) {
            return new Counted(message.withTrace(fields), times);
        }
    }

    /** In clear, that is, if most of it goes out. */
    @Test
    void big_one_is_looked_at_where_the_kernel_can_send_it() throws IOException {
        MemoryLine line = select();
        server.inbox().add("Subject: x\r\n\r\n" + "y".repeat(1_000_000), Flags.NONE);
        AtomicInteger times = new AtomicInteger();
        server.inbox().read(2, message -> new Counted(message, times));
        talk(line, "C: n NOOP\nS+ n OK {*}");
        fetch(line, "BODY.PEEK[]<0.70000>");
        MemoryLine compressed = server.login();
        talk(compressed, "C: c COMPRESS DEFLATE\nS: c OK {*}\nZ:\nC: s SELECT INBOX\nS+ s OK {*}");
        fetch(compressed, "BODY.PEEK[]");
        MemoryLine secure = server.connect();
        talk(secure, "C: t STARTTLS\nS: t OK {*}\nT:\nC: l LOGIN " + Server.FRED + " \"foo bar\"\nS: l OK {*}");
        talk(secure, "C: s SELECT INBOX\nS+ s OK {*}");
        fetch(secure, "BODY.PEEK[]");
        assertThat(times).hasValue(0);
        fetch(line, "BODY.PEEK[]");
        fetch(line, "BODY.PEEK[]");
        assertThat(times).hasValue(1);
    }

    private static void fetch(MemoryLine line, String item) throws IOException {
        talk(line, "C: f FETCH 2 " + item + "\nS+ f OK Fetched");
    }

    @Test
    void what_is_made_of_a_header_with_one_has_none() throws IOException {
        MemoryLine line = select();
        line.send("a FETCH 1 (ENVELOPE BODYSTRUCTURE PREVIEW)\r\n");
        assertThat(line.unread()).endsWith("a OK Fetched\r\n").doesNotContain("\0");
    }

    @Test
    void literal8_has_it_as_it_is() throws IOException {
        told("BINARY.PEEK[1]", "BINARY[1] ~{3}\r\nc\0d");
        told("BINARY.PEEK[]", "BINARY[] ~{25}\r\n" + MAIL);
    }

    @Test
    void message_in_a_plain_literal_is_refused() throws IOException {
        talk(select(), """
                C| a APPEND INBOX {3+}\\r\\na\\x00b\\r\\n
                S: a NO [CANNOT] {*}
                C| b APPEND INBOX {1+}\\r\\nx {3+}\\r\\na\\x00b\\r\\n
                S: b NO [CANNOT] {*}
                C| c APPEND INBOX CATENATE (TEXT {1+}\\r\\nx TEXT {3+}\\r\\na\\x00b)\\r\\n
                S: c NO [CANNOT] {*}
                C| d REPLACE 1 INBOX {3+}\\r\\na\\x00b\\r\\n
                S: d NO [CANNOT] {*}
                C| e APPEND INBOX {42+}\\r\\nContent-Transfer-Encoding: binary\\r\\n\\r\\na\\x00b\\r\\n\\r\\n
                S: e NO [CANNOT] {*}
                C: f STATUS INBOX (MESSAGES)
                S: * STATUS INBOX (MESSAGES 1)
                S: f OK {*}
                """);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "CREATE {3+}\\r\\na\\x00b",
                "CREATE \"a\\x00b\"",
                "CREATE \"a\\\\\\x00b\"",
                "SELECT {3+}\\r\\na\\x00b",
                "LIST \"\" {3+}\\r\\na\\x00b",
                "SEARCH TEXT {3+}\\r\\na\\x00b",
                "SEARCH SUBJECT \"a\\x00b\"",
                "SEARCH HEADER {3+}\\r\\na\\x00b x",
                "FETCH 1 BODY.PEEK[HEADER.FIELDS ({3+}\\r\\na\\x00b)]",
                "SETMETADATA INBOX (/private/comment {3+}\\r\\na\\x00b)",
                "ID (\"name\" \"a\\x00b\")",
                "CREATE a\\x00b",
                "SEARCH SUBJECT \"a {1+}\\r\\nb\"",
            })
    void elsewhere_it_is_bad(String command) throws IOException {
        talk(select(), "C| a " + command + "\\r\\n\nS: a BAD {*}\nC: b NOOP\nS: b OK {*}");
    }
}
