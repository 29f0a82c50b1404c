package org.posthorn.jmap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.SecureRandom;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPrivateKeySpec;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** With the values of RFC 8291 5 and of RFC 8188 3.1. */
class PushKeysTest {

    private static final String P256DH =
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    private static final String AUTH = "BTBZMqHH6r4Tts7J_aSIgg";

    private static byte[] octets(String base64) {
        return Base64.getUrlDecoder().decode(base64);
    }

    private static String text(byte[] octets) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(octets);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Test
    void a_message_is_encrypted_as_in_the_example_of_the_rfc() throws Exception {
        KeyPair own = new KeyPair(
                P256.publicKey(octets(
                        "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8")),
                KeyFactory.getInstance("EC")
                        .generatePrivate(new ECPrivateKeySpec(
                                new BigInteger(1, octets("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")),
                                P256.parameters())));
        byte[] sealed = PushKeys.of(P256DH, AUTH)
                .encrypted(ascii("When I grow up, I want to be a watermelon"), own, octets("DGv6ra1nlYgDCS1FRnbzlw"));
        assertThat(text(sealed))
                .isEqualTo("DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
                        + "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
                        + "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN");
    }

    @Test
    void content_is_coded_as_in_the_example_of_the_rfc() throws Exception {
        byte[] sealed = PushKeys.sealed(
                octets("I1BsxtFttlv3u_Oo94xnmw"),
                new byte[0],
                octets("yqdlZ-tYemfogSmv7Ws5PQ"),
                ascii("I am the walrus"));
        assertThat(text(sealed)).isEqualTo("I1BsxtFttlv3u_Oo94xnmwAAEAAA-NAVub2qFgBEuQKRapoZu-IxkIva3MEB1PD-ly8Thjg");
    }

    @Test
    void each_message_has_a_salt_and_a_key_of_its_own() {
        PushKeys keys = PushKeys.of(P256DH, AUTH);
        SecureRandom random = new SecureRandom();
        byte[] one = keys.encrypted(ascii("a"), random);
        byte[] other = keys.encrypted(ascii("a"), random);
        assertThat(text(one).substring(0, 20)).isNotEqualTo(text(other).substring(0, 20));
        assertThat(text(one).substring(30, 110)).isNotEqualTo(text(other).substring(30, 110));
    }

    @Test
    void the_longest_message_is_one_that_services_take() {
        PushKeys keys = PushKeys.of(P256DH, AUTH);
        assertThat(keys.encrypted(new byte[PushKeys.LONGEST], new SecureRandom()))
                .hasSize(PushKeys.RECORD);
        assertThatThrownBy(() -> keys.encrypted(new byte[PushKeys.LONGEST + 1], new SecureRandom()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void what_is_no_key_is_none() {
        String infinity = text(new byte[65]);
        byte[] off = octets(P256DH);
        off[64] ^= 1;
        byte[] compressed = octets(P256DH);
        compressed[0] = 2;
        for (String wrong : new String[] {"", "A", infinity, text(off), text(compressed), "*", P256DH + "AA"})
            assertThatThrownBy(() -> PushKeys.of(wrong, AUTH)).isInstanceOf(IllegalArgumentException.class);
        for (String wrong : new String[] {"", "*", "BTBZMqHH6r4Tts7J_aSI", AUTH + "AA"})
            assertThatThrownBy(() -> PushKeys.of(P256DH, wrong)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_public_key_has_65_octets_however_small_its_coordinates_are() {
        for (int i = 0; i < 300; i++) {
            ECPublicKey key = (ECPublicKey) P256.generate(new SecureRandom()).getPublic();
            assertThat(P256.publicKey(P256.octets(key)).getW()).isEqualTo(key.getW());
        }
    }
}
