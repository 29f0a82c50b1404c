package org.posthorn.queue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.posthorn.api.config.SettingsCheck;

/** Looks at the spans of time. */
@Component(property = "pid=org.posthorn.queue")
public final class QueueCheck implements SettingsCheck {

    private static final String ALLOWED = "a number and s, m, h or d, as 5m or 4h";

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
}
