package org.posthorn.mailbox;

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
import org.posthorn.api.mailbox.MailboxFormat;

/** Looks whether each of the other formats is for a domain or an address, and whether the formats are there. */
@Component(property = "pid=org.posthorn.mailbox")
public final class FormatsCheck implements SettingsCheck {

    private final List<String> there = new CopyOnWriteArrayList<>();

    @Reference(
            service = MailboxFormat.class,
            cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC)
    void addFormat(Map<String, Object> properties) {
        there.add(String.valueOf(properties.get("name")));
    }

    void removeFormat(Map<String, Object> properties) {
        there.remove(String.valueOf(properties.get("name")));
    }

    @Override
    public List<Problem> check(Map<String, Object> settings) {
        List<Problem> problems = new ArrayList<>();
        for (String override : settings.get("formats") instanceof String[] all ? all : new String[0]) {
            try {
                Choice.of("maildir", new String[] {override}, format -> format);
            } catch (IllegalArgumentException e) {
                problems.add(new Problem("formats", override, "DOMAIN=FORMAT or ADDRESS=FORMAT"));
            }
        }
        return problems;
    }

    @Override
    public List<Problem> absent(Map<String, Object> settings) {
        List<Problem> problems = new ArrayList<>();
        if (settings.get("format") instanceof String format) absent("format", format, format, problems);
        for (String override : settings.get("formats") instanceof String[] all ? all : new String[0])
            if (override.contains("="))
                absent("formats", override, override.substring(override.lastIndexOf('=') + 1), problems);
        return problems;
    }

    private void absent(String key, String value, String format, List<Problem> problems) {
        if (!there.contains(format.strip()))
            problems.add(new Problem(key, value, "the formats that are there: " + known()));
    }

    private String known() {
        return there.stream().distinct().sorted().collect(Collectors.joining(", "));
    }
}
