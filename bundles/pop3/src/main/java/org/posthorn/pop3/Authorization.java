package org.posthorn.pop3;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.posthorn.api.net.Connection;
import org.posthorn.api.users.Entrance;
import org.posthorn.api.users.Login;
import org.posthorn.sasl.Dialogue;
import org.posthorn.sasl.LeasedAccounts;
import org.posthorn.sasl.SaslPrep;
import org.posthorn.sasl.Step;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The AUTHORIZATION state, RFC 1939 4: finding out who the client is. */
final class Authorization {

    /** One step of a SASL exchange. */
    private interface Exchange {
        Step step() throws IOException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Authorization.class);

    private final Session session;
    private final Pop3 pop3;
    private String name = "";
    private int failures;
    private Dialogue dialogue;

    Authorization(Session session, Pop3 pop3) {
        this.session = session;
        this.pop3 = pop3;
    }

    Map<String, String> suspend() {
        return Map.of("name", name, "failures", Integer.toString(failures));
    }

    void resume(Map<String, String> values) {
        name = values.getOrDefault("name", "");
        failures = Integer.parseInt(values.getOrDefault("failures", "0"));
    }

    /** Whether a SASL exchange is under way. */
    boolean talking() {
        return dialogue != null;
    }

    /** Whether passwords may come over this connection. */
    boolean open() {
        Connection connection = session.connection();
        return connection.tls().isPresent() || connection.listener().clearLogin();
    }

    boolean tlsOffered() {
        Connection connection = session.connection();
        return connection.listener().startTls() && connection.tls().isEmpty();
    }

    void startTls() {
        if (!tlsOffered()) {
            session.wrong("TLS is not to be had here");
            return;
        }
        session.ok("Begin TLS");
        session.connection().startTls();
    }

    void user(String argument) {
        if (refusedInClear()) return;
        if (argument.isBlank()) session.wrong("USER what?");
        else {
            name = argument.strip();
            // The same for any name, so that it does not tell who exists (RFC 1939 13).
            session.ok("And the password?");
        }
    }

    void pass(String password) {
        if (refusedInClear()) return;
        if (name.isEmpty()) {
            session.wrong("USER first");
            return;
        }
        Optional<String> user = prepared(name);
        Optional<String> secret = prepared(password);
        name = "";
        if (user.isEmpty() || secret.isEmpty()) denied(Duration.ZERO);
        else session.with(pop3.accounts(), a -> judge(a.login(user.get(), secret.get(), client())));
    }

    private void judge(Login login) {
        if (login instanceof Login.Granted granted) granted(granted.entrance(), "USER");
        else if (login instanceof Login.PutOff off) putOff(off.pause());
        else denied(((Login.Denied) login).pause());
    }

    void auth(String argument) {
        if (refusedInClear()) return;
        String[] words = argument.strip().split(" +", 2);
        // They are waited for once; the exchange holds none of them, as a client may take its time.
        session.with(pop3.accounts(), present -> {
            dialogue = Dialogue.begin(words[0], new LeasedAccounts(pop3.accounts()), client())
                    .orElse(null);
            if (talking()) first(words);
            else session.wrong("No such mechanism");
        });
    }

    private void first(String[] words) {
        step(() -> words.length > 1 ? dialogue.open(words[1]) : dialogue.open());
    }

    void response(String line) {
        step(() -> dialogue.next(line));
    }

    private void step(Exchange exchange) {
        try {
            go(exchange.step());
        } catch (IOException e) {
            forget();
            session.failed(e);
        }
    }

    private void go(Step step) {
        String mechanism = dialogue.mechanism();
        if (!(step instanceof Step.Challenge)) forget();
        if (step instanceof Step.Challenge challenge) session.connection().send("+ " + challenge.base64() + "\r\n");
        else if (step instanceof Step.Granted granted) granted(granted.entrance(), mechanism);
        else if (step instanceof Step.Denied denied) denied(denied.pause());
        else if (step instanceof Step.PutOff off) putOff(off.pause());
        else session.wrong(((Step.Malformed) step).reason());
    }

    private void granted(Entrance entrance, String mechanism) {
        Connection connection = session.connection();
        LOG.info(
                "{} has logged in from {} on {} by {}",
                entrance.account(),
                connection.client(),
                connection.listener().name(),
                mechanism);
        session.enter(entrance);
    }

    /** RFC 3206 4: the credentials are at fault. */
    private void denied(Duration pause) {
        denied(pause, "[AUTH] Name or password is wrong");
    }

    /** Whether they are nobody looked: that counts as well, or guesses would be free. */
    private void putOff(Duration pause) {
        denied(pause, "[SYS/TEMP] Too many logins have failed, or not all users can be looked up; try again later");
    }

    private void denied(Duration pause, String why) {
        CompletableFuture<Void> later = new CompletableFuture<>();
        later.completeOnTimeout(null, pause.toNanos(), TimeUnit.NANOSECONDS);
        session.await(later, () -> {
            session.note("name or password");
            session.error(why);
            if (++failures >= pop3.maxFailures()) session.connection().close();
        });
    }

    /** Ends what was begun: the client broke off, or speaks TLS now and is to be asked anew (RFC 2595 4). */
    void forget() {
        name = "";
        dialogue = null;
    }

    private boolean refusedInClear() {
        if (!open()) session.error("[AUTH] Not in clear: use STLS first, or the port for TLS");
        return !open();
    }

    private InetAddress client() {
        return session.connection().client().getAddress();
    }

    /** Empty for what RFC 6856 2.2 does not let in: what is no UTF-8, and what SASLprep prohibits. */
    private static Optional<String> prepared(String octets) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(octets.getBytes(StandardCharsets.ISO_8859_1));
            return SaslPrep.prepare(
                    StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }
}
