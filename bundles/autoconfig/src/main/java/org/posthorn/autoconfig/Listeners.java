package org.posthorn.autoconfig;

import java.io.IOException;
import java.util.Dictionary;
import java.util.EnumMap;
import java.util.Map;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Where mail programs are listened for, by the listeners' settings. */
final class Listeners {

    private static final String FILES = "(service.factoryPid=org.posthorn.net.listener)";

    private final ConfigurationAdmin admin;
    private final int offset;

    /** @param offset what the start adds to each port */
    Listeners(ConfigurationAdmin admin, int offset) {
        this.admin = admin;
        this.offset = offset;
    }

    /** The port of each service that is listened for with TLS; of several the lowest. One that takes any free port has none that could be told. */
    Map<Service, Integer> ports() {
        try {
            Map<Service, Integer> ports = new EnumMap<>(Service.class);
            Configuration[] all = admin.listConfigurations(FILES);
            if (all != null) for (Configuration listener : all) note(listener.getProperties(), ports);
            return ports;
        } catch (IOException | InvalidSyntaxException e) {
            throw new IllegalStateException("the listeners' settings cannot be read", e);
        }
    }

    private void note(Dictionary<String, Object> settings, Map<Service, Integer> ports) {
        if (!(settings.get("port") instanceof Integer port) || port == 0) return;
        Object tls = settings.get("tls") == null ? "starttls" : settings.get("tls");
        for (Service service : Service.values()) {
            boolean fits = service.protocol().equals(settings.get("protocol"))
                    && (service.implicitTls() ? "implicit" : "starttls").equals(tls);
            if (fits) ports.merge(service, port + offset, Math::min);
        }
    }
}
