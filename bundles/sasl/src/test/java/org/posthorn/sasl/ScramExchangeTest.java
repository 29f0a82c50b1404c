package org.posthorn.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.api.users.Entrance;

class ScramExchangeTest {

    private static final String NONCE = "rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
    private static final String PROOF = "p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";

    private final Members members = new Members();
    private final ScramExchange scram = new ScramExchange(
            members, InetAddress.getLoopbackAddress(), () -> NONCE.substring("rOprNGfwEbeRWgbNEkqO".length()));

    private Step says(String message) throws IOException {
        return scram.next(message.getBytes(StandardCharsets.UTF_8));
    }

    private static String text(Step step) {
        return new String(((Step.Challenge) step).data(), StandardCharsets.UTF_8);
    }

    @Test
    void example_of_rfc_7677() throws IOException {
        assertThat(text(says("n,,n=user,r=rOprNGfwEbeRWgbNEkqO")))
                .isEqualTo("r=" + NONCE + ",s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096");
        assertThat(text(says("c=biws,r=" + NONCE + "," + PROOF)))
                .isEqualTo("v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
        assertThat(says("")).isEqualTo(new Step.Granted(new Entrance(Members.USER)));
        assertThat(members.asked).containsExactly("user proved");
    }

    @Test
    void wrong_proof_is_denied_and_counted() throws IOException {
        says("n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        assertThat(says("c=biws,r=" + NONCE + ",p=eHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="))
                .isEqualTo(new Step.Denied(Duration.ofSeconds(3)));
        assertThat(members.asked).containsExactly("user failed");
    }

    @Test
    void exchange_that_is_put_off_is_so_with_or_without_a_proof() throws IOException {
        members.putOff = true;
        says("n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        assertThat(says("c=biws,r=" + NONCE + "," + PROOF)).isEqualTo(new Step.PutOff(Duration.ofSeconds(2)));
        assertThat(says("c=biws,r=" + NONCE + ",p=eHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="))
                .isEqualTo(new Step.PutOff(Duration.ofSeconds(2)));
    }

    @Test
    void proof_of_a_password_that_is_another_before_the_exchange_ends_is_denied() throws IOException {
        says("n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        says("c=biws,r=" + NONCE + "," + PROOF);
        members.keys = Scram.keys("pen", new byte[16], 4096);
        assertThat(says("")).isInstanceOf(Step.Denied.class);
    }

    @Test
    void proof_for_another_nonce_is_denied() throws IOException {
        says("n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        assertThat(says("c=biws,r=another," + PROOF)).isInstanceOf(Step.Denied.class);
    }

    @Test
    void binding_that_differs_from_the_first_message_is_denied() throws IOException {
        // "biws" is "n,,": the header was changed on the way, RFC 5802 6.
        says("y,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        assertThat(says("c=biws,r=" + NONCE + "," + PROOF)).isInstanceOf(Step.Denied.class);
    }

    @Test
    void client_that_would_bind_but_thinks_we_cannot_goes_on() throws IOException {
        assertThat(says("y,,n=user,r=abc")).isInstanceOf(Step.Challenge.class);
    }

    @Test
    void octets_behind_the_signature_are_malformed() throws IOException {
        says("n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        says("c=biws,r=" + NONCE + "," + PROOF);
        assertThat(says("x")).isInstanceOf(Step.Malformed.class);
    }

    @Test
    void account_that_may_not_log_in_is_denied_in_spite_of_its_proof() throws IOException {
        members.disabled = true;
        says("n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        assertThat(says("c=biws,r=" + NONCE + "," + PROOF)).isInstanceOf(Step.Denied.class);
    }

    @Test
    void escaped_name_is_unescaped() throws IOException {
        says("n,,n=a=2Cb=3Dc,r=abc");
        says("c=biws,r=x,p=AAAA");
        assertThat(members.asked).containsExactly("a,b=c failed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "p=tls-exporter,,n=user,r=abc",
                "n,,m=must,n=user,r=abc",
                "n,,n=user",
                "n,,n=,r=abc",
                "n,,n=us=er,r=abc",
                "n,,n=user,r=",
                "n,x=y,n=user,r=abc",
                "n,,r=abc,n=user",
                "",
                ","
            })
    void first_message_of_another_form_is_malformed(String message) throws IOException {
        assertThat(says(message)).isInstanceOf(Step.Malformed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "c=biws", "c=biws,r=x", "c=biws,p=AAAA", "r=x,c=biws,p=AAAA", "c=biws,r=x,p=A!"})
    void final_message_of_another_form_is_malformed(String message) throws IOException {
        says("n,,n=user,r=abc");
        assertThat(says(message)).isInstanceOf(Step.Malformed.class);
    }
}
