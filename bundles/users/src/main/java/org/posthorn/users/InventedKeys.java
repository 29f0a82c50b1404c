package org.posthorn.users;

import java.io.IOException;
import java.util.Arrays;
import org.posthorn.api.users.ScramKeys;
import org.posthorn.sasl.Passwords;

/** SCRAM keys of users that do not exist, the same each time, so that the exchange does not tell who does (RFC 5802 9). */
final class InventedKeys {

    private final ServerSecret secret;

    InventedKeys(ServerSecret secret) {
        this.secret = secret;
    }

    ScramKeys of(String name) throws IOException {
        byte[] salt = Arrays.copyOf(secret.hash("salt " + name), 16);
        return new ScramKeys(
                salt, Passwords.SCRAM_ITERATIONS, secret.hash("stored " + name), secret.hash("server " + name));
    }
}
