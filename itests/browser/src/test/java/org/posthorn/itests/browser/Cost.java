package org.posthorn.itests.browser;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openqa.selenium.chrome.ChromeDriver;

/**
 * What the page's main thread has cost, in milliseconds of processor time: other work on the machine does not make it more, as it does each time by the clock. From its
 * making on, until the page is loaded anew.
 */
final class Cost {

    private final ChromeDriver driver;
    private Map<String, Double> before;

    Cost(ChromeDriver driver) {
        this.driver = driver;
        driver.executeCdpCommand("Performance.enable", Map.of("timeDomain", "threadTicks"));
        this.before = now();
    }

    @SuppressWarnings("unchecked")
    private Map<String, Double> now() {
        Map<String, Double> durations = new TreeMap<>();
        for (Map<String, Object> metric : (List<Map<String, Object>>)
                driver.executeCdpCommand("Performance.getMetrics", Map.of()).get("metrics"))
            if (metric.get("name").toString().endsWith("Duration"))
                durations.put(metric.get("name").toString(), 1000 * ((Number) metric.get("value")).doubleValue());
        return durations;
    }

    /** All tasks since this was asked last. */
    double tasks() {
        return since().getOrDefault("TaskDuration", 0.0);
    }

    /** The same by kind: TaskDuration is all, and among it are ScriptDuration, RecalcStyleDuration and LayoutDuration. */
    Map<String, Double> since() {
        Map<String, Double> now = now();
        Map<String, Double> since = new TreeMap<>(now);
        since.replaceAll((name, value) -> value - before.getOrDefault(name, 0.0));
        before = now;
        return since;
    }
}
