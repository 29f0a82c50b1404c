package org.posthorn.delivery.smtp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Dictionary;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Knows this server's own ports, by the listeners' settings: to ask the door itself would be a circle of services. */
final class OwnPorts {

    private static final String LISTENERS = "(service.factoryPid=org.posthorn.net.listener)";
    private static final String[] DEFAULT = {"127.0.0.1", "::1"};

    private final ConfigurationAdmin admin;
    private final int offset;

    OwnPorts(ConfigurationAdmin admin, int offset) {
        this.admin = admin;
        this.offset = offset;
    }

    /** Whether who connects there reaches this server. */
    boolean has(InetSocketAddress address) {
        try {
            Configuration[] all = admin.listConfigurations(LISTENERS);
            if (all == null) return false;
            for (Configuration listener : all) if (listens(listener.getProperties(), address)) return true;
            return false;
        } catch (IOException | InvalidSyntaxException e) {
            throw new IllegalStateException("the listeners' settings cannot be read", e);
        }
    }

    private boolean listens(Dictionary<String, Object> settings, InetSocketAddress address) throws IOException {
        if (!(settings.get("port") instanceof Integer port) || port + offset != address.getPort()) return false;
        String[] texts = settings.get("address") instanceof String[] given ? given : DEFAULT;
        for (String text : texts) {
            InetAddress listened = InetAddress.getByName(text.equals("*") ? "0.0.0.0" : text);
            boolean any = listened.isAnyLocalAddress() && ofThisMachine(address.getAddress());
            if (any || listened.equals(address.getAddress())) return true;
        }
        return false;
    }

    private static boolean ofThisMachine(InetAddress address) throws SocketException {
        return address.isLoopbackAddress() || NetworkInterface.getByInetAddress(address) != null;
    }
}
