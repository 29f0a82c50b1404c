package org.posthorn.pop3;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Accounts;
import org.posthorn.api.users.Credential;
import org.posthorn.api.users.Entrance;
import org.posthorn.api.users.Login;
import org.posthorn.api.users.ScramKeys;
import org.posthorn.sasl.Passwords;

/** One user, with the name and the password of RFC 1939's example. */
final class Members implements Accounts {

    static final Address MROSE = Address.of("mrose@example.test");
    static final String PASSWORD = "tan staaf";

    static final String APP_PASSWORD = "of her phone";
    private static final Credential PHONE = new Credential(
            "c1", Credential.Kind.APP_PASSWORD, MROSE, "phone", Instant.EPOCH, Optional.empty(), Optional.empty());

    boolean broken;
    final Map<Runnable, Entrance> open = new LinkedHashMap<>();
    boolean putOff;
    Duration pause = Duration.ZERO;
    private final ScramKeys keys = new Passwords(new java.security.SecureRandom()).scramKeys(PASSWORD);

    private void work() throws IOException {
        if (broken) throw new IOException("the database is away");
    }

    @Override
    public Login login(String name, String password, InetAddress client) throws IOException {
        work();
        if (putOff) return new Login.PutOff(pause);
        if (password.equals(APP_PASSWORD)) return new Login.Granted(MROSE, Optional.of(PHONE));
        return name.equals("mrose") && password.equals(PASSWORD) ? new Login.Granted(MROSE) : new Login.Denied(pause);
    }

    @Override
    public ScramKeys scram(String name) throws IOException {
        work();
        return keys;
    }

    @Override
    public Login scramEnded(String name, boolean proved, InetAddress client) throws IOException {
        work();
        return proved ? new Login.Granted(MROSE) : new Login.Denied(pause);
    }

    @Override
    public Runnable onVoid(Entrance entrance, Runnable ended) {
        open.put(ended, entrance);
        return () -> open.remove(ended);
    }

    @Override
    public boolean maySend(Address account, Address sender) {
        return false;
    }
}
