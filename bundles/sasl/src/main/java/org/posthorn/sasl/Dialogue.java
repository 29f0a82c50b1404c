package org.posthorn.sasl;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.posthorn.api.users.Accounts;

/** An exchange in lines of base64, as SMTP (RFC 4954 4), IMAP (RFC 4959) and POP3 (RFC 5034 4) have it alike. */
public final class Dialogue {

    /** The longest line of an exchange, in octets with its CRLF, RFC 4954 4. */
    public static final int LONGEST_LINE = 12288;

    private final String mechanism;
    private final Exchange exchange;

    private Dialogue(String mechanism, Exchange exchange) {
        this.mechanism = mechanism;
        this.exchange = exchange;
    }

    /** Begins; empty when there is no such mechanism. */
    public static Optional<Dialogue> begin(String mechanism, Accounts accounts, InetAddress client) {
        return Mechanisms.begin(mechanism, accounts, client)
                .map(e -> new Dialogue(mechanism.toUpperCase(Locale.ROOT), e));
    }

    /** The mechanism's name, as the server spells it. */
    public String mechanism() {
        return mechanism;
    }

    /** The first step for a client that sent no initial response: a challenge. */
    public Step open() {
        return new Step.Challenge(exchange.prompt());
    }

    /** The first step for a client that sent one; {@code =} is the empty one. */
    public Step open(String initial) throws IOException {
        return initial.equals("=") ? exchange.next(new byte[0]) : next(initial);
    }

    /** Takes the client's next line, without its CRLF. */
    public Step next(String line) throws IOException {
        if (line.equals("*")) return new Step.Malformed("Authentication cancelled");
        Optional<byte[]> response = decode(line);
        return response.isPresent() ? exchange.next(response.get()) : new Step.Malformed("That is not base64");
    }

    private static Optional<byte[]> decode(String line) {
        // The decoder lets padding be left out, RFC 4648 3.2 does not.
        if (line.length() % 4 != 0) return Optional.empty();
        try {
            return Optional.of(Base64.getDecoder().decode(line));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }
}
