package org.posthorn.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one listener's file says, carried out: the file comes, changes and goes, and the sockets with it. Connections that are open stay when it changes. */
@Component(
        service = SocketListener.class,
        immediate = true,
        configurationPid = "org.posthorn.net.listener",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = SocketListener.Config.class, factory = true)
public final class SocketListener {

    @ObjectClassDefinition(
            name = "A listener",
            description = "A port that clients connect to, and what is spoken there.")
    @interface Config {
        @AttributeDefinition(description = "What is spoken: smtp, submission, lmtp, imap, pop3.")
        String protocol() default "smtp";

        @AttributeDefinition(description = "Addresses to listen on. * is all that the machine has.")
        String[] address() default {"127.0.0.1", "::1"};

        @AttributeDefinition(description = "Port. 0: any that is free.", min = "0", max = "65535")
        int port() default 2525;

        @AttributeDefinition(
                description = "none, starttls (the client may begin TLS) or implicit (TLS from the first octet).",
                options = {@Option("none"), @Option("starttls"), @Option("implicit")})
        String tls() default "starttls";

        @AttributeDefinition(
                description = "Whether passwords may come without TLS: yes, no, or as org.posthorn.net.cfg says.",
                options = {@Option("default"), @Option("yes"), @Option("no")})
        String clearLogin() default "default";

        @AttributeDefinition(
                description = "Most connections at a time. 0: no limit but that of org.posthorn.net.cfg.",
                min = "0",
                max = "1000000")
        int maxConnections() default 0;

        @AttributeDefinition(
                description = "Most connections at a time of one client. 0: as org.posthorn.net.cfg says.",
                min = "0",
                max = "1000000")
        int maxPerClient() default 0;

        @AttributeDefinition(
                description =
                        "Seconds without a sign of life after which a client is dropped, where the protocol does not say so itself.",
                min = "1",
                max = "86400")
        int idleTimeout() default 300;
    }

    private static final Logger LOG = LoggerFactory.getLogger(SocketListener.class);

    static final int LAST_PORT = 65535;

    private final Door door;
    private final String name;
    private final Crowd crowd = new Crowd(0, () -> 0);
    private Port port;
    private List<Opening> openings = List.of();
    private String beyond = "";
    private boolean paused;

    @Activate
    public SocketListener(@Reference Door door, Config config, Map<String, Object> properties) {
        this.door = door;
        this.name = name(String.valueOf(properties.get("service.pid")));
        modified(config);
    }

    /** The word that the file's name adds to the factory's: {@code org.posthorn.net.listener~smtp} is {@code smtp}. */
    private static String name(String pid) {
        return pid.substring(pid.lastIndexOf('~') + 1);
    }

    @Modified
    synchronized void modified(Config config) {
        crowd.limits(config.maxConnections(), config.maxPerClient() == 0 ? door::maxPerClient : config::maxPerClient);
        port = new Port(
                name,
                config.protocol(),
                Port.TlsMode.valueOf(config.tls()),
                config.clearLogin().equals("default")
                        ? door::clearLogin
                        : () -> config.clearLogin().equals("yes"),
                Duration.ofSeconds(config.idleTimeout()),
                crowd);
        if (!door.offline()) listenOn(addresses(config.address(), existing(door.shifted(config.port()))));
    }

    /** The check of the settings refuses a port that the offset leads too far; at a start it comes behind them. */
    private OptionalInt existing(int shifted) {
        beyond = shifted > LAST_PORT ? "there is no port " + shifted : "";
        if (beyond.isEmpty()) return OptionalInt.of(shifted);
        LOG.error("{} does not listen: with the port offset, {}", name, beyond);
        return OptionalInt.empty();
    }

    private void listenOn(Set<InetSocketAddress> wanted) {
        List<Opening> now = new ArrayList<>();
        for (Opening opening : openings) {
            if (wanted.remove(opening.wanted())) {
                opening.change(port);
                now.add(opening);
            } else opening.close();
        }
        for (InetSocketAddress address : wanted) {
            Opening opening = new Opening(door.network(), door.clock(), address, port);
            if (!paused) opening.open();
            now.add(opening);
        }
        openings = now;
    }

    /** All addresses of IPv4 and those of IPv6 are one socket: two would be in each other's way. */
    private static Set<InetSocketAddress> addresses(String[] texts, OptionalInt shifted) {
        Set<InetSocketAddress> all = new LinkedHashSet<>();
        if (shifted.isEmpty()) return all;
        int port = shifted.getAsInt();
        for (String text : texts) {
            InetAddress address = address(text);
            if (address.isAnyLocalAddress()) return new LinkedHashSet<>(Set.of(new InetSocketAddress(port)));
            all.add(new InetSocketAddress(address, port));
        }
        return all;
    }

    /** @throws IllegalArgumentException when it is no address */
    static InetAddress address(String text) {
        try {
            if (text.equals("*")) return new InetSocketAddress(0).getAddress();
            if (!text.matches("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.%a-z]*")) throw new UnknownHostException(text);
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(text + " is no IP address", e);
        }
    }

    @Deactivate
    synchronized void stop() {
        openings.forEach(Opening::close);
        door.network().end(name);
    }

    synchronized void pause() {
        paused = true;
        openings.forEach(Opening::close);
    }

    synchronized void resume() {
        paused = false;
        openings.forEach(Opening::open);
    }

    synchronized boolean paused() {
        return paused;
    }

    String name() {
        return name;
    }

    synchronized Port port() {
        return port;
    }

    synchronized List<Opening> openings() {
        return List.copyOf(openings);
    }

    /** Why it does not listen where it should. */
    List<String> faults() {
        return Stream.concat(Stream.of(beyond()), openings().stream().map(Opening::fault))
                .filter(f -> !f.isEmpty())
                .toList();
    }

    private synchronized String beyond() {
        return beyond;
    }

    /** Where it listens, as {@code 127.0.0.1:2525 [::1]:2525}. */
    String where() {
        return String.join(
                " ",
                openings().stream()
                        .filter(o -> o.state() != Opening.State.ABSENT)
                        .map(o -> Opening.text(o.address()))
                        .toList());
    }
}
