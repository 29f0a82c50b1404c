package org.posthorn.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Accounts;
import org.posthorn.api.users.Login;
import org.posthorn.api.users.ScramKeys;
import org.posthorn.sasl.Passwords;

/** Alice alone, whose password is secret. */
final class TestAccounts implements Accounts {

    static final Address ALICE = Address.of("alice@example.test");
    static final ScramKeys KEYS = new Passwords(new SecureRandom()).scramKeys("secret");

    boolean broken;
    final List<Runnable> open = new ArrayList<>();
    boolean putOff;
    String brokenFor = "";

    /** PLAIN's response as base64. */
    static String plain(String password) {
        return base64("\0alice@example.test\0" + password);
    }

    static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Login login(String name, String password, InetAddress client) throws IOException {
        if (broken) throw new IOException("the database is away");
        if (putOff) return new Login.PutOff(Duration.ofSeconds(3));
        return verdict(name.equals(ALICE.toString()) && password.equals("secret"));
    }

    @Override
    public ScramKeys scram(String name) {
        return KEYS;
    }

    @Override
    public Login scramEnded(String name, boolean proved, InetAddress client) {
        return verdict(proved);
    }

    @Override
    public Runnable onVoid(Address account, Runnable ended) {
        open.add(ended);
        return () -> open.remove(ended);
    }

    @Override
    public boolean maySend(Address account, Address sender) throws IOException {
        if (broken || sender.toString().equals(brokenFor)) throw new IOException("the database is away");
        return account.equals(sender);
    }

    private static Login verdict(boolean right) {
        return right ? new Login.Granted(ALICE) : new Login.Denied(Duration.ofSeconds(2));
    }
}
