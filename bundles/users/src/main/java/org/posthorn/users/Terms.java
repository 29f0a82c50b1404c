package org.posthorn.users;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.posthorn.api.users.Credential;

/**
 * How long what was issued is good, and how much of it an account may have.
 *
 * @param idle so long a token lives that nobody uses
 * @param life so long it lives at most
 */
record Terms(Duration idle, Duration life, int tokens, int appPasswords) {

    int most(Credential.Kind kind) {
        return kind == Credential.Kind.TOKEN ? tokens : appPasswords;
    }

    /** When it ends by itself, if it does. */
    Optional<Instant> end(Credential.Kind kind, Instant created, Instant lastUsed) {
        if (kind == Credential.Kind.APP_PASSWORD) return Optional.empty();
        Instant alone = lastUsed.plus(idle);
        Instant last = created.plus(life);
        return Optional.of(alone.isBefore(last) ? alone : last);
    }
}
