package org.posthorn.pop3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.api.net.Farewell;
import org.posthorn.api.net.Suspended;
import org.posthorn.api.users.Entrance;
import org.posthorn.mime.Octets;
import org.posthorn.mime.StoredMessage;
import org.posthorn.testkit.MemoryLine;
import org.posthorn.testkit.Script;

class SessionTest {

    private static final String LOGIN = """
            S: +OK {*}
            C: USER mrose
            S: +OK {*}
            C: PASS tan staaf
            S: +OK {*}
            """;

    private final Server server = new Server("A: 1\r\n\r\n1\r\n", "A: 2\r\n\r\n2\r\n", "A: 3\r\n\r\n3\r\n");

    private MemoryLine login() throws IOException {
        MemoryLine line = server.connect(true);
        Script.of(LOGIN).run(line);
        return line;
    }

    private static void talk(MemoryLine line, String script) throws IOException {
        Script.of(script).run(line);
    }

    @Test
    void quit_removes_what_was_deleted_and_nothing_else() throws IOException {
        talk(login(), "C: DELE 1\nS: +OK {*}\nC: DELE 3\nS: +OK {*}\nC: QUIT\nS: +OK {*}\nS!");
        assertThat(server.shelf.messages).containsOnlyKeys(102L);
    }

    @Test
    void a_session_ends_with_the_account_or_its_password_and_removes_nothing() throws IOException {
        MemoryLine line = login();
        talk(line, "C: DELE 1\nS: +OK {*}");
        List.copyOf(server.members.open.keySet()).forEach(Runnable::run);
        talk(line, "S: -ERR [AUTH] {*}\nS!");
        assertThat(server.shelf.messages).hasSize(3);
        line.close();
        assertThat(server.members.open).isEmpty();
    }

    @Test
    void a_password_that_is_changed_while_the_maildrop_opens_lets_nobody_in() throws IOException {
        server.shelf.opening = () -> List.copyOf(server.members.open.keySet()).forEach(Runnable::run);
        MemoryLine line = login();
        talk(line, "S: -ERR [AUTH] {*}\nS!");
    }

    @Test
    void a_maildrop_that_does_not_open_is_listened_for_once() throws IOException {
        MemoryLine line = server.connect(true);
        server.shelf.broken = true;
        talk(line, "S: +OK {*}\nC: USER mrose\nS: +OK {*}\nC: PASS tan staaf\nS: -ERR [SYS/TEMP] {*}");
        server.shelf.broken = false;
        talk(line, "C: USER mrose\nS: +OK {*}\nC: PASS tan staaf\nS: +OK 3 {*}");
        assertThat(server.members.open).hasSize(1);
    }

    @Test
    void a_session_that_does_not_quit_removes_nothing() throws IOException {
        for (Farewell why : Farewell.values()) {
            MemoryLine line = login();
            talk(line, "C: DELE 1\nS: +OK {*}");
            line.end(why);
        }
        MemoryLine lost = login();
        talk(lost, "C: DELE 1\nS: +OK {*}");
        lost.close();
        assertThat(server.shelf.messages).hasSize(3);
    }

    @Test
    void a_client_that_falls_silent_is_left_without_a_word() throws IOException {
        MemoryLine line = login();
        assertThat(line.patience()).isEqualTo(Duration.ofMinutes(10));
        line.end(Farewell.IDLE);
        assertThat(line.unread()).isEmpty();
    }

    @Test
    void a_client_too_many_is_told_so() {
        MemoryLine line = server.connect(true);
        line.unread();
        line.end(Farewell.CROWDED);
        assertThat(line.unread()).endsWith("-ERR [SYS/TEMP] Too many connections\r\n");
    }

    @Test
    void a_client_that_a_swap_ends_is_told_so_and_not_that_the_server_goes() {
        MemoryLine line = server.connect(true);
        line.unread();
        line.end(Farewell.REPLACED);
        assertThat(line.unread())
                .endsWith("\r\n-ERR [SYS/TEMP] This part of the server is being replaced; connect again\r\n");
    }

    @Test
    void sessions_side_by_side_keep_their_numbers() throws IOException {
        MemoryLine one = login();
        MemoryLine other = login();
        talk(one, "C: DELE 1\nS: +OK {*}\nC: QUIT\nS: +OK {*}");
        server.shelf.with("A: 4\r\n\r\n4\r\n");
        talk(other, """
                C: RETR 1
                S: -ERR Message 1 is gone
                C: RETR 2
                S: +OK 11 octets
                S: A: 2
                S+ .
                C: RETR 4
                S: -ERR No such message
                C: DELE 1
                S: +OK {*}
                C: DELE 2
                S: +OK {*}
                C: QUIT
                S: +OK {*}
                """);
        assertThat(server.shelf.messages).containsOnlyKeys(103L, 104L);
    }

    @Test
    void nothing_is_removed_when_the_mailbox_was_numbered_anew() throws IOException {
        MemoryLine line = login();
        talk(line, "C: DELE 1\nS: +OK {*}");
        server.shelf.uidValidity = 8;
        talk(line, "C: QUIT\nS: -ERR [SYS/TEMP] Deleted messages are not removed\nS!");
        assertThat(server.shelf.messages).hasSize(3);
    }

    @Test
    void trouble_behind_the_server_is_temporary_and_no_wrong_password() throws IOException {
        server.members.broken = true;
        MemoryLine line = server.connect(true);
        talk(line, "S: +OK {*}\nC: USER mrose\nS: +OK {*}\nC: PASS tan staaf\nS: -ERR [SYS/TEMP] {*}");
        talk(line, "C: AUTH SCRAM-SHA-256 biwsbj1tcm9zZSxyPWFiYw==\nS: -ERR [SYS/TEMP] {*}");
        server.members.broken = false;
        server.shelf.broken = true;
        talk(line, "C: USER mrose\nS: +OK {*}\nC: PASS tan staaf\nS: -ERR [SYS/TEMP] {*}");
        server.shelf.broken = false;
        talk(line, "C: USER mrose\nS: +OK {*}\nC: PASS tan staaf\nS: +OK 3 {*}");
        server.shelf.broken = true;
        talk(line, "C: RETR 1\nS: -ERR [SYS/TEMP] {*}\nC: STAT\nS: +OK 3 33");
    }

    @Test
    void a_part_that_is_being_replaced_is_waited_for() throws IOException {
        MemoryLine line = login();
        server.pop3.removeMailboxes(server.shelf);
        CompletableFuture<Void> back = CompletableFuture.runAsync(
                () -> server.pop3.addMailboxes(server.shelf, Map.of()),
                CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS));
        talk(line, "C: RETR 1\nS: +OK 11 octets\nS+ .");
        back.join();
    }

    @Test
    void a_denial_is_held_back_without_a_word_meanwhile() throws IOException {
        server.members.pause = Duration.ofMillis(30);
        MemoryLine line = server.connect(true);
        long begin = System.nanoTime();
        talk(line, "S: +OK {*}\nC: USER mrose\nS: +OK {*}\nC: PASS wrong\nS: -ERR [AUTH] {*}");
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(30));
    }

    @Test
    void logins_that_are_put_off_are_answered_late_and_end_the_talk_too() throws IOException {
        server.members.pause = Duration.ofMillis(10);
        server.members.putOff = true;
        MemoryLine line = server.connect(true);
        long begin = System.nanoTime();
        talk(line, """
                S: +OK {*}
                C: USER mrose
                S: +OK {*}
                C: PASS tan staaf
                S: -ERR [SYS/TEMP] Too many {*}
                C: AUTH PLAIN AG1yb3NlAHRhbiBzdGFhZg==
                S: -ERR [SYS/TEMP] Too many {*}
                C: USER mrose
                S: +OK {*}
                C: PASS tan staaf
                S: -ERR [SYS/TEMP] Too many {*}
                S!
                """);
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(30));
    }

    @Test
    void a_login_is_told_in_the_log() throws IOException {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            talk(server.connect(true), "S: +OK {*}\nC: AUTH plain AG1yb3NlAHRhbiBzdGFhZg==\nS: +OK {*}");
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(StandardCharsets.UTF_8))
                .contains("INFO", "mrose@example.test has logged in from /127.0.0.1:40000 on pop3 by PLAIN");
    }

    @Test
    void a_scram_client_that_proves_nothing_is_denied() throws IOException {
        talk(server.connect(true), """
                S: +OK {*}
                C: AUTH SCRAM-SHA-256
                S~ \\+ *
                C: biwsbj1tcm9zZSxyPWFiYw==
                S~ \\+ [A-Za-z0-9+/=]+
                C: Yz1iaXdzLHI9YWJjLHA9QUFBQQ==
                S: -ERR [AUTH] {*}
                """);
    }

    @Test
    void a_suspended_session_goes_on_with_its_numbers_and_deletions() throws IOException {
        MemoryLine line = login();
        talk(line, "C: DELE 2\nS: +OK {*}");
        Suspended state = line.conversation().suspend().orElseThrow();
        server.shelf.messages.remove(101L);
        server.shelf.with("A: 4\r\n\r\n4\r\n");
        line.resume(server.pop3, state);
        talk(line, """
                C: STAT
                S: +OK 2 22
                C: UIDL
                S: +OK 2 messages
                S: 1 7.101
                S: 3 7.103
                S: .
                C: RETR 1
                S: -ERR Message 1 is gone
                C: QUIT
                S: +OK {*}
                """);
        assertThat(server.shelf.messages).containsOnlyKeys(103L, 104L);
    }

    @Test
    void a_session_that_goes_on_ends_with_the_app_password_by_which_it_began() throws IOException {
        MemoryLine line = server.connect(true);
        talk(line, "S: +OK {*}\nC: USER mrose\nS: +OK {*}\nC: PASS " + Members.APP_PASSWORD + "\nS: +OK 3 {*}");
        Server next = new Server();
        line.resume(next.pop3, line.conversation().suspend().orElseThrow());
        Entrance entrance = new Entrance(Members.MROSE, Optional.of("c1"));
        assertThat(server.members.open.values()).containsExactly(entrance);
        assertThat(next.members.open.values()).containsExactly(entrance);
        List.copyOf(next.members.open.keySet()).forEach(Runnable::run);
        talk(line, "S: -ERR [AUTH] {*}");
    }

    @Test
    void a_session_suspended_before_the_login_goes_on_there() throws IOException {
        MemoryLine line = server.connect(true);
        talk(line, "S: +OK {*}\nC: USER mrose\nS: +OK {*}");
        Suspended state = line.conversation().suspend().orElseThrow();
        line.resume(server.pop3, state);
        talk(line, "C: PASS tan staaf\nS: +OK 3 {*}");
    }

    @Test
    void in_the_middle_of_an_exchange_it_cannot_be_suspended() throws IOException {
        MemoryLine line = server.connect(true);
        talk(line, "S: +OK {*}\nC: AUTH PLAIN\nS~ \\+ ");
        assertThat(line.conversation().suspend()).isEmpty();
    }

    @Test
    void a_state_of_another_version_is_refused() {
        MemoryLine line = server.connect(true);
        assertThatIllegalArgumentException().isThrownBy(() -> server.pop3.resume(line, new Suspended(99, Map.of())));
    }

    @Test
    void an_empty_maildrop_is_one_too() throws IOException {
        server.shelf.messages.clear();
        talk(login(), """
                C: STAT
                S: +OK 0 0
                C: LIST
                S: +OK 0 messages
                S: .
                C: UIDL
                S: +OK 0 messages
                S: .
                C: QUIT
                S: +OK {*}
                """);
    }

    @Test
    void long_lists_come_whole() throws IOException {
        for (int i = 4; i <= 2_500; i++) server.shelf.with("A: " + i + "\r\n\r\n");
        MemoryLine line = login();
        talk(line, "C: LIST\nS: +OK 2500 messages\nS: 1 11");
        for (int i = 2; i <= 2_500; i++) assertThat(line.read()).startsWith(i + " ");
        assertThat(line.read()).isEqualTo(".");
        assertThat(line.conversation().suspend()).isPresent();
    }

    @Test
    void a_message_comes_whole_whatever_pieces_it_is_read_in() throws IOException {
        server.shelf.messages.clear();
        int[] sizes = {0, 1, (1 << 16) - 1, 1 << 16, (1 << 16) + 1, 1 << 17};
        for (int size : sizes) server.shelf.with(".\r\n".repeat(size / 3 + 1).substring(0, size));
        for (int i = 0; i < sizes.length; i++) {
            MemoryLine line = login();
            line.send("RETR " + (i + 1) + "\r\n");
            String stuffed =
                    "..\r\n".repeat(sizes[i] / 3) + List.of("", "..", "..\r").get(sizes[i] % 3);
            String end = sizes[i] % 3 == 0 ? ".\r\n" : "\r\n.\r\n";
            assertThat(line.unread()).isEqualTo("+OK " + sizes[i] + " octets\r\n" + stuffed + end);
        }
    }

    @Test
    void a_message_that_breaks_off_on_the_shelf_ends_the_connection() throws IOException {
        server.shelf.messages.put(101L, StoredMessage.of(new Torn()));
        // Who has not said UTF8 has headers looked at before, and is told.
        talk(login(), "C: RETR 1\nS: -ERR [SYS/TEMP] {*}");
        MemoryLine line = server.connect(true);
        talk(line, "S: +OK {*}\nC: UTF8\n" + LOGIN);
        assertThatThrownBy(() -> line.send("RETR 1\r\n")).isInstanceOf(UncheckedIOException.class);
        assertThat(line.unread()).doesNotContain("\r\n.\r\n");
    }

    /** A file whose disk fails. */
    private static final class Torn implements Octets {
        @Override
        public long size() {
            return 1_000_000;
        }

        @Override
        public InputStream open() {
            return new InputStream() {
                private int given;

                @Override
                public int read() throws IOException {
                    if (given++ > 70_000) throw new IOException("bad sector");
                    return 'x';
                }
            };
        }

        @Override
        public long transferTo(long position, long count, WritableByteChannel to) throws IOException {
            return to.write(ByteBuffer.allocate((int) Math.min(count, 8192)));
        }
    }

    @Test
    void a_client_that_talks_nonsense_is_cut_off_and_told_once_in_the_log() {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            MemoryLine line = server.connect(true);
            for (int i = 0; i < 51; i++) line.send("GET / HTTP/1.1\r\n");
            assertThat(line.isClosed()).isTrue();
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(StandardCharsets.UTF_8).lines().filter(l -> l.contains("/127.0.0.1:40000")))
                .hasSize(1)
                .allMatch(l -> l.endsWith("51 wrong, the last: No such command in this state"));
    }

    @Test
    void language_may_be_of_any_length() throws IOException {
        String many = "-a".repeat(6000);
        talk(
                server.connect(true),
                "S: +OK {*}\nC: LANG en" + many + "\nS: +OK {*}\nC: LANG en" + many + "-\nS: -ERR {*}");
    }

    @Test
    void time_to_log_in_is_one_span_whatever_is_said() throws IOException {
        MemoryLine line = server.connect(true);
        assertThat(line.patience()).isEqualTo(Duration.ofSeconds(60));
        server.now.set(TimeUnit.SECONDS.toNanos(59));
        talk(line, "S: +OK {*}\nC: CAPA\nS+ .");
        assertThat(line.patience()).isEqualTo(Duration.ofSeconds(1));
        server.now.set(TimeUnit.SECONDS.toNanos(60));
        talk(line, "C: CAPA\nS: -ERR {*}\nS!");
        MemoryLine inside = login();
        assertThat(inside.patience()).isEqualTo(Duration.ofSeconds(600));
        server.now.set(TimeUnit.SECONDS.toNanos(6000));
        talk(inside, "C: NOOP\nS: +OK {*}");
    }

    @Test
    @Timeout(5)
    void an_exchange_that_stands_still_holds_up_no_replacement_of_the_accounts() throws IOException {
        MemoryLine line = server.connect(true);
        talk(line, "S: +OK {*}\nC: AUTH PLAIN\nS: +{*}");
        server.pop3.removeAccounts(server.members);
        server.pop3.addAccounts(server.members, Map.of());
        talk(line, "C: AG1yb3NlAHRhbiBzdGFhZg==\nS: +OK {*}");
    }

    @Test
    void whatever_is_said_has_an_answer_and_no_exception() {
        String[] words = {
            "USER",
            "PASS",
            "mrose",
            "tan staaf",
            "AUTH",
            "PLAIN",
            "LOGIN",
            "SCRAM-SHA-256",
            "LIST",
            "RETR",
            "TOP",
            "DELE",
            "UIDL",
            "RSET",
            "NOOP",
            "CAPA",
            "STLS",
            "QUIT",
            "UTF8",
            "LANG",
            "1",
            "2",
            "0",
            "-1",
            "99999999999",
            "=",
            "*",
            "+",
            "AG1yb3NlAHRhbiBzdGFhZg==",
            " ",
            "\0",
            "\u00ff",
            "\t",
            "bj0s"
        };
        Random random = new Random(1939);
        for (int round = 0; round < 400; round++) {
            MemoryLine line = server.connect(random.nextBoolean());
            if (random.nextBoolean()) line.send("USER mrose\r\nPASS tan staaf\r\n");
            for (int i = 0; i < 25 && !line.isClosed(); i++) {
                StringBuilder said = new StringBuilder();
                int count = random.nextInt(4);
                for (int w = 0; w <= count; w++)
                    said.append(words[random.nextInt(words.length)]).append(random.nextInt(5) > 0 ? " " : "");
                int before = line.unread().length();
                line.send(said + "\r\n");
                assertThat(line.isClosed() || line.unread().length() > before)
                        .as("answer to %s", said)
                        .isTrue();
            }
        }
    }
}
