package org.posthorn.filter.dnsbl;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.osgi.service.component.annotations.Component;
import org.posthorn.api.config.SettingsCheck;
import org.posthorn.api.net.Network;

/** Checks zones and networks. */
@Component(property = "pid=" + DnsblFilter.PID)
public final class DnsblCheck implements SettingsCheck {

    @Override
    public List<Problem> check(Map<String, Object> settings) {
        List<Problem> problems = new ArrayList<>();
        check(
                settings,
                "zones",
                Zone::parse,
                "a zone as zen.example.org, perhaps with answers: =127.0.0.2-11;127.0.1.2",
                problems);
        check(settings, "exempt", Network::parse, "a network as 192.168.0.0/16 or fc00::/7", problems);
        return problems;
    }

    private static void check(
            Map<String, Object> settings, String key, Consumer<String> parse, String allowed, List<Problem> problems) {
        if (!(settings.get(key) instanceof String[] values)) return;
        for (String value : values) {
            try {
                parse.accept(value);
            } catch (IllegalArgumentException e) {
                problems.add(new Problem(key, value, allowed));
            }
        }
    }
}
