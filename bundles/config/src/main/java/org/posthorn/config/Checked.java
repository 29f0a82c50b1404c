package org.posthorn.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.posthorn.api.config.SettingsCheck;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file held against the schema of its PID.
 *
 * @param values those of the file, in their declared types
 * @param absent names of services that are not there; no reason to leave the last settings in force
 */
record Checked(ConfigFile file, Map<String, Object> values, List<Fault> faults, List<Fault> absent) {

    private static final Logger LOG = LoggerFactory.getLogger(Checked.class);

    /** What becomes of a file that a check cannot judge. */
    private static final String EARLY = "but is asked again when it is a service";

    private static final String NOBODY = "so that it counts as it is";

    /** @param checks those that are there as services */
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
        // At a start the first look is before any service is there, and a component must not begin with what is wrong.
        Stream<SettingsCheck> early = schema.checks().stream().map(Supplier::get);
        Stream.concat(
                        told(file, early, EARLY, check -> check.check(complete)),
                        told(file, checks.stream(), NOBODY, check -> check.check(complete)))
                .distinct()
                .forEach(faults::add);
        return new Checked(
                file,
                values,
                faults,
                told(file, checks.stream(), NOBODY, check -> check.absent(complete))
                        .toList());
    }

    /** A text may go to a client as it is: a control character would begin a line of its own there. */
    private static void check(
            ConfigFile file, Setting setting, String raw, Map<String, Object> values, List<Fault> faults) {
        if (raw.chars().anyMatch(c -> c != '\t' && Character.isISOControl(c)))
            faults.add(new Fault(file.name(), setting.key(), raw, "text without control characters"));
        else if (setting.accepts(raw)) values.put(setting.key(), setting.value(raw));
        else faults.add(new Fault(file.name(), setting.key(), raw, setting.allowed()));
    }

    private static Fault unknown(ConfigFile file, Schema schema, String key, String raw) {
        String allowed = schema.like(key)
                .map(k -> "a key that there is; is " + k + " meant?")
                .orElse("a key that there is: "
                        + String.join(", ", schema.settings().keySet()));
        return new Fault(file.name(), key, raw, allowed);
    }

    private static Stream<Fault> told(
            ConfigFile file,
            Stream<SettingsCheck> checks,
            String otherwise,
            Function<SettingsCheck, List<SettingsCheck.Problem>> question) {
        return checks.flatMap(check -> told(file, check, otherwise, question).stream());
    }

    /** One that fails, as one that needs what it is not bound to yet, must not keep all files from being looked at. */
    private static List<Fault> told(
            ConfigFile file,
            SettingsCheck check,
            String otherwise,
            Function<SettingsCheck, List<SettingsCheck.Problem>> question) {
        try {
            return question.apply(check).stream()
                    .map(p -> Fault.of(file.name(), p))
                    .toList();
        } catch (RuntimeException | LinkageError e) {
            LOG.warn(
                    "{}: {} cannot judge it, {}: {}",
                    file.name(),
                    check.getClass().getName(),
                    otherwise,
                    e.toString());
            return List.of();
        }
    }
}
