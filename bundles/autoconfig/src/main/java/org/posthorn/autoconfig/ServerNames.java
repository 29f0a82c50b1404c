package org.posthorn.autoconfig;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Optional;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;

/** What the server calls itself: its host, which SMTP's settings say, and its URL, which HTTP's do. To ask the HTTP door, which asks this bundle, would be a circle of services. */
@Component(
        service = ServerNames.class,
        configurationPid = {"org.posthorn.smtp", "org.posthorn.http"})
public final class ServerNames {

    private volatile String host;
    private volatile Optional<URI> website;

    /** The parts of their settings that are read here. */
    @interface Config {
        String hostname() default "";

        String publicUrl() default "";
    }

    @Activate
    public ServerNames(Config config) {
        modified(config);
    }

    /** For tests. */
    ServerNames(String host, String publicUrl) {
        set(host, publicUrl);
    }

    @Modified
    void modified(Config config) {
        set(config.hostname(), config.publicUrl());
    }

    private void set(String hostname, String publicUrl) {
        host = hostname.isBlank() ? ofMachine() : hostname;
        website = secure(publicUrl);
    }

    /** A password goes there: nobody is sent to a URL without TLS. */
    static Optional<URI> secure(String text) {
        try {
            URI url = new URI(text.strip().replaceFirst("/+$", ""));
            return Optional.of(url).filter(u -> "https".equals(u.getScheme()) && u.getHost() != null);
        } catch (URISyntaxException e) {
            // HTTP's own check of its settings tells of it.
            return Optional.empty();
        }
    }

    private static String ofMachine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    String host() {
        return host;
    }

    Optional<URI> website() {
        return website;
    }
}
