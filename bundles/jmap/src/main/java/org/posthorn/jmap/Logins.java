package org.posthorn.jmap;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;
import org.posthorn.api.lease.Lease;
import org.posthorn.api.lease.Leased;
import org.posthorn.api.users.Accounts;
import org.posthorn.api.users.Issuer;
import org.posthorn.api.users.Login;

/**
 * How clients log in: with name and password (HTTP Basic, RFC 7617), or with a bearer token (RFC 6750 2.1), which costs no password hash. A token in a URL or a form is not looked at: it would
 * stand in logs. Safe for several threads.
 */
final class Logins {

    private static final String BEARER = "bearer ";
    private static final String BEARER_CHALLENGE = "Bearer realm=\"Posthorn\"";

    private final Accounts accounts;
    private final Leased<Issuer> issuers;

    Logins(Accounts accounts, Leased<Issuer> issuers) {
        this.accounts = accounts;
        this.issuers = issuers;
    }

    /**
     * Looks who it is.
     *
     * @param authorization the header; may be null
     * @return empty when there is nothing in it to log in with
     * @throws IOException when it cannot be told now
     */
    Optional<Login> login(String authorization, InetAddress client) throws IOException {
        Optional<String> token = token(authorization);
        if (token.isPresent()) return Optional.of(login(token.get(), client, issuers));
        Optional<Credentials> basic = Credentials.of(authorization);
        if (basic.isEmpty()) return Optional.empty();
        return Optional.of(accounts.login(basic.get().name(), basic.get().password(), client));
    }

    private static Login login(String token, InetAddress client, Leased<Issuer> issuers) throws IOException {
        try (Lease<Issuer> issuer =
                issuers.lease().orElseThrow(() -> new IOException("no issuer of tokens is there"))) {
            return issuer.get().login(token, client);
        }
    }

    private static Optional<String> token(String authorization) {
        if (authorization == null) return Optional.empty();
        return authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? Optional.of(authorization.substring(BEARER.length()).strip())
                : Optional.empty();
    }

    /** Says what to log in with, and to who came with a token that it is none, RFC 6750 3. A browser asks its user where Basic is among it. */
    static void challenge(String authorization, HttpServletResponse response) {
        if (token(authorization).isPresent()) {
            response.setHeader(
                    "WWW-Authenticate",
                    BEARER_CHALLENGE
                            + ", error=\"invalid_token\", error_description=\"The token is none, or has ended\"");
            return;
        }
        response.addHeader("WWW-Authenticate", Credentials.CHALLENGE);
        response.addHeader("WWW-Authenticate", BEARER_CHALLENGE);
    }

    /** In words, why a login was denied. */
    static String denial(String authorization) {
        return token(authorization).isPresent() ? "The token is none, or has ended" : "User name or password is wrong";
    }
}
