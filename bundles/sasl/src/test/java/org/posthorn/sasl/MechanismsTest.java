package org.posthorn.sasl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.users.Entrance;

class MechanismsTest {

    private static final InetAddress CLIENT = InetAddress.getLoopbackAddress();
    private static final Step GRANTED = new Step.Granted(new Entrance(Members.USER));
    private static final Step DENIED = new Step.Denied(Duration.ofSeconds(3));

    private final Members members = new Members();

    private Dialogue dialogue(String mechanism) {
        return Dialogue.begin(mechanism, members, CLIENT).orElseThrow();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void nothing_is_offered_in_clear() {
        assertThat(Mechanisms.names(false)).isEmpty();
        assertThat(Mechanisms.names(true)).containsExactly("SCRAM-SHA-256", "PLAIN", "LOGIN");
    }

    @Test
    void unknown_mechanism_is_none() {
        assertThat(Dialogue.begin("CRAM-MD5", members, CLIENT)).isEmpty();
        assertThat(Dialogue.begin("SCRAM-SHA-256-PLUS", members, CLIENT)).isEmpty();
        assertThat(Dialogue.begin("plain", members, CLIENT)).isPresent();
    }

    @Test
    void plain_grants_with_initial_response() throws IOException {
        assertThat(dialogue("PLAIN").open(base64("\0user\0pencil"))).isEqualTo(GRANTED);
    }

    @Test
    void plain_asks_with_an_empty_challenge() throws IOException {
        Dialogue plain = dialogue("PLAIN");
        assertThat(((Step.Challenge) plain.open()).base64()).isEmpty();
        assertThat(plain.next(base64("\0user\0pencil"))).isEqualTo(GRANTED);
    }

    @Test
    void wrong_password_is_denied_with_the_pause() throws IOException {
        assertThat(dialogue("PLAIN").open(base64("\0user\0Pencil"))).isEqualTo(DENIED);
    }

    @Test
    void login_that_is_put_off_is_put_off_with_the_pause() throws IOException {
        members.putOff = true;
        assertThat(dialogue("PLAIN").open(base64("\0user\0pencil"))).isEqualTo(new Step.PutOff(Duration.ofSeconds(2)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "user@example.test", "USER@EXAMPLE.TEST"})
    void one_may_act_as_oneself(String wanted) throws IOException {
        assertThat(dialogue("PLAIN").open(base64(wanted + "\0user\0pencil"))).isEqualTo(GRANTED);
    }

    @Test
    void nobody_may_act_as_another() throws IOException {
        assertThat(dialogue("PLAIN").open(base64("admin\0user\0pencil"))).isInstanceOf(Step.Denied.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "user\0pencil", "\0user\0", "\0\0pencil", "\0user\0pen\0cil", "\0us\u0007er\0pencil"})
    void plain_of_another_form_is_malformed(String response) throws IOException {
        assertThat(dialogue("PLAIN").open(base64(response))).isInstanceOf(Step.Malformed.class);
        assertThat(members.asked).isEmpty();
    }

    @Test
    void octets_that_are_not_utf8_are_malformed() throws IOException {
        assertThat(Mechanisms.begin("PLAIN", members, CLIENT).orElseThrow().next(new byte[] {0, 'u', 0, (byte) 0xc3}))
                .isInstanceOf(Step.Malformed.class);
    }

    @Test
    void compatible_characters_are_prepared_alike() throws IOException {
        // RFC 4013 3: SOFT HYPHEN goes, ROMAN NUMERAL NINE is two letters.
        dialogue("PLAIN").open(base64("\0us\u00ader\0\u2168"));
        assertThat(members.asked).containsExactly("user:IX");
    }

    @Test
    void login_asks_for_name_and_password() throws IOException {
        Dialogue login = dialogue("LOGIN");
        assertThat(((Step.Challenge) login.open()).base64()).isEqualTo("VXNlcm5hbWU6");
        assertThat(((Step.Challenge) login.next(base64("user"))).base64()).isEqualTo("UGFzc3dvcmQ6");
        assertThat(login.next(base64("pencil"))).isEqualTo(GRANTED);
    }

    @Test
    void login_takes_the_name_as_initial_response() throws IOException {
        Dialogue login = dialogue("LOGIN");
        assertThat(((Step.Challenge) login.open(base64("user"))).base64()).isEqualTo("UGFzc3dvcmQ6");
        assertThat(login.next(base64("pen"))).isEqualTo(DENIED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "a", "abc", "AA=A", "!!!!", "YWJj YWJj"})
    void what_is_not_base64_is_malformed(String line) throws IOException {
        assertThat(dialogue("LOGIN").next(line)).isInstanceOf(Step.Malformed.class);
    }

    @Test
    void equals_sign_is_the_empty_initial_response() throws IOException {
        assertThat(dialogue("PLAIN").open("=")).isInstanceOf(Step.Malformed.class);
    }

    @Test
    void broken_backend_is_an_exception() {
        members.broken = true;
        assertThatThrownBy(() -> dialogue("PLAIN").open(base64("\0user\0pencil")))
                .isInstanceOf(IOException.class);
    }

    @Test
    void random_responses_are_never_an_exception() throws IOException {
        Random random = new Random(4616);
        String[] seeds = {"\0user\0pencil", "n,,n=user,r=abc", "c=biws,r=abc,p=AAAA", "p=x,,n=u,r=1", "n,a=b,n=c,r=d"};
        for (int i = 0; i < 20_000; i++) {
            byte[] octets = seeds[random.nextInt(seeds.length)].getBytes(StandardCharsets.UTF_8);
            for (int n = random.nextInt(4); n > 0; n--)
                octets[random.nextInt(octets.length)] = (byte) random.nextInt(256);
            for (String name : Mechanisms.names(true)) {
                Exchange exchange = Mechanisms.begin(name, members, CLIENT).orElseThrow();
                if (exchange.next(octets) instanceof Step.Challenge) exchange.next(octets);
            }
        }
        assertThat(members.asked).isNotEmpty();
    }
}
