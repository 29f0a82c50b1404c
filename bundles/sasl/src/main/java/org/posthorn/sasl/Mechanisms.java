package org.posthorn.sasl;

import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.posthorn.api.users.Accounts;

/** The mechanisms that the server speaks. */
public final class Mechanisms {

    private static final List<String> NAMES = List.of("SCRAM-SHA-256", "PLAIN", "LOGIN");

    private Mechanisms() {}

    /** What to offer, best first: nothing where passwords would cross the net in clear and nobody allowed that. */
    public static List<String> names(boolean tlsOrClearAllowed) {
        return tlsOrClearAllowed ? NAMES : List.of();
    }

    /**
     * Begins an exchange.
     *
     * @param name as the client gave it; case does not count
     * @param client where the client is, for the count of failures
     * @return empty when there is no such mechanism
     */
    public static Optional<Exchange> begin(String name, Accounts accounts, InetAddress client) {
        return switch (name.toUpperCase(Locale.ROOT)) {
            case "PLAIN" -> Optional.of(new PlainExchange(accounts, client));
            case "LOGIN" -> Optional.of(new LoginExchange(accounts, client));
            case "SCRAM-SHA-256" -> Optional.of(new ScramExchange(accounts, client, ScramExchange::randomNonce));
            default -> Optional.empty();
        };
    }
}
