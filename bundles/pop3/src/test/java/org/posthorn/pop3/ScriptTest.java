package org.posthorn.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.posthorn.testkit.MemoryLine;
import org.posthorn.testkit.Script;

/** Talks written down; each is with a maildrop of the two messages of RFC 1939's examples and one with dots. */
class ScriptTest {

    /** 120 and 200 octets. */
    private static final String FIRST = "Subject: first\r\n\r\n" + "x".repeat(100) + "\r\n";

    private static final String SECOND =
            "Subject: second\r\nTo: mrose\r\n\r\nline 1\r\nline 2\r\n" + "y".repeat(152) + "\r\n";
    private static final String DOTTED = ".header\r\n\r\n.\r\n..two\r\nmid.dle\r\n.last";

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rfc1939-session",
                "rfc1939-commands",
                "rfc2449-capa",
                "rfc2595-stls",
                "rfc3206-auth-codes",
                "rfc5034-auth",
                "rfc6856-lang",
                "rfc6856-prohibited",
                "rfc6856-utf8",
                "dots",
                "states",
                "pipelining",
                "bad-lines"
            })
    void goes_as_written(String name) throws IOException {
        assertThat(FIRST).hasSize(120);
        assertThat(SECOND).hasSize(200);
        Server server = new Server(FIRST, SECOND, DOTTED);
        String text =
                new String(ScriptTest.class.getResourceAsStream(name + ".txt").readAllBytes(), StandardCharsets.UTF_8);
        // Scripts that are not about TLS begin in clear.
        try (MemoryLine line = server.connect(!text.contains("T:"))) {
            Script.of(text)
                    .with("plain", base64("\0mrose\0" + Members.PASSWORD))
                    .with("wrong", base64("\0mrose\0wrong"))
                    .with("name", base64("mrose"))
                    .with("password", base64(Members.PASSWORD))
                    .run(line);
        }
    }
}
