package org.posthorn.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** RFC 7617, by its examples. */
class CredentialsTest {

    @Test
    void name_and_password_are_read() {
        assertThat(Credentials.of("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="))
                .contains(new Credentials("Aladdin", "open sesame"));
        assertThat(Credentials.of("basic dGVzdDoxMjPCow==")).contains(new Credentials("test", "123£"));
        assertThat(Credentials.of(basic("a:b:c"))).contains(new Credentials("a", "b:c"));
    }

    private static String basic(String text) {
        return "Basic " + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void what_is_none_is_none() {
        for (String header : new String[] {
            null,
            "",
            "Basic",
            "Basic !",
            "Bearer x",
            basic(":x"),
            basic("no colon"),
            basic("a\nb:c"),
            basic("\u00e9:x"),
            "Basic " + "QUFB".repeat(2000)
        }) assertThat(Credentials.of(header)).as(header).isEmpty();
    }

    @Test
    void the_password_is_not_in_its_text() {
        assertThat(new Credentials("a", "secret").toString()).isEqualTo("a");
    }
}
