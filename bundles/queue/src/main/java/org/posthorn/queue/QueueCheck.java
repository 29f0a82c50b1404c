package org.posthorn.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.posthorn.api.config.SettingsCheck;
import org.posthorn.api.queue.QueueStore;

/** Looks at the spans of time, and whether the store is there. */
@Component(property = "pid=org.posthorn.queue")
public final class QueueCheck implements SettingsCheck {

    private static final String ALLOWED = "a number and s, m, h or d, as 5m or 4h";

    private final List<String> there = new CopyOnWriteArrayList<>();

    @Reference(
            service = QueueStore.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void addStore(Map<String, Object> properties) {
        there.add(String.valueOf(properties.get("name")));
    }

    void removeStore(Map<String, Object> properties) {
        there.remove(String.valueOf(properties.get("name")));
    }

    @Override
    public List<Problem> check(Map<String, Object> settings) {
        List<Problem> problems = new ArrayList<>();
        for (String key : List.of("maxAge", "warnAfter"))
            if (settings.get(key) instanceof String span
                    && Durations.parse(span).isEmpty()) problems.add(new Problem(key, span, ALLOWED));
        if (settings.get("retry") instanceof String[] retry) {
            if (retry.length == 0) problems.add(new Problem("retry", "", "at least one span of time"));
            for (String span : retry)
                if (Durations.parse(span).filter(d -> !d.isZero()).isEmpty())
                    problems.add(new Problem("retry", span, ALLOWED + ", not 0"));
        }
        return problems;
    }

    @Override
    public List<Problem> absent(Map<String, Object> settings) {
        return settings.get("store") instanceof String store && !there.contains(store)
                ? List.of(new Problem("store", store, "the stores that are there: " + known()))
                : List.of();
    }

    private String known() {
        return there.stream().distinct().sorted().collect(Collectors.joining(", "));
    }
}
