package org.posthorn.users;

import java.io.IOException;
import java.net.InetAddress;
import java.util.Optional;
import org.posthorn.api.users.Login;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Judges logins of every kind alike: failures count, hold the answer back, and put off what follows. Safe for several threads. */
final class Judge {

    /** Looks whether it is right. */
    interface Check {
        /** Empty when it is not. */
        Optional<Login.Granted> granted() throws IOException;
    }

    /** It is not the password, and whether it is something else cannot be told now. It counts as a failure, or whoever guesses at passwords would be free to while that lasts. */
    static final class Doubt extends IOException {
        private static final long serialVersionUID = 1;

        Doubt(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /** Who may know the user cannot be asked. It counts for the client, or whoever guesses at names would be free to while that lasts; and not for the name, whose owner is no guesser. */
    static final class Away extends IOException {
        private static final long serialVersionUID = 1;

        Away(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Judge.class);

    private final Failures failures;

    Judge(Failures failures) {
        this.failures = failures;
    }

    /**
     * Judges one.
     *
     * @param key under which failures count, beside the client's
     * @param whom for the log: an address that there may be, or words of this server
     */
    Login judge(String key, String whom, InetAddress client, Check check) throws IOException {
        Optional<Failures.Guess> begun = failures.begin(key, client);
        if (begun.isEmpty()) return putOff(key, client);
        try (Failures.Guess guess = begun.get()) {
            try {
                Optional<Login.Granted> granted = granted(guess, check);
                return granted.isPresent() ? succeeded(guess, granted.get()) : denied(guess, whom, client);
            } catch (Away e) {
                return away(guess, e);
            }
        }
    }

    private static Optional<Login.Granted> granted(Failures.Guess guess, Check check) throws IOException {
        try {
            return check.granted();
        } catch (Doubt e) {
            guess.failed();
            throw e;
        }
    }

    private Login putOff(String key, InetAddress client) {
        String what = "Too many logins from {}, or under the name that it gives, have failed of late; it is put off";
        if (failures.isNews(client)) LOG.warn(what, client.getHostAddress());
        else LOG.debug(what, client.getHostAddress());
        return new Login.PutOff(failures.left(key, client));
    }

    private Login away(Failures.Guess guess, Away why) {
        String what = "Whether logins are right cannot be told of all users, and some are put off: {}";
        if (failures.isNews(what)) LOG.warn(what, why.getMessage());
        else LOG.debug(what, why.getMessage());
        return new Login.PutOff(guess.pause(guess.undecided()));
    }

    private static Login succeeded(Failures.Guess guess, Login.Granted granted) {
        guess.succeeded();
        return granted;
    }

    private static Login denied(Failures.Guess guess, String whom, InetAddress client) {
        int count = guess.failed();
        LOG.info("Login as {} from {} denied, failure {} in a row", whom, client.getHostAddress(), count);
        return new Login.Denied(guess.pause(count));
    }
}
