package org.posthorn.delivery.smtp;

import java.lang.reflect.Proxy;
import java.util.Dictionary;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** A ConfigurationAdmin with one configuration in it. */
final class Configurations {

    private Configurations() {}

    static ConfigurationAdmin of(Dictionary<String, Object> settings) {
        Configuration one = proxy(Configuration.class, "getProperties", settings);
        return proxy(ConfigurationAdmin.class, "listConfigurations", new Configuration[] {one});
    }

    private static <T> T proxy(Class<T> type, String method, Object result) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, called, args) -> {
            if (called.getName().equals(method)) return result;
            throw new UnsupportedOperationException(called.getName());
        }));
    }
}
