package org.posthorn.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class InternationalizedMailTest {

    private static final String RECEIVED = "Received: from a.example by b.example\r\n with ";

    private static boolean is(String header) throws IOException {
        byte[] octets = (header + "\r\n\r\nTo: é@example.com\r\n").getBytes(StandardCharsets.UTF_8);
        return InternationalizedMail.is(StoredMessage.of(new String(octets, StandardCharsets.ISO_8859_1)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "From: é@example.com",
                "Subject: plain\r\nRESENT-CC: Fred <fred@example.com>,\r\n \"É\" <fred@exämple.com>",
                "Reply-To: Freunde: fréd@example.com;",
                "Return-Path: <é@example.com>",
                RECEIVED + "UTF8SMTPSA id 1\r\nSubject: Grüße",
                RECEIVED + "utf8lmtp id 1\r\nX: é"
            })
    void mail_that_could_not_come_without_smtputf8_is(String header) throws IOException {
        assertThat(is(header)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Subject: Grüße",
                "From: Frédéric <fred@example.com>",
                "From: Fréunde: fred@example.com;\r\nTo: é",
                "X-To: é@example.com",
                RECEIVED + "ESMTPSA id 1\r\nSubject: Grüße",
                RECEIVED + "UTF8SMTP id 1\r\nSubject: plain",
                ""
            })
    void other_mail_is_not(String header) throws IOException {
        assertThat(is(header)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Subject: gr\u00fcn", "From: M\u00fcller <mueller@example.com>"})
    void what_is_no_utf8_is_no_reason(String header) throws IOException {
        assertThat(InternationalizedMail.is(StoredMessage.of(header + "\r\n\r\n")))
                .isFalse();
    }
}
