package org.posthorn.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.posthorn.api.config.SettingsCheck;

/**
 * A file held against the schema of its PID.
 *
 * @param values those of the file, in their declared types
 * @param absent names of services that are not there; no reason to leave the last settings in force
 */
record Checked(ConfigFile file, Map<String, Object> values, List<Fault> faults, List<Fault> absent) {

    /** @param checks what the bundles have to say beyond type and range */
    static Checked of(ConfigFile file, Schema schema, List<SettingsCheck> checks) {
        List<Fault> faults = new ArrayList<>(file.faults());
        Map<String, Object> values = new LinkedHashMap<>();
        if (schema.factory() && file.instance().isEmpty())
            faults.add(new Fault(file.name(), "", "", "it must be called " + schema.pid() + "-NAME.cfg"));
        if (!schema.factory() && file.instance().isPresent())
            faults.add(new Fault(file.name(), "", "", "there is only one, " + schema.pid() + ".cfg"));
        file.values().forEach((key, raw) -> schema.setting(key)
                .ifPresentOrElse(
                        s -> check(file, s, raw, values, faults), () -> faults.add(unknown(file, schema, key, raw))));
        Map<String, Object> complete = schema.complete(file.values());
        faults.addAll(told(file, checks, check -> check.check(complete)));
        return new Checked(file, values, faults, told(file, checks, check -> check.absent(complete)));
    }

    private static void check(
            ConfigFile file, Setting setting, String raw, Map<String, Object> values, List<Fault> faults) {
        if (setting.accepts(raw)) values.put(setting.key(), setting.value(raw));
        else faults.add(new Fault(file.name(), setting.key(), raw, setting.allowed()));
    }

    private static Fault unknown(ConfigFile file, Schema schema, String key, String raw) {
        String allowed = schema.like(key)
                .map(k -> "no such key; is " + k + " meant?")
                .orElse("no such key; there are "
                        + String.join(", ", schema.settings().keySet()));
        return new Fault(file.name(), key, raw, allowed);
    }

    private static List<Fault> told(
            ConfigFile file,
            List<SettingsCheck> checks,
            Function<SettingsCheck, List<SettingsCheck.Problem>> question) {
        return checks.stream()
                .flatMap(check -> question.apply(check).stream())
                .map(p -> new Fault(file.name(), p.key(), p.value(), p.allowed()))
                .toList();
    }
}
