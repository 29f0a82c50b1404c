package org.posthorn.mailbox;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.posthorn.api.config.SettingsCheck;

/** Looks whether the quotas are such. */
@Component(property = "pid=org.posthorn.mailbox")
public final class QuotaCheck implements SettingsCheck {

    private static final String[] NONE = {};

    @Override
    public List<Problem> check(Map<String, Object> settings) {
        List<Problem> problems = new ArrayList<>();
        if (settings.get("quota") instanceof String quota)
            check("quota", quota, "2G, 2G/100000, /100000 or none", () -> Allowance.parse(quota), problems);
        for (String quota : list(settings, "quotas"))
            check(
                    "quotas",
                    quota,
                    "DOMAIN=QUOTA or ADDRESS=QUOTA, the quota as 2G, 2G/100000, /100000 or none",
                    () -> Choice.of(Allowance.ENDLESS, new String[] {quota}, Allowance::parse),
                    problems);
        for (String percent : list(settings, "quotaWarnings"))
            check("quotaWarnings", percent, "1 to 100", () -> Allowance.parse("", percent), problems);
        return problems;
    }

    private static String[] list(Map<String, Object> settings, String key) {
        return settings.get(key) instanceof String[] all ? all : NONE;
    }

    private static void check(String key, String value, String expected, Runnable read, List<Problem> problems) {
        try {
            read.run();
        } catch (IllegalArgumentException e) {
            problems.add(new Problem(key, value, expected));
        }
    }
}
