package org.posthorn.users.sql;

import java.io.IOException;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Authenticator;
import org.posthorn.api.users.ScramKeys;
import org.posthorn.sasl.PasswordMemory;
import org.posthorn.sasl.Passwords;

/** Checks passwords against what the directory keeps. */
final class SqlAuthenticator implements Authenticator {

    private final Directory directory;
    private final PasswordMemory memory;

    SqlAuthenticator(Directory directory, PasswordMemory memory) {
        this.directory = directory;
        this.memory = memory;
    }

    @Override
    public Optional<Boolean> verify(Address user, String password) throws IOException {
        Optional<Directory.Secret> secret = directory.secret(user);
        return secret.isPresent()
                ? Optional.of(memory.verify(password, secret.get().hash()))
                : Optional.empty();
    }

    @Override
    public Optional<ScramKeys> scram(Address user) throws IOException {
        return directory.secret(user).flatMap(s -> Passwords.keptScramKeys(s.scram()));
    }

    /** Each hash has a salt of its own. */
    @Override
    public Optional<String> fingerprint(Address user) throws IOException {
        return directory.secret(user).map(Directory.Secret::hash);
    }
}
