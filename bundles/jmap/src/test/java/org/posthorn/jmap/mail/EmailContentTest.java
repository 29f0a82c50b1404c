package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.posthorn.api.mail.Message;
import org.posthorn.jmap.Budget;
import org.posthorn.jmap.MethodFault;
import org.posthorn.jmap.mail.EmailView.Texts;
import org.posthorn.mime.Octets;
import org.posthorn.mime.StoredMessage;

/** Emails as JSON, RFC 8621 4.1: each .eml of the folder is what the .json beside it says. */
class EmailContentTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path MAILS = Path.of("src/test/resources/mail");

    static final List<String> PROPERTIES = Stream.of(
                    EmailView.USUAL_PARSED.stream(),
                    Stream.of("headers", "bodyStructure", "header:Subject", "header:From:asGroupedAddresses:all"))
            .flatMap(s -> s)
            .toList();

    static Stream<Path> mails() throws IOException {
        try (Stream<Path> files = Files.list(MAILS)) {
            return files.filter(f -> f.toString().endsWith(".eml")).sorted().toList().stream();
        }
    }

    static ObjectNode json(Message message, List<String> properties, List<String> ofParts, int most)
            throws IOException, MethodFault {
        EmailView view = EmailView.of(properties, Optional.of(ofParts), EnumSet.allOf(Texts.class), most);
        ReadEmail email = new ReadEmail("M1", () -> message, ReadEmail.Memory.NONE);
        EmailContent content = new EmailContent(email, view, new Budget());
        ObjectNode json = JSON.createObjectNode();
        for (String property : view.properties()) content.put(json, property);
        return json;
    }

    private static ObjectNode told(Path mail) throws IOException, MethodFault {
        StoredMessage message = StoredMessage.of(Octets.of(Files.readAllBytes(mail)));
        ObjectNode json = json(
                message,
                List.of("subject", "hasAttachment", "preview", "bodyStructure", "bodyValues"),
                BodyPartJson.USUAL,
                0);
        json.setAll(json(message, List.of("textBody", "htmlBody", "attachments"), List.of("partId"), 0));
        return json;
    }

    @ParameterizedTest
    @MethodSource("mails")
    void email_is_what_its_json_says(Path mail) throws IOException, MethodFault {
        Path expected = Path.of(mail.toString().replace(".eml", ".json"));
        assertThat(JSON.readTree(told(mail).toString())).isEqualTo(JSON.readTree(Files.readAllBytes(expected)));
    }

    @Test
    void part_in_two_lists_is_decoded_once() throws IOException, MethodFault {
        byte[] mail = "Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\neHg=\r\n"
                .getBytes(StandardCharsets.US_ASCII);
        int[] opened = {0};
        Octets counted = new Octets() {
            @Override
            public long size() {
                return mail.length;
            }

            @Override
            public InputStream open() {
                opened[0]++;
                return new ByteArrayInputStream(mail);
            }

            @Override
            public long transferTo(long position, long count, WritableByteChannel to) {
                throw new UnsupportedOperationException("it is read as a stream");
            }
        };
        json(StoredMessage.of(counted), List.of("textBody"), List.of("size"), 0);
        int once = opened[0];
        ObjectNode json =
                json(StoredMessage.of(counted), List.of("textBody", "htmlBody", "bodyStructure"), List.of("size"), 0);
        assertThat(json.at("/htmlBody/0/size").intValue()).isEqualTo(2);
        assertThat(opened[0]).isEqualTo(2 * once);
    }

    @Test
    void headers_of_parts_are_told_raw() throws IOException, MethodFault {
        StoredMessage message = StoredMessage.of(Octets.of(Files.readAllBytes(MAILS.resolve("properties.eml"))));
        ObjectNode json = json(message, List.of("bodyStructure"), List.of("headers", "header:Content-Language"), 0);
        assertThat(json.at("/bodyStructure/subParts/0/header:Content-Language").textValue())
                .isEqualTo(" de, en-GB (British)");
        assertThat(json.at("/bodyStructure/subParts/1/headers").toString())
                .isEqualTo("[{\"name\":\"Content-Type\",\"value\":\" application/octet-stream\"},"
                        + "{\"name\":\"Content-Disposition\",\"value\":\" attachment; filename*0*=utf-8'de'%C3%9Cber;\\r\\n"
                        + " filename*1=sicht.bin\"},{\"name\":\"Content-Transfer-Encoding\",\"value\":\" base64\"}]");
        assertThat(json.at("/bodyStructure/headers/0/name").textValue()).isEqualTo("Subject");
    }
}
