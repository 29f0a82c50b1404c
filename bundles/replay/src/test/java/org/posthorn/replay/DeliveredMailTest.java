package org.posthorn.replay;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Mail;
import org.posthorn.mime.StoredMessage;

class DeliveredMailTest {

    private static final Instant ARRIVED = Instant.parse("2026-11-22T18:30:00Z");

    private static final String TOP = "Return-Path: <ann@there.test>\r\nDelivered-To: bob@here.test\r\n";
    private static final String RESULTS = "X-Score: 1\r\nAuthentication-Results: mx.here.test;\r\n\tspf=fail"
            + " reason=\"not; dkim=pass\"\r\n\t smtp.mailfrom=there.test;\r\n\tdnsbl=pass\r\n";
    private static final String RECEIVED =
            "Received: from client.example ([192.0.2.7])\r\n\tby mx.here.test with ESMTPS"
                    + " (TLSv1.3 TLS_AES_128_GCM_SHA256)\r\n\tid 001K197Q5WNA3 for <sales@here.test>;\r\n"
                    + "\tSun, 22 Nov 2026 19:30:00 +0100\r\n";
    private static final String REST = "Received: from forged ([198.51.100.1]) by other\r\nSubject: x\r\n\r\nbody\r\n";

    private static Optional<DeliveredMail> of(String octets) throws IOException {
        return DeliveredMail.of(StoredMessage.of(octets), ARRIVED);
    }

    @Test
    void what_this_server_wrote_on_top_is_read_and_the_message_is_as_it_came() throws IOException {
        DeliveredMail read = of(TOP + RESULTS + RECEIVED + REST).orElseThrow();
        Mail mail = read.mail();
        assertThat(read.findings()).isEqualTo(Map.of("spf", "fail", "dnsbl", "pass"));
        assertThat(mail.id().text()).isEqualTo("001K197Q5WNA3");
        assertThat(mail.arrived()).isEqualTo(ARRIVED);
        assertThat(mail.origin().client().getAddress().getHostAddress()).isEqualTo("192.0.2.7");
        assertThat(mail.origin().helo()).isEqualTo("client.example");
        assertThat(mail.origin().protocol()).isEqualTo("ESMTPS");
        assertThat(mail.origin().tls()).contains("TLSv1.3 TLS_AES_128_GCM_SHA256");
        assertThat(mail.origin().server()).isEqualTo("mx.here.test");
        assertThat(mail.origin().login()).isEmpty();
        assertThat(mail.envelope().sender()).contains(Address.of("ann@there.test"));
        assertThat(mail.envelope().recipients().get(0).address()).isEqualTo(Address.of("sales@here.test"));
        try (var in = mail.message().open()) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1))
                    .isEqualTo(RECEIVED + REST);
        }
        assertThat(mail.message().size()).isEqualTo((RECEIVED + REST).length());
    }

    @Test
    void a_login_the_null_sender_and_several_recipients_are_known() throws IOException {
        String several = RECEIVED.replace("ESMTPS", "ESMTPSA").replace(" for <sales@here.test>", "");
        Mail user = of(TOP + several + REST).orElseThrow().mail();
        assertThat(user.origin().login()).contains(Address.of("ann@there.test"));
        assertThat(user.envelope().recipients().get(0).address()).isEqualTo(Address.of("bob@here.test"));
        String bounce = TOP.replace("ann@there.test", "");
        String six = RECEIVED.replace("192.0.2.7", "IPv6:2001:db8:0:0:0:0:0:1").replace("client.example", "my pc");
        Mail mail = of(bounce + six + REST).orElseThrow().mail();
        assertThat(mail.envelope().sender()).isEmpty();
        assertThat(mail.origin().client().getAddress().getHostAddress()).isEqualTo("2001:db8:0:0:0:0:0:1");
        assertThat(mail.origin().helo()).isEqualTo("my pc");
    }

    @Test
    void what_did_not_come_through_the_door_is_left_out() throws IOException {
        for (String octets : List.of(
                "",
                "Subject: a copy of what was sent\r\n\r\nx\r\n",
                RECEIVED + REST,
                TOP + "Subject: no Received\r\n\r\nx\r\n",
                TOP + RECEIVED.replaceAll("from .*\\r\\n\\t", "") + REST,
                TOP + RECEIVED.replace("001K197Q5WNA3", "4bXYZ12345z") + REST,
                TOP + RECEIVED.replace("[192.0.2.7]", "[999.1.1.1]") + REST,
                TOP.replace("bob@here.test", "nobody") + RECEIVED + REST,
                "X-First: 1\r\n" + TOP + RECEIVED + REST))
            assertThat(of(octets)).as(octets).isEmpty();
    }

    @Test
    void results_of_another_server_are_not_believed() throws IOException {
        String foreign = RESULTS.replace("mx.here.test;", "evil.test;");
        assertThat(of(TOP + foreign + RECEIVED + REST).orElseThrow().findings()).isEmpty();
        assertThat(of(TOP + RECEIVED + RESULTS + REST).orElseThrow().findings()).isEmpty();
    }

    @Test
    void odd_headers_do_no_harm() throws IOException {
        Random random = new Random(17);
        String sound = TOP + RESULTS + RECEIVED + REST;
        for (int i = 0; i < 20_000; i++) {
            StringBuilder odd = new StringBuilder(sound);
            for (int j = random.nextInt(4); j >= 0; j--) {
                int at = random.nextInt(odd.length() - 20);
                if (random.nextBoolean()) odd.setCharAt(at, (char) random.nextInt(256));
                else odd.delete(at, at + random.nextInt(20));
            }
            Optional<DeliveredMail> read = of(odd.toString());
            if (read.isPresent()) assertThat(read.get().mail().message().size()).isPositive();
        }
    }
}
