package org.posthorn.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.posthorn.imap.Server.talk;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.posthorn.api.net.Farewell;
import org.posthorn.testkit.MemoryLine;

class LoginTest {

    private final Server server = new Server();

    @Test
    void passwords_are_not_taken_in_clear() throws IOException {
        MemoryLine line = MemoryLine.to(server.protocol);
        talk(line, """
                S: * OK [CAPABILITY IMAP4rev1 IMAP4rev2 LITERAL+ SASL-IR ID ENABLE LANGUAGE STARTTLS LOGINDISABLED] Posthorn is ready
                C: a LOGIN fred@example.org {7+}
                C: foo bar
                S: a NO [PRIVACYREQUIRED] {*}
                C: b AUTHENTICATE PLAIN
                S: b NO [PRIVACYREQUIRED] {*}
                C: c STARTTLS
                S: c OK Begin TLS now
                T:
                C: d CAPABILITY
                S: * CAPABILITY IMAP4rev1 IMAP4rev2 LITERAL+ SASL-IR ID ENABLE LANGUAGE AUTH=SCRAM-SHA-256 AUTH=PLAIN AUTH=LOGIN
                S: d OK {*}
                C: e STARTTLS
                S: e BAD {*}
                C: f LOGIN fred@example.org "foo bar"
                S: f OK [CAPABILITY IMAP4rev1 {*}] Logged in
                C: g STARTTLS
                S: g BAD Not now: you have logged in already
                """);
        assertThat(line.patience()).isEqualTo(Duration.ofMinutes(30));
    }

    @Test
    void password_comes_quoted_or_as_a_literal() throws IOException {
        talk(server.connect(), """
                C: a LOGIN fred@example.org {7}
                S: + OK
                C: foo bar
                S: a OK {*}
                """);
        talk(server.connect(), "C: a LOGIN {16+}\nC: fred@example.org \"foo bar\"\nS: a OK {*}");
    }

    @Test
    void plain_comes_at_once_or_after_a_challenge() throws IOException {
        String plain =
                Base64.getEncoder().encodeToString("\0fred@example.org\0foo bar".getBytes(StandardCharsets.US_ASCII));
        talk(server.connect(), "C: a AUTHENTICATE PLAIN " + plain + "\nS: a OK {*}");
        talk(server.connect(), "C: a AUTHENTICATE plain\nS: + \nC: " + plain + "\nS: a OK {*}");
        talk(server.connect(), "C: a AUTHENTICATE PLAIN\nS: + \nC: *\nS: a BAD {*}\nC: b NOOP\nS: b OK {*}");
        talk(server.connect(), "C: a AUTHENTICATE PLAIN !\nS: a BAD {*}");
        talk(server.connect(), "C: a AUTHENTICATE GSSAPI\nS: a NO [CANNOT] {*}");
    }

    @Test
    void wrong_passwords_are_answered_late_and_end_the_talk() throws IOException {
        MemoryLine line = server.connect();
        for (int i = 1; i < Limits.FAILURES; i++)
            talk(line, "C: a LOGIN fred@example.org x\nS: a NO [AUTHENTICATIONFAILED] User name or password is wrong");
        talk(line, "C: a LOGIN nobody x\nS: a NO [AUTHENTICATIONFAILED] {*}\nS: * BYE {*}\nS!");
    }

    @Test
    void logins_that_are_put_off_are_answered_late_and_end_the_talk_too() throws IOException {
        List<Duration> pauses = new ArrayList<>();
        Function<Duration, CompletionStage<Void>> pause = time -> {
            pauses.add(time);
            return CompletableFuture.completedFuture(null);
        };
        MemoryLine line = new Server(Path.of("target", "data"), pause, System::nanoTime).connect();
        String plain =
                Base64.getEncoder().encodeToString("\0fred@example.org\0again".getBytes(StandardCharsets.US_ASCII));
        talk(line, "C: a AUTHENTICATE PLAIN " + plain + "\nS: a NO [UNAVAILABLE] {*}");
        for (int i = 2; i < Limits.FAILURES; i++)
            talk(line, "C: a LOGIN fred@example.org again\nS: a NO [UNAVAILABLE] {*}");
        talk(line, "C: a LOGIN fred@example.org again\nS: a NO [UNAVAILABLE] {*}\nS: * BYE {*}\nS!");
        assertThat(pauses).hasSize(Limits.FAILURES).containsOnly(Duration.ofMillis(1));
    }

    @Test
    void a_login_is_told_in_the_log() throws IOException {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            server.login();
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(StandardCharsets.UTF_8))
                .contains("INFO", "fred@example.org has logged in from /127.0.0.1:40000 on test by LOGIN");
    }

    @Test
    void scram_failure_is_a_failed_login() throws IOException {
        String first = Base64.getEncoder().encodeToString("n,,n=fred,r=abc".getBytes(StandardCharsets.US_ASCII));
        MemoryLine line = server.connect();
        line.send("a AUTHENTICATE SCRAM-SHA-256 " + first + "\r\n");
        String challenge = new String(Base64.getDecoder().decode(line.read().substring(2)), StandardCharsets.US_ASCII);
        String nonce = challenge.substring(2, challenge.indexOf(','));
        String last = "c=biws,r=" + nonce + ",p=" + Base64.getEncoder().encodeToString(new byte[32]);
        line.send(Base64.getEncoder().encodeToString(last.getBytes(StandardCharsets.US_ASCII)) + "\r\n");
        assertThat(line.read()).startsWith("a NO [AUTHENTICATIONFAILED]");
    }

    @Test
    void what_was_said_in_clear_is_forgotten_with_tls() throws IOException {
        MemoryLine line = server.connect();
        talk(line, "C: a LOGIN fred@example.org \"foo bar\"\nS: a OK {*}");
        line.conversation().secured();
        talk(line, "C: b SELECT INBOX\nS: b BAD Not now: log in first");
    }

    @Test
    void commands_wait_for_their_state() throws IOException {
        talk(server.connect(), """
                C: a SELECT INBOX
                S: a BAD Not now: log in first
                C: b FETCH 1 FLAGS
                S: b BAD Not now: select a mailbox first
                C: c LOGIN fred@example.org "foo bar"
                S: c OK {*}
                C: d FETCH 1 FLAGS
                S: d BAD Not now: select a mailbox first
                C: e LOGIN fred@example.org "foo bar"
                S: e BAD Not now: you have logged in already
                C: f LOGOUT
                S: * BYE Logging out
                S: f OK Good bye
                S!
                """);
    }

    @Test
    void farewells_are_said() throws IOException {
        for (Farewell why : Farewell.values()) {
            MemoryLine line = server.connect();
            line.end(why);
            assertThat(line.read()).startsWith("* BYE ");
        }
    }

    @Test
    void id_and_enable_answer_as_their_rfcs_say() throws IOException {
        talk(server.login(), """
                C: a ID ("name" "sodr" "version" "19.34" "vendor" NIL)
                S: * ID ("name" "Posthorn")
                S: a OK {*}
                C: b ID NIL
                S: * ID ("name" "Posthorn")
                S: b OK {*}
                C: c ID (
                S: c BAD {*}
                C: d ENABLE CONDSTORE X-GOOD-IDEA
                S: * ENABLED CONDSTORE
                S: d OK Enabled
                C: e ENABLE X-BAD
                S: * ENABLED
                S: e OK Enabled
                C: f NAMESPACE
                S: * NAMESPACE (("" ".")) (("Users/" "/")) NIL
                S: f OK {*}
                """);
    }

    @Test
    void a_file_that_is_in_the_way_is_one_line_in_the_log() throws IOException {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            server.fred().inTheWay(new FileSystemException("mail/fred/Maildir", null, "Not a directory"));
            talk(server.login(), "C: a CREATE x\nS: a NO [UNAVAILABLE] {*}");
        } finally {
            System.setErr(before);
        }
        assertThat(log.toString(StandardCharsets.UTF_8).lines().filter(l -> !l.contains("logged in")))
                .singleElement()
                .asString()
                .endsWith("A command of fred@example.org could not be done:"
                        + " java.nio.file.FileSystemException: mail/fred/Maildir: Not a directory");
    }

    @Test
    void who_logs_out_may_log_in_again() throws IOException {
        MemoryLine line = new Server().select();
        talk(line, """
                C: a ENABLE QRESYNC
                S: * ENABLED QRESYNC
                S+ a OK {*}
                C: b UNAUTHENTICATE now
                S: b BAD {*}
                C: c UNAUTHENTICATE
                S: c OK Log in again
                C: d NOOP
                S: d OK {*}
                C: e LIST "" *
                S: e BAD Not now: log in first
                C: f UNAUTHENTICATE
                S: f BAD Not now: log in first
                C: g LOGIN fred@example.org wrong
                S: g NO [AUTHENTICATIONFAILED] {*}
                C: h LOGIN fred@example.org "foo bar"
                S: h OK [CAPABILITY {*}] Logged in
                C: i CHECK
                S: i BAD Not now: select a mailbox first
                C: j SELECT INBOX (QRESYNC (1 1))
                S: j BAD {*}
                """);
    }

    @Test
    void a_client_that_a_swap_ends_is_told_so_and_not_that_the_server_goes() throws IOException {
        // RFC 5530 3
        MemoryLine line = server.login();
        line.end(Farewell.REPLACED);
        talk(line, "S: * BYE [UNAVAILABLE] This part of the server is being replaced; connect again\nS!");
    }
}
