package org.posthorn.net;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.osgi.service.component.annotations.Component;
import org.posthorn.api.config.SettingsCheck;

/** A certificate that cannot be read, or is not the key's, is found out before it counts. */
@Component(property = "pid=org.posthorn.net")
public final class DoorCheck implements SettingsCheck {

    /** Reads what a setting names. */
    private interface Reader {
        void read(Path file) throws IOException, GeneralSecurityException;
    }

    @Override
    public List<Problem> check(Map<String, Object> settings) {
        String certificate = String.valueOf(settings.getOrDefault("certificate", ""));
        String key = String.valueOf(settings.getOrDefault("key", ""));
        List<Problem> problems = new ArrayList<>();
        if (certificate.isBlank() != key.isBlank())
            problems.add(new Problem(key.isBlank() ? "key" : "certificate", "", "certificate and key go together"));
        check("certificate", certificate, "a PEM file with a certificate", Pem::certificates, problems);
        check("key", key, "a PEM file with a key that has no password", Pem::key, problems);
        if (problems.isEmpty() && !key.isBlank())
            check(
                    "key",
                    key,
                    "the key of the certificate in " + certificate,
                    file -> match(certificate, file),
                    problems);
        return problems;
    }

    private static void match(String certificate, Path key) throws IOException, GeneralSecurityException {
        TlsKeys.match(Pem.certificates(Path.of(certificate))[0], Pem.key(key));
    }

    private static void check(String name, String file, String allowed, Reader reader, List<Problem> problems) {
        if (file.isBlank()) return;
        try {
            reader.read(Path.of(file));
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            problems.add(new Problem(name, file, allowed + " (" + e.getMessage() + ")"));
        }
    }
}
