package org.posthorn.imap;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.osgi.service.component.annotations.Component;
import org.posthorn.api.config.SettingsCheck;

/** Checks that what clients are told to reach the administrator by is a URI, RFC 5464 6.2.2. */
@Component(property = "pid=org.posthorn.imap")
public final class AdminCheck implements SettingsCheck {

    @Override
    public List<Problem> check(Map<String, Object> settings) {
        String admin = Objects.toString(settings.get("admin"), "");
        return admin.isEmpty() || isUri(admin)
                ? List.of()
                : List.of(new Problem("admin", admin, "a URI as mailto:postmaster@example.org, or nothing"));
    }

    private static boolean isUri(String text) {
        try {
            return new URI(text).isAbsolute() && text.chars().allMatch(c -> c < 127);
        } catch (URISyntaxException e) {
            return false;
        }
    }
}
