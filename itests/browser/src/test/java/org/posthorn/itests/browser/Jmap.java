package org.posthorn.itests.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** A user's mail as the server has it, to see whether what a browser did is there, and to put mail where it will look. */
final class Jmap {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final String root;
    private final String authorization;
    private final JsonNode session;
    private final String accountId;

    Jmap(Server server, String address) throws IOException, InterruptedException {
        root = "http://localhost:" + server.port(8080);
        byte[] who = (address + ":" + Server.PASSWORD).getBytes(StandardCharsets.UTF_8);
        authorization = "Basic " + Base64.getEncoder().encodeToString(who);
        session = json(request("/.well-known/jmap").GET());
        accountId = session.path("primaryAccounts")
                .path("urn:ietf:params:jmap:mail")
                .asText();
    }

    private HttpRequest.Builder request(String url) {
        String path = url.replaceFirst("^[a-z]+://[^/]+", "");
        return HttpRequest.newBuilder(URI.create(root + path)).header("Authorization", authorization);
    }

    private JsonNode json(HttpRequest.Builder request) throws IOException, InterruptedException {
        HttpClient follows = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        HttpResponse<String> response = follows.send(request.build(), BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) throw new IOException(response.statusCode() + " " + response.body());
        return JSON.readTree(response.body());
    }

    /** One call. @param arguments JSON without braces and without the account. @return the arguments of the response */
    JsonNode call(String method, String arguments) throws IOException, InterruptedException {
        ArrayNode using = JSON.createArrayNode();
        session.path("capabilities").fieldNames().forEachRemaining(using::add);
        String calls = "{\"using\":" + using + ",\"methodCalls\":[[\"" + method + "\",{\"accountId\":\"" + accountId
                + "\"" + (arguments.isEmpty() ? "" : "," + arguments) + "},\"0\"]]}";
        JsonNode answer = json(request(session.path("apiUrl").asText())
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString(calls)))
                .path("methodResponses")
                .get(0);
        if (answer.get(0).asText().equals("error")) throw new IOException(method + ": " + answer.get(1));
        return answer.get(1);
    }

    Optional<String> mailbox(String role) throws IOException, InterruptedException {
        JsonNode all = call("Mailbox/get", "\"ids\":null,\"properties\":[\"id\",\"role\"]")
                .path("list");
        return StreamSupport.stream(all.spliterator(), false)
                .filter(one -> one.path("role").asText().equals(role))
                .map(one -> one.path("id").asText())
                .findFirst();
    }

    /** The Emails of a mailbox, the newest first, with their texts. */
    JsonNode mails(String role) throws IOException, InterruptedException {
        Optional<String> id = mailbox(role);
        if (id.isEmpty()) return JSON.createArrayNode();
        JsonNode ids = call(
                        "Email/query",
                        "\"filter\":{\"inMailbox\":\"" + id.get()
                                + "\"},\"sort\":[{\"property\":\"receivedAt\",\"isAscending\":false}]")
                .path("ids");
        String properties =
                "\"subject\",\"from\",\"to\",\"cc\",\"bcc\",\"keywords\",\"messageId\",\"inReplyTo\",\"references\","
                        + "\"bodyStructure\",\"textBody\",\"htmlBody\",\"attachments\",\"bodyValues\"";
        return call(
                        "Email/get",
                        "\"ids\":" + ids + ",\"properties\":[" + properties
                                + "],\"fetchTextBodyValues\":true,\"fetchHTMLBodyValues\":true")
                .path("list");
    }

    /** What its text/plain part says. */
    static String text(JsonNode mail) {
        return body(mail, "textBody");
    }

    static String html(JsonNode mail) {
        return body(mail, "htmlBody");
    }

    private static String body(JsonNode mail, String list) {
        String part = mail.path(list).path(0).path("partId").asText();
        return mail.path("bodyValues").path(part).path("value").asText();
    }

    /** What a part holds. */
    byte[] download(String blobId) throws IOException, InterruptedException {
        String url = session.path("downloadUrl")
                .asText()
                .replace("{accountId}", accountId)
                .replace("{blobId}", blobId)
                .replace("{name}", "x")
                .replace("{type}", "application/octet-stream");
        return http.send(request(url).GET().build(), BodyHandlers.ofByteArray()).body();
    }

    /** Puts a message into the INBOX. @return its Email id */
    String deliver(String message) throws IOException, InterruptedException {
        String url = session.path("uploadUrl").asText().replace("{accountId}", accountId);
        JsonNode blob = json(request(url)
                .header("Content-Type", "message/rfc822")
                .POST(BodyPublishers.ofByteArray(
                        message.replace("\r\n", "\n").replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8))));
        ObjectNode email =
                JSON.createObjectNode().put("blobId", blob.path("blobId").asText());
        email.putObject("mailboxIds").put(mailbox("inbox").orElseThrow(), true);
        JsonNode answer = call("Email/import", "\"emails\":{\"one\":" + email + "}");
        if (!answer.path("created").has("one")) throw new IOException("not imported: " + answer);
        return answer.path("created").path("one").path("id").asText();
    }
}
