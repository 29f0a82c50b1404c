package org.posthorn.dns;

import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Component;
import org.posthorn.api.config.SettingsCheck;

/** A name server is an address: to ask for its name one would need another. A zone can be read before it counts. */
@Component(property = "pid=org.posthorn.dns")
public final class DnsCheck implements SettingsCheck {

    @Override
    public List<Problem> check(Map<String, Object> settings) {
        List<Problem> problems = new ArrayList<>();
        for (String server : words(settings, "servers"))
            if (!address(server))
                problems.add(new Problem("servers", server, "ADDRESS or ADDRESS:PORT, comma-separated"));
        String at = Objects.toString(settings.get("zonesAt"), "");
        if (!address(at)) problems.add(new Problem("zonesAt", at, "ADDRESS:PORT"));
        for (String zone : words(settings, "zones")) {
            try {
                Zones.read(Path.of(zone));
            } catch (IOException | InvalidPathException e) {
                problems.add(new Problem("zones", zone, "a file with a zone, its SOA and NS among it (" + e + ")"));
            }
        }
        return problems;
    }

    private static List<String> words(Map<String, Object> settings, String name) {
        return settings.get(name) instanceof String[] all
                ? Stream.of(all).map(String::strip).filter(w -> !w.isEmpty()).toList()
                : List.of();
    }

    private static boolean address(String text) {
        try {
            return Servers.parse(text) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }
}
