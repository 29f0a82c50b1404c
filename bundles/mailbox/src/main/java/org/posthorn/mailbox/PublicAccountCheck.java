package org.posthorn.mailbox;

import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.posthorn.api.config.SettingsCheck;
import org.posthorn.api.mail.Address;

/** Looks whether the public account is an address. */
@Component(property = "pid=org.posthorn.mailbox")
public final class PublicAccountCheck implements SettingsCheck {

    @Override
    public List<Problem> check(Map<String, Object> settings) {
        if (!(settings.get("publicAccount") instanceof String account) || account.isBlank()) return List.of();
        boolean sound = Address.parse(account.strip())
                .filter(a -> !a.domain().isEmpty())
                .isPresent();
        return sound ? List.of() : List.of(new Problem("publicAccount", account, "an address, as public@example.org"));
    }
}
