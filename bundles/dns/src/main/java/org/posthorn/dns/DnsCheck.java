package org.posthorn.dns;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.posthorn.api.config.SettingsCheck;

/** A name server is an address: to ask for its name one would need another. */
@Component(property = "pid=org.posthorn.dns")
public final class DnsCheck implements SettingsCheck {

    @Override
    public List<Problem> check(Map<String, Object> settings) {
        List<Problem> problems = new ArrayList<>();
        for (String server : settings.get("servers") instanceof String[] all ? all : new String[0]) {
            try {
                if (!server.isBlank()) Servers.parse(server);
            } catch (IllegalArgumentException e) {
                problems.add(new Problem("servers", server, "ADDRESS or ADDRESS:PORT, comma-separated"));
            }
        }
        return problems;
    }
}
