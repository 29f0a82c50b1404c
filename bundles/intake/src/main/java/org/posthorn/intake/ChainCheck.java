package org.posthorn.intake;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
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
        there.add(String.valueOf(properties.get("name")));
    }

    void removeFilter(Map<String, Object> properties) {
        there.remove(String.valueOf(properties.get("name")));
    }

    @Override
    public List<Problem> check(Map<String, Object> settings) {
        return List.of();
    }

    @Override
    public List<Problem> absent(Map<String, Object> settings) {
        String[] chain = settings.get("filters") instanceof String[] all ? all : new String[0];
        return Arrays.stream(chain)
                .map(String::strip)
                .filter(name -> !name.isEmpty() && !there.contains(name))
                .map(name -> new Problem("filters", name, "the filters that are there: " + String.join(", ", there)))
                .toList();
    }
}
