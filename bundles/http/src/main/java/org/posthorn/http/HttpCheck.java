package org.posthorn.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.posthorn.api.config.SettingsCheck;

/** Addresses are addresses, the two ports are two, and the public URL is one. */
@Component(property = "pid=org.posthorn.http")
public final class HttpCheck implements SettingsCheck {

    private final int offset;

    /** Before there are services: what the start adds to each port is not known yet. */
    public HttpCheck() {
        offset = 0;
    }

    @Activate
    public HttpCheck(BundleContext context) {
        offset = WebServer.offset(context);
    }

    @Override
    public List<Problem> check(Map<String, Object> settings) {
        List<Problem> problems = new ArrayList<>();
        for (String address : addresses(settings)) {
            try {
                Settings.address(address);
            } catch (IllegalArgumentException e) {
                problems.add(new Problem("address", address, "IPv4 and IPv6 addresses, or *"));
            }
        }
        for (String name : List.of("port", "tlsPort"))
            if (port(settings, name) > Settings.LAST_PORT - offset)
                problems.add(new Problem(
                        name,
                        String.valueOf(port(settings, name)),
                        "0 to " + (Settings.LAST_PORT - offset) + ", with the port offset " + offset));
        if (port(settings, "port") != 0 && port(settings, "port") == port(settings, "tlsPort"))
            problems.add(new Problem("tlsPort", String.valueOf(port(settings, "port")), "another one than port"));
        String url = String.valueOf(settings.getOrDefault("publicUrl", ""));
        if (!url.isEmpty() && !isOrigin(url))
            problems.add(new Problem("publicUrl", url, "a URL such as https://mail.example.org, or nothing"));
        return problems;
    }

    private static String[] addresses(Map<String, Object> settings) {
        return settings.get("address") instanceof String[] all ? all : new String[0];
    }

    @Override
    public List<Problem> absent(Map<String, Object> settings) {
        List<Problem> problems = new ArrayList<>();
        for (String address : addresses(settings))
            if (!here(address)) problems.add(new Problem("address", address, "addresses of this machine, or *"));
        return problems;
    }

    /** A machine without IPv6 has no ::1, which the settings that come with the server name. */
    private static boolean here(String text) {
        try {
            InetAddress address = Settings.address(text);
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

    private static int port(Map<String, Object> settings, String name) {
        return settings.get(name) instanceof Integer port ? port : 0;
    }

    /** A path would be one that nobody answers. */
    static boolean isOrigin(String text) {
        try {
            URI url = new URI(text);
            boolean web = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
            return web
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawPath().matches("/*")
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null;
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
