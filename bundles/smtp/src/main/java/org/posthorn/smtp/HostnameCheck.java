package org.posthorn.smtp;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.osgi.service.component.annotations.Component;
import org.posthorn.api.config.SettingsCheck;
import org.posthorn.api.mail.Address;

/** Checks that the server's name is one, before other servers are told it. */
@Component(property = "pid=org.posthorn.smtp")
public final class HostnameCheck implements SettingsCheck {

    @Override
    public List<Problem> check(Map<String, Object> settings) {
        String name = Objects.toString(settings.get("hostname"), "");
        boolean sound = name.isBlank()
                || Address.parse("postmaster@" + name)
                        .filter(address -> !address.international())
                        .isPresent();
        return sound ? List.of() : List.of(new Problem("hostname", name, "a domain as mail.example.org, or nothing"));
    }
}
