package org.posthorn.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.testkit.MemoryLine;

/** Whatever comes: an answer, or the end, and never an exception. */
class HostileTest {

    private static final String[] WORDS = {
        "EHLO x\r\n",
        "LHLO x\r\n",
        "HELO x\r\n",
        "MAIL FROM:<a@b.example> SIZE=10 BODY=8BITMIME RET=FULL ENVID=x\r\n",
        "MAIL FROM:<@x,@y:\"a\\\"b\"@[1.2.3.4]> SMTPUTF8\r\n",
        "RCPT TO:<bob@example.test> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;a+2Bb@c\r\n",
        "RCPT TO:<Postmaster>\r\n",
        "DATA\r\n",
        "Subject: x\r\n\r\n..\r\n.\r\n",
        "BDAT 6 LAST\r\nQUIT\r\n",
        "BDAT 3\r\nabc",
        "AUTH PLAIN\r\n",
        "AUTH LOGIN eA==\r\n",
        "AUTH SCRAM-SHA-256 biwsbj11c2VyLHI9YWJj\r\n",
        "AGEAYg==\r\n",
        "*\r\n",
        "RSET\r\n",
        "NOOP x\r\n",
        "VRFY x\r\n",
        "HELP\r\n",
        "\r\n",
        " \r\n",
        "\0\r\n",
        "\n.\r\n",
        "x".repeat(13_000) + "\r\n"
    };

    @ParameterizedTest
    @ValueSource(strings = {"smtp", "submission", "lmtp"})
    void random_talk_is_answered_or_ended(String protocol) throws IOException {
        Random random = new Random(5321);
        int answers = 0;
        for (int talk = 0; talk < 800; talk++) {
            Site site = new Site();
            MemoryLine line = site.clearLine(protocol);
            for (int i = 0; i < 30 && !line.isClosed(); i++) line.send(mutated(random));
            // Ends what may be open: an exchange, a chunk, a message.
            if (!line.isClosed()) line.send("*\r\n".repeat(5) + ".\r\nQUIT\r\n");
            answers += wellFormed(line.unread());
            line.close();
            assertThat(site.intake.open).isZero();
        }
        assertThat(answers).isGreaterThan(5000);
    }

    private static String mutated(Random random) {
        StringBuilder text = new StringBuilder(WORDS[random.nextInt(WORDS.length)]);
        if (random.nextInt(3) == 0)
            for (int n = random.nextInt(3); n > 0; n--)
                text.setCharAt(random.nextInt(text.length()), (char) random.nextInt(256));
        if (random.nextInt(40) == 0) text.delete(random.nextInt(text.length()), text.length());
        return text.toString();
    }

    private static int wellFormed(String replies) {
        int count = 0;
        for (String reply : replies.split("\r\n")) {
            assertThat(reply).matches("[2345][0-9][0-9][ -][\\x20-\\x7e]*").hasSizeLessThanOrEqualTo(510);
            count++;
        }
        return count;
    }

    @ParameterizedTest
    @ValueSource(strings = {"smtp", "submission", "lmtp"})
    void random_octets_are_answered_or_ended(String protocol) {
        Random random = new Random(2821);
        for (int talk = 0; talk < 200; talk++) {
            MemoryLine line = new Site().clearLine(protocol);
            StringBuilder octets = new StringBuilder();
            for (int i = 0; i < 2000; i++)
                octets.append(random.nextInt(20) == 0 ? "\r\n" : String.valueOf((char) random.nextInt(256)));
            line.send(octets.toString());
            assertThat(wellFormed(line.unread())).isPositive();
            line.close();
        }
    }
}
