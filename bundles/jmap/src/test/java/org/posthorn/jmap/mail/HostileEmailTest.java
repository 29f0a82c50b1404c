package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.posthorn.api.mail.Message;
import org.posthorn.jmap.MethodFault;
import org.posthorn.mime.Octets;
import org.posthorn.mime.StoredMessage;

/** Mails cut and changed at random (seeded), and such as are made to cost: something is told of each, and it is sound JSON. */
class HostileEmailTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> OF_PARTS = Stream.concat(
                    BodyPartJson.USUAL.stream(), Stream.of("headers", "subParts", "header:Content-Type:asText:all"))
            .toList();

    private static void read(byte[] bytes) throws IOException, MethodFault {
        Message message = StoredMessage.of(Octets.of(bytes));
        ObjectNode json = EmailContentTest.json(message, EmailContentTest.PROPERTIES, OF_PARTS, 100);
        assertThat(JSON.readTree(JSON.writeValueAsBytes(json)).toString()).isEqualTo(json.toString());
        assertThat(json.get("preview").textValue().codePoints().count()).isLessThanOrEqualTo(256);
        BodyPart structure = new ReadEmail("M1", () -> message, ReadEmail.Memory.NONE).body();
        BodyLists lists = BodyLists.of(structure);
        Set<String> listed = Stream.of(lists.text(), lists.html(), lists.attachments())
                .flatMap(Collection::stream)
                .map(BodyPart::partId)
                .collect(Collectors.toCollection(HashSet::new));
        assertThat(structure.leaves().map(BodyPart::partId)).containsExactlyInAnyOrderElementsOf(listed);
    }

    @Test
    void mail_cut_anywhere_is_told() throws IOException, MethodFault {
        for (Path mail : EmailContentTest.mails().toList()) {
            byte[] whole = Files.readAllBytes(mail);
            for (int end = 0; end < whole.length; end += 7) read(java.util.Arrays.copyOf(whole, end));
        }
    }

    @Test
    void mail_changed_at_random_is_told() throws IOException, MethodFault {
        Random random = new Random(8621);
        String telling = "\r\n\r\n--;:\"()<>@,=?* \t\0\u00ff\u00c3\u00ed";
        for (Path mail : EmailContentTest.mails().toList())
            for (int round = 0; round < 150; round++) {
                byte[] changed = Files.readAllBytes(mail);
                for (int i = random.nextInt(20); i >= 0; i--)
                    changed[random.nextInt(changed.length)] = (byte) telling.charAt(random.nextInt(telling.length()));
                read(changed);
            }
    }

    @Test
    @Timeout(20)
    void fields_that_are_made_to_cost_do_not() throws IOException, MethodFault {
        for (String piece : List.of(
                "=?",
                "=?utf-8?q?",
                " =?u?q?x?=",
                "(",
                "<",
                "\"",
                "<(",
                "\u00cc\u0081\u00cc\u00a3",
                "a,",
                "g:",
                "a@b,",
                "\\"))
            for (String field : List.of("Subject", "To", "Message-ID", "List-Post", "Date", "Content-Type", "X")) {
                String value = piece.repeat(200_000 / piece.length());
                Message message = StoredMessage.of(field + ": " + value + "\r\n\r\nx\r\n");
                List<String> properties = List.of(
                        "subject",
                        "messageId",
                        "sentAt",
                        "header:X:asText",
                        "header:List-Post:asURLs",
                        "textBody",
                        "header:X:asDate",
                        "header:X:asMessageIds",
                        "header:X:asURLs",
                        "headers");
                EmailContentTest.json(message, properties, OF_PARTS, 0);
            }
    }

    @Test
    @Timeout(20)
    void very_many_parts_fifty_deep_are_told() throws IOException, MethodFault {
        StringBuilder deep = new StringBuilder();
        for (int i = 0; i < 200; i++)
            deep.append("Content-Type: multipart/mixed; boundary=b")
                    .append(i)
                    .append("\r\n\r\n--b")
                    .append(i)
                    .append("\r\n");
        StringBuilder wide = new StringBuilder("Content-Type: multipart/alternative; boundary=b\r\n\r\n");
        wide.append("--b\r\nContent-Type: text/html\r\n\r\nx\r\n".repeat(20_000));
        for (CharSequence mail : List.of(deep, wide)) {
            Message message = StoredMessage.of(mail.toString());
            EmailContentTest.json(message, List.of("bodyStructure", "hasAttachment"), List.of("partId", "size"), 0);
        }
    }
}
