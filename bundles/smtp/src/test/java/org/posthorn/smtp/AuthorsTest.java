package org.posthorn.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.testkit.MemoryLine;

/** Whose name a user may write in: alice's, as alice has logged in. */
class AuthorsTest {

    private Site site = new Site();

    private String answer(String header) throws IOException {
        MemoryLine line = site.clearLine("submission");
        Site.talk(line, """
                S: 220 {*}
                C: EHLO client.example
                S+ 250 HELP
                C: AUTH PLAIN ${plain}
                S: 235 {*}
                C: MAIL FROM:<alice@example.test>
                S: 250 {*}
                C: RCPT TO:<bob@example.test>
                S: 250 {*}
                C: DATA
                S: 354 {*}
                """);
        line.send(header + ".\r\n");
        return line.read();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "From: Alice <alice@example.test>\r\n\r\nx\r\n",
                "from: \"boss@bank.test\" <alice@example.test>\r\n",
                "From: alice@example.test (not boss@bank.test)\r\nSender: alice@example.test\r\n\r\n",
                "From: A:Alice <alice@example.test>,\r\n alice@example.test;\r\n\r\n",
                "Subject: without any\r\n\r\n",
                "Subject: x\r\n From: boss@bank.test\r\n\r\n",
                "From: alice@example.test\r\n\r\nFrom: boss@bank.test\r\n",
                "\r\nFrom: boss@bank.test\r\n"
            })
    void own_name_is_taken(String message) throws IOException {
        assertThat(answer(message)).startsWith("250 ");
        assertThat(site.intake.taken).hasSize(1);
        assertThat(site.intake.taken.get(0).text()).isEqualTo(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "From: boss@bank.test\r\n\r\n",
                "From: Alice <alice@example.test>, Boss <boss@bank.test>\r\n\r\n",
                "From: alice@example.test\r\nFrom: boss@bank.test\r\n\r\n",
                "From: alice@example.test,\r\n boss@bank.test",
                "From : boss@bank.test\r\n\r\n",
                "FROM\t:boss@bank.test\r\n\r\n",
                "From: alice@example.test\r\nSender: boss@bank.test\r\n\r\n",
                "From: alice@example.test <boss@bank.test>\r\n\r\n",
                "From: \"alice@example.test <boss@bank.test>\r\n\r\n",
                "From: alice@example.test (<boss@bank.test>\r\n\r\n",
                "From: Board:boss@bank.test;\r\n\r\n",
                "From: boss\r\n\r\n",
                "no header line\r\n \r\nFrom: boss@bank.test\r\n\r\n"
            })
    void name_of_another_is_refused(String message) throws IOException {
        assertThat(answer(message + (message.endsWith("\n") ? "" : "\r\n"))).startsWith("550 5.7.1 ");
        assertThat(site.intake.taken).isEmpty();
        assertThat(site.intake.open).isZero();
    }

    @Test
    void the_log_has_the_reason_under_the_id_of_the_mail() throws IOException {
        answer("From: boss@bank.test\r\n\r\n");
        assertThat(site.intake.refused).extracting(r -> r.code()).containsExactly(550);
        assertThat(site.intake.reasons).containsExactly("alice@example.test writes as boss@bank.test");
    }

    @Test
    void name_that_is_too_long_to_be_looked_at_is_refused() throws IOException {
        assertThat(answer("From: alice@example.test" + ",\r\n alice@example.test".repeat(500) + "\r\n\r\n"))
                .startsWith("550 5.7.1 ");
    }

    @Test
    void names_by_bdat_are_looked_at_too() throws IOException {
        MemoryLine line = site.clearLine("submission");
        Site.talk(line, """
                S: 220 {*}
                C: EHLO client.example
                S+ 250 HELP
                C: AUTH PLAIN ${plain}
                S: 235 {*}
                C| MAIL FROM:<>\\r\\nRCPT TO:<bob@example.test>\\r\\nBDAT 7\\r\\nFrom: bBDAT 13 LAST\\r\\noss@bank.test
                S: 250 {*}
                S: 250 {*}
                S: 250 {*}
                S: 550 5.7.1 {*}
                """);
        assertThat(site.intake.taken).isEmpty();
    }

    @Test
    void accounts_that_cannot_be_asked_are_a_temporary_failure() throws IOException {
        site.accounts.brokenFor = "boss@bank.test";
        assertThat(answer("From: boss@bank.test\r\n\r\n")).startsWith("451 4.3.0 ");
    }

    @Test
    void whoever_is_allowed_to_writes_as_he_likes() throws IOException {
        site = new Site(Site.with(false));
        assertThat(answer("From: boss@bank.test\r\n\r\n")).startsWith("250 ");
    }

    @Test
    void another_server_speaks_for_anybody() throws IOException {
        MemoryLine line = site.line("smtp");
        Site.talk(line, """
                S: 220 {*}
                C: EHLO mx.example
                S+ 250 HELP
                C| MAIL FROM:<>\\r\\nRCPT TO:<bob@example.test>\\r\\nBDAT 22 LAST\\r\\nFrom: boss@bank.test\\r\\n
                S: 250 {*}
                S: 250 {*}
                S: 250 {*}
                """);
    }
}
