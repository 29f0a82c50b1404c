package org.posthorn.itests.laws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** One way at run time: no circle among bundles that use each other's services. */
class ServicesTest {

    /** Listeners and catalogues hear everybody and call nobody's trade: they are answers, not the mail's way. */
    private static final Set<String> ASIDE = Set.of(
            "org.posthorn.api.shell.ShellCommands",
            "org.posthorn.api.config.SettingsCheck",
            "org.posthorn.api.mailbox.RightsListener",
            "org.posthorn.api.start.StartReport");

    private final Map<String, Set<String>> provides = new TreeMap<>();
    private final Map<String, Set<String>> uses = new TreeMap<>();

    @Test
    void no_circle_among_services() throws IOException {
        read();
        assertThat(provides).as("built bundles").hasSizeGreaterThan(10);
        for (String bundle : uses.keySet())
            assertThat(circle(bundle)).as("circle from %s", bundle).isEmpty();
    }

    private void read() throws IOException {
        for (Path bundle : Tree.bundles())
            for (Path file : Tree.files(bundle.resolve("target/classes/OSGI-INF"), ".xml")) {
                Element component = Xml.read(file);
                if (!component.getNodeName().endsWith("component")) continue;
                String name = bundle.getFileName().toString();
                for (Element service : Xml.children(component, "service"))
                    for (Element provide : Xml.children(service, "provide"))
                        provides.computeIfAbsent(provide.getAttribute("interface"), k -> new TreeSet<>())
                                .add(name);
                for (Element reference : Xml.children(component, "reference"))
                    uses.computeIfAbsent(name, k -> new TreeSet<>()).add(reference.getAttribute("interface"));
            }
    }

    private Set<String> targets(String bundle) {
        Set<String> targets = new TreeSet<>();
        for (String service : uses.getOrDefault(bundle, Set.of()))
            if (!ASIDE.contains(service)) targets.addAll(provides.getOrDefault(service, Set.of()));
        targets.remove(bundle);
        return targets;
    }

    /** The way from the bundle back to itself; empty when there is none. */
    private List<String> circle(String start) {
        Map<String, String> from = new TreeMap<>();
        Deque<String> open = new ArrayDeque<>(List.of(start));
        Set<String> seen = new HashSet<>();
        while (!open.isEmpty()) {
            String bundle = open.pop();
            for (String next : targets(bundle)) {
                if (next.equals(start)) return way(start, bundle, from);
                if (seen.add(next)) {
                    from.put(next, bundle);
                    open.push(next);
                }
            }
        }
        return List.of();
    }

    private static List<String> way(String start, String last, Map<String, String> from) {
        List<String> way = new ArrayList<>(List.of(start));
        for (String at = last; at != null && !at.equals(start); at = from.get(at)) way.add(1, at);
        way.add(start);
        return way;
    }
}
