package org.posthorn.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mailbox.MessageUrls.Result;
import org.posthorn.api.net.Listener;
import org.posthorn.testkit.MemoryLine;

/** Mail, and pieces of it, by URL: RFC 4468. */
class BurlTest {

    private static final String PIECE =
            "imap://alice@example.test/outbox/;uid=25/;section=2;urlauth=submit+alice:internal:01";
    private static final String BEGUN =
            "C| MAIL FROM:<alice@example.test>\\r\\nRCPT TO:<bob@example.test>\\r\\n\nS: 250 {*}\nS: 250 {*}\n";
    /** There is no transaction any more. */
    private static final String OVER = "C| BDAT 5 LAST\\r\\n12345\nS: 503 5.5.1 {*}\n";

    private final Site site = new Site();
    private SmtpServer patient;

    private MemoryLine loggedIn() throws IOException {
        MemoryLine line = site.clearLine("submission");
        Site.talk(line, "S: 220 {*}\nC: EHLO client.example\nS+ 250 HELP\nC: AUTH PLAIN ${plain}\nS: 235 {*}");
        return line;
    }

    private void talk(String script) throws IOException {
        MemoryLine line = loggedIn();
        Site.talk(line, script);
        assertThat(line.unread()).isEmpty();
        line.conversation().closed();
        assertThat(site.intake.open).isZero();
    }

    private String taken() {
        assertThat(site.intake.taken).hasSize(1);
        return site.intake.taken.get(0).text();
    }

    /** Submissions without and with a group, and failures, as in RFC 4468 3.4. */
    @Test
    void talk_goes_as_the_examples_of_the_rfc_have_it() throws IOException {
        try (MemoryLine line = site.line("submission")) {
            Site.talk(line, """
                S: 220 {*}
                C: EHLO potter.example.com
                S+ 250 HELP
                C: STARTTLS
                S: 220 {*}
                T:
                C: EHLO potter.example.com
                S+ 250-BURL
                S+ 250 HELP
                C: AUTH PLAIN ${plain}
                S: 235 2.7.0 {*}
                C: EHLO potter.example.com
                S+ 250-BURL imap
                S+ 250 HELP
                C: MAIL FROM:<alice@example.test>
                S: 250 2.1.0 {*}
                C: RCPT TO:<bob@example.test>
                S: 250 2.1.5 {*}
                C: BURL ${url} LAST
                S: 250 2.0.0 {*}
                C| MAIL FROM:<alice@example.test>\\r\\nRCPT TO:<bob@example.test>\\r\\nBURL ${url} LAST\\r\\n
                S: 250 2.1.0 {*}
                S: 250 2.1.5 {*}
                S: 250 2.0.0 {*}
                C| MAIL FROM:<alice@example.test>\\r\\nRCPT TO:<nobody@example.test>\\r\\nBURL ${url} LAST\\r\\nRSET\\r\\n
                S: 250 2.1.0 {*}
                S: 550 5.1.1 {*}
                S: 554 5.5.1 {*}
                S: 250 2.0.0 {*}
                C| MAIL FROM:<alice@example.test>\\r\\nRCPT TO:<bob@example.test>\\r\\nBURL ${url}0 LAST\\r\\n
                S: 250 2.1.0 {*}
                S: 250 2.1.5 {*}
                S: 554 5.7.0 {*}
                C: QUIT
                S: 221 {*}
                S!
                """);
        }
        assertThat(site.intake.taken).hasSize(2);
        assertThat(site.urls.asked).hasSize(3);
        assertThat(site.intake.open).isZero();
    }

    @Test
    void message_is_what_the_url_stands_for() throws IOException {
        talk(BEGUN + "C: BURL ${url} LAST\nS: 250 2.0.0 {*}");
        assertThat(taken()).isEqualTo("Subject: outbox\r\n\r\ntext\r\n");
        assertThat(site.urls.asked).containsExactly("alice@example.test " + TestUrls.URL);
    }

    @Test
    void pieces_come_by_url_and_in_chunks() throws IOException {
        site.urls.contents.put(PIECE, "a part");
        talk(BEGUN + "C| BDAT 16\\r\\nSubject: f\\r\\n\\r\\n>\\x20\nS: 250 2.0.0 16 octets received\n"
                + "C: burl " + PIECE + "\nS: 250 2.0.0 6 octets received\n"
                + "C| BDAT 5\\r\\n and \nS: 250 2.0.0 5 octets received\n"
                + "C: BURL " + PIECE + " last\nS: 250 2.0.0 {*}");
        assertThat(taken()).isEqualTo("Subject: f\r\n\r\n> a part and a part\r\n");
    }

    @Test
    void first_piece_may_be_a_url_and_the_last_a_chunk() throws IOException {
        talk(BEGUN + "C| BURL ${url}\\r\\nBDAT 4 LAST\\r\\nend\\n\nS: 250 {*}\nS: 550 5.6.11 {*}\n" + BEGUN
                + "C| BURL ${url}\\r\\nBDAT 5 LAST\\r\\nend\\r\\n\nS: 250 {*}\nS: 250 {*}\n");
        assertThat(taken()).isEqualTo("Subject: outbox\r\n\r\ntext\r\nend\r\n");
    }

    @Test
    void message_does_not_go_on_as_data() throws IOException {
        talk(BEGUN + "C: BURL ${url}\nS: 250 {*}\nC: DATA\nS: 503 5.5.1 {*}\nC: RSET\nS: 250 {*}");
        assertThat(site.intake.taken).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"FOREIGN,554 5.7.8", "DENIED,554 5.7.0", "MISSING,554 5.6.6", "TOO_LARGE,552 5.3.4", "AWAY,451 4.4.1"})
    void url_that_is_not_resolved_fails_the_whole_message(Result result, String reply) throws IOException {
        site.urls.refusal = result;
        for (String last : new String[] {"", " LAST"})
            talk(BEGUN + "C: BURL ${url}\nS: 250 {*}\nC: BURL " + PIECE + last + "\nS: " + reply + " {*}\n" + OVER);
        assertThat(site.intake.taken).isEmpty();
        assertThat(site.intake.refused).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "imap://alice@elsewhere.example/outbox/;uid=25;urlauth=submit+alice:internal:01",
                "http://example.test/",
                "file:///etc/passwd",
                "LAST"
            })
    void url_of_another_server_is_refused(String url) throws IOException {
        talk(BEGUN + "C: BURL " + url + " LAST\nS: 554 5.7.8 {*}\n" + OVER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"BURL", "BURL ${url} FIRST", "BURL ${url} LAST LAST"})
    void wrong_argument_fails_the_message(String command) throws IOException {
        talk(BEGUN + "C: BURL ${url}\nS: 250 {*}\nC: " + command + "\nS: 501 5.5.4 {*}\n" + OVER);
        assertThat(site.intake.taken).isEmpty();
    }

    @Test
    void line_that_is_too_long_fails_the_message() throws IOException {
        String longest = PIECE + "0".repeat(8185 - PIECE.length());
        site.urls.contents.put(longest, "x");
        talk(BEGUN + "C: BURL " + longest + "\nS: 250 {*}\nC: BURL " + longest + "00 LAST\nS: 500 5.5.2 {*}\n" + OVER);
        assertThat(site.intake.taken).isEmpty();
    }

    /** As while it is replaced: the length of a line is the same, and a piece that is missing ends the message. */
    @Test
    void long_url_among_chunks_fails_the_message_when_nobody_reads_urls() throws IOException {
        site.server.unbindUrls(site.urls);
        talk(BEGUN + "C| BDAT 5\\r\\nA:b\\r\\nBURL ${long}\\r\\nBDAT 2 LAST\\r\\n\\r\\n\n"
                + "S: 250 2.0.0 5 octets received\nS: 451 4.4.1 {*}\nS: 503 5.5.1 {*}");
        assertThat(site.intake.taken).isEmpty();
    }

    @Test
    void size_of_all_pieces_is_limited() throws IOException {
        site.urls.contents.put(PIECE, "x".repeat(60_000));
        talk(BEGUN + "C: BURL " + PIECE + "\nS: 250 2.0.0 60000 octets received\nC: BURL " + PIECE
                + "\nS: 552 5.3.4 {*}\n" + OVER);
        assertThat(site.intake.taken).isEmpty();
    }

    @Test
    void number_of_urls_is_limited() throws IOException {
        talk(BEGUN + "C: BURL ${url}\nS: 250 {*}\n".repeat(100) + "C: BURL ${url} LAST\nS: 554 5.5.0 {*}\n" + OVER);
        assertThat(site.urls.asked).hasSize(100);
    }

    @Test
    void message_that_cannot_be_read_is_put_off() throws IOException {
        site.urls.broken = true;
        talk(BEGUN + "C: BURL ${url} LAST\nS: 451 4.3.0 {*}\n" + OVER);
        assertThat(site.intake.taken).isEmpty();
    }

    @Test
    void what_a_url_stands_for_is_judged_as_other_mail() throws IOException {
        site.urls.contents.put(PIECE, "From: bob@example.test\r\n\r\n");
        talk(BEGUN + "C: BURL " + PIECE + " LAST\nS: 550 5.7.1 {*}\n" + OVER);
        site.urls.contents.put(PIECE, "Subject: x\n\n");
        talk(BEGUN + "C: BURL " + PIECE + " LAST\nS: 550 5.6.11 {*}\n" + OVER);
        assertThat(site.intake.taken).isEmpty();
    }

    @Test
    void it_comes_behind_login_and_recipients() throws IOException {
        MemoryLine line = site.clearLine("submission");
        Site.talk(line, "S: 220 {*}\nC: EHLO x\nS+ 250-BURL\nS+ 250 HELP\nC: BURL ${url} LAST\nS: 530 5.7.0 {*}");
        talk("C: BURL ${url} LAST\nS: 503 5.5.1 {*}\nC: MAIL FROM:<alice@example.test>\nS: 250 {*}\n"
                + "C: BURL ${url} LAST\nS: 503 5.5.1 {*}\nC: RCPT TO:<nobody@example.test>\nS: 550 {*}\n"
                + "C: BURL ${url} LAST\nS: 554 5.5.1 {*}\nC: RCPT TO:<bob@example.test>\nS: 250 {*}\n"
                + "C: BURL ${url} LAST\nS: 250 {*}");
        assertThat(site.urls.asked).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"smtp", "lmtp"})
    void it_is_for_submission_alone(String protocol) throws IOException {
        MemoryLine line = site.clearLine(protocol);
        String hello = protocol.equals("lmtp") ? "LHLO x" : "EHLO x";
        Site.talk(line, "S: 220 {*}\nC: " + hello + "\nS+ 250-DSN\nS: 250 HELP\nC: BURL ${url} LAST\nS: 502 5.5.1 {*}");
    }

    @Test
    void nothing_is_announced_when_nobody_reads_urls() throws IOException {
        site.server.unbindUrls(site.urls);
        talk("C: EHLO x\nS+ 250-DSN\nS: 250-FUTURERELEASE {*}\nS: 250-AUTH {*}\nS: 250 HELP\n" + BEGUN
                + "C: BURL ${url} LAST\nS: 451 4.4.1 {*}\n" + OVER);
    }

    @Test
    void who_reads_urls_is_waited_for_while_it_is_replaced() throws IOException {
        waits(() -> patient.bindUrls(site.urls, Map.of()));
    }

    @Test
    void mailboxes_are_waited_for_while_they_are_replaced() throws IOException {
        site.urls.ready = new CompletableFuture<>();
        waits(() -> {
            if (patient.urls().names().isEmpty()) patient.bindUrls(site.urls, Map.of());
            else site.urls.ready.complete(null);
        });
    }

    /** @param comes what happens when a grace has begun, which then has no end */
    private void waits(Runnable comes) throws IOException {
        patient = new SmtpServer(Site.SETTINGS, grace -> {
            comes.run();
            return new CompletableFuture<Void>();
        });
        patient.bindIntake(site.intake, Map.of());
        patient.bindAccounts(site.accounts, Map.of());
        MemoryLine line = MemoryLine.to(
                new SubmissionProtocol(patient),
                new Listener("test", "submission", false, true),
                new InetSocketAddress("127.0.0.1", 40000));
        Site.talk(
                line,
                "S: 220 {*}\nC: EHLO x\nS+ 250 HELP\nC: AUTH PLAIN ${plain}\nS: 235 {*}\n" + BEGUN
                        + "C: BURL ${url} LAST\nS: 250 2.0.0 {*}");
        assertThat(taken()).startsWith("Subject: outbox");
    }

    @Test
    void mailboxes_that_do_not_come_in_time_put_the_message_off() throws IOException {
        site.urls.ready = new CompletableFuture<>();
        site.urls.refusal = Result.AWAY;
        talk(BEGUN + "C: BURL " + PIECE + " LAST\nS: 451 4.4.1 {*}\n" + OVER);
        assertThat(site.pauses).containsExactly(Duration.ofSeconds(10));
        // Nobody hears of them any more.
        assertThat(site.urls.ready).isCompleted();
    }

    @Test
    void another_version_goes_on_with_it_between_two_messages_and_not_within_one() throws IOException {
        MemoryLine line = loggedIn();
        Site.talk(line, BEGUN + "C: BURL ${url}\nS: 250 {*}");
        assertThat(line.conversation().suspend()).isEmpty();
        Site.talk(line, "C: BURL ${url} LAST\nS: 250 {*}");
        Site other = new Site();
        line.resume(other.protocol("submission"), line.conversation().suspend().orElseThrow());
        Site.talk(line, "C: EHLO x\nS+ 250-BURL imap\nS+ 250 HELP\n" + BEGUN + "C: BURL ${url} LAST\nS: 250 {*}");
        assertThat(other.intake.taken).hasSize(1);
        assertThat(other.urls.asked).containsExactly("alice@example.test " + TestUrls.URL);
    }
}
