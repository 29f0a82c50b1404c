package org.posthorn.delivery.smtp;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.service.component.annotations.Component;
import org.posthorn.api.config.SettingsCheck;

/** Certificates that cannot be read are found out before mail waits for them. */
@Component(property = "pid=org.posthorn.delivery.smtp")
public final class TrustCheck implements SettingsCheck {

    @Override
    public List<Problem> check(Map<String, Object> settings) {
        String trust = String.valueOf(settings.getOrDefault("trust", ""));
        if (trust.isBlank()) return List.of();
        try {
            new TlsClient(Optional.of(Path.of(trust))).prepare();
            return List.of();
        } catch (IOException | RuntimeException e) {
            return List.of(new Problem("trust", trust, "a PEM file of certificates (" + e.getMessage() + ")"));
        }
    }
}
