package org.posthorn.http;

import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Hashtable;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.X509TrustManager;
import org.apache.felix.framework.FrameworkFactory;
import org.osgi.framework.BundleContext;
import org.osgi.framework.launch.Framework;
import org.posthorn.api.net.ServerKeys;

/** The HTTP door in a framework without other bundles. */
final class Site implements AutoCloseable {

    final Map<String, Object> settings = new HashMap<>();
    private final Framework framework;
    private WebServer server;
    private Front front;

    Site(Path folder) throws Exception {
        framework = new FrameworkFactory()
                .newFramework(Map.of(
                        "org.osgi.framework.storage",
                        folder.resolve("framework").toString()));
        framework.start();
        settings.put("address", new String[] {"127.0.0.1"});
        settings.put("port", free());
        settings.put("tlsPort", 0);
    }

    static int free() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    BundleContext context() {
        return framework.getBundleContext();
    }

    /** As the container makes it, with what the settings do not say from the defaults. */
    Settings.Config config() {
        return (Settings.Config) Proxy.newProxyInstance(
                Settings.Config.class.getClassLoader(),
                new Class<?>[] {Settings.Config.class},
                (proxy, method, arguments) -> method.getDeclaringClass() == Annotation.class
                        ? null
                        : settings.getOrDefault(method.getName(), method.getDefaultValue()));
    }

    WebServer start(ServerKeys keys) {
        server = new WebServer(context(), config());
        front = new Front(context(), server);
        server.setKeys(keys);
        until(server::ready);
        return server;
    }

    Front front() {
        return front;
    }

    static void until(java.util.function.BooleanSupplier there) {
        long end = System.nanoTime() + 20_000_000_000L;
        while (!there.getAsBoolean()) {
            if (System.nanoTime() > end) throw new AssertionError("it does not come");
            LockSupport.parkNanos(1_000_000);
        }
    }

    int port() {
        return (Integer) settings.get("port");
    }

    void serve(String pattern, jakarta.servlet.Servlet servlet) {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put("osgi.http.whiteboard.servlet.pattern", pattern);
        context().registerService(jakarta.servlet.Servlet.class, servlet, properties);
    }

    /** What comes back until the server ends the connection. */
    String say(String text) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port())) {
            socket.setSoTimeout(20_000);
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
            return read(socket.getInputStream());
        }
    }

    static String read(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    String get(String path) throws IOException {
        return say("GET " + path + " HTTP/1.1\r\nHost: localhost:" + port() + "\r\nConnection: close\r\n\r\n");
    }

    static ServerKeys noKeys() {
        return Optional::empty;
    }

    /** Trusts whoever shows a certificate. */
    static final class Everybody implements X509TrustManager {
        @Override
        public void checkClientTrusted(java.security.cert.X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(java.security.cert.X509Certificate[] chain, String type) {}

        @Override
        public java.security.cert.X509Certificate[] getAcceptedIssuers() {
            return new java.security.cert.X509Certificate[0];
        }
    }

    @Override
    public void close() {
        if (front != null) front.stop();
        if (server != null) server.stop();
        try {
            framework.stop();
            framework.waitForStop(10_000);
        } catch (org.osgi.framework.BundleException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
