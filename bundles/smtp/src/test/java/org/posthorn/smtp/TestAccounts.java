package org.posthorn.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
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

/** Alice alone, whose password is secret. */
final class TestAccounts implements Accounts {

    static final Address ALICE = Address.of("alice@example.test");
    static final ScramKeys KEYS = new Passwords(new SecureRandom()).scramKeys("secret");

    static final String APP_PASSWORD = "of her phone";
    private static final Credential PHONE = new Credential(
            "c1", Credential.Kind.APP_PASSWORD, ALICE, "phone", Instant.EPOCH, Optional.empty(), Optional.empty());

    boolean broken;
    final Map<Runnable, Entrance> open = new LinkedHashMap<>();
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
        if (password.equals(APP_PASSWORD)) return new Login.Granted(ALICE, Optional.of(PHONE));
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
    public Runnable onVoid(Entrance entrance, Runnable ended) {
        open.put(ended, entrance);
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
