package org.posthorn.mime;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.BodyPart;
import jakarta.mail.internet.InternetHeaders;
import jakarta.mail.internet.MimeMultipart;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mail.Message;

class DeliveryReportTest {

    private static final Instant CAME = Instant.parse("2026-11-22T12:00:00Z");
    private static final String MAIL = "Subject: hello\r\nX: y\r\n\r\nbody with\r\n.dots\r\n";

    private final DeliveryReport.Fate bob = new DeliveryReport.Fate(
            Address.of("bob@example.org"),
            Optional.of("rfc822;sales@example.test"),
            DeliveryReport.Action.FAILED,
            "5.1.1",
            "mx.example.org[192.0.2.1]:25",
            "550 5.1.1 no such user",
            Optional.empty());

    @Test
    void a_bounce_has_the_three_parts_and_the_fields_of_rfc_3464() throws Exception {
        Parsed bounce = parse(report(MAIL, true, Optional.of("QQ+1"), bob));
        assertThat(bounce.top.getHeader("Auto-Submitted", null)).isEqualTo("auto-replied");
        assertThat(bounce.top.getHeader("To", null)).isEqualTo("<alice@example.test>");
        assertThat(bounce.top.getHeader("From", null)).contains("<MAILER-DAEMON@mx.example.test>");
        assertThat(bounce.top.getHeader("Content-Type", null))
                .startsWith("multipart/report")
                .contains("report-type=delivery-status");
        assertThat(bounce.types())
                .containsExactly("text/plain; charset=utf-8", "message/delivery-status", "message/rfc822");
        assertThat(bounce.text(0)).contains("<bob@example.org>").contains("550 5.1.1 no such user");
        List<InternetHeaders> groups = bounce.groups();
        assertThat(groups).hasSize(2);
        assertField(groups.get(0), "Reporting-MTA", "dns; mx.example.test");
        assertField(groups.get(0), "Original-Envelope-Id", "QQ+1");
        assertField(groups.get(0), "Future-Release-Request", "for;60");
        assertField(groups.get(0), "Arrival-Date", "Sun, 22 Nov 2026 12:00:00 +0000");
        assertField(groups.get(1), "Original-Recipient", "rfc822; sales@example.test");
        assertField(groups.get(1), "Final-Recipient", "rfc822; bob@example.org");
        assertField(groups.get(1), "Action", "failed");
        assertField(groups.get(1), "Status", "5.1.1");
        assertField(groups.get(1), "Remote-MTA", "dns; mx.example.org");
        assertField(groups.get(1), "Diagnostic-Code", "smtp; 550 5.1.1 no such user");
        assertThat(bounce.text(2)).isEqualTo(MAIL);
    }

    @Test
    void each_recipient_has_a_group_and_a_delay_says_until_when() throws Exception {
        DeliveryReport.Fate late = new DeliveryReport.Fate(
                Address.of("carol@example.org"),
                Optional.empty(),
                DeliveryReport.Action.DELAYED,
                "4.2.2",
                "",
                "452 4.2.2 full",
                Optional.of(CAME.plusSeconds(86400)));
        Parsed report = parse(report(MAIL, false, Optional.empty(), late, late));
        List<InternetHeaders> groups = report.groups();
        assertThat(groups).hasSize(3);
        assertField(groups.get(2), "Action", "delayed");
        assertField(groups.get(2), "Will-Retry-Until", "Mon, 23 Nov 2026 12:00:00 +0000");
        assertField(groups.get(2), "Diagnostic-Code", "x-posthorn; 452 4.2.2 full");
        assertThat(groups.get(2).getHeader("Remote-MTA")).isNull();
        assertThat(groups.get(2).getHeader("Original-Recipient")).isNull();
        assertThat(groups.get(0).getHeader("Original-Envelope-Id")).isNull();
    }

    @Test
    void the_header_alone_goes_back_when_the_whole_is_not_wanted() throws Exception {
        Parsed report = parse(report(MAIL, false, Optional.empty(), bob));
        assertThat(report.types()).element(2).isEqualTo("text/rfc822-headers");
        assertThat(report.text(2)).isEqualTo("Subject: hello\r\nX: y\r\n");
    }

    @Test
    void eight_bit_mail_makes_an_eight_bit_report_and_plain_mail_does_not() throws Exception {
        Parsed eight = parse(report("Subject: x\r\n\r\nk\u00e4se\r\n", true, Optional.empty(), bob));
        assertThat(eight.top.getHeader("Content-Transfer-Encoding", null)).isEqualTo("8bit");
        assertThat(eight.text(2)).isEqualTo("Subject: x\r\n\r\nk\u00e4se\r\n");
        Parsed seven = parse(report(MAIL, true, Optional.empty(), bob));
        assertThat(seven.top.getHeader("Content-Transfer-Encoding", null)).isEqualTo("7bit");
    }

    @Test
    void international_addresses_make_a_report_of_rfc_6533() throws Exception {
        DeliveryReport.Fate joerg = new DeliveryReport.Fate(
                Address.of("jörg@müller.example"),
                Optional.empty(),
                DeliveryReport.Action.FAILED,
                "5.1.1",
                "mx",
                "550 gibt's nicht",
                Optional.empty());
        DeliveryReport report = report(MAIL, true, Optional.empty(), joerg);
        assertThat(report.international()).isTrue();
        Parsed parsed = parse(report);
        assertThat(parsed.types()).element(1).isEqualTo("message/global-delivery-status");
        assertThat(parsed.types()).element(2).isEqualTo("message/global");
        byte[] status = parsed.text(1).getBytes(StandardCharsets.ISO_8859_1);
        assertThat(new String(status, StandardCharsets.UTF_8))
                .contains("Final-Recipient: utf-8; jörg@müller.example\r\n");
    }

    @Test
    void whatever_a_remote_server_said_the_report_stays_a_report() throws Exception {
        Random random = new Random(3464);
        for (int i = 0; i < 200; i++) {
            String said = random.ints(random.nextInt(2000), 0, 300)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            DeliveryReport.Fate fate = new DeliveryReport.Fate(
                    Address.of("bob@example.org"),
                    Optional.of("rfc822;" + said),
                    DeliveryReport.Action.FAILED,
                    "5.0.0",
                    "host" + said,
                    said + "\r\n\r\nFinal-Recipient: rfc822; evil@example.org\r\n",
                    Optional.empty());
            Parsed parsed = parse(report(MAIL, true, Optional.of(said), fate));
            assertThat(parsed.groups()).hasSize(2);
            assertField(parsed.groups().get(1), "Final-Recipient", "rfc822; bob@example.org");
            assertThat(parsed.text(1).lines())
                    .allMatch(l -> l.length() <= 998 && l.chars().allMatch(c -> c < 128));
            assertThat(parsed.text(2)).isEqualTo(MAIL);
        }
    }

    private static DeliveryReport report(
            String mail, boolean whole, Optional<String> envelopeId, DeliveryReport.Fate... fates) {
        Message original = StoredMessage.of(mail);
        Address to = Address.of("alice@example.test");
        Instant made = CAME.plusSeconds(60);
        return new DeliveryReport(
                "id1",
                "mx.example.test",
                to,
                envelopeId,
                Optional.of("for;60"),
                CAME,
                made,
                List.of(fates),
                original,
                whole);
    }

    private static void assertField(InternetHeaders group, String name, String value) {
        assertThat(group.getHeader(name)).as(name).containsExactly(value);
    }

    private static Parsed parse(DeliveryReport report) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        report.writeTo(out);
        ByteArrayInputStream in = new ByteArrayInputStream(out.toByteArray());
        InternetHeaders top = new InternetHeaders(in, true);
        String type = top.getHeader("Content-Type", null);
        return new Parsed(top, new MimeMultipart(new ByteArrayDataSource(in, type)));
    }

    private record Parsed(InternetHeaders top, MimeMultipart parts) {

        List<String> types() throws Exception {
            List<String> types = new ArrayList<>();
            for (int i = 0; i < parts.getCount(); i++)
                types.add(parts.getBodyPart(i).getContentType());
            return types;
        }

        String text(int which) throws Exception {
            BodyPart part = parts.getBodyPart(which);
            try (InputStream in = part.getInputStream()) {
                return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            }
        }

        List<InternetHeaders> groups() throws Exception {
            InputStream in = parts.getBodyPart(1).getInputStream();
            List<InternetHeaders> groups = new ArrayList<>();
            while (in.available() > 0) groups.add(new InternetHeaders(in));
            return groups;
        }
    }
}
