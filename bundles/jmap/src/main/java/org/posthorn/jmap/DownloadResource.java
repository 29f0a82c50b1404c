package org.posthorn.jmap;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.posthorn.api.mail.Address;

/**
 * Blobs as they are, RFC 8620 6.2. Whoever sent a mail has written them: a browser shows none as a page of this server, runs none as a script or style of one, and guesses at no type.
 */
final class DownloadResource implements Resource {

    private static final Pattern RUN = Pattern.compile(".*(javascript|ecmascript|jscript|livescript|css|wasm).*");
    private static final String LETTERS = "!#$&+-.^_`|~";

    private static final Problem MISSING = Problem.plain(404, "There is no such blob");

    private final Services services;
    private final Turns turns = new Turns();

    DownloadResource(Services services) {
        this.services = services;
    }

    @Override
    public List<String> methods() {
        return List.of("GET");
    }

    @Override
    public void serve(Exchange exchange) throws IOException, Refused {
        String[] path = exchange.path().split("/", -1);
        boolean well = path.length == 3 && Id.is(path[2]);
        if (!well) throw new Refused(MISSING);
        Turns.Turn turn = turns.take(exchange.user(), Limits.DOWNLOADS)
                .orElseThrow(() -> new Refused(Problem.plain(429, "There are as many downloads already as may be")));
        try (turn;
                Context context = new Context(exchange.user(), services, new HashMap<>())) {
            Optional<Address> account = context.account(path[1]);
            if (account.isEmpty()) throw new Refused(MISSING);
            send(context.blob(account.get(), path[2]).orElseThrow(() -> new Refused(MISSING)), exchange);
        } catch (MethodFault fault) {
            throw new Refused(Problem.plain(503, "The mailboxes are away; try again"));
        }
    }

    private static void send(Blob blob, Exchange exchange) throws IOException {
        try (InputStream in = blob.open()) {
            HttpServletResponse response = exchange.response();
            response.setContentType(type(exchange.request().getParameter("type")));
            response.setHeader(
                    "Content-Disposition", disposition(exchange.request().getParameter("name")));
            response.setHeader("Content-Security-Policy", "sandbox; default-src 'none'; frame-ancestors 'self'");
            response.setHeader("Cross-Origin-Resource-Policy", "same-origin");
            // It never changes, but who logs in after another on the same machine is not to have it.
            response.setHeader("Cache-Control", "private, immutable, max-age=31536000");
            response.setHeader("Vary", "Authorization");
            blob.size().ifPresent(response::setContentLengthLong);
            try (OutputStream out = response.getOutputStream()) {
                in.transferTo(out);
            }
        }
    }

    static String type(String asked) {
        String type = MediaType.of(asked);
        return RUN.matcher(type).matches() ? MediaType.OCTETS : type;
    }

    /** RFC 6266, with the name as RFC 8187 has it. */
    static String disposition(String name) {
        if (name == null || name.isEmpty()) return "attachment";
        StringBuilder encoded = new StringBuilder();
        for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xFF);
            if (c < 0x80 && (Character.isLetterOrDigit(c) || LETTERS.indexOf(c) >= 0)) encoded.append(c);
            else encoded.append(String.format(Locale.ROOT, "%%%02X", (int) c));
        }
        return "attachment; filename*=UTF-8''" + encoded;
    }
}
