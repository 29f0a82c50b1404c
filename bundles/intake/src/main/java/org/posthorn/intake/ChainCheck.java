package org.posthorn.intake;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.posthorn.api.config.SettingsCheck;
import org.posthorn.api.filter.MailFilter;

/** Looks whether the filters of the chain are there. */
@Component(property = "pid=org.posthorn.intake")
public final class ChainCheck implements SettingsCheck {

    private final List<String> there = new CopyOnWriteArrayList<>();

    @Reference(
            service = MailFilter.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void addFilter(Map<String, Object> properties) {
        there.addAll(names(properties));
    }

    void removeFilter(Map<String, Object> properties) {
        names(properties).forEach(there::remove);
    }

    private static List<String> names(Map<String, Object> properties) {
        String plain = String.valueOf(properties.get("name"));
        Home home = Home.of(properties);
        String version = FilterName.of(plain, home.version());
        return home.beside() ? List.of(version) : List.of(plain, version);
    }

    @Override
    public List<Problem> check(Map<String, Object> settings) {
        return List.of();
    }

    @Override
    public List<Problem> absent(Map<String, Object> settings) {
        Stream<Problem> absent = Stream.of("filters", "shadow").flatMap(key -> absent(key, settings));
        List<String> chain = names("filters", settings);
        Stream<Problem> counting = names("shadow", settings).stream()
                .filter(chain::contains)
                .map(name -> new Problem("shadow", name, "filters that do not count already"));
        return Stream.concat(absent, counting).toList();
    }

    private static List<String> names(String key, Map<String, Object> settings) {
        String[] names = settings.get(key) instanceof String[] all ? all : new String[0];
        return Arrays.stream(names)
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private Stream<Problem> absent(String key, Map<String, Object> settings) {
        String known = there.stream()
                .filter(name -> key.equals("shadow") || !FilterName.versioned(name))
                .collect(Collectors.joining(", "));
        return names(key, settings).stream()
                .filter(name -> !there.contains(name))
                .map(name -> new Problem(key, name, "the filters that are there: " + known));
    }
}
