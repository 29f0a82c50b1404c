package org.posthorn.jmap;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.posthorn.api.http.WebRequest;
import org.posthorn.api.http.WebSocket;
import org.posthorn.api.mail.Address;
import org.posthorn.api.mailbox.Account;
import org.posthorn.api.mailbox.MailboxReading;
import org.posthorn.api.mailbox.MailboxStore;
import org.posthorn.api.mailbox.Namespaces;
import org.posthorn.api.users.Accounts;
import org.posthorn.api.users.Credential;
import org.posthorn.api.users.Entrance;
import org.posthorn.api.users.Issuer;
import org.posthorn.api.users.Login;
import org.posthorn.api.users.ScramKeys;
import org.posthorn.http.Upgrade;
import org.posthorn.jmap.mail.MailCapability;
import org.posthorn.jmap.mail.Snoozes;

/** The servlet behind a real HTTP server, with one user, {@code demo} with the password {@code secret}, and a mailbox store that can only be watched. */
final class WebServer {

    final Things things = new Things();
    final Tokens tokens = new Tokens();
    final Parts parts = new Parts();
    final JmapServlet servlet;
    private final Pushes pushes;
    private MailboxStore store = store();
    final Set<Consumer<String>> watching = ConcurrentHashMap.newKeySet();
    /** So many times the mailboxes cannot be watched. */
    final AtomicInteger unwatchable = new AtomicInteger();

    final Map<Runnable, Entrance> open = new ConcurrentHashMap<>();
    volatile boolean passwords = true;
    volatile String password = "secret";
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server, 1, 1);
    private final HttpClient client = HttpClient.newHttpClient();

    WebServer(Path data) throws Exception {
        this(data, 1);
    }

    /** @param faster so many times the servlet's clock is */
    WebServer(Path data, int faster) throws Exception {
        this(data, faster, Pushes.Settings.of(() -> true, () -> "mailto:postmaster@example.org"));
    }

    WebServer(Path data, int faster, Pushes.Settings settings) throws Exception {
        this(data, faster, settings, Optional.empty());
    }

    /** With mailboxes that are there, and what is done with mail. */
    WebServer(Path data, MailboxStore store) throws Exception {
        this(data, Pushes.Settings.of(() -> true, () -> "mailto:postmaster@example.org"), store);
    }

    WebServer(Path data, Pushes.Settings settings, MailboxStore store) throws Exception {
        this(data, 1, settings, Optional.of(store), new MailCapability(new Snoozes(data, java.time.Clock.systemUTC())));
    }

    private WebServer(
            Path data, int faster, Pushes.Settings settings, Optional<MailboxStore> mailboxes, Capability... more)
            throws Exception {
        Clock clock = new Clock(faster);
        store = mailboxes.orElseGet(this::store);
        pushes = new Pushes(data, parts.issuers(), settings, clock);
        List<Capability> all = new ArrayList<>(
                List.of(new CoreCapability(pushes.methods()), pushes.capability(), things, new WebSocketCapability()));
        all.addAll(List.of(more));
        servlet = new JmapServlet(data, Talk.LIMITS, new MethodTable(all), parts, pushes, clock, new Clock(faster));
        parts.bindAccounts(new Users(), Map.of());
        parts.bindIssuer(tokens, Map.of());
        parts.bindStore(store, Map.of());
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/", ServletContextHandler.NO_SESSIONS);
        ServletHolder holder = new ServletHolder(new Desk());
        holder.setAsyncSupported(true);
        context.addServlet(holder, "/*");
        server.setHandler(context);
        server.start();
    }

    private static final class Clock extends ScheduledThreadPoolExecutor {
        private final int faster;

        Clock(int faster) {
            super(1);
            this.faster = faster;
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable work, long delay, TimeUnit unit) {
            return super.schedule(work, unit.toNanos(delay) / faster, TimeUnit.NANOSECONDS);
        }

        @Override
        public ScheduledFuture<?> scheduleWithFixedDelay(Runnable work, long first, long delay, TimeUnit unit) {
            return super.scheduleWithFixedDelay(
                    work, unit.toNanos(first) / faster, unit.toNanos(delay) / faster, TimeUnit.NANOSECONDS);
        }
    }

    /** As that of the bundle http. */
    private final class Desk extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            request.setAttribute(WebRequest.PASSWORDS, passwords);
            request.setAttribute(WebRequest.BASE, "https://mail.example.org");
            Upgrade.of(request, Duration.ofSeconds(20))
                    .ifPresent(offer -> request.setAttribute(WebSocket.OFFER, offer));
            ((jakarta.servlet.Servlet) servlet).service(request, response);
        }
    }

    /** Another store comes, and the one before goes. */
    void replaceStore() {
        MailboxStore before = store;
        store = store();
        parts.bindStore(store, Map.of());
        parts.unbindStore(before);
    }

    private MailboxStore store() {
        Account account = fake(Account.class, arguments -> {
            @SuppressWarnings("unchecked")
            Consumer<String> listener = (Consumer<String>) arguments[1];
            if (unwatchable.getAndDecrement() > 0) throw new IOException("too many files are open");
            watching.add(listener);
            return (MailboxReading.Watch) () -> watching.remove(listener);
        });
        return fake(MailboxStore.class, arguments -> account);
    }

    private interface Call {
        Object answer(Object[] arguments) throws IOException;
    }

    private static <T> T fake(Class<T> type, Call call) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().equals("account") || method.getName().equals("watch"))
                        return call.answer(arguments);
                    if (method.getName().equals("namespaces")) return Namespaces.PERSONAL;
                    if (method.getName().equals("equals")) return proxy == arguments[0];
                    if (method.getName().equals("hashCode")) return 1;
                    throw new UnsupportedOperationException(method.getName());
                }));
    }

    /** Another service with the same tokens comes, is used, and goes. */
    void replaceIssuer() throws Exception {
        Issuer next = (Issuer) Proxy.newProxyInstance(
                Issuer.class.getClassLoader(),
                new Class<?>[] {Issuer.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> 1;
                    default -> method.invoke(tokens, arguments);
                });
        parts.bindIssuer(next, Map.of("service.ranking", 1));
        parts.unbindIssuer(tokens);
        parts.bindIssuer(tokens, Map.of());
        parts.unbindIssuer(next);
    }

    private final class Users implements Accounts {

        @Override
        public Login login(String name, String password, InetAddress client) throws IOException {
            if (name.equals("away")) throw new IOException("the directory is away");
            if (name.equals("pondered")) return new Login.Denied(Duration.ofMinutes(10));
            if (name.equals("guessed")) return new Login.PutOff(Duration.ofMillis(1));
            Optional<Credential> app = tokens.by(password, Credential.Kind.APP_PASSWORD);
            if (name.equals("demo") && app.isPresent()) return new Login.Granted(Talk.DEMO, app);
            return name.equals("demo") && password.equals(WebServer.this.password)
                    ? new Login.Granted(Talk.DEMO)
                    : new Login.Denied(Duration.ofMillis(50));
        }

        @Override
        public ScramKeys scram(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Login scramEnded(String name, boolean proved, InetAddress client) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Runnable onVoid(Entrance entrance, Runnable ended) {
            open.put(ended, entrance);
            return () -> open.remove(ended);
        }

        @Override
        public boolean maySend(Address account, Address sender) {
            throw new UnsupportedOperationException();
        }
    }

    /** For connections from now on. */
    void idle(Duration most) {
        connector.setIdleTimeout(most.toMillis());
    }

    int port() {
        return connector.getLocalPort();
    }

    HttpRequest.Builder as(String credentials, String path) {
        String basic = Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8));
        return plain(path).header("Authorization", "Basic " + basic);
    }

    HttpRequest.Builder plain(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path));
    }

    HttpRequest.Builder post(String path, String type, String body) {
        return as("demo:secret", path)
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofString(body.replace("ACCOUNT", Talk.ACCOUNT)));
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    CompletableFuture<HttpResponse<String>> later(HttpRequest.Builder request) {
        return client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<java.util.stream.Stream<String>> stream(HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofLines());
    }

    void changed() {
        things.state++;
        watching.forEach(listener -> listener.accept("INBOX"));
    }

    void close() throws Exception {
        servlet.stop();
        server.stop();
    }
}
