package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.imap.Server.talk;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.posthorn.testkit.MemoryLine;

class HostileClientTest {

    private static final List<String> COMMANDS = List.of(
            "FETCH 1:* (FLAGS BODY.PEEK[1.2.HEADER.FIELDS (Subject \"To\")]<0.10> ENVELOPE BODYSTRUCTURE)",
            "UID FETCH 1,2:3 (UID MODSEQ) (CHANGEDSINCE 1)",
            "STORE 1:2 (UNCHANGEDSINCE 5) +FLAGS.SILENT (\\Seen $x)",
            "SEARCH RETURN (MIN COUNT) CHARSET UTF-8 OR (SINCE 1-Feb-1994 NOT DELETED) TEXT \"x y\"",
            "UID SEARCH UID 1:* HEADER Subject {3+}\r\nabc",
            "LIST (SUBSCRIBED) \"\" (\"%\" a*) RETURN (STATUS (MESSAGES) CHILDREN)",
            "APPEND INBOX (\\Draft) \" 1-Jan-2020 00:00:00 +0000\" {4+}\r\nA: 1",
            "COPY 1 \"Trash\"",
            "MOVE 1 {5+}\r\nTrash",
            "CREATE &AOQ-.x (USE (\\Archive))",
            "RENAME x y",
            "STATUS INBOX (MESSAGES UNSEEN)",
            "SELECT INBOX (CONDSTORE)",
            "ID (\"name\" NIL)",
            "ENABLE CONDSTORE QRESYNC",
            "SELECT INBOX (QRESYNC (1 2 1:9 (1,3 2,4)))",
            "UID FETCH 1:* FLAGS (CHANGEDSINCE 1 VANISHED PARTIAL -1:-3)",
            "SORT RETURN (SAVE PARTIAL 1:3) (REVERSE SUBJECT DISPLAYFROM) UTF-8 YOUNGER 5 $",
            "UID THREAD REFERENCES US-ASCII 1:* OLDER 9",
            "UID REPLACE 1 INBOX (\\Draft) {4+}\r\nA: 1",
            "APPEND INBOX {4+}\r\nA: 1 (\\Seen) {3+}\r\nB:2",
            "FETCH 1 (EMAILID THREADID SAVEDATE)",
            "SEARCH OR EMAILID M0000000000000001 THREADID T1 SAVEDSINCE 1-Feb-1994 NOT SAVEDATESUPPORTED",
            "STATUS INBOX (MAILBOXID)",
            "ENABLE IMAP4rev2",
            "ENABLE UTF8=ACCEPT",
            "APPEND INBOX UTF8 (~{4+}\r\nA: 1)",
            "CREATE \"gr\u00c3\u00bcn\"",
            "LIST (SUBSCRIBED RECURSIVEMATCH) \"\" \"gr\u00c3\u00bc%\"",
            "RENAME {4+}\r\nfo\u00c3\u00bc \"u\u00cc\u0088\"",
            "UNAUTHENTICATE",
            "NOTIFY SET STATUS (SELECTED (MessageNew (UID BODY.PEEK[HEADER.FIELDS (From)]) MessageExpunge FlagChange)) (SUBTREE (INBOX {1+}\r\nx) (MailboxName MailboxMetadataChange))",
            "NOTIFY SET (SELECTED-DELAYED NONE) (PERSONAL (MessageNew MessageExpunge SubscriptionChange))",
            "UID SEARCH RETURN (UPDATE (UID FLAGS) COUNT) ALL",
            "IDLE",
            "EXPUNGE",
            "CLOSE");

    private static final String TELLING = " ()[]{}\"\\*%<>.,:+&0123456789\0\u00ff\u00e4";

    private static String changed(String command, Random random) {
        StringBuilder text = new StringBuilder(command);
        for (int i = random.nextInt(4); i > 0 && text.length() > 1; i--) {
            int at = random.nextInt(text.length());
            char c = TELLING.charAt(random.nextInt(TELLING.length()));
            switch (random.nextInt(4)) {
                case 0 -> text.setCharAt(at, c);
                case 1 -> text.insert(at, c);
                case 2 -> text.deleteCharAt(at);
                default -> text.setLength(at);
            }
        }
        return text.toString();
    }

    @Test
    void an_answer_is_one_line_whatever_is_wrong() throws IOException {
        assertThat(Answer.bad("x\r\na OK \u001b")).hasToString("BAD x??a OK ?");
        MemoryLine line = new Server().connect();
        line.send("a LOGIN {4}fred x\r\n");
        assertThat(line.unread()).isEqualTo("a BAD The announcement of a literal must end its line\r\n");
    }

    @Test
    void every_command_is_answered_or_ends_the_talk_whatever_it_is() throws IOException {
        Random random = new Random(3501);
        Server server = new Server();
        MemoryLine line = server.select();
        for (int i = 0; i < 20_000; i++) {
            if (line.isClosed()) line = server.select();
            if (i % 50 == 0) server.fred().deliver("Subject: x\r\n\r\nbody\r\n");
            String command = changed(COMMANDS.get(random.nextInt(COMMANDS.size())), random);
            // Whatever an announced literal swallows, these line ends give an answer back.
            line.send("t " + command + "\r\n" + "\r\n".repeat(3));
            line.send("DONE\r\n");
            if (line.isClosed()) continue;
            boolean swallowed = line.unread().isEmpty() || line.unread().endsWith("+ OK\r\n");
            if (swallowed) {
                line.close();
                continue;
            }
            assertThat(line.unread()).as(command).matches("(?s).*(^|\n)(t|\\*) (OK|NO|BAD|BYE)[^\n]*\r\n.*");
            while (!line.unread().isEmpty()) line.read();
        }
    }

    @Test
    void octets_at_random_are_answered() throws IOException {
        Random random = new Random(4711);
        for (int round = 0; round < 200; round++) {
            MemoryLine line = new Server().connect();
            StringBuilder noise = new StringBuilder();
            for (int i = 0; i < 2000; i++) noise.append((char) (random.nextInt(8) == 0 ? '\n' : random.nextInt(256)));
            line.send(noise + "\r\n" + "\r\n");
            assertThat(line.unread()).contains("* BAD ");
        }
    }

    @Test
    void wrong_commands_are_borne_for_a_while_only() throws IOException {
        MemoryLine line = new Server().connect();
        for (int i = 0; i < Limits.FAULTS; i++) line.send("x NONSENSE\r\n");
        assertThat(line.unread()).endsWith("* BYE Too many wrong commands\r\n");
        assertThat(line.isClosed()).isTrue();
    }

    @Test
    void literals_before_login_are_short() throws IOException {
        talk(new Server().connect(), """
                C: a LOGIN {2147483648}
                S: a NO [LIMIT] {*}
                C: b LOGIN {20000}
                S: b NO [LIMIT] {*}
                C: c APPEND INBOX {13000}
                S: c NO [LIMIT] {*}
                C: d LOGIN {2147483648+}
                S: * BYE [TOOBIG] {*}
                S!
                """);
    }

    @Test
    void a_large_literal_that_a_stranger_sends_unasked_is_answered_at_once() throws IOException {
        talk(new Server().connect(), """
                C: a LOGIN {999999999+}
                S: * BYE [TOOBIG] {*}
                S!
                """);
    }

    @Test
    void literals_do_not_add_up_without_end() throws IOException {
        MemoryLine line = new Server().select();
        line.send("a SEARCH");
        for (int i = 0; i < 400; i++) line.send(" BODY {1000+}\r\n" + "x".repeat(1000));
        line.send("\r\n");
        assertThat(line.unread()).isEqualTo("a NO [LIMIT] A command may have 262144 octets\r\n");
        MemoryLine other = new Server().select();
        other.send("a SEARCH");
        for (int i = 0; i < 100_000; i++) other.send(" {0+}\r\n");
        other.send("\r\n");
        assertThat(other.unread()).isEqualTo("a NO [LIMIT] A command may have 262144 octets\r\n");
        other.send("b SEARCH BODY {300000+}\r\n" + "x".repeat(300_000) + " BODY {3}\r\n");
        assertThat(other.unread()).endsWith("b NO [LIMIT] A command may have 262144 octets\r\n");
    }

    @Test
    void lines_without_end_are_refused() throws IOException {
        MemoryLine line = new Server().login();
        talk(line, "C: a SEARCH " + "x".repeat(70_000) + "\nS: a BAD That line is too long\nC: b NOOP\nS: b OK {*}");
        talk(line, "C| c NO\\nOP\\r\\n\nS: c BAD A line must end with CR and LF");
        talk(line, "C: " + "x".repeat(70_000) + "\nS: * BAD That line is too long");
        talk(
                line,
                "C: d LIST {3+}\nC: abc " + "x".repeat(70_000)
                        + "\nS: d BAD That line is too long\nC: e NOOP\nS: e OK {*}");
    }

    /** RFC 7888 4: the client has sent them already, and they are no commands. */
    @Test
    void octets_announced_by_a_line_that_is_refused_are_passed_over() throws IOException {
        for (String begin :
                new String[] {"a SEARCH " + "x".repeat(70_000), "a NO\nOP", "a LIST {3+}\r\nabc " + "x".repeat(70_000)
                }) {
            MemoryLine line = new Server().login();
            line.send(begin + " {10+}\r\nb LOGOUT\r\n \"x\" {0+}\r\n\r\nc NOOP\r\n");
            assertThat(line.read()).startsWith("a BAD ");
            assertThat(line.read()).startsWith("c OK ");
            line.send(begin + " {10}\r\nc NOOP\r\n");
            assertThat(line.read()).startsWith("a BAD ");
            assertThat(line.read()).startsWith("c OK ");
        }
        talk(new Server().connect(), "C: a LOGIN " + "x".repeat(70_000) + " {300000+}\nS: * BYE [TOOBIG] {*}\nS!");
    }

    /** The command is answered, or a client would wait for that for ever. */
    @Test
    void lines_without_end_end_the_command_to_which_they_belong() throws IOException {
        MemoryLine line = new Server().select();
        talk(line, "C: a IDLE\nS: + idling\nC: " + "x".repeat(70_000) + "\nS: a BAD That line is too long");
        talk(line, "C: b IDLE\nS: + idling\nC| DO\\nNE\\r\\n\nS: b BAD A line must end with CR and LF");
        talk(line, "C: c NOOP\nS: c OK {*}");
        MemoryLine other = new Server().connect();
        talk(other, "C: a AUTHENTICATE PLAIN\nS: + {*}\nC: " + "x".repeat(70_000) + "\nS: a BAD That line is too long");
        talk(other, "C: b NOOP\nS: b OK {*}");
    }

    @Test
    void tags_that_are_none_are_not_repeated() throws IOException {
        talk(new Server().connect(), """
                C: * NOOP
                S: * BAD That is no command
                C: + NOOP
                S: * BAD That is no command
                C: a
                S: * BAD That is no command
                C:\s
                S: * BAD That is no command
                C: a+b NOOP
                S: * BAD That is no command
                C: a UID NOOP
                S: a BAD There is no such command
                C: a UID
                S: a BAD There is no such command
                """);
    }

    @Test
    void patterns_are_bounded() throws IOException {
        talk(
                new Server().login(),
                "C: a LIST \"\" (" + "x*".repeat(600) + " " + "*x".repeat(600) + ")\nS: a NO [LIMIT] {*}");
        talk(new Server().login(), "C: a LSUB \"\" " + "x%".repeat(1001) + "\nS: a NO [LIMIT] {*}");
    }

    @Test
    void time_to_log_in_is_one_span_whatever_is_said() throws IOException {
        AtomicLong seconds = new AtomicLong();
        Server server = new Server(
                Path.of("target", "data"),
                d -> CompletableFuture.completedFuture(null),
                () -> TimeUnit.SECONDS.toNanos(seconds.get()));
        MemoryLine line = server.connect();
        assertThat(line.patience()).isEqualTo(Duration.ofSeconds(60));
        seconds.set(59);
        talk(line, "C: a NOOP\nS: a OK {*}");
        assertThat(line.patience()).isEqualTo(Duration.ofSeconds(1));
        seconds.set(60);
        talk(line, "C: b NOOP\nS: * BYE You have not logged in in time\nS!");
        seconds.set(0);
        line = server.connect();
        seconds.set(60);
        talk(line, "C| a\\nb {0+}\\r\\n\nS: * BYE You have not logged in in time\nS!");
        seconds.set(0);
        MemoryLine inside = server.login();
        seconds.set(6000);
        talk(inside, "C: a NOOP\nS: a OK {*}");
        assertThat(inside.patience()).isEqualTo(Duration.ofMinutes(30));
    }

    @Test
    void log_says_whose_command_was_wrong() throws IOException {
        String log = log(() -> {
            MemoryLine line = new Server().login();
            line.send("a FETCH 1 FLAGS\r\nb SELECT INBOX\r\nc FETCH x y\r\n");
            line.close();
        });
        assertThat(log.lines().filter(l -> l.contains("/127.0.0.1:40000")))
                .anyMatch(
                        l -> l.endsWith(": 2 wrong, the last: FETCH of fred@example.org: That is no set of messages"));
    }

    /** Something that is written down. */
    private interface Talking {
        void run() throws IOException;
    }

    private static String log(Talking talking) throws IOException {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            talking.run();
        } finally {
            System.setErr(before);
        }
        return log.toString(StandardCharsets.UTF_8);
    }

    @Test
    void wrong_commands_are_one_line_in_the_log() throws IOException {
        String log = log(() -> new Server().connect().send("x NONSENSE\r\n".repeat(Limits.FAULTS)));
        assertThat(log.lines().filter(l -> l.contains("/127.0.0.1:40000")))
                .hasSize(1)
                .allMatch(l -> l.endsWith(
                        Limits.FAULTS + " wrong, the last: no command of a stranger: There is no such command"));
    }
}
