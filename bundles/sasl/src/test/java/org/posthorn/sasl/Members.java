package org.posthorn.sasl;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Accounts;
import org.posthorn.api.users.Entrance;
import org.posthorn.api.users.Login;
import org.posthorn.api.users.ScramKeys;

/** One user with the password of RFC 7677's example. Writes down what it is asked. */
final class Members implements Accounts {

    static final Address USER = Address.of("user@example.test");
    static final Login DENIED = new Login.Denied(Duration.ofSeconds(3));

    private static final ScramKeys KEYS =
            Scram.keys("pencil", Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ=="), 4096);

    final List<String> asked = new ArrayList<>();
    boolean broken;
    boolean disabled;
    boolean putOff;
    ScramKeys keys = KEYS;
    final List<Runnable> open = new ArrayList<>();

    @Override
    public Login login(String name, String password, InetAddress client) throws IOException {
        asked.add(name + ":" + password);
        if (broken) throw new IOException("the database is away");
        if (putOff) return new Login.PutOff(Duration.ofSeconds(2));
        return name.equals("user") && password.equals("pencil") ? new Login.Granted(USER) : DENIED;
    }

    @Override
    public ScramKeys scram(String name) throws IOException {
        if (broken) throw new IOException("the database is away");
        return keys;
    }

    @Override
    public Login scramEnded(String name, boolean proved, InetAddress client) {
        asked.add(name + (proved ? " proved" : " failed"));
        if (putOff) return new Login.PutOff(Duration.ofSeconds(2));
        return proved && !disabled && name.equals("user") ? new Login.Granted(USER) : DENIED;
    }

    @Override
    public Runnable onVoid(Entrance entrance, Runnable ended) {
        open.add(ended);
        return () -> open.remove(ended);
    }

    @Override
    public boolean maySend(Address account, Address sender) {
        return account.equals(sender);
    }
}
