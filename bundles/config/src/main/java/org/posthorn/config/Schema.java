package org.posthorn.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.posthorn.api.config.SettingsCheck;

/**
 * All settings of a PID.
 *
 * @param factory whether each file {@code PID-name.cfg} makes an instance
 * @param checks make what the bundle has to say beyond type and range, before its services are there
 */
record Schema(String pid, boolean factory, Map<String, Setting> settings, List<Supplier<SettingsCheck>> checks) {

    Schema checkedBy(List<Supplier<SettingsCheck>> more) {
        return new Schema(pid, factory, settings, more);
    }

    Optional<Setting> setting(String key) {
        return Optional.ofNullable(settings.get(key));
    }

    /** The declared key that looks most like this one: a typing error, likely. */
    Optional<String> like(String key) {
        return settings.keySet().stream()
                .filter(k ->
                        distance(k.toLowerCase(java.util.Locale.ROOT), key.toLowerCase(java.util.Locale.ROOT)) <= 2)
                .findFirst();
    }

    /** Values in their types: what the file says, and the declared defaults for the rest. */
    Map<String, Object> complete(Map<String, String> file) {
        Map<String, Object> all = new LinkedHashMap<>();
        for (Setting s : settings.values()) {
            String raw = file.getOrDefault(s.key(), s.standard().orElse(null));
            if (raw != null && s.accepts(raw)) all.put(s.key(), s.value(raw));
        }
        return all;
    }

    /** Levenshtein's distance. */
    static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) row[j] = j;
        for (int i = 1; i <= a.length(); i++) {
            int corner = row[0]++;
            for (int j = 1; j <= b.length(); j++) {
                int change = corner + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                corner = row[j];
                row[j] = Math.min(change, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
