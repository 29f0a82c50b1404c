package org.posthorn.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 8292. */
class VapidTest {

    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    @TempDir
    Path data;

    private Vapid vapid() throws Exception {
        return Vapid.in(data.resolve("jmap/push/vapid"), new SecureRandom(), () -> "mailto:postmaster@example.org");
    }

    private static byte[] octets(String base64) {
        return Base64.getUrlDecoder().decode(base64);
    }

    private static JsonNode claims(String authorization) throws Exception {
        String token = authorization.substring("vapid t=".length(), authorization.indexOf(", k="));
        return Json.read(octets(token.split("\\.")[1]), 10);
    }

    @Test
    void a_token_is_signed_by_the_key_that_clients_are_told_of() throws Exception {
        Vapid vapid = vapid();
        String field = vapid.authorization(URI.create("https://push.example.net/p/secret"), NOW);
        assertThat(field).startsWith("vapid t=").endsWith(", k=" + vapid.applicationServerKey());
        String[] token =
                field.substring("vapid t=".length(), field.indexOf(", k=")).split("\\.");
        assertThat(new String(octets(token[0]), StandardCharsets.US_ASCII))
                .isEqualTo("{\"typ\":\"JWT\",\"alg\":\"ES256\"}");
        Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
        signature.initVerify(P256.publicKey(octets(vapid.applicationServerKey())));
        signature.update((token[0] + "." + token[1]).getBytes(StandardCharsets.US_ASCII));
        assertThat(signature.verify(octets(token[2]))).isTrue();
        assertThat(claims(field).path("sub").asText()).isEqualTo("mailto:postmaster@example.org");
        assertThat(claims(field).path("exp").asLong())
                .isBetween(
                        NOW.getEpochSecond() + 60,
                        NOW.plus(Duration.ofHours(24)).getEpochSecond());
    }

    @Test
    void it_is_for_the_origin_of_the_service_alone() throws Exception {
        Vapid vapid = vapid();
        assertThat(claims(vapid.authorization(URI.create("https://push.example.net:443/p"), NOW))
                        .path("aud")
                        .asText())
                .isEqualTo("https://push.example.net");
        assertThat(claims(vapid.authorization(URI.create("https://Push.example.net:8443/p"), NOW))
                        .path("aud")
                        .asText())
                .isEqualTo("https://push.example.net:8443");
    }

    @Test
    void the_key_is_kept_for_the_server_alone() throws Exception {
        String key = vapid().applicationServerKey();
        assertThat(vapid().applicationServerKey()).isEqualTo(key);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("jmap/push/vapid"))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("jmap/push"))))
                .isEqualTo("rwx------");
    }

    @ParameterizedTest
    @ValueSource(strings = {"posthorn-vapid 1 AAAA", "", "\u00c3(\u00ff"})
    void another_one_comes_in_the_place_of_one_that_is_damaged(String octets) throws Exception {
        String key = vapid().applicationServerKey();
        Files.writeString(data.resolve("jmap/push/vapid"), octets, StandardCharsets.ISO_8859_1);
        String next = vapid().applicationServerKey();
        assertThat(next).isNotEqualTo(key);
        assertThat(vapid().applicationServerKey()).isEqualTo(next);
    }
}
