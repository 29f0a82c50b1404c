package org.posthorn.imap;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.posthorn.api.mail.Address;
import org.posthorn.api.net.Listener;
import org.posthorn.api.users.Accounts;
import org.posthorn.api.users.Credential;
import org.posthorn.api.users.Entrance;
import org.posthorn.api.users.Login;
import org.posthorn.api.users.ScramKeys;
import org.posthorn.testkit.MemoryLine;
import org.posthorn.testkit.Script;

/** The protocol with mailboxes in memory, and users whose password is foo bar: fred@example.org, most of the time. */
final class Server {

    private static final Duration GRACE = Duration.ofMillis(50);

    private static final Map<String, String> SHARED =
            Map.of("/shared/admin", "mailto:root@example.org", "/shared/comment", "Shared comment");

    static final String FRED = "fred@example.org";
    static final String APP_PASSWORD = "of his phone";
    private static final List<String> OTHERS =
            List.of("alice@example.org", "bob@elsewhere.example", "public@example.org", "-bob@example.org");

    final MemoryStore store = new MemoryStore();
    private final Users users = new Users();
    final ImapProtocol protocol;

    Server() {
        this(Path.of("target", "data"));
    }

    Server(Path data) {
        this(data, Server::pause, System::nanoTime);
    }

    Server(Path data, Function<Duration, CompletionStage<Void>> pause, LongSupplier nanoTime) {
        Limits limits = new Limits(Duration.ofSeconds(60), Duration.ofMinutes(30), 200_000, GRACE, SHARED);
        protocol = new ImapProtocol(data, 1024, limits, pause, nanoTime);
        protocol.bindStore(store, Map.of());
        protocol.bindAccounts(users, Map.of());
    }

    private static CompletionStage<Void> pause(Duration time) {
        return new CompletableFuture<Void>().completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS);
    }

    MemoryAccount fred() {
        return store.of(FRED);
    }

    MemoryMailbox inbox() {
        return fred().box("INBOX");
    }

    /** A client that has connected; passwords in clear are taken. */
    MemoryLine connect() throws IOException {
        MemoryLine line = MemoryLine.to(
                protocol, new Listener("test", "imap", true, true), new InetSocketAddress("127.0.0.1", 40000));
        line.read();
        return line;
    }

    /** A client that has logged in. */
    MemoryLine login() throws IOException {
        return login(FRED);
    }

    MemoryLine login(String user) throws IOException {
        MemoryLine line = connect();
        talk(line, "C: 0 LOGIN " + user + " \"foo bar\"\nS: 0 OK [CAPABILITY {*}] Logged in");
        return line;
    }

    /** A client that has selected INBOX. */
    MemoryLine select() throws IOException {
        MemoryLine line = login();
        talk(line, "C: 1 SELECT INBOX\nS+ 1 OK [READ-WRITE] Selected");
        return line;
    }

    static void talk(MemoryLine line, String script) throws IOException {
        Script.of(script).run(line);
        if (!line.unread().isEmpty()) throw new AssertionError("more came: " + line.unread());
    }

    /** By what those who are in have logged in. */
    List<Entrance> open() {
        return List.copyOf(users.open.values());
    }

    /** The logins of that user count no more. */
    void endLogins(String user) {
        users.open.entrySet().stream()
                .filter(open -> open.getValue().account().equals(Address.of(user)))
                .map(Map.Entry::getKey)
                .toList()
                .forEach(Runnable::run);
    }

    private static final class Users implements Accounts {

        private static final Credential PHONE = new Credential(
                "c1",
                Credential.Kind.APP_PASSWORD,
                Address.of(FRED),
                "phone",
                Instant.EPOCH,
                Optional.empty(),
                Optional.empty());
        private final Map<Runnable, Entrance> open = new IdentityHashMap<>();

        @Override
        public synchronized Runnable onVoid(Entrance entrance, Runnable ended) {
            open.put(ended, entrance);
            return () -> open.remove(ended);
        }

        @Override
        public Login login(String name, String password, InetAddress client) {
            boolean right = (name.equals(FRED) || OTHERS.contains(name)) && password.equals("foo bar");
            if (password.equals(APP_PASSWORD)) return new Login.Granted(Address.of(FRED), Optional.of(PHONE));
            if (password.equals("again")) return new Login.PutOff(Duration.ofMillis(1));
            return right ? new Login.Granted(Address.of(name)) : new Login.Denied(Duration.ofMillis(1));
        }

        @Override
        public ScramKeys scram(String name) {
            return new ScramKeys(new byte[16], 4096, new byte[32], new byte[32]);
        }

        @Override
        public Login scramEnded(String name, boolean proved, InetAddress client) {
            return proved ? new Login.Granted(Address.of(FRED)) : new Login.Denied(Duration.ofMillis(1));
        }

        @Override
        public boolean maySend(Address account, Address sender) {
            return true;
        }
    }
}
