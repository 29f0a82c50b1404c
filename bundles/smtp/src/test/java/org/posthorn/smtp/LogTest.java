package org.posthorn.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.posthorn.api.net.Farewell;
import org.posthorn.testkit.MemoryLine;

/** What the log tells of clients that are refused: one line a connection. */
class LogTest {

    private final Site site = new Site();
    private final PrintStream before = System.err;
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();

    @BeforeEach
    void listen() {
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void listenNoMore() {
        System.setErr(before);
    }

    private List<String> told() {
        return log.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(l -> l.contains("/127.0.0.1:40000"))
                .toList();
    }

    @Test
    void refusals_are_one_line_at_the_end() throws IOException {
        MemoryLine line = site.line("smtp");
        Site.talk(line, """
                S: 220 {*}
                C| a\\nb\\r\\n
                S: 500 5.5.2 {*}
                C: RCPT TO:<bob@example.test>
                S: 503 5.5.1 {*}
                C: EHLO x
                S+ 250 HELP
                C: MAIL FROM:oops
                S: 501 5.5.4 {*}
                """);
        assertThat(told()).isEmpty();
        line.close();
        assertThat(told()).hasSize(1);
        assertThat(told().get(0)).contains("3 refused, the last with 501 5.5.4 ");
    }

    @Test
    void login_is_told_at_once() throws IOException {
        MemoryLine line = site.clearLine("submission");
        Site.talk(line, "S: 220 {*}\nC: EHLO x\nS+ 250 HELP\nC: AUTH PLAIN ${plain}\nS: 235 {*}");
        assertThat(told()).hasSize(1);
        assertThat(told().get(0))
                .contains("INFO", "alice@example.test has logged in from /127.0.0.1:40000 on test by PLAIN");
    }

    @Test
    void refusals_behind_a_login_name_it() throws IOException {
        MemoryLine line = site.clearLine("submission");
        Site.talk(line, "S: 220 {*}\nC: EHLO x\nS+ 250 HELP\nC: AUTH PLAIN ${plain}\nS: 235 {*}");
        Site.talk(line, "C: MAIL FROM:oops\nS: 501 5.5.4 {*}");
        line.close();
        assertThat(told().get(1)).contains("on test (alice@example.test): 1 refused");
    }

    @Test
    void message_with_a_bare_line_end_is_told() throws IOException {
        MemoryLine line = site.line("smtp");
        Site.talk(line, """
                S: 220 {*}
                C: EHLO x
                S+ 250 HELP
                C| MAIL FROM:<>\\r\\nRCPT TO:<bob@example.test>\\r\\nDATA\\r\\na\\n.\\r\\nb\\r\\n.\\r\\nQUIT\\r\\n
                S+ 354 {*}
                S: 550 5.6.11 {*}
                S: 221 {*}
                """);
        assertThat(told()).hasSize(1);
        assertThat(told().get(0)).contains("1 refused, the last with 550 5.6.11 ");
    }

    @Test
    void what_the_intake_has_told_is_not_told_again() throws IOException {
        MemoryLine line = site.line("smtp");
        Site.talk(line, """
                S: 220 {*}
                C: EHLO x
                S+ 250 HELP
                C| MAIL FROM:<>\\r\\nRCPT TO:<nobody@example.test>\\r\\nQUIT\\r\\n
                S: 250 {*}
                S: 550 5.1.1 {*}
                S: 221 {*}
                """);
        assertThat(told()).isEmpty();
    }

    @Test
    void client_that_is_dropped_is_told_once() throws IOException {
        MemoryLine line = site.line("smtp");
        line.send("FOO\r\n".repeat(60));
        assertThat(line.isClosed()).isTrue();
        assertThat(told()).hasSize(1);
        assertThat(told().get(0)).contains("52 refused, the last with 421 4.7.0 Too many errors");
    }

    @Test
    void client_that_falls_silent_in_the_middle_of_a_mail_is_told() throws IOException {
        MemoryLine line = site.line("smtp");
        Site.talk(line, """
                S: 220 {*}
                C: EHLO x
                S+ 250 HELP
                C: MAIL FROM:<>
                S: 250 {*}
                """);
        line.end(Farewell.IDLE);
        assertThat(told()).hasSize(1);
        assertThat(told().get(0)).contains("1 refused, the last with 421 4.4.2 ");
    }

    @Test
    void client_that_falls_silent_behind_an_error_is_told() throws IOException {
        MemoryLine line = site.line("smtp");
        line.send("FOO\r\n");
        line.end(Farewell.IDLE);
        assertThat(told()).hasSize(1);
        assertThat(told().get(0)).contains("2 refused, the last with 421 4.4.2 ");
    }

    @Test
    void client_that_falls_silent_between_two_mails_is_no_news() throws IOException {
        MemoryLine line = site.line("smtp");
        Site.talk(line, """
                S: 220 {*}
                C: EHLO x
                S+ 250 HELP
                """);
        line.end(Farewell.IDLE);
        assertThat(line.isClosed()).isTrue();
        assertThat(told()).isEmpty();
    }
}
