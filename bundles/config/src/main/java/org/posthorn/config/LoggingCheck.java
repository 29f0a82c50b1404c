package org.posthorn.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.posthorn.api.config.SettingsCheck;

/** The log's settings are Log4j's, which no bundle declares; one that it cannot read would cost the log. What stands in {@code ${}} is not looked at. */
final class LoggingCheck implements SettingsCheck {

    static final String PID = "org.ops4j.pax.logging";

    /** By the end of the key. */
    private static final Map<String, Allowed> ALL = new LinkedHashMap<>();

    private record Allowed(String pattern, String words) {}

    static {
        Allowed level = new Allowed(
                "(?i)off|fatal|error|warn|info|debug|trace|all",
                "one of off, fatal, error, warn, info, debug, trace, all");
        Allowed number = new Allowed("\\d{1,9}", "a whole number");
        Allowed truth = new Allowed("(?i)true|false", "true or false");
        ALL.put(".level", level);
        ALL.put(".status", level);
        ALL.put(".max", number);
        ALL.put(".min", number);
        ALL.put(".size.size", new Allowed("(?i)\\d{1,9}\\s*[kmgt]?b?", "a size, as 10MB"));
        ALL.put(".append", truth);
        ALL.put(".follow", truth);
    }

    @Override
    public List<Problem> check(Map<String, Object> settings) {
        return ALL.entrySet().stream()
                .flatMap(kind -> settings.entrySet().stream()
                        .filter(setting -> setting.getKey().endsWith(kind.getKey()))
                        .map(setting -> Map.entry(setting.getKey(), String.valueOf(setting.getValue())))
                        .filter(setting -> !setting.getValue().contains("${")
                                && !setting.getValue().matches(kind.getValue().pattern()))
                        .map(setting -> new Problem(
                                setting.getKey(),
                                setting.getValue(),
                                kind.getValue().words())))
                .toList();
    }
}
