package org.posthorn.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/**
 * What the settings say, as it is carried out.
 *
 * @param wanted where is listened
 * @param publicUrl without a slash at its end; empty where each request tells by its Host
 * @param hsts how long a browser is to come over TLS only; zero says nothing of it
 */
record Settings(
        Set<Want> wanted,
        String publicUrl,
        ClearLogin clearLogin,
        int maxConnections,
        int maxPerClient,
        int maxHeader,
        long maxRequest,
        Duration idle,
        Duration hsts) {

    static final int LAST_PORT = 65535;

    /** Whose passwords may come without TLS. */
    enum ClearLogin {
        no,
        loopback,
        yes
    }

    /** An address that is to be listened on. */
    record Want(InetSocketAddress address, boolean tls) {}

    @ObjectClassDefinition(name = "The HTTP door", description = "Where HTTP is listened for, and how much is let in.")
    @interface Config {
        @AttributeDefinition(description = "Addresses to listen on. * is all that the machine has.")
        String[] address() default {"127.0.0.1", "::1"};

        @AttributeDefinition(description = "Port of HTTP without TLS. 0: none.", min = "0", max = "65535")
        int port() default 8080;

        @AttributeDefinition(description = "Port of HTTPS. 0: none.", min = "0", max = "65535")
        int tlsPort() default 8443;

        @AttributeDefinition(
                description =
                        "The URL by which clients reach this server, as https://mail.example.org; links begin with it. Empty: as the client calls it.")
        String publicUrl() default "";

        @AttributeDefinition(
                description = "Whether passwords and tokens may come without TLS: no, yes, or from this machine alone.",
                options = {@Option("no"), @Option("loopback"), @Option("yes")})
        String clearLogin() default "loopback";

        @AttributeDefinition(description = "Most connections at a time, in all.", min = "1", max = "100000")
        int maxConnections() default 2000;

        @AttributeDefinition(
                description =
                        "Most connections at a time of one client, an IPv6 network of 64 bits counting as one. 0: no limit.",
                min = "0",
                max = "100000")
        int maxPerClient() default 100;

        @AttributeDefinition(description = "The longest header of a request, in octets.", min = "1024", max = "1048576")
        int maxHeader() default 16384;

        @AttributeDefinition(description = "The longest body of a request, in MiB.", min = "1", max = "2047")
        int maxRequest() default 256;

        @AttributeDefinition(
                description = "Seconds without a sign of life after which a client is dropped.",
                min = "1",
                max = "3600")
        int idleTimeout() default 60;

        @AttributeDefinition(
                description =
                        "Days that a browser which came over TLS is to come no other way (HSTS, RFC 6797). 0: nothing is said of it.",
                min = "0",
                max = "730")
        int hsts() default 0;
    }

    /** @param offset what is added to each port; one that is led beyond the last port is not listened on, as the check of the settings says */
    static Settings of(Config config, int offset) {
        Set<Want> wanted = new LinkedHashSet<>();
        want(config.address(), config.port(), offset, false, wanted);
        want(config.address(), config.tlsPort(), offset, true, wanted);
        return new Settings(
                wanted,
                config.publicUrl().replaceAll("/+$", ""),
                ClearLogin.valueOf(config.clearLogin()),
                config.maxConnections(),
                config.maxPerClient(),
                config.maxHeader(),
                (long) config.maxRequest() << 20,
                Duration.ofSeconds(config.idleTimeout()),
                Duration.ofDays(config.hsts()));
    }

    /** All addresses of IPv4 and those of IPv6 are one socket: two would be in each other's way. */
    private static void want(String[] texts, int port, int offset, boolean tls, Set<Want> wanted) {
        if (port == 0 || port + offset > LAST_PORT) return;
        Set<Want> some = new LinkedHashSet<>();
        for (String text : texts) {
            InetAddress address = address(text);
            if (address.isAnyLocalAddress()) {
                wanted.add(new Want(new InetSocketAddress(port + offset), tls));
                return;
            }
            some.add(new Want(new InetSocketAddress(address, port + offset), tls));
        }
        wanted.addAll(some);
    }

    /** @throws IllegalArgumentException when it is no address: a name would be looked up in the DNS */
    static InetAddress address(String text) {
        try {
            if (text.equals("*")) return new InetSocketAddress(0).getAddress();
            if (!text.matches("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.%a-z]*")) throw new UnknownHostException(text);
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text + " is no IP address", e);
        }
    }
}
