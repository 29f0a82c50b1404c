package org.posthorn.jmap;

import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.posthorn.api.mail.Address;
import org.posthorn.api.users.Credential;
import org.posthorn.api.users.Credential.Kind;
import org.posthorn.api.users.Issued;
import org.posthorn.api.users.Issuer;
import org.posthorn.api.users.Login;

/** An issuer in memory, of {@code token-1} and {@code app-2}; two app passwords is all that there may be. */
final class Tokens implements Issuer {

    static final Instant CREATED = Instant.parse("2026-11-29T10:00:30Z");

    private final Map<String, Credential> all = new LinkedHashMap<>();
    private int made;
    volatile boolean broken;
    volatile String mark = "mark";

    @Override
    public synchronized Login login(String token, InetAddress client) throws IOException {
        work();
        if (token.equals("guessed")) return new Login.PutOff(Duration.ofMillis(1));
        return by(token, Kind.TOKEN)
                .<Login>map(c -> new Login.Granted(c.account(), Optional.of(c)))
                .orElse(new Login.Denied(Duration.ofMillis(50)));
    }

    /** Those that another one has issued. */
    synchronized void take(Tokens other) {
        all.putAll(other.all);
        mark = other.mark;
    }

    /** The one with that secret, if it is of that kind. */
    synchronized Optional<Credential> by(String secret, Kind kind) {
        return Optional.ofNullable(all.get(secret)).filter(c -> c.kind() == kind);
    }

    @Override
    public String mark(Address account) throws IOException {
        work();
        return mark;
    }

    @Override
    public synchronized Optional<Issued> issue(Login.Granted login, String mark, Kind kind, String name)
            throws IOException {
        work();
        if (!mark.equals(this.mark)) throw new IllegalArgumentException("the password was changed");
        Address account = login.account();
        if (name.isBlank()) throw new IllegalArgumentException("a name has letters");
        boolean token = kind == Kind.TOKEN;
        if (!token && credentials(account, kind).size() == 2) return Optional.empty();
        Credential made = new Credential(
                "c" + ++this.made,
                kind,
                account,
                name,
                CREATED,
                token ? Optional.of(CREATED) : Optional.empty(),
                token ? Optional.of(CREATED.plus(Duration.ofDays(14))) : Optional.empty());
        String secret = (token ? "token-" : "app-") + this.made;
        all.put(secret, made);
        return Optional.of(new Issued(made, secret));
    }

    @Override
    public synchronized List<Credential> credentials(Address account, Kind kind) throws IOException {
        work();
        List<Credential> his = new ArrayList<>(all.values());
        his.removeIf(c -> c.kind() != kind || !c.account().equals(account));
        return his;
    }

    @Override
    public synchronized boolean revoke(Address account, Kind kind, String id) throws IOException {
        work();
        return all.values().removeIf(c -> c.kind() == kind && c.account().equals(account) && c.id().equals(id));
    }

    private void work() throws IOException {
        if (broken) throw new IOException("the disk of the tokens");
    }
}
