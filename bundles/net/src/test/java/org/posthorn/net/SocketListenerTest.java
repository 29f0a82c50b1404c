package org.posthorn.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

class SocketListenerTest {

    @TempDir
    Path folder;

    /** Settings with their defaults, but for those. */
    private static <C> C settings(Class<C> type, Map<String, Object> said) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, none) -> said.getOrDefault(method.getName(), method.getDefaultValue())));
    }

    private Door door(int offset) {
        Map<String, String> properties =
                Map.of("posthorn.data", folder.toString(), "posthorn.port.offset", Integer.toString(offset));
        BundleContext context = (BundleContext) Proxy.newProxyInstance(
                BundleContext.class.getClassLoader(),
                new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) ->
                        method.getReturnType() == Bundle.class ? null : properties.get(arguments[0]));
        return new Door(
                context,
                settings(Door.Config.class, Map.of()),
                new ServerName(settings(ServerName.Config.class, Map.of("hostname", "mail.example.test"))));
    }

    private static SocketListener.Config on(int port) {
        return settings(
                SocketListener.Config.class,
                Map.of("port", port, "address", new String[] {"127.0.0.1"}, "tls", "none"));
    }

    @Test
    void a_port_that_the_offset_leads_beyond_the_last_is_told_of_and_the_next_one_opened() {
        Door door = door(20000);
        try {
            SocketListener listener =
                    new SocketListener(door, on(53000), Map.of("service.pid", "org.posthorn.net.listener~far"));
            assertThat(listener.faults()).containsExactly("there is no port 73000");
            listener.modified(on(0));
            assertThat(listener.faults()).isEmpty();
            assertThat(listener.where()).startsWith("127.0.0.1:");
            listener.stop();
        } finally {
            door.stop();
        }
    }
}
