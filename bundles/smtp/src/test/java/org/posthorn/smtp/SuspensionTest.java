package org.posthorn.smtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.net.Suspended;
import org.posthorn.api.users.Entrance;
import org.posthorn.testkit.MemoryLine;

class SuspensionTest {

    private final Site site = new Site();

    private MemoryLine loggedIn() throws IOException {
        MemoryLine line = site.clearLine("submission");
        Site.talk(line, "S: 220 {*}\nC: EHLO client.example\nS+ 250 HELP\nC: AUTH PLAIN ${plain}\nS: 235 {*}");
        return line;
    }

    @Test
    void another_version_goes_on_without_greeting_or_login() throws IOException {
        MemoryLine line = loggedIn();
        Suspended state = line.conversation().suspend().orElseThrow();
        Site other = new Site();
        line.resume(other.protocol("submission"), state);
        Site.talk(line, """
                C: MAIL FROM:<alice@example.test>
                S: 250 {*}
                C: RCPT TO:<bob@example.test>
                S: 250 {*}
                C| BDAT 0 LAST\\r\\n
                S: 250 {*}
                """);
        assertThat(other.intake.taken.get(0).origin().helo()).isEqualTo("client.example");
        assertThat(other.intake.taken.get(0).origin().protocol()).isEqualTo("ESMTPA");
    }

    @Test
    void another_version_knows_by_which_app_password_the_client_is_there() throws IOException {
        MemoryLine line = site.clearLine("submission");
        Site.talk(line, "S: 220 {*}\nC: EHLO x\nS+ 250 HELP");
        line.send("AUTH PLAIN " + TestAccounts.plain(TestAccounts.APP_PASSWORD) + "\r\n");
        Site.talk(line, "S: 235 {*}");
        Site other = new Site();
        line.resume(other.protocol("submission"), line.conversation().suspend().orElseThrow());
        Entrance entrance = new Entrance(TestAccounts.ALICE, Optional.of("c1"));
        assertThat(site.accounts.open.values()).containsExactly(entrance);
        assertThat(other.accounts.open.values()).containsExactly(entrance);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "C: MAIL FROM:<>\nS: 250 {*}",
                "C| MAIL FROM:<>\\r\\nRCPT TO:<bob@example.test>\\r\\nDATA\\r\\n\nS+ 354 {*}",
                "C| BDAT 10\\r\\nhalf"
            })
    void nothing_is_suspended_in_the_middle(String talk) throws IOException {
        MemoryLine line = loggedIn();
        Site.talk(line, talk);
        assertThat(line.conversation().suspend()).isEmpty();
    }

    @Test
    void exchange_is_not_suspended() throws IOException {
        MemoryLine line = site.clearLine("submission");
        Site.talk(line, "S: 220 {*}\nC: EHLO x\nS+ 250 HELP\nC: AUTH LOGIN\nS: 334 {*}");
        assertThat(line.conversation().suspend()).isEmpty();
    }

    @Test
    void state_of_another_time_is_refused() {
        assertThatThrownBy(() -> site.line("smtp").resume(site.protocol("smtp"), new Suspended(99, Map.of())))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
