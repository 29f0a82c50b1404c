package org.posthorn.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import org.posthorn.api.net.ServerKeys;

/** Makes certificates with the JDK's keytool. */
final class Certificates {

    private Certificates() {}

    /** A key and its certificate for that name. @param folder for files on the way */
    static ServerKeys.Pair of(String name, Path folder) throws Exception {
        Path file = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + name,
                        "-alias",
                        "a",
                        "-validity",
                        "1",
                        "-keystore",
                        file.toString(),
                        "-storepass",
                        "secret")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start();
        assertThat(keytool.waitFor()).isZero();
        KeyStore store = KeyStore.getInstance(file.toFile(), "secret".toCharArray());
        return new ServerKeys.Pair(List.of((X509Certificate) store.getCertificate("a")), (PrivateKey)
                store.getKey("a", "secret".toCharArray()));
    }
}
