package org.posthorn.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.MailParameters;
import org.posthorn.api.mail.Notify;
import org.posthorn.api.mail.Origin;
import org.posthorn.api.mail.Recipient;
import org.posthorn.api.mail.Reply;
import org.posthorn.testkit.MemoryLine;

/** What the intake is given, and what becomes of its answers. */
class IntakeTest {

    private static final String MAIL = """
            C: MAIL FROM:<smith@bar.example>
            S: 250 2.1.0 OK
            C: RCPT TO:<alice@example.test>
            S: 250 2.1.5 OK
            """;

    private final Site site = new Site();

    private MemoryLine greeted(String protocol) throws IOException {
        MemoryLine line = site.line(protocol);
        Site.talk(line, "S+ 220 {*}\nC: " + (protocol.equals("lmtp") ? "LHLO" : "EHLO") + " bar.example\nS+ 250 HELP");
        return line;
    }

    private TestIntake.Taken taken() {
        assertThat(site.intake.taken).hasSize(1);
        return site.intake.taken.get(0);
    }

    @Test
    void octets_of_data_come_as_they_were_sent_dots_taken_out() throws IOException {
        Site.talk(greeted("smtp"), MAIL + """
                C: DATA
                S: 354 {*}
                C| Subject: x\\r\\n\\r\\n..dot\\r\\n\\xff\\x00 \\t\\r\\n.\\r\\n
                S: 250 2.0.0 queued as 0000000000001
                """);
        assertThat(taken().text()).isEqualTo("Subject: x\r\n\r\n.dot\r\n\u00ff\0 \t\r\n");
    }

    @Test
    void chunks_are_one_message_whose_last_line_is_ended() throws IOException {
        Site.talk(greeted("smtp"), MAIL + """
                C| BDAT 9\\r\\nSubject: BDAT 2\\r\\nx\\rBDAT 4\\r\\n\\n\\r\\n.BDAT 1 LAST\\r\\ny
                S: 250 2.0.0 9 octets received
                S: 250 2.0.0 2 octets received
                S: 250 2.0.0 4 octets received
                S: 250 2.0.0 queued as {*}
                """);
        assertThat(taken().text()).isEqualTo("Subject: x\r\n\r\n.y\r\n");
    }

    @Test
    void wishes_reach_the_envelope() throws IOException {
        Site.talk(greeted("smtp"), """
                C: MAIL FROM:<> RET=hdrs ENVID=QQ+2B1 BODY=8bitmime SIZE=10
                S: 250 2.1.0 OK
                C: RCPT TO:<"al ice"@example.test> NOTIFY=success,FAILURE ORCPT=rfc822;Sales@example.test
                S: 250 2.1.5 OK
                C| BDAT 2 LAST\\r\\n\\r\\n
                S: 250 2.0.0 queued as {*}
                """);
        assertThat(taken().envelope().sender()).isEmpty();
        assertThat(taken().envelope().parameters())
                .isEqualTo(new MailParameters(true, false, Optional.of("HDRS"), Optional.of("QQ+2B1")));
        assertThat(taken().envelope().recipients())
                .containsExactly(new Recipient(
                        new Address("al ice", "example.test"),
                        Set.of(Notify.SUCCESS, Notify.FAILURE),
                        Optional.of("rfc822;Sales@example.test")));
    }

    @Test
    void origin_tells_name_listener_and_protocol() throws IOException {
        Site.talk(greeted("smtp"), MAIL + "C| BDAT 0 LAST\\r\\n\nS: 250 {*}");
        Origin origin = taken().origin();
        assertThat(origin.protocol()).isEqualTo("ESMTP");
        assertThat(origin.helo()).isEqualTo("bar.example");
        assertThat(origin.server()).isEqualTo("mx.example.test");
        assertThat(origin.listener()).isEqualTo("test");
        assertThat(origin.client().getPort()).isEqualTo(40000);
        assertThat(origin.login()).isEmpty();
        assertThat(origin.tls()).isEmpty();
    }

    @Test
    void helo_is_plain_smtp() throws IOException {
        MemoryLine line = site.line("smtp");
        Site.talk(line, "S: 220 {*}\nC: HELO x\nS: 250 mx.example.test\n" + MAIL + "C| BDAT 0 LAST\\r\\n\nS: 250 {*}");
        assertThat(taken().origin().protocol()).isEqualTo("SMTP");
    }

    @Test
    void lmtp_and_international_mail_have_words_of_their_own() throws IOException {
        Site.talk(greeted("lmtp"), MAIL + "C| BDAT 0 LAST\\r\\n\nS: 250 {*}");
        assertThat(taken().origin().protocol()).isEqualTo("LMTP");
        site.intake.taken.clear();
        Site.talk(greeted("smtp"), """
                C| MAIL FROM:<j\\xc3\\xbcrgen@bar.example> SMTPUTF8\\r\\n
                S: 250 {*}
                C| RCPT TO:<\\xc3\\xa4@b\\xc3\\xbcro.example> ORCPT=utf-8;\\xc3\\xa4@b\\xc3\\xbcro.example\\r\\n
                S: 250 {*}
                C| BDAT 0 LAST\\r\\n
                S: 250 {*}
                """);
        assertThat(taken().origin().protocol()).isEqualTo("UTF8SMTP");
        assertThat(taken().envelope().sender()).contains(Address.of("j\u00fcrgen@bar.example"));
        assertThat(taken().envelope().recipients().get(0).address()).isEqualTo(Address.of("\u00e4@b\u00fcro.example"));
    }

    @Test
    void login_over_tls_is_esmtpsa() throws IOException {
        Site.talk(greeted("submission"), """
                C: STARTTLS
                S: 220 {*}
                T:
                C: EHLO client.example
                S+ 250 HELP
                C: AUTH PLAIN ${plain}
                S: 235 {*}
                C: MAIL FROM:<alice@example.test>
                S: 250 {*}
                C: RCPT TO:<bob@example.test>
                S: 250 {*}
                C| BDAT 0 LAST\\r\\n
                S: 250 {*}
                """);
        assertThat(taken().origin().protocol()).isEqualTo("ESMTPSA");
        assertThat(taken().origin().login()).contains(TestAccounts.ALICE);
        assertThat(taken().origin().tls()).contains("TLSv1.3 TLS_AES_256_GCM_SHA384");
    }

    @Test
    void refused_sender_begins_no_transaction() throws IOException {
        site.intake.senderRefusal = Optional.of(new Reply(452, "4.3.1", "No room"));
        Site.talk(greeted("smtp"), """
                C| MAIL FROM:<smith@bar.example>\\r\\nRCPT TO:<alice@example.test>\\r\\nDATA\\r\\n
                S: 452 4.3.1 No room
                S: 503 5.5.1 {*}
                S: 503 5.5.1 {*}
                """);
        assertThat(site.intake.open).isZero();
    }

    @Test
    void refused_message_ends_the_transaction() throws IOException {
        site.intake.verdict = new Reply(554, "5.7.1", "Spam");
        Site.talk(greeted("smtp"), MAIL + "C: DATA\nS: 354 {*}\nC: .\nS: 554 5.7.1 Spam\nC: DATA\nS: 503 {*}");
        assertThat(site.intake.open).isZero();
    }

    @Test
    void refused_message_is_refused_for_each_lmtp_recipient() throws IOException {
        site.intake.verdict = new Reply(451, "4.7.1", "Later");
        Site.talk(greeted("lmtp"), MAIL + """
                C: RCPT TO:<alice@example.test>
                S: 250 {*}
                C: DATA
                S: 354 {*}
                C: .
                S: 451 4.7.1 Later
                S: 451 4.7.1 Later
                C: NOOP
                S: 250 2.0.0 OK
                """);
    }

    @Test
    void text_above_ascii_is_not_sent_to_those_who_did_not_ask_for_it() throws IOException {
        String rcpt = "C: RCPT TO:<leave@example.test>\nS: 451 4.3.0 Come %s later\n";
        Site.talk(greeted("smtp"), "C: MAIL FROM:<>\nS: 250 {*}\n" + rcpt.formatted("b?ck"));
        Site.talk(greeted("smtp"), "C: MAIL FROM:<> SMTPUTF8\nS: 250 {*}\n" + rcpt.formatted("b\u00c3\u00a4ck"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"DATA\\r\\nx\\r\\n.\\r\\n", "BDAT 1 LAST\\r\\nx"})
    void disk_that_breaks_in_the_middle_is_451(String transfer) throws IOException {
        site.intake.brokenDisk = Optional.of(new IOException("disk full"));
        MemoryLine line = greeted("smtp");
        Site.talk(line, MAIL + "C| " + transfer + "\nS+ 451 4.3.0 {*}\nC: NOOP\nS: 250 2.0.0 OK");
        assertThat(site.intake.open).isZero();
        assertThat(site.intake.taken).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"DATA\\r\\n", "BDAT 6 LAST\\r\\nQUIT\\r\\n", "BDAT 6\\r\\nQUIT\\r\\n"})
    void disk_that_breaks_at_once_is_451(String transfer) throws IOException {
        site.intake.brokenAtOnce = true;
        Site.talk(greeted("smtp"), MAIL + "C| " + transfer + "\nS: 451 4.3.0 {*}\nC: NOOP\nS: 250 2.0.0 OK");
        assertThat(site.intake.open).isZero();
    }

    @Test
    void message_that_is_too_large_is_read_and_refused() throws IOException {
        String line = "x".repeat(998) + "\r\n";
        MemoryLine data = greeted("smtp");
        Site.talk(data, MAIL + "C: DATA\nS: 354 {*}");
        data.send(line.repeat(101) + ".\r\n");
        Site.talk(data, "S: 552 5.3.4 {*}\nC: NOOP\nS: 250 2.0.0 OK");
        MemoryLine chunks = greeted("smtp");
        Site.talk(chunks, MAIL);
        chunks.send("BDAT 60000\r\n" + line.repeat(60) + "BDAT 60000\r\n" + line.repeat(60) + "BDAT 0 LAST\r\n");
        Site.talk(chunks, "S: 250 {*}\nS: 552 5.3.4 {*}\nS: 503 {*}\nC: NOOP\nS: 250 2.0.0 OK");
        assertThat(site.intake.refused).extracting(Reply::code).containsExactly(552, 552);
        assertThat(site.intake.taken).isEmpty();
        assertThat(site.intake.open).isZero();
    }

    @Test
    void chain_that_is_not_whole_yet_is_waited_for() throws IOException {
        CompletableFuture<Void> whole = new CompletableFuture<>();
        site.intake.ready = whole;
        MemoryLine line = greeted("smtp");
        CompletableFuture.runAsync(() -> whole.complete(null));
        Site.talk(line, MAIL);
    }

    @Test
    void without_an_intake_mail_is_deferred_after_the_grace() throws IOException {
        site.server.unbindIntake(site.intake);
        Site.talk(greeted("smtp"), "C: MAIL FROM:<>\nS: 451 4.3.5 {*}\nC: NOOP\nS: 250 2.0.0 OK");
        assertThat(site.pauses).containsExactly(Duration.ofSeconds(10));
    }

    @Test
    void intake_that_comes_within_the_grace_is_used() throws IOException {
        CompletableFuture<Void> grace = new CompletableFuture<>();
        SmtpServer server = new SmtpServer(Site.SETTINGS, duration -> grace);
        MemoryLine line = MemoryLine.to(new SmtpProtocol(server));
        Site.talk(line, "S: 220 {*}\nC: EHLO x\nS+ 250 HELP");
        CompletableFuture.runAsync(() -> server.bindIntake(site.intake, Map.of()));
        Site.talk(line, MAIL);
        assertThat(grace).isNotDone();
    }

    @Test
    void client_that_goes_leaves_no_transaction_behind() throws IOException {
        MemoryLine line = greeted("smtp");
        Site.talk(line, MAIL + "C: DATA\nS: 354 {*}\nC: half");
        assertThat(site.intake.open).isOne();
        line.close();
        assertThat(site.intake.open).isZero();
    }

    @Test
    void transaction_ends_on_the_intake_it_began_with() throws IOException {
        MemoryLine line = greeted("smtp");
        Site.talk(line, MAIL);
        TestIntake newer = new TestIntake();
        site.server.bindIntake(newer, Map.of("service.ranking", 1));
        Site.talk(line, "C| BDAT 0 LAST\\r\\n\nS: 250 {*}\n" + MAIL + "C| BDAT 0 LAST\\r\\n\nS: 250 {*}");
        assertThat(site.intake.taken).hasSize(1);
        assertThat(newer.taken).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "9999999999999999", "1 FIRST"})
    void a_size_that_is_none_is_answered_without_the_name_of_a_goodbye(String size) throws IOException {
        Site.talk(greeted("smtp"), "C: BDAT " + size + "\nS: 501 5.5.4 BDAT size and perhaps LAST\nS!");
    }
}
