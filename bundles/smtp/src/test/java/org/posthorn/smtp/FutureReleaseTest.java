package org.posthorn.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.posthorn.api.mail.FutureRelease;
import org.posthorn.testkit.MemoryLine;

/** RFC 4865, as the intake is given it. */
class FutureReleaseTest {

    private static MemoryLine loggedIn(Site site) throws IOException {
        MemoryLine line = site.clearLine("submission");
        Site.talk(line, """
                S: 220 {*}
                C: EHLO x
                S+ 250 HELP
                C: AUTH PLAIN ${plain}
                S: 235 {*}
                """);
        return line;
    }

    private static FutureRelease sent(String wish) throws IOException {
        Site site = new Site();
        Site.talk(loggedIn(site), """
                C: MAIL FROM:<alice@example.test> WISH
                S: 250 {*}
                C: RCPT TO:<bob@example.test>
                S: 250 {*}
                C: DATA
                S: 354 {*}
                C: From: alice@example.test
                C:
                C: .
                S: 250 {*}
                """.replace("WISH", wish));
        return site.intake.taken.get(0).envelope().parameters().release().orElseThrow();
    }

    @Test
    void an_interval_counts_from_now() throws IOException {
        Instant before = Instant.now();
        FutureRelease release = sent("HOLDFOR=3600");
        assertThat(release.request()).isEqualTo("for;3600");
        assertThat(release.at())
                .isBetween(before.plusSeconds(3599), Instant.now().plusSeconds(3600));
    }

    @Test
    void a_time_is_one_with_any_offset() throws IOException {
        FutureRelease release = sent("HOLDUNTIL=2024-12-24t18:00:00.5+01:00");
        assertThat(release)
                .isEqualTo(new FutureRelease(
                        Instant.parse("2024-12-24T17:00:00.500Z"), "until;2024-12-24T18:00:00.5+01:00"));
    }

    @Test
    void who_switches_it_off_neither_offers_nor_takes_it() throws IOException {
        Site site = new Site(Site.with(true, Duration.ZERO));
        MemoryLine line = site.clearLine("submission");
        Site.talk(line, """
                S: 220 {*}
                C: EHLO x
                S+ 250-DSN
                S: 250-BURL
                S: 250-AUTH {*}
                S+ 250 HELP
                C: AUTH PLAIN ${plain}
                S: 235 {*}
                C: MAIL FROM:<alice@example.test> HOLDFOR=60
                S: 555 5.5.4 {*}
                """);
    }
}
