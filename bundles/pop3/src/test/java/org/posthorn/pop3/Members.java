package org.posthorn.pop3;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Accounts;
import org.posthorn.api.users.Login;
import org.posthorn.api.users.ScramKeys;
import org.posthorn.sasl.Passwords;

/** One user, with the name and the password of RFC 1939's example. */
final class Members implements Accounts {

    static final Address MROSE = Address.of("mrose@example.test");
    static final String PASSWORD = "tan staaf";

    boolean broken;
    final List<Runnable> open = new ArrayList<>();
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
    public Runnable onVoid(Address account, Runnable ended) {
        open.add(ended);
        return () -> open.remove(ended);
    }

    @Override
    public boolean maySend(Address account, Address sender) {
        return false;
    }
}
