package org.posthorn.jmap;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9404 4.1 and 4.2, with its examples. */
class BlobMethodsTest {

    private static final String FOX = "The quick brown fox jumped over the lazy dog.";
    private static final String BROKEN = "VGhlIHF1aWNrIGJyb3duIGZveCBqdW1wZWQgb3ZlciB0aGUggYEgZG9nLg==";

    @TempDir
    Path folder;

    private Talk talk;

    @BeforeEach
    void begin() {
        talk = new Talk(folder, new BlobCapability());
    }

    private static String call(String method, String arguments) {
        return "['" + method + "', {'accountId': 'ACCOUNT', " + arguments + "}, 'c']";
    }

    private static String upload(String id, String sources) {
        return call("Blob/upload", "'create': {'" + id + "': {'data': [" + sources + "]}}");
    }

    private static String text(String text) {
        return "{'data:asText': '" + text + "'}";
    }

    private JsonNode responses(String... calls) throws Exception {
        return talk.calls(String.join(",", calls)).get("methodResponses");
    }

    private static void told(JsonNode json, String expected) throws Exception {
        assertThat(Talk.json(json.toString())).isEqualTo(Talk.json(expected));
    }

    @Test
    void a_blob_is_made_of_octets() throws Exception {
        String image = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABAQMAAAAl21bKAAAAA1BMVEX/AAAZ4gk3AAAAAXRSTlN/gFy0ywAAAApJRE"
                + "FUeJxjYgAAAAYAAzY3fKgAAAAASUVORK5CYII=";
        JsonNode answer = responses(call(
                        "Blob/upload",
                        "'create': {'1': {'data': [{'data:asBase64': '" + image + "'}], 'type': 'image/png'}}"))
                .at("/0/1");
        assertThat(answer.at("/created/1/size").intValue()).isEqualTo(95);
        assertThat(answer.at("/created/1/type").textValue()).isEqualTo("image/png");
        assertThat(answer.get("notCreated").isNull()).isTrue();
    }

    @Test
    void a_blob_is_made_of_pieces_of_others() throws Exception {
        JsonNode answers = responses(
                upload("b4", text(FOX)),
                upload(
                        "cat",
                        text("How") + ", {'blobId': '#b4', 'length': 7, 'offset': 3}, " + text("was t")
                                + ", {'blobId': '#b4', 'length': 1, 'offset': 1}, {'data:asBase64': 'YXQ/'}"),
                call("Blob/get", "'properties': ['data:asText', 'size'], 'ids': ['#cat']"));
        String cat = answers.at("/1/1/created/cat/id").textValue();
        assertThat(answers.at("/0/1/created/b4/type").textValue()).isEqualTo("application/octet-stream");
        told(
                answers.at("/2/1"),
                "{'accountId': 'ACCOUNT', 'list': [{'id': '" + cat
                        + "', 'data:asText': 'How quick was that?', 'size': 19}], 'notFound': []}");
    }

    @Test
    void a_range_and_its_digests_are_told() throws Exception {
        JsonNode answers = responses(
                upload("a", text(FOX)),
                call("Blob/get", "'ids': ['#a', 'not-a-blob'], 'properties': ['data:asText', 'digest:sha', 'size']"),
                call(
                        "Blob/get",
                        "'ids': ['#a'], 'properties': ['data:asText', 'digest:sha', 'digest:sha-256', 'size'],"
                                + " 'offset': 4, 'length': 9"));
        String id = answers.at("/0/1/created/a/id").textValue();
        told(
                answers.at("/1/1/list"),
                "[{'id': '" + id + "', 'data:asText': '" + FOX
                        + "', 'digest:sha': 'wIVPufsDxBzOOALLDSIFKebu+U4=', 'size': 45}]");
        told(answers.at("/1/1/notFound"), "['not-a-blob']");
        told(
                answers.at("/2/1/list"),
                "[{'id': '" + id + "', 'data:asText': 'quick bro', 'digest:sha': 'QiRAPtfyX8K6tm1iOAtZ87Xj3Ww=',"
                        + " 'digest:sha-256': 'gdg9INW7lwHK6OQ9u0dwDz2ZY/gubi0En0xlFpKt0OA=', 'size': 45}]");
    }

    @Test
    void what_is_no_text_and_what_is_cut_off_is_told() throws Exception {
        String both = "'ids': ['#b1', '#b2']";
        JsonNode answers = responses(
                call(
                        "Blob/upload",
                        "'create': {'b1': {'data': [{'data:asBase64': '" + BROKEN + "'}]},"
                                + " 'b2': {'data': [{'data:asText': 'hello world'}], 'type': 'text/plain'}}"),
                call("Blob/get", both),
                call("Blob/get", both + ", 'properties': ['data:asText', 'size']"),
                call("Blob/get", both + ", 'properties': ['data:asBase64', 'size']"),
                call("Blob/get", both + ", 'offset': 0, 'length': 5"),
                call("Blob/get", both + ", 'offset': 20, 'length': 100"));
        String b1 = "'id': '" + answers.at("/0/1/created/b1/id").textValue() + "', 'size': 43";
        String b2 = "'id': '" + answers.at("/0/1/created/b2/id").textValue() + "', 'size': 11";
        String problem = ", 'isEncodingProblem': true, 'data:asText': null";
        told(
                answers.at("/1/1/list"),
                "[{" + b1 + problem + ", 'data:asBase64': '" + BROKEN + "'}, {" + b2
                        + ", 'data:asText': 'hello world'}]");
        told(answers.at("/2/1/list"), "[{" + b1 + problem + "}, {" + b2 + ", 'data:asText': 'hello world'}]");
        told(
                answers.at("/3/1/list"),
                "[{" + b1 + ", 'data:asBase64': '" + BROKEN + "'}, {" + b2 + ", 'data:asBase64': 'aGVsbG8gd29ybGQ='}]");
        told(answers.at("/4/1/list"), "[{" + b1 + ", 'data:asText': 'The q'}, {" + b2 + ", 'data:asText': 'hello'}]");
        told(
                answers.at("/5/1/list"),
                "[{" + b1 + problem + ", 'isTruncated': true, 'data:asBase64': 'anVtcGVkIG92ZXIgdGhlIIGBIGRvZy4='}, {"
                        + b2 + ", 'isTruncated': true, 'data:asText': ''}]");
    }

    @Test
    void a_range_to_the_end_is_cut_off_only_behind_it() throws Exception {
        JsonNode answers = responses(
                upload("a", text("hello")),
                call("Blob/get", "'ids': ['#a'], 'offset': 5"),
                call("Blob/get", "'ids': ['#a'], 'offset': 6"),
                call("Blob/get", "'ids': ['#a'], 'offset': 2, 'length': 3"),
                call("Blob/get", "'ids': ['#a'], 'offset': 2, 'length': 4"),
                call("Blob/get", "'ids': ['#a'], 'length': 0"));
        for (int i = 1; i <= 5; i++)
            assertThat(answers.at("/" + i + "/1/list/0").has("isTruncated")).isEqualTo(i == 2 || i == 4);
        assertThat(answers.at("/3/1/list/0/data:asText").textValue()).isEqualTo("llo");
        assertThat(answers.at("/5/1/list/0/data:asText").textValue()).isEmpty();
    }

    @Test
    void an_empty_blob_is_one() throws Exception {
        JsonNode answers = responses(upload("a", ""), call("Blob/get", "'ids': ['#a']"));
        assertThat(answers.at("/1/1/list/0/size").intValue()).isZero();
        assertThat(answers.at("/1/1/list/0/data:asText").textValue()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "{'data:asBase64': 'YX Q/'}~invalidProperties",
                "{'data:asBase64': '!'}~invalidProperties",
                "{'data:asText': 'a', 'data:asBase64': ''}~invalidProperties",
                "{'data:asText': 'a', 'offset': 0}~invalidProperties",
                "{'data:asText': 1}~invalidProperties",
                "{'data:asText': null}~invalidProperties",
                "{}~invalidProperties",
                "{'url': 'http://far.test/'}~invalidProperties",
                "'text'~invalidProperties",
                "{'blobId': 'U1'}~blobNotFound",
                "{'blobId': '#later'}~blobNotFound",
                "{'blobId': '#a', 'offset': 6}~invalidProperties",
                "{'blobId': '#a', 'offset': 5, 'length': 1}~invalidProperties",
                "{'blobId': '#a', 'length': 6}~invalidProperties",
                "{'blobId': '#a', 'offset': -1}~invalidProperties"
            })
    void what_makes_no_blob_is_refused_and_leaves_nothing(String source, String type) throws Exception {
        JsonNode answers = responses(
                upload("a", text("hello")),
                call(
                        "Blob/upload",
                        "'create': {'b': {'data': [" + text("x") + ", " + source + "]}, 'later': {'data': []}}"));
        assertThat(answers.at("/1/1/notCreated/b/type").textValue())
                .as(answers.toString())
                .isEqualTo(type);
        assertThat(answers.at("/1/1/created").size()).isEqualTo(1);
        try (var files = Files.walk(folder)) {
            assertThat(files.filter(Files::isRegularFile)).hasSize(2);
        }
    }

    @Test
    void sizes_and_numbers_are_bounded() throws Exception {
        String large = text("x".repeat(400));
        JsonNode answers = responses(
                upload("a", large + "," + large + "," + large),
                upload("b", (text("") + ",").repeat(100) + text("")),
                upload("c", (text("x") + ",").repeat(63) + text("x")),
                call("Blob/upload", "'create': {'1':{},'2':{},'3':{},'4':{},'5':{},'6':{},'7':{}}"),
                call("Blob/get", "'ids': ['1','2','3','4','5','6','7']"),
                call("Blob/get", "'properties': ['size']"),
                call("Blob/get", "'ids': [], 'properties': ['digest:md5']"));
        assertThat(answers.at("/0/1/notCreated/a/type").textValue()).isEqualTo("tooLarge");
        assertThat(answers.at("/1/1/notCreated/b/type").textValue()).isEqualTo("invalidProperties");
        assertThat(answers.at("/2/1/created/c/size").intValue()).isEqualTo(64);
        assertThat(answers.at("/3/1/type").textValue()).isEqualTo("requestTooLarge");
        assertThat(answers.at("/4/1/type").textValue()).isEqualTo("requestTooLarge");
        assertThat(answers.at("/5/1/type").textValue()).isEqualTo("invalidArguments");
        assertThat(answers.at("/6/1/type").textValue()).isEqualTo("invalidArguments");
    }

    @Test
    void when_there_is_no_room_for_more_it_is_told() throws Exception {
        String kilobyte = text("x".repeat(999));
        JsonNode answers = responses(upload("a", kilobyte), upload("b", kilobyte), upload("c", kilobyte));
        assertThat(answers.at("/1/1/created/b/size").intValue()).isEqualTo(999);
        assertThat(answers.at("/2/1/notCreated/c/type").textValue()).isEqualTo("overQuota");
    }

    @Test
    void text_is_octets_in_utf_8() throws Exception {
        JsonNode answers = responses(
                upload("a", text("Grüße")), call("Blob/get", "'ids': ['#a'], 'properties': ['data:asBase64']"));
        byte[] octets = Base64.getDecoder()
                .decode(answers.at("/1/1/list/0/data:asBase64").textValue());
        assertThat(new String(octets, StandardCharsets.UTF_8)).isEqualTo("Grüße");
    }

    @Test
    void the_account_tells_what_it_can() throws Exception {
        told(
                new BlobCapability().account(Talk.LIMITS, Talk.DEMO),
                "{'maxSizeBlobSet': 1000, 'maxDataSources': 100, 'supportedTypeNames': ['Mailbox', 'Thread', 'Email'],"
                        + " 'supportedDigestAlgorithms': ['sha-256', 'sha-512', 'sha']}");
        assertThat(new BlobCapability().server(Talk.LIMITS)).isEmpty();
    }
}
