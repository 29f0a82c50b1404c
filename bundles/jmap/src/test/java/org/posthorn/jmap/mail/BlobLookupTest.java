package org.posthorn.jmap.mail;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.UidSet;
import org.posthorn.jmap.Calls;

/** RFC 9404 4.3. */
class BlobLookupTest {

    private static final String PARTS = "Subject: parts|Content-Type: multipart/mixed; boundary=b||--b||one|--b"
            + "|Content-Transfer-Encoding: base64||w6kK|--b--|";

    @TempDir
    Path folder;

    private final MemoryMail mail = new MemoryMail("INBOX", "Archive");
    private Calls calls;

    @BeforeEach
    void begin() throws IOException {
        calls = new Calls(mail, Address.of("demo@example.org"), folder);
        mail.add("INBOX", PARTS, Instant.EPOCH);
        mail.add("INBOX", "Subject: deleted||", Instant.EPOCH, "\\Deleted");
    }

    private JsonNode lookup(String types, String ids) throws IOException {
        return calls.one("Blob/lookup", "\"typeNames\":[" + types + "],\"ids\":[" + ids + "]");
    }

    @Test
    void what_refers_to_a_message_or_to_a_part_of_it_is_found() throws IOException {
        mail.boxes.get("INBOX").copy(UidSet.of(1), mail.boxes.get("Archive"));
        String upload = calls.upload("x".getBytes(StandardCharsets.UTF_8));
        JsonNode list = lookup(
                        "\"Mailbox\",\"Thread\",\"Email\"",
                        "\"M0000000000000001\",\"M0000000000000001-2\",\"M0000000000000001-3\",\"not-a-blob\",\""
                                + upload + "\",\"M0000000000000002\"")
                .get("list");
        String found =
                "{\"Mailbox\":[\"FArchive\",\"FINBOX\"],\"Thread\":[\"T0000000000000001\"],\"Email\":[\"M0000000000000001\"]}";
        String nothing = "{\"Mailbox\":[],\"Thread\":[],\"Email\":[]}";
        assertThat(list.findValues("matchedIds"))
                .extracting(JsonNode::toString)
                .containsExactly(found, found, nothing, nothing, nothing, nothing);
        assertThat(list.at("/3/id").textValue()).isEqualTo("not-a-blob");
    }

    @Test
    void types_that_refer_to_no_blob_are_not_known() throws IOException {
        assertThat(lookup("\"Identity\"", "\"M0000000000000001\"").get("type").textValue())
                .isEqualTo("unknownDataType");
        assertThat(lookup("", "\"M0000000000000001\"").at("/list/0/matchedIds")).isEmpty();
    }

    @Test
    void a_part_that_must_be_decoded_is_counted_when_its_size_is_asked_for() throws IOException {
        JsonNode answer = calls.one("Blob/get", "\"ids\":[\"M0000000000000001-2\",\"M0000000000000001-1\"]");
        assertThat(answer.at("/list/0/size").intValue()).isEqualTo(3);
        assertThat(answer.at("/list/0/data:asText").textValue()).isEqualTo("é\n");
        assertThat(answer.at("/list/1/data:asText").textValue()).isEqualTo("one");
        JsonNode size = calls.one("Blob/get", "\"ids\":[\"M0000000000000001-2\"],\"properties\":[\"size\"]");
        assertThat(size.at("/list/0").toString()).isEqualTo("{\"id\":\"M0000000000000001-2\",\"size\":3}");
        JsonNode range = calls.one("Blob/get", "\"ids\":[\"M0000000000000001-2\"],\"offset\":2,\"length\":1");
        assertThat(range.at("/list/0/data:asText").textValue()).isEqualTo("\n");
        assertThat(range.at("/list/0/size").intValue()).isEqualTo(3);
    }

    @Test
    void a_draft_is_made_of_an_uploaded_blob_in_one_request() throws IOException {
        JsonNode answers = calls.all("[\"Blob/upload\",{\"accountId\":\"ACCOUNT\",\"create\":{\"b\":{\"data\":"
                + "[{\"data:asText\":\"Subject: made\\r\\n\\r\\n\"},{\"blobId\":\"M0000000000000001-1\"}]}}},\"0\"],"
                + "[\"Email/import\",{\"accountId\":\"ACCOUNT\",\"emails\":{\"e\":{\"blobId\":\"#b\",\"mailboxIds\":"
                + "{\"FArchive\":true}}}},\"1\"]");
        assertThat(answers.at("/1/1/created/e/size").intValue())
                .as(answers.toString())
                .isEqualTo(20);
    }

    @Test
    void much_is_not_read_at_once() throws IOException {
        mail.add("Archive", "Subject: large||" + "x".repeat(5 << 20), Instant.EPOCH);
        String id = mail.everything().stream()
                .filter(e -> e.places().get(0).mailbox().equals("Archive"))
                .map(Metadata::id)
                .findFirst()
                .orElseThrow();
        assertThat(calls.one("Blob/get", "\"ids\":[\"" + id + "\"],\"properties\":[\"data:asText\",\"data:asBase64\"]")
                        .get("type")
                        .textValue())
                .isEqualTo("requestTooLarge");
        assertThat(calls.one("Blob/get", "\"ids\":[\"" + id + "\"],\"properties\":[\"digest:sha-256\"]")
                        .at("/list/0/digest:sha-256")
                        .textValue())
                .hasSize(44);
    }
}
