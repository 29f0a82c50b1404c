package org.posthorn.delivery.smtp;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;

/** What the server calls itself, which SMTP's settings say. */
@Component(service = ServerName.class, configurationPid = "org.posthorn.smtp")
public final class ServerName {

    private volatile String name;

    /** The part of SMTP's settings that is read here. */
    @interface Config {
        String hostname() default "";
    }

    @Activate
    public ServerName(Config config) {
        modified(config);
    }

    @Modified
    void modified(Config config) {
        name = config.hostname().isBlank() ? ofMachine() : config.hostname();
    }

    private static String ofMachine() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }

    String name() {
        return name;
    }
}
