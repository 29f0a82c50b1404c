package org.posthorn.autoconfig;

import jakarta.servlet.Servlet;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;

/** The servlet behind a real HTTP server, at the paths that it registers, with the domain {@code one.test}. */
final class WebServer {

    final Domains domains = new Domains("one.test");
    final Map<Service, Integer> listened = new EnumMap<>(Service.class);
    final Offers offers;
    private final Server server = new Server();
    private final ServerConnector connector = new ServerConnector(server, 1, 1);
    private final HttpClient client = HttpClient.newHttpClient();

    WebServer() throws Exception {
        this("https://web.one.test");
    }

    /** @param publicUrl empty: there is none, and no JMAP */
    WebServer(String publicUrl) throws Exception {
        offers = offers("mail.one.test", publicUrl, listened, domains);
        listened.put(Service.IMAPS, 993);
        listened.put(Service.IMAP, 143);
        listened.put(Service.POP3S, 995);
        listened.put(Service.SUBMISSIONS, 465);
        listened.put(Service.SUBMISSION, 587);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/", ServletContextHandler.NO_SESSIONS);
        ServletHolder holder = new ServletHolder(new Desk(new AutoconfigServlet(offers)));
        for (String pattern : AutoconfigServletTest.patterns()) context.addServlet(holder, pattern);
        server.setHandler(context);
        server.start();
    }

    /** As that of the bundle http. */
    private static final class Desk extends HttpServlet {
        private static final long serialVersionUID = 1;

        private final transient Servlet servlet;

        Desk(Servlet servlet) {
            this.servlet = servlet;
        }

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response)
                throws ServletException, IOException {
            servlet.service(request, response);
        }
    }

    /** With JMAP beside it. */
    static Offers offers(String host, String publicUrl, Map<Service, Integer> listened, Domains domains) {
        Map<Service, Integer> ports = new EnumMap<>(Service.class);
        for (Service service : Service.values()) ports.put(service, Settings.AS_LISTENED);
        Offers offers = new Offers(new Settings("", "", ports), () -> listened, new ServerNames(host, publicUrl));
        offers.addDirectory(domains, Map.of("name", "test"));
        offers.addJmap(
                () -> Optional.of(publicUrl).filter(u -> !u.isEmpty()).map(u -> u + "/.well-known/jmap"), Map.of());
        return offers;
    }

    HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + connector.getLocalPort() + path));
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return client.send(to(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    HttpResponse<String> post(String path, String body) throws IOException, InterruptedException {
        HttpRequest request = to(path).header("Content-Type", "text/xml")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        return send(request);
    }

    HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        return client.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** All that is answered to a request that says what it likes of the host. */
    String raw(String path, String host) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", connector.getLocalPort())) {
            String request = "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    void close() throws Exception {
        server.stop();
    }
}
