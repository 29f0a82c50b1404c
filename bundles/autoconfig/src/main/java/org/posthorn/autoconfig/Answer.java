package org.posthorn.autoconfig;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a request is answered with. */
record Answer(int status, String type, String body, Map<String, String> headers) {

    /** It is UTF-8 by itself, and its type has no charset: RFC 8259 8.1 and 11. */
    static final String JSON = "application/json";

    static Answer of(String type, String body) {
        return new Answer(200, type, body, Map.of());
    }

    /** Why not. @param why in words of this server alone: nothing that was asked stands in it */
    static Answer refusal(int status, String why) {
        return new Answer(status, "text/plain", why + "\n", Map.of());
    }

    /** The same whether there is no such domain, or nothing to be told of it. */
    static Answer unknownDomain() {
        return refusal(404, "This server has no such mail domain");
    }

    Answer with(String header, String value) {
        return new Answer(status, type, body, Map.of(header, value));
    }

    void send(HttpServletResponse response) throws IOException {
        byte[] octets = body.getBytes(StandardCharsets.UTF_8);
        response.setStatus(status);
        headers.forEach(response::setHeader);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cache-Control", "no-cache");
        response.setContentType(type.equals(JSON) ? type : type + "; charset=utf-8");
        response.setContentLength(octets.length);
        response.getOutputStream().write(octets);
    }
}
