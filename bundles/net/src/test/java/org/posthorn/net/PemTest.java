package org.posthorn.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.interfaces.ECPrivateKey;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.posthorn.api.config.SettingsCheck;

class PemTest {

    @TempDir
    Path folder;

    private static KeyPair pair(String algorithm) throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
        generator.initialize(algorithm.equals("EC") ? 256 : 2048);
        return generator.generateKeyPair();
    }

    private Path file(String text) throws Exception {
        return Files.writeString(folder.resolve("key.pem"), text);
    }

    @ParameterizedTest
    @CsvSource({"RSA, RSA PRIVATE KEY", "EC, EC PRIVATE KEY"})
    void keys_in_the_older_forms_and_in_pkcs8_are_read(String algorithm, String older) throws Exception {
        KeyPair pair = pair(algorithm);
        byte[] pkcs8 = pair.getPrivate().getEncoded();
        PrivateKeyInfo info = PrivateKeyInfo.getInstance(pkcs8);
        assertThat(Pem.key(file(Pem.write("PRIVATE KEY", pkcs8)))).isEqualTo(pair.getPrivate());
        byte[] inner = info.parsePrivateKey().toASN1Primitive().getEncoded();
        String text = algorithm.equals("EC")
                ? Pem.write(
                                "EC PARAMETERS",
                                info.getPrivateKeyAlgorithm()
                                        .getParameters()
                                        .toASN1Primitive()
                                        .getEncoded())
                        + Pem.write(older, withCurve(info))
                : Pem.write(older, inner);
        // An EC key may leave its public half out.
        assertThat(secret(Pem.key(file(text)))).isEqualTo(secret(pair.getPrivate()));
    }

    private static Object secret(PrivateKey key) {
        return key instanceof ECPrivateKey ec ? ec.getS() : key;
    }

    private static byte[] withCurve(PrivateKeyInfo info) throws Exception {
        var key = org.bouncycastle.asn1.sec.ECPrivateKey.getInstance(info.parsePrivateKey());
        return new org.bouncycastle.asn1.sec.ECPrivateKey(
                        256, key.getKey(), info.getPrivateKeyAlgorithm().getParameters())
                .getEncoded();
    }

    @Test
    void a_file_without_a_key_is_told_of() throws Exception {
        assertThatThrownBy(() -> Pem.key(file("nothing"))).isInstanceOf(GeneralSecurityException.class);
    }

    @Test
    void mutated_keys_are_refused_in_words() throws Exception {
        Random random = new Random(9);
        String text = Pem.write("PRIVATE KEY", pair("EC").getPrivate().getEncoded());
        for (int i = 0; i < 300; i++) {
            StringBuilder bad = new StringBuilder(text);
            for (int k = 0; k < 4; k++) bad.setCharAt(random.nextInt(bad.length()), (char) (32 + random.nextInt(90)));
            Path file = file(bad.toString());
            Map<String, Object> settings = Map.of("certificate", "", "key", file.toString());
            assertThat(new DoorCheck().check(settings))
                    .allMatch(p -> !p.allowed().isEmpty());
        }
    }

    @Test
    void a_certificate_and_the_key_of_another_do_not_count() throws Exception {
        TlsKeys.FilePair one = SelfSigned.in(folder.resolve("one"), "one.test");
        TlsKeys.FilePair two = SelfSigned.in(folder.resolve("two"), "two.test");
        TlsKeys keys = new TlsKeys();
        keys.use(new TlsKeys.FilePair(one.certificate(), two.key()));
        assertThat(keys.context()).isEmpty();
        assertThat(keys.fault()).hasValueSatisfying(f -> assertThat(f)
                .contains(one.certificate().toString(), two.key().toString(), "not the certificate's"));
        String certificate = one.certificate().toString();
        String key = two.key().toString();
        assertThat(new DoorCheck().check(Map.of("certificate", certificate, "key", key)))
                .containsExactly(new SettingsCheck.Problem(
                        "key",
                        key,
                        "the key of the certificate in " + certificate + " (the key is not the certificate's)"));
        assertThat(new DoorCheck()
                        .check(Map.of(
                                "certificate", certificate, "key", one.key().toString())))
                .isEmpty();
        keys.use(one);
        assertThat(keys.fault()).isEmpty();
        assertThat(Pem.certificates(one.certificate())[0].getSubjectAlternativeNames())
                .extracting(name -> name.get(1))
                .isEqualTo(List.of("one.test", "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1"));
    }

    @Test
    void whatever_goes_wrong_with_the_files_the_ones_before_stay_and_are_looked_at_again() {
        Path strange = (Path) Proxy.newProxyInstance(
                Path.class.getClassLoader(), new Class<?>[] {Path.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("toString")) return "strange";
                    if (method.getName().equals("equals")) return proxy == arguments[0];
                    throw new IllegalStateException();
                });
        TlsKeys keys = new TlsKeys();
        keys.use(SelfSigned.in(folder, "one.test"));
        keys.use(new TlsKeys.FilePair(strange, strange));
        keys.look();
        assertThat(keys.context()).isPresent();
        keys.use(SelfSigned.in(folder, "one.test"));
        assertThat(keys.fault()).isEmpty();
    }
}
