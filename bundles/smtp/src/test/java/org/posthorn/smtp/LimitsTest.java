package org.posthorn.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.api.mail.Reply;
import org.posthorn.api.net.Farewell;
import org.posthorn.testkit.MemoryLine;

class LimitsTest {

    private final Site site = new Site();

    private MemoryLine greeted() throws IOException {
        MemoryLine line = site.line("smtp");
        Site.talk(line, "S: 220 {*}\nC: EHLO bar.example\nS+ 250 HELP");
        return line;
    }

    @Test
    void repeated_errors_are_slowed_down_and_then_too_many() throws IOException {
        MemoryLine line = greeted();
        for (int i = 0; i < 25; i++) Site.talk(line, "C: FOO\nS: 500 5.5.1 {*}");
        assertThat(site.pauses).isEmpty();
        for (int i = 0; i < 25; i++) Site.talk(line, "C: FOO\nS: 500 5.5.1 {*}");
        assertThat(site.pauses).hasSize(25).containsOnly(Duration.ofMillis(700));
        Site.talk(line, "C: FOO\nS: 421 4.7.0 {*}\nS!");
    }

    @Test
    void a_mail_that_is_taken_forgives_errors() throws IOException {
        MemoryLine line = greeted();
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 24; j++) Site.talk(line, "C: FOO\nS: 500 {*}");
            Site.talk(line, "C| MAIL FROM:<>\\r\\nRCPT TO:<bob@example.test>\\r\\nBDAT 0 LAST\\r\\n\nS+ 250 2.0.0 {*}");
        }
        assertThat(site.pauses).isEmpty();
    }

    @Test
    void commands_without_a_mail_end() throws IOException {
        MemoryLine line = greeted();
        line.send("NOOP\r\n".repeat(499));
        for (int i = 0; i < 499; i++) assertThat(line.read()).startsWith("250");
        Site.talk(line, "C: RSET\nS: 421 4.7.0 {*}\nS!");
    }

    @Test
    void recipients_beyond_the_limit_are_to_come_again_and_the_others_stay() throws IOException {
        MemoryLine line = greeted();
        Site.talk(line, "C: MAIL FROM:<>\nS: 250 {*}");
        line.send(String.join("", Collections.nCopies(100, "RCPT TO:<bob@example.test>\r\n")));
        for (int i = 0; i < 100; i++) assertThat(line.read()).startsWith("250");
        Site.talk(line, "C: RCPT TO:<bob@example.test>\nS: 452 4.5.3 {*}\nC| BDAT 0 LAST\\r\\n\nS: 250 {*}");
        assertThat(site.intake.taken.get(0).envelope().recipients()).hasSize(100);
    }

    @Test
    void patience_is_longer_for_commands_than_for_data() throws IOException {
        MemoryLine line = greeted();
        assertThat(line.patience()).isEqualTo(Duration.ofSeconds(300));
        Site.talk(line, "C| MAIL FROM:<>\\r\\nRCPT TO:<bob@example.test>\\r\\nDATA\\r\\n\nS+ 354 {*}");
        assertThat(line.patience()).isEqualTo(Duration.ofSeconds(180));
        Site.talk(line, "C: .\nS: 250 {*}");
        assertThat(line.patience()).isEqualTo(Duration.ofSeconds(300));
    }

    @ParameterizedTest
    @CsvSource({"IDLE,4.4.2", "STOPPING,4.3.2", "REPLACED,4.3.2", "CROWDED,4.7.0"})
    void farewell_is_421_with_the_name_in_front(Farewell why, String enhanced) throws IOException {
        MemoryLine line = greeted();
        line.end(why);
        assertThat(line.read()).startsWith("421 " + enhanced + " mx.example.test ");
    }

    @Test
    void guessing_is_answered_after_the_pause() throws IOException {
        MemoryLine line = site.clearLine("submission");
        Site.talk(line, "S: 220 {*}\nC: EHLO x\nS+ 250 HELP\nC: AUTH PLAIN ${wrong}\nS: 535 5.7.8 {*}");
        assertThat(site.pauses).containsExactly(Duration.ofSeconds(2));
    }

    @Test
    void reply_line_is_at_most_512_octets() throws IOException {
        site.intake.verdict = new Reply(550, "5.7.1", "x".repeat(2000));
        MemoryLine line = greeted();
        Site.talk(
                line, "C| MAIL FROM:<>\\r\\nRCPT TO:<bob@example.test>\\r\\nBDAT 0 LAST\\r\\n\nS: 250 {*}\nS: 250 {*}");
        assertThat(line.read()).hasSize(510).startsWith("550 5.7.1 x");
    }
}
