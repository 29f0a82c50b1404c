package org.posthorn.mailbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.posthorn.api.config.SettingsCheck;

/** Looks whether each of the other formats is for a domain or an address. */
@Component(property = "pid=org.posthorn.mailbox")
public final class FormatsCheck implements SettingsCheck {

    @Override
    public List<Problem> check(Map<String, Object> settings) {
        List<Problem> problems = new ArrayList<>();
        for (String override : settings.get("formats") instanceof String[] all ? all : new String[0]) {
            try {
                new FormatChoice("maildir", override);
            } catch (IllegalArgumentException e) {
                problems.add(new Problem("formats", override, "DOMAIN=FORMAT or ADDRESS=FORMAT"));
            }
        }
        return problems;
    }
}
