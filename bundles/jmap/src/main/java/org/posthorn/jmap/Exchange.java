package org.posthorn.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.posthorn.api.http.WebRequest;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Login;

/**
 * A request of somebody who has logged in, and its answer.
 *
 * @param login who he is, and what he logged in by
 * @param logins where he can be asked for once more
 * @param path what stands behind the resource's own path, decoded; begins with a slash, or is empty
 */
record Exchange(
        HttpServletRequest request, HttpServletResponse response, Login.Granted login, Logins logins, String path) {

    /** Who asks. */
    Address user() {
        return login.account();
    }

    /** Who asks, and from where. */
    Asker asker() throws IOException {
        InetAddress client = InetAddress.getByName(request.getRemoteAddr());
        Optional<String> tls = Optional.of(request)
                .filter(HttpServletRequest::isSecure)
                .map(r -> r.getAttribute("jakarta.servlet.request.cipher_suite") instanceof String suite
                        ? "TLS " + suite
                        : "TLS");
        String authorization = request.getHeader("Authorization");
        return new Asker(login, new InetSocketAddress(client, request.getRemotePort()), tls, () -> logins.login(
                        authorization, client)
                .orElseThrow());
    }

    /** The server as the client is to name it. */
    String base() {
        return base(request);
    }

    static String base(HttpServletRequest request) {
        if (request.getAttribute(WebRequest.BASE) instanceof String base) return base;
        String url = request.getRequestURL().toString();
        return url.substring(0, url.indexOf('/', url.indexOf("://") + 3));
    }

    void answer(int status, JsonNode json) throws IOException {
        answer(response, status, "application/json", json);
    }

    /** It is done, and there is nothing to be told. */
    void done() {
        head(response, HttpServletResponse.SC_NO_CONTENT);
    }

    static void answer(HttpServletResponse response, int status, String type, JsonNode json) throws IOException {
        head(response, status);
        response.setContentType(type);
        try (OutputStream out = response.getOutputStream()) {
            Json.MAPPER.writeValue(out, json);
        }
    }

    /** Nobody keeps what is told: it is about one user, now. */
    private static void head(HttpServletResponse response, int status) {
        response.setStatus(status);
        response.setHeader("Cache-Control", "no-cache, no-store, must-revalidate");
    }

    /** Writes a refusal, which is shorter than the buffer, and does not send it yet. */
    static void prepare(HttpServletResponse response, Problem problem) throws IOException {
        head(response, problem.status());
        response.setContentType(Problem.TYPE);
        response.getOutputStream().write(Json.MAPPER.writeValueAsBytes(problem.json()));
    }

    static void refuse(HttpServletResponse response, Problem problem) throws IOException {
        if (response.isCommitted()) throw new IOException(problem.detail());
        answer(response, problem.status(), Problem.TYPE, problem.json());
    }
}
