package org.posthorn.jmap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Credential;
import org.posthorn.api.users.Credential.Kind;
import org.posthorn.api.users.Issued;
import org.posthorn.api.users.Issuer;
import org.posthorn.api.users.Login;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A user's own tokens, or his app passwords: made by POST, told by GET, ended by DELETE of one's path. Who logged in by an app password may do none of it, and who did by a token makes no other, or
 * it would never end.
 */
final class IssuedResource implements Resource {

    private static final Logger LOG = LoggerFactory.getLogger(IssuedResource.class);

    /** In octets; a name has room. */
    private static final int LONGEST_BODY = 4096;

    private static final int VALUES = 16;

    /** Requests of one account that make some, at a time: each holds a thread while its body comes. */
    private static final int MOST = 4;

    private final Kind kind;
    private final Leased<Issuer> issuers;
    private final Turns turns;

    /** @param turns of both kinds together */
    IssuedResource(Kind kind, Leased<Issuer> issuers, Turns turns) {
        this.kind = kind;
        this.issuers = issuers;
        this.turns = turns;
    }

    static String path(Kind kind) {
        return kind == Kind.TOKEN ? "/auth/tokens" : "/auth/app-passwords";
    }

    @Override
    public List<String> methods() {
        return List.of("GET", "POST", "DELETE");
    }

    @Override
    public void serve(Exchange exchange) throws IOException, Refused {
        Optional<Credential> by = exchange.login().by();
        if (by.filter(c -> c.kind() == Kind.APP_PASSWORD).isPresent())
            throw new Refused(
                    Problem.plain(403, "An app password is no good for this; log in with the password itself"));
        String method = exchange.request().getMethod();
        if (exchange.path().length() > 1 != method.equals("DELETE"))
            throw new Refused(Problem.plain(404, "There is nothing here"));
        switch (method) {
            case "POST" -> make(exchange);
            case "DELETE" -> end(exchange);
            default -> tell(exchange);
        }
    }

    private interface Question<A> {
        A ask(Issuer issuer) throws IOException, Refused;
    }

    private <A> A ask(Address user, Question<A> question) throws Refused {
        try (Lease<Issuer> issuer = issuers.lease().orElseThrow(() -> new IOException("nobody issues any"))) {
            return question.ask(issuer.get());
        } catch (IOException e) {
            LOG.warn("Tokens and app passwords of {} cannot be looked at or changed: {}", user, e.getMessage());
            throw new Refused(Problem.plain(503, "This cannot be done now; try again"));
        }
    }

    private void make(Exchange exchange) throws IOException, Refused {
        if (kind == Kind.TOKEN && exchange.login().by().isPresent())
            throw new Refused(Problem.plain(403, "A token makes no other; log in with the password"));
        Turns.Turn turn = turns.take(exchange.user(), MOST)
                .orElseThrow(() -> new Refused(Problem.plain(429, "Too many of these requests are under way")));
        try (turn) {
            answer(exchange, issue(exchange, name(exchange)));
        } catch (Paced.Slow e) {
            throw new Refused(Paced.PROBLEM);
        }
    }

    /** The client lets the body come when it likes, so who it is is looked at again: the password may be another by then, and the token revoked. */
    private Optional<Issued> issue(Exchange exchange, String name) throws Refused {
        return ask(exchange.user(), issuer -> {
            try {
                String mark = issuer.mark(exchange.user());
                return issuer.issue(again(exchange), mark, kind, name);
            } catch (IllegalArgumentException e) {
                throw new Refused(Problem.plain(400, e.getMessage()));
            }
        });
    }

    private Login.Granted again(Exchange exchange) throws IOException, Refused {
        Login login = exchange.asker().again().login();
        if (login instanceof Login.Granted granted && same(granted, exchange.login())) return granted;
        if (login instanceof Login.PutOff)
            throw new Refused(Problem.plain(
                    429, "Too many logins have failed, or not all users can be looked up; try again later"));
        String authorization = exchange.request().getHeader("Authorization");
        Logins.challenge(authorization, exchange.response());
        throw new Refused(Problem.plain(401, Logins.denial(authorization)));
    }

    private static boolean same(Login.Granted one, Login.Granted other) {
        return one.account().equals(other.account())
                && one.by().map(Credential::id).equals(other.by().map(Credential::id));
    }

    private void answer(Exchange exchange, Optional<Issued> made) throws IOException, Refused {
        Issued issued = made.orElseThrow(() -> new Refused(Problem.plain(
                409, "There are as many app passwords as there may be; end one before you make another")));
        ObjectNode json = Json.NODES.objectNode();
        Credential credential = issued.credential();
        LOG.info(
                kind == Kind.TOKEN
                        ? "{} has logged in from {} and has the token {}"
                        : "{}, from {}, has made the app password {}",
                exchange.user(),
                exchange.request().getRemoteAddr(),
                credential.id());
        json.put("id", credential.id());
        json.put(kind == Kind.TOKEN ? "token" : "password", issued.secret());
        json.put("name", credential.name()).put("created", credential.created().toString());
        credential.expires().ifPresent(end -> json.put("expires", end.toString()));
        exchange.answer(201, json);
    }

    private static String name(Exchange exchange) throws IOException, Refused {
        if (!MediaType.of(exchange.request().getContentType()).equals("application/json"))
            throw new Refused(Problem.plain(400, "The content type is not application/json"));
        byte[] body = new Paced(exchange.request().getInputStream(), System::nanoTime).readNBytes(LONGEST_BODY + 1);
        if (body.length > LONGEST_BODY) throw new Refused(Problem.plain(413, "The request is too long"));
        JsonNode name = json(body).path("name");
        if (!name.isTextual()) throw new Refused(Problem.plain(400, "There is no name, which is a string"));
        return name.textValue();
    }

    private static JsonNode json(byte[] body) throws Refused {
        try {
            return Json.read(body, VALUES);
        } catch (IOException e) {
            throw new Refused(Problem.plain(400, "The request is no I-JSON, or more than it needs"));
        }
    }

    private void end(Exchange exchange) throws IOException, Refused {
        String id = exchange.path().substring(1);
        if (!ask(exchange.user(), issuer -> issuer.revoke(exchange.user(), kind, id)))
            throw new Refused(Problem.plain(404, "There is none with that id"));
        exchange.done();
    }

    private void tell(Exchange exchange) throws IOException, Refused {
        Optional<String> current = exchange.login().by().map(Credential::id);
        List<Credential> all = ask(exchange.user(), issuer -> issuer.credentials(exchange.user(), kind));
        ObjectNode json = Json.NODES.objectNode();
        ArrayNode list = json.putArray(kind == Kind.TOKEN ? "tokens" : "appPasswords");
        for (Credential each : all) {
            ObjectNode told = list.addObject();
            told.put("id", each.id())
                    .put("name", each.name())
                    .put("created", each.created().toString());
            told.put("lastUsed", each.lastUsed().map(Object::toString).orElse(null));
            each.expires().ifPresent(end -> told.put("expires", end.toString()));
            if (kind == Kind.TOKEN)
                told.put("current", current.filter(each.id()::equals).isPresent());
        }
        exchange.answer(200, json);
    }
}
