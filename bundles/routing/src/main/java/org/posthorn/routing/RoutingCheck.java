package org.posthorn.routing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.posthorn.api.config.SettingsCheck;
import org.posthorn.api.mail.Address;

/** Looks at addresses, domains and hosts before they are routed by. */
@Component(property = "pid=org.posthorn.routing")
public final class RoutingCheck implements SettingsCheck {

    private static final String HOST = "(\\[[^\\]\\s]+\\]|[^:\\[\\]\\s;]+)";
    private static final String TLS = "(;tls=(never|may|must))?";

    @Override
    public List<Problem> check(Map<String, Object> settings) {
        List<Problem> problems = new ArrayList<>();
        String domain = text(settings, "defaultDomain");
        if (Address.parse("postmaster@" + domain).isEmpty())
            problems.add(new Problem("defaultDomain", domain, "a domain, as example.org"));
        String smarthost = text(settings, "smarthost");
        if (!smarthost.isEmpty() && !hostAndPort(smarthost))
            problems.add(new Problem("smarthost", smarthost, "host:port, as mail.example.org:587, or nothing"));
        String postmaster = text(settings, "postmaster");
        if (!postmaster.isEmpty() && Address.parse(postmaster).isEmpty())
            problems.add(new Problem("postmaster", postmaster, "a mail address, or nothing"));
        if (settings.get("relays") instanceof String[] relays)
            for (String relay : relays)
                if (!relay(relay.strip()))
                    problems.add(new Problem("relays", relay, "domain=[host]:port or domain=other-domain"));
        return problems;
    }

    private static String text(Map<String, Object> settings, String key) {
        return settings.get(key) instanceof String s ? s.strip() : "";
    }

    private static boolean hostAndPort(String text) {
        return text.matches(HOST + ":\\d{1,5}") && port(text.substring(text.lastIndexOf(':') + 1));
    }

    private static boolean port(String digits) {
        int port = Integer.parseInt(digits);
        return port > 0 && port < 65536;
    }

    private static boolean relay(String text) {
        String[] parts = text.split("=", 2);
        if (parts.length < 2) return false;
        String domain = parts[0].strip();
        String hop = parts[1].strip().replaceFirst(TLS + "$", "");
        boolean reachable = hostAndPort(hop) && hop.startsWith("[")
                || Address.parse("x@" + hop).isPresent();
        return reachable
                && Address.parse("x@" + (domain.startsWith(".") ? domain.substring(1) : domain))
                        .isPresent();
    }
}
