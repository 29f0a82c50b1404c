package org.posthorn.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.posthorn.api.mail.Reply;
import org.posthorn.testkit.MemoryLine;

class LoginTest {

    private final Site site = new Site();

    private MemoryLine greeted() throws IOException {
        MemoryLine line = site.clearLine("submission");
        Site.talk(line, "S: 220 {*}\nC: EHLO client.example\nS+ 250-AUTH SCRAM-SHA-256 PLAIN LOGIN\nS+ 250 HELP");
        return line;
    }

    @Test
    void scram_proves_both_sides() throws IOException, GeneralSecurityException {
        MemoryLine line = greeted();
        String bare = "n=alice@example.test,r=abc";
        line.send("AUTH SCRAM-SHA-256 " + TestAccounts.base64("n,," + bare) + "\r\n");
        String serverFirst = challenge(line);
        String[] parts = serverFirst.split(",");
        String withoutProof = "c=biws," + parts[0];
        byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                .generateSecret(new PBEKeySpec(
                        "secret".toCharArray(),
                        Base64.getDecoder().decode(parts[1].substring(2)),
                        Integer.parseInt(parts[2].substring(2)),
                        256))
                .getEncoded();
        byte[] key = hmac(salted, "Client Key");
        byte[] signature =
                hmac(MessageDigest.getInstance("SHA-256").digest(key), bare + "," + serverFirst + "," + withoutProof);
        for (int i = 0; i < key.length; i++) key[i] ^= signature[i];
        String proof = Base64.getEncoder().encodeToString(key);
        line.send(TestAccounts.base64(withoutProof + ",p=" + proof) + "\r\n");
        byte[] expected = hmac(hmac(salted, "Server Key"), bare + "," + serverFirst + "," + withoutProof);
        assertThat(challenge(line)).isEqualTo("v=" + Base64.getEncoder().encodeToString(expected));
        Site.talk(line, "C:\nS: 235 2.7.0 {*}\nC: MAIL FROM:<alice@example.test>\nS: 250 {*}");
    }

    @Test
    void a_session_ends_with_the_account_or_its_password() throws IOException {
        MemoryLine line = greeted();
        line.send("AUTH PLAIN " + TestAccounts.plain("secret") + "\r\n");
        Site.talk(line, "S: 235 {*}\nC: MAIL FROM:<alice@example.test>\nS: 250 {*}");
        List.copyOf(site.accounts.open.keySet()).forEach(Runnable::run);
        Site.talk(line, "S: 421 4.7.0 {*}\nS!");
        line.conversation().closed();
        assertThat(site.accounts.open).isEmpty();
    }

    private static String challenge(MemoryLine line) throws IOException {
        String reply = line.read();
        assertThat(reply).startsWith("334 ");
        return new String(Base64.getDecoder().decode(reply.substring(4)), StandardCharsets.UTF_8);
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void accounts_that_cannot_be_asked_are_a_temporary_failure() throws IOException {
        MemoryLine line = greeted();
        site.accounts.broken = true;
        Site.talk(line, "C: AUTH PLAIN ${plain}\nS: 454 4.7.0 {*}");
        site.accounts.broken = false;
        site.server.unbindAccounts(site.accounts);
        Site.talk(line, "C: AUTH PLAIN ${plain}\nS: 454 4.7.0 {*}");
        site.server.bindAccounts(site.accounts, Map.of());
        Site.talk(line, "C: AUTH PLAIN ${plain}\nS: 235 {*}");
        site.accounts.broken = true;
        Site.talk(line, "C: MAIL FROM:<alice@example.test>\nS: 451 4.3.0 {*}");
    }

    @Test
    void logins_that_are_put_off_are_answered_late_and_count_as_errors() throws IOException {
        MemoryLine line = greeted();
        site.accounts.putOff = true;
        for (int i = 0; i < Site.SETTINGS.maxErrors(); i++) Site.talk(line, "C: AUTH PLAIN ${plain}\nS: 454 4.7.0 {*}");
        Site.talk(line, "C: AUTH PLAIN ${plain}\nS: 421 4.7.0 {*}\nS!");
        assertThat(site.pauses).hasSize(Site.SETTINGS.maxErrors()).containsOnly(Duration.ofSeconds(3));
    }

    @Test
    void sender_that_is_somebody_elses_is_refused_as_a_mail_with_a_story() throws IOException {
        MemoryLine line = greeted();
        Site.talk(line, "C: AUTH PLAIN ${plain}\nS: 235 {*}\nC: MAIL FROM:<bob@example.test>\nS: 553 5.7.1 {*}");
        assertThat(site.intake.refused).singleElement().extracting(Reply::code).isEqualTo(553);
        assertThat(site.intake.open).isZero();
        Site.talk(line, "C: MAIL FROM:<alice@example.test>\nS: 250 {*}");
    }

    @Test
    void null_sender_is_everybodys() throws IOException {
        MemoryLine line = greeted();
        Site.talk(line, "C: AUTH PLAIN ${plain}\nS: 235 {*}\nC: MAIL FROM:<>\nS: 250 {*}");
    }

    @Test
    void nobody_logs_in_within_a_transaction() throws IOException {
        Settings s = Site.SETTINGS;
        Site mx = new Site(new Settings(
                s.hostname(),
                s.banner(),
                s.maxSize(),
                s.maxRecipients(),
                s.maxErrors(),
                s.maxCommands(),
                s.errorDelay(),
                s.commandTimeout(),
                s.dataTimeout(),
                s.slowestRate(),
                true,
                true,
                s.maxFutureRelease()));
        MemoryLine line = mx.clearLine("smtp");
        Site.talk(line, """
                S: 220 {*}
                C: EHLO x
                S+ 250-AUTH SCRAM-SHA-256 PLAIN LOGIN
                S+ 250 HELP
                C: MAIL FROM:<smith@bar.example>
                S: 250 {*}
                C: AUTH PLAIN ${plain}
                S: 503 5.5.1 {*}
                """);
    }
}
