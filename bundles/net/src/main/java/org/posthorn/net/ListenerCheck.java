package org.posthorn.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.posthorn.api.config.SettingsCheck;
import org.posthorn.api.net.Protocol;

/** Addresses are addresses, protocols are there, and no two listeners want the same port. */
@Component(property = "pid=org.posthorn.net.listener")
public final class ListenerCheck implements SettingsCheck {

    private final int offset;
    private final List<String> there = new CopyOnWriteArrayList<>();

    /** Before there are services: what the start adds to each port is not known yet. */
    public ListenerCheck() {
        this(0);
    }

    @Activate
    public ListenerCheck(BundleContext context) {
        this(Door.offset(context));
    }

    /** @param offset what is added to each port */
    ListenerCheck(int offset) {
        this.offset = offset;
    }

    @Reference(service = Protocol.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void addProtocol(Map<String, Object> properties) {
        there.add(String.valueOf(properties.get("name")));
    }

    void removeProtocol(Map<String, Object> properties) {
        there.remove(String.valueOf(properties.get("name")));
    }

    @Override
    public List<Problem> check(Map<String, Object> settings) {
        List<Problem> problems = new ArrayList<>();
        for (String address : addresses(settings)) {
            try {
                SocketListener.address(address);
            } catch (IllegalArgumentException e) {
                problems.add(new Problem("address", address, "IPv4 and IPv6 addresses, or *"));
            }
        }
        int last = SocketListener.LAST_PORT - offset;
        if (settings.get("port") instanceof Integer port && port > last)
            problems.add(new Problem("port", port.toString(), "0 to " + last + ", with the port offset " + offset));
        return problems;
    }

    private static String[] addresses(Map<String, Object> settings) {
        return settings.get("address") instanceof String[] all ? all : new String[0];
    }

    @Override
    public List<Problem> absent(Map<String, Object> settings) {
        List<Problem> problems = new ArrayList<>();
        String known = there.stream().distinct().sorted().collect(Collectors.joining(", "));
        if (settings.get("protocol") instanceof String protocol && !there.contains(protocol))
            problems.add(new Problem("protocol", protocol, "the protocols that are there: " + known));
        for (String address : addresses(settings))
            if (!here(address)) problems.add(new Problem("address", address, "addresses of this machine, or *"));
        return problems;
    }

    /** A machine without IPv6 has no ::1, for which the listener waits as the settings that come with the server have it. */
    private static boolean here(String text) {
        try {
            InetAddress address = SocketListener.address(text);
            if (address.isLoopbackAddress()) return true;
            // The system may be set to let addresses be listened on that it does not have yet.
            new ServerSocket(0, 1, address).close();
            return true;
        } catch (IllegalArgumentException told) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public Map<String, List<Problem>> clashes(Map<String, Map<String, Object>> settings) {
        Map<String, List<Problem>> clashes = new TreeMap<>();
        // Told of both: which of the two is wrong, only who wrote them knows.
        settings.forEach((file, listener) -> settings.keySet().stream()
                .filter(other -> !other.equals(file) && meet(listener, settings.get(other)))
                .findFirst()
                .ifPresent(other -> clashes.put(file, List.of(taken(listener, other)))));
        return clashes;
    }

    private static Problem taken(Map<String, Object> listener, String other) {
        return new Problem("port", String.valueOf(listener.get("port")), "one that " + other + " does not listen on");
    }

    /** Port 0 is any that is free. */
    private static boolean meet(Map<String, Object> one, Map<String, Object> other) {
        if (!(one.get("port") instanceof Integer port) || port == 0 || !port.equals(other.get("port"))) return false;
        return Arrays.stream(addresses(one))
                .anyMatch(a -> Arrays.stream(addresses(other)).anyMatch(b -> meet(a, b)));
    }

    private static boolean meet(String one, String other) {
        try {
            InetAddress a = SocketListener.address(one);
            InetAddress b = SocketListener.address(other);
            return a.isAnyLocalAddress() || b.isAnyLocalAddress() || a.equals(b);
        } catch (IllegalArgumentException told) {
            return false;
        }
    }
}
