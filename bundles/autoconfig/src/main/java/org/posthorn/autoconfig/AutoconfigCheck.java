package org.posthorn.autoconfig;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.osgi.service.component.annotations.Component;
import org.posthorn.api.config.SettingsCheck;

/** The host is a name, and what people call it is no longer than programs take. */
@Component(property = "pid=org.posthorn.autoconfig")
public final class AutoconfigCheck implements SettingsCheck {

    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,62})(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,62}))*");

    @Override
    public List<Problem> check(Map<String, Object> settings) {
        List<Problem> problems = new ArrayList<>();
        String host = text(settings, "host");
        if (!host.isEmpty() && (host.length() > 253 || !HOST.matcher(host).matches()))
            problems.add(new Problem("host", host, "a host name such as mail.example.org, or nothing"));
        String name = text(settings, "displayName");
        if (name.length() > Offer.LONGEST_NAME)
            problems.add(new Problem("displayName", name, Offer.LONGEST_NAME + " characters at most"));
        return problems;
    }

    private static String text(Map<String, Object> settings, String key) {
        return String.valueOf(settings.getOrDefault(key, "")).strip();
    }
}
